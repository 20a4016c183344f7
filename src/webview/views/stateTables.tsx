import type { JSX } from 'preact';
import type { StateModel } from '../../engine/kernel/view.ts';
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
