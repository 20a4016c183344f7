import type { Problem } from './model.ts';

/** Stands before everything that a generated file leaves to its author. Lint finds it, so that nothing is forgotten. */
export const authorMark = 'TODO(author):';

/** What a file still leaves to its author, in the order of its lines. */
export function authorNotes(file: string, text: string): readonly Problem[] {
  return text.split('\n').flatMap((line, index): readonly Problem[] => {
    const start = line.indexOf(authorMark);
    if (start < 0) return [];
    const note = line
      .slice(start + authorMark.length)
      .trim()
      .replace(/["'][\s}\]]*$/, '');
    return [
      {
        severity: 'warning',
        at: { file, line: index + 1, column: start + 1 },
        message: `Still to be written: ${note}`,
      },
    ];
  });
}
