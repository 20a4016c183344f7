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
        const { shares, leastChars } = columnWidths(group);
        const gone = change?.gone[groupIndex] ?? [];
        return (
          <table key={group.title} style={{ minWidth: `${leastChars}ch` }}>
            <caption>
              {group.title}
              {gone.length > 0 && <span class="gone"> {t('{0} left', gone.join(', '))}</span>}
            </caption>
            <colgroup>
              {shares.map((share, column) => (
                <col key={column} style={{ width: `${share}%` }} />
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

/** Characters that fit beside each other in a lesson, and those that a cell's padding takes. */
const tableChars = 70;
const paddingChars = 2.5;

/**
 * How the width is shared, in percent, and how many characters wide a table is at least, so that no word is broken. Each column gets
 * room for its longest word, and what is left goes to those whose text is longer. Lengths of texts count in coarse steps and within
 * bounds, so that columns mostly stay where they are from event to event.
 */
function columnWidths(group: StateGroup): {
  readonly shares: readonly number[];
  readonly leastChars: number;
} {
  const columns = group.columns.map((name, column) => {
    const cells = group.rows.map((row) => row[column] ?? '');
    const least = Math.max(longestWord(name), coarse(Math.max(0, ...cells.map(longestWord)), 4, 16));
    const wanted = coarse(Math.max(0, ...cells.map((cell) => cell.length)), 8, 48);
    return { least: least + paddingChars, more: Math.max(0, wanted - least) };
  });
  const sum = (key: 'least' | 'more'): number => columns.reduce((all, column) => all + column[key], 0);
  const fulfilled = Math.min(1, Math.max(0, tableChars - sum('least')) / Math.max(1, sum('more')));
  const widths = columns.map(({ least, more }) => least + more * fulfilled);
  const all = widths.reduce((total, width) => total + width, 0);
  return { shares: widths.map((width) => (100 * width) / all), leastChars: Math.ceil(sum('least')) };
}

const longestWord = (text: string): number => Math.max(...text.split(' ').map((word) => word.length));
const coarse = (length: number, least: number, most: number): number =>
  4 * Math.ceil(Math.min(most, Math.max(least, length)) / 4);
