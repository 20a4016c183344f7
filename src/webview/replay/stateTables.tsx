import type { JSX } from 'preact';
import type { StateModel } from '../../engine/kernel/view.ts';

/** The state after an event. What the event changed is marked by a dot and weight, not by colour alone. */
export function StateTables({
  state,
  changed,
}: {
  readonly state: StateModel;
  readonly changed: ReadonlySet<string>;
}): JSX.Element {
  return (
    <div class="state">
      {state.groups.map((group, groupIndex) => (
        <section key={group.title} class="state-group">
          {group.rows.length === 0 ? (
            <>
              <h4>{group.title}</h4>
              <p class="state-empty">{group.whenEmpty}</p>
            </>
          ) : (
            <table>
              <caption>{group.title}</caption>
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
                {group.rows.map((row, rowIndex) => (
                  <tr key={row[0]}>
                    {row.map((cell, column) => {
                      const isNew = changed.has(`${groupIndex}/${rowIndex}/${column}`);
                      return (
                        <td key={column} class={isNew ? 'changed' : undefined}>
                          {cell}
                          {isNew && <span class="visually-hidden"> (changed)</span>}
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
      ))}
    </div>
  );
}
