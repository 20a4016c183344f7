/** Rows as aligned columns. The last column is not padded. */
export function textTable(rows: readonly (readonly string[])[], indent = ''): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => (column < row.length - 1 ? [...(row[column] ?? '')].length : 0))),
  );
  return rows
    .map((row) => {
      const cells = row.map((cell, column) =>
        column < row.length - 1 ? cell + ' '.repeat(widths[column]! - [...cell].length) : cell,
      );
      return `${indent}${cells.join('  ')}`.trimEnd();
    })
    .join('\n');
}
