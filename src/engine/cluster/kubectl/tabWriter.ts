/**
 * Columns as Go's `text/tabwriter` aligns them, which kubectl prints with. A cell is text that ends with a tab; a column is
 * a block of adjacent lines that have a cell there, as wide as its widest one. What stands behind the last tab is no cell.
 * Source: https://pkg.go.dev/text/tabwriter
 */
export interface TabSettings {
  readonly minWidth: number;
  readonly padding: number;
}
/** Of `kubectl get` (k8s.io/cli-runtime, printers.GetNewTabWriter). */
export const tableTabs: TabSettings = { minWidth: 6, padding: 3 };
/** Of `kubectl describe`. */
export const describeTabs: TabSettings = { minWidth: 0, padding: 2 };

export function aligned(text: string, { minWidth, padding }: TabSettings): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths = lines.map((cells): number[] => cells.map(() => 0));
  const format = (from: number, to: number, column: number): void => {
    for (let line = from; line < to;) {
      if (column >= lines[line]!.length - 1) {
        line++;
        continue;
      }
      let end = line;
      let width = minWidth;
      let empty = true;
      for (; end < to && column < lines[end]!.length - 1; end++) {
        const { length } = lines[end]![column]!;
        width = Math.max(width, length + padding);
        if (length > 0) empty = false;
      }
      // A column of empty cells that only pads takes no room.
      if (empty && minWidth === 0) width = 0;
      for (let row = line; row < end; row++) widths[row]![column] = width;
      format(line, end, column + 1);
      line = end;
    }
  };
  format(0, lines.length, 0);
  return lines
    .map((cells, line) =>
      cells
        .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[line]![column]!)))
        .join(''),
    )
    .join('\n');
}

/** A table of `kubectl get`. */
export const table = (
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  headers = true,
): string =>
  aligned([...(headers ? [columns] : []), ...rows].map((row) => row.join('\t')).join('\n'), tableTabs);
