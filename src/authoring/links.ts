import { decoded } from '../course/markdownOutline.ts';
import { authorFileAt } from './authorFile.ts';
import type { TextRange } from './textRange.ts';

/** An address of a Markdown link or picture of a lesson. */
export interface LessonLink {
  /** Of the address. */
  readonly range: TextRange;
  /** Id of the lesson that it leads to. */
  readonly lesson?: string;
  readonly anchor?: string;
  /** Path beside the lesson. */
  readonly file?: string;
}

/** Every link of a lesson's text, in its blocks too. */
export function linksIn(path: string, text: string): readonly LessonLink[] {
  if (authorFileAt(path)?.kind === 'pack') return [];
  return [...text.matchAll(/\]\(([^)\s]+)/g)].map((match): LessonLink => {
    const address = match[1]!;
    const range = { start: match.index + 2, end: match.index + 2 + address.length };
    const [target = '', anchor] = decoded(address).split('#');
    if (/^trapframe:/i.test(address))
      return {
        range,
        lesson: target.slice('trapframe:'.length),
        ...(anchor === undefined ? {} : { anchor }),
      };
    if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return { range };
    if (target === '') return { range, ...(anchor === undefined ? {} : { anchor }) };
    return { range, file: target };
  });
}

export const linkAt = (path: string, text: string, offset: number): LessonLink | undefined =>
  linksIn(path, text).find(({ range }) => offset >= range.start && offset <= range.end);
