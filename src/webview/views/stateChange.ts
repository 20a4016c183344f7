import type { StateModel } from '../../engine/kernel/view.ts';

/** What one event did to the state, for people who watch it happen. */
export interface StateChange {
  /** Cells that are new or differ, as `group/row/column`. */
  readonly cells: ReadonlySet<string>;
  /** Per group, the first cells of rows that it no longer has. */
  readonly gone: readonly (readonly string[])[];
}

/** Rows are known by their first cell; of several with the same one, those that are equal stayed, and the others are taken in order. */
export function changeBetween(before: StateModel, now: StateModel): StateChange {
  const cells = new Set<string>();
  const gone = now.groups.map((group, groupIndex) => {
    const left = [...(before.groups[groupIndex]?.rows ?? [])];
    const take = (belongs: (earlier: readonly string[]) => boolean): readonly string[] | undefined => {
      const at = left.findIndex(belongs);
      return at < 0 ? undefined : left.splice(at, 1)[0];
    };
    const stayed = group.rows.map((row) =>
      take((earlier) => row.every((cell, column) => cell === earlier[column])),
    );
    group.rows.forEach((row, rowIndex) => {
      const earlier = stayed[rowIndex] ?? take(([first]) => first === row[0]);
      row.forEach((cell, column) => {
        if (earlier?.[column] !== cell) cells.add(`${groupIndex}/${rowIndex}/${column}`);
      });
    });
    return group.latestOnly === true ? [] : left.map(([first]) => first!);
  });
  return { cells, gone };
}
