/** The innermost place in the learner's file on a guest's stack, whose frames read `    at pick (scheduler.ts:12:7)`. */
export function placeOnStack(
  stack: string,
  { file, code }: { readonly file: string; readonly code: string },
): { readonly line?: number; readonly column?: number } {
  for (const frame of stack.split('\n')) {
    const place = /:(\d+):(\d+)\)?$/.exec(frame);
    if (place === null) continue;
    const before = frame.slice(0, place.index);
    if (!before.endsWith(` ${file}`) && !before.endsWith(`(${file}`)) continue;
    const line = Number(place[1]);
    return { line, column: utf16Column(code, line, Number(place[2])) };
  }
  return {};
}

/** QuickJS counts columns in bytes of UTF-8; editors, and everything here, in UTF-16 units. Both from 1. */
function utf16Column(code: string, line: number, byteColumn: number): number {
  const bytes = new TextEncoder().encode(code.split('\n')[line - 1] ?? '');
  return new TextDecoder().decode(bytes.subarray(0, byteColumn - 1)).length + 1;
}
