import type { JSX } from 'preact';
import type { StateGroup, StateModel } from '../../engine/kernel/view.ts';
import type { StateChange } from './stateChange.ts';

/** The state after an event. What the event changed is marked by a dot and weight, not by colour alone. */
export function StateTables({
  state,
  change,
  changeWord = 'changed',
}: {
  readonly state: StateModel;
  readonly change: StateChange | undefined;
  readonly changeWord?: string;
}): JSX.Element {
  return (
    <div class="state">
      {state.groups.map((group, groupIndex) => {
        const gone = change?.gone[groupIndex] ?? [];
        return (
          <table key={group.title}>
            <caption>
              {group.title}
              {gone.length > 0 && <span class="gone"> {gone.join(', ')} left</span>}
            </caption>
            <colgroup>
              {columnShares(group).map((share, column) => (
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
                <tr key={row[0]}>
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

/**
 * How the width is shared, in percent: by the longest text of each column, in coarse steps and within bounds, so that
 * columns mostly stay where they are from event to event.
 */
function columnShares(group: StateGroup): readonly number[] {
  const weights = group.columns.map((name, column) => {
    const longest = Math.max(
      ...name.split(' ').map((word) => word.length),
      ...group.rows.map((row) => row[column]?.length ?? 0),
    );
    return 4 * Math.ceil(Math.min(48, Math.max(8, longest)) / 4);
  });
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (100 * weight) / all);
}
