import { isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml';

/**
 * `pack.yaml` with one more lesson at the end of its list. Every other character stays as it was, comments and layout
 * included. Undefined when there is no list of lessons that could be added to.
 */
export function addLesson(text: string, folder: string): string | undefined {
  const document = parseDocument(text);
  const end = document.errors.length > 0 ? undefined : placeForLesson(document, text);
  if (end === undefined) return undefined;
  const added = `${text.slice(0, end.at)}${end.before}${folder}${end.after}${text.slice(end.at)}`;
  return addedOnly(document, added, folder) ? added : undefined;
}

interface Place {
  readonly at: number;
  readonly before: string;
  readonly after: string;
}

function placeForLesson(document: Document, text: string): Place | undefined {
  const list = document.get('lessons', true);
  if (!isSeq(list) || list.range == null) return undefined;
  const last = (list.items as readonly Node[]).at(-1);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  if (list.flow === true) {
    const at = last?.range?.[1] ?? list.range[0] + 1;
    return { at, before: last === undefined ? '' : ', ', after: '' };
  }
  if (!isScalar(last) || last.range == null) return undefined;
  // Behind the last entry's line, with whatever comment it has, and with its dash and indentation.
  const dash = /^[^\S\n]*-[^\S\n]+/.exec(text.slice(text.lastIndexOf('\n', last.range[0] - 1) + 1));
  if (dash === null) return undefined;
  const newline = text.indexOf('\n', last.range[1]);
  return newline < 0
    ? { at: text.length, before: `${lineEnd}${dash[0]}`, after: lineEnd }
    : { at: newline + 1, before: dash[0], after: lineEnd };
}

function addedOnly(before: Document, text: string, folder: string): boolean {
  const expected = before.toJS() as { lessons: readonly string[] };
  const actual = parseDocument(text);
  const wanted = { ...expected, lessons: [...expected.lessons, folder] };
  return actual.errors.length === 0 && JSON.stringify(actual.toJS()) === JSON.stringify(wanted);
}
