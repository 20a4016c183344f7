import type { StateModel } from '../../engine/kernel/view.ts';

/** What one event did to the state, for people who watch it happen. */
export interface StateChange {
  /** Cells that are new or differ, as `group/row/column`. */
  readonly cells: ReadonlySet<string>;
  /** Per group, the first cells of rows that it no longer has. */
  readonly gone: readonly (readonly string[])[];
}

/** Rows are known by their first cell. */
export function changeBetween(before: StateModel, now: StateModel): StateChange {
  const cells = new Set<string>();
  const gone = now.groups.map((group, groupIndex) => {
    const left = new Map(before.groups[groupIndex]?.rows.map((row) => [row[0]!, row]));
    group.rows.forEach((row, rowIndex) => {
      const earlier = left.get(row[0]!);
      left.delete(row[0]!);
      row.forEach((cell, column) => {
        if (earlier?.[column] !== cell) cells.add(`${groupIndex}/${rowIndex}/${column}`);
      });
    });
    return [...left.keys()];
  });
  return { cells, gone };
}
