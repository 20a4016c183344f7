/** A small change of a reference solution, of the kind that learners make by mistake. */
export interface Mutant {
  /** What was done, as a name for a file: `drops-a-statement`. */
  readonly kind: MutantKind;
  /** Where in the reference, from 1. */
  readonly line: number;
  readonly column: number;
  /** The whole file with the change. */
  readonly text: string;
}

export type MutantKind =
  | 'drops-a-statement'
  | 'flips-a-comparison'
  | 'moves-a-boundary'
  | 'swaps-operands'
  | 'takes-another-operator'
  | 'is-off-by-one'
  | 'flips-a-truth-value'
  | 'takes-the-other-end'
  | 'takes-the-other-extreme'
  | 'drops-a-key'
  | 'drops-an-item'
  | 'changes-a-value'
  | 'drops-a-line';

/** A piece of a text and what stands there instead. */
export interface Change {
  readonly kind: MutantKind;
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** Lines that differ, old before new, with `-` and `+` in front. */
export function changedLines(before: string, after: string): readonly string[] {
  const old = before.split('\n');
  const now = after.split('\n');
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < now.length - head &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  )
    tail++;
  return [
    ...old.slice(head, old.length - tail).map((line) => `- ${line}`),
    ...now.slice(head, now.length - tail).map((line) => `+ ${line}`),
  ];
}

/** How much of the line stands around a change in {@link briefChange}. */
const contextLength = 16;

/**
 * What differs, on one line and short enough for a list: `(lostMs * 100) / los… → (lostMs * 101) / los…`.
 * @param diff as {@link changedLines} gives it
 */
export function briefChange(diff: readonly string[]): string {
  const texts = diff.map((line) => line.slice(2).trim().replaceAll(/\s+/g, ' '));
  const [old, now] = texts;
  const isOneLine = diff.length === 2 && diff[0]!.startsWith('-') && diff[1]!.startsWith('+');
  if (!isOneLine || old === undefined || now === undefined)
    return diff.map((line, index) => `${line[0]} ${texts[index]}`).join('  ');
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const from = Math.max(0, head - contextLength);
  const around = (text: string): string => {
    const end = Math.min(text.length, text.length - tail + contextLength);
    return `${from > 0 ? '…' : ''}${text.slice(from, end)}${end < text.length ? '…' : ''}`;
  };
  return `${around(old)} → ${around(now)}`;
}
