import type { Lesson, Task } from '../../course/model.ts';
import { changedLines, type Mutant } from './mutant.ts';
import type { MutantVerdict } from './reviewMutant.ts';
import type { Workers } from './verification.ts';

/** A mistake that the task has no words for, or does not see at all. */
export interface Suggestion {
  readonly mutant: Mutant;
  readonly verdict: Extract<MutantVerdict, { readonly kind: 'accepted' | 'unnamed' }>;
  /** Lines of the reference that differ. */
  readonly diff: readonly string[];
  /** How many other mutants look just the same. */
  readonly alike: number;
}

/** What mutants of a task's reference show. Plain data in the order of the reference: equal packs give equal bytes. */
export interface MisconceptionReview {
  readonly task: string;
  /** Whether only one behaviour is right. Where several are, an accepted mutant may be right too. */
  readonly deterministic: boolean;
  readonly tried: number;
  readonly counts: Readonly<Record<MutantVerdict['kind'], number>>;
  readonly suggestions: readonly Suggestion[];
}

/** Runs simple mutants of a task's reference. @returns undefined when they could not be made */
export async function suggestMisconceptions(
  { contentHash }: Pick<Lesson, 'contentHash'>,
  task: Task,
  workers: Workers,
  step: (done: number, total: number) => void = () => {},
): Promise<MisconceptionReview | undefined> {
  const made = await workers.ask('mutants', { task });
  if (!made.ok) return undefined;
  let done = 0;
  const verdicts = await Promise.all(
    made.result.map(async (mutant): Promise<MutantVerdict> => {
      const outcome = await workers.ask('review', { task, lessonHash: contentHash, mutant });
      step(++done, made.result.length);
      return outcome.ok ? outcome.result : { kind: 'broken' };
    }),
  );
  const counts = { broken: 0, same: 0, known: 0, accepted: 0, unnamed: 0 };
  const suggestions = new Map<string, Suggestion>();
  made.result.forEach((mutant, index) => {
    const verdict = verdicts[index]!;
    counts[verdict.kind]++;
    if (verdict.kind !== 'accepted' && verdict.kind !== 'unnamed') return;
    const key = JSON.stringify(verdict);
    const known = suggestions.get(key);
    suggestions.set(key, {
      ...(known ?? { mutant, verdict, diff: changedLines(task.solution.text, mutant.text) }),
      alike: known === undefined ? 0 : known.alike + 1,
    });
  });
  return {
    task: task.id,
    deterministic: task.deterministic,
    tried: made.result.length,
    counts,
    suggestions: [...suggestions.values()],
  };
}

/** A review as lines for a terminal. @param root where the pack lies, put in front of its paths */
export function reviewText(review: MisconceptionReview, task: Task, root: string): string {
  const { tried, counts, suggestions } = review;
  const solution = root === '' ? task.solution.path : `${root}/${task.solution.path}`;
  return [
    `${task.id}: ${tried} mutants of the reference. ${counts.known} fail with words of their own, ${counts.same} do the same as the reference, ${counts.broken} do not run, ${counts.unnamed} fail without such words, and ${counts.accepted} pass every check.`,
    ...suggestions.flatMap((each) => [
      `  ${solution}:${each.mutant.line}:${each.mutant.column}: ${suggestionText(each, review)}`,
      ...each.diff.map((line) => `      ${line}`),
    ]),
  ].join('\n');
}

export function suggestionText(
  { verdict, alike }: Suggestion,
  { deterministic }: MisconceptionReview,
): string {
  const others =
    alike === 0 ? '' : ` ${alike === 1 ? 'One other mutant looks' : `${alike} other mutants look`} the same.`;
  switch (verdict.kind) {
    case 'accepted': {
      const next = deterministic
        ? 'Draw cases in which it shows, or add a check.'
        : 'If that is not right too, draw cases in which it shows, or add a check.';
      return `the checks do not reject this. With ${verdict.words}: ${verdict.seen}. ${next}${others}`;
    }
    case 'unnamed':
      return `no known-wrong solution makes this mistake. It fails ${verdict.fails.join(', ')} with ${verdict.words}: expected ${verdict.expected}; seen: ${verdict.seen}. Add it to "wrong" with words for it.${others}`;
  }
}
