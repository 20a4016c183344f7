/** A span of a text in UTF-16 units; the end is exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A change of one text. An edit of an empty range inserts. */
export interface TextEdit {
  readonly range: TextRange;
  readonly text: string;
}

export const emptyRange = (at: number): TextRange => ({ start: at, end: at });

export const contains = ({ start, end }: TextRange, offset: number): boolean =>
  offset >= start && offset <= end;

/** A text with edits made, which do not overlap. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  for (const { range, text: by } of edits.toSorted((a, b) => b.range.start - a.range.start))
    result = result.slice(0, range.start) + by + result.slice(range.end);
  return result;
}
