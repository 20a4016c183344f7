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
