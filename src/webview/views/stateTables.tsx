import type { JSX } from 'preact';
import type { StateGroup, StateModel } from '../../engine/kernel/view.ts';
import type { StateChange } from './stateChange.ts';
import { t } from '../page/messages.ts';

/** The state after an event. What the event changed is marked by a dot and weight, not by colour alone. */
export function StateTables({
  state,
  change,
  changeWord = t('changed'),
}: {
  readonly state: StateModel;
  readonly change: StateChange | undefined;
  readonly changeWord?: string;
}): JSX.Element {
  return (
    <div
      class="state"
      tabIndex={0}
      role="group"
      aria-label={state.groups.map(({ title }) => title).join(', ')}
    >
      {state.groups.map((group, groupIndex) => {
        const { widths, leastChars } = columnWidths(group);
        const gone = change?.gone[groupIndex] ?? [];
        return (
          <table key={group.title} style={{ minWidth: `${leastChars}ch` }}>
            <caption>
              {group.title}
              {gone.length > 0 && <span class="gone"> {t('{0} left', gone.join(', '))}</span>}
            </caption>
            <colgroup>
              {widths.map((width, column) => (
                <col key={column} style={{ width }} />
              ))}
            </colgroup>
            <thead>
              <tr>
                {group.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {group.rows.length === 0 && (
                <tr>
                  <td class="state-empty" colSpan={group.columns.length}>
                    {group.whenEmpty}
                  </td>
                </tr>
              )}
              {group.rows.map((row, rowIndex) => (
                <tr key={rowIndex}>
                  {row.map((cell, column) => {
                    const changed = change?.cells.has(`${groupIndex}/${rowIndex}/${column}`) === true;
                    return (
                      <td key={column} class={changed ? 'changed' : undefined}>
                        {cell}
                        {changed && <span class="visually-hidden"> ({changeWord})</span>}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        );
      })}
    </div>
  );
}

/** Characters that a cell's padding takes. */
const paddingChars = 2.5;

/**
 * Widths of a table's columns in CSS, and how many characters wide it is at least, so that no word is broken. Each column gets room for its
 * longest word; what is left goes to those whose text is longer, and what is then left to all of them. Lengths of texts count in coarse
 * steps and within bounds, so that columns mostly stay where they are from event to event.
 */
function columnWidths(group: StateGroup): {
  readonly widths: readonly string[];
  readonly leastChars: number;
} {
  const columns = group.columns.map((name, column) => {
    const cells = group.rows.map((row) => row[column] ?? '');
    const least = Math.max(longestWord(name), coarse(Math.max(0, ...cells.map(longestWord)), 4, 16));
    const wanted = coarse(Math.max(0, ...cells.map((cell) => cell.length)), 8, 48);
    return { least: least + paddingChars, more: Math.max(0, wanted - least) };
  });
  const least = columns.reduce((all, column) => all + column.least, 0);
  const more = columns.reduce((all, column) => all + column.more, 0);
  const forMore = `clamp(0px, 100cqw - ${least}ch, ${more}ch)`;
  const forAll = `max(0px, 100cqw - ${least + more}ch)`;
  const widths = columns.map((column) => {
    const ofMore = column.more / Math.max(1, more);
    const ofAll = (column.least + column.more) / (least + more);
    return `calc(${column.least}ch + ${ofMore} * ${forMore} + ${ofAll} * ${forAll})`;
  });
  return { widths, leastChars: Math.ceil(least) };
}

const longestWord = (text: string): number => Math.max(...text.split(' ').map((word) => word.length));
const coarse = (length: number, least: number, most: number): number =>
  4 * Math.ceil(Math.min(most, Math.max(least, length)) / 4);
