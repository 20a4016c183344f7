import type { TextRange } from './textRange.ts';

/** The name that an offset is in or beside, inside a range. */
export function wordAround(text: string, offset: number, within: TextRange): TextRange | undefined {
  const isPart = (at: number): boolean => at >= within.start && at < within.end && /\w/.test(text[at]!);
  let start = offset;
  while (isPart(start - 1)) start--;
  let end = offset;
  while (isPart(end)) end++;
  return start === end ? undefined : { start, end };
}
