/** A lesson with one more block after everything else, in the line endings that it has. */
export function blockAtEnd(lesson: string, kind: string, yaml: string): string {
  const lineEnd = lesson.includes('\r\n') ? '\r\n' : '\n';
  const block = ['', '```' + kind, yaml, '```', ''].join(lineEnd);
  return `${lesson}${lesson.endsWith('\n') ? '' : lineEnd}${block}`;
}
