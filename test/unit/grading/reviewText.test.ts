import assert from 'node:assert/strict';
import type { MutantVerdict } from '../../../src/grading/verify/reviewMutant.ts';
import { reviewText, suggestMisconceptions } from '../../../src/grading/verify/suggestMisconceptions.ts';
import type { Workers } from '../../../src/grading/verify/verification.ts';
import { countingTask } from './testbed.ts';

const accepted = (words: string): MutantVerdict => ({
  kind: 'accepted',
  check: 'goes-up',
  words,
  seen: 'total is 3, and 2 with the reference',
});
const unnamed: MutantVerdict = {
  kind: 'unnamed',
  fails: ['goes-up', 'stays-small'],
  words: '2 turns',
  expected: 'more than 1',
  seen: '1',
};
type Outcome = MutantVerdict | 'killed';

/** Workers that make as many mutants as there are verdicts, each with another line of the reference changed. */
const workersThatSay = (solution: string, verdicts: readonly Outcome[]): Workers => ({
  ask: (type, request) => {
    const mutants = verdicts.map((_, index) => ({
      kind: 'flips-a-comparison',
      line: index + 1,
      column: 5,
      text: solution.replace('return', `return ${index} +`),
    }));
    if (type === 'mutants') return Promise.resolve({ ok: true, result: mutants as never });
    const { mutant } = request as unknown as { mutant: { line: number } };
    const verdict = verdicts[mutant.line - 1]!;
    return Promise.resolve(
      verdict === 'killed'
        ? { ok: false, reason: 'wall', wallMs: 20_000 }
        : { ok: true, result: verdict as never },
    );
  },
});

async function told(verdicts: readonly Outcome[], deterministic: boolean, root = 'pack') {
  const { lesson, task } = await countingTask();
  const steps: (readonly number[])[] = [];
  const workers = workersThatSay(task.solution.text, verdicts);
  const review = await suggestMisconceptions(lesson, { ...task, deterministic }, workers, (...step) =>
    steps.push(step),
  );
  return { steps, review: review!, text: reviewText(review!, task, root) };
}

describe('what mutants of a reference show', () => {
  it('is told in the order of the reference, once for all that look alike', async () => {
    const { text, steps } = await told(
      [
        { kind: 'same' },
        accepted('2 turns'),
        { kind: 'known' },
        unnamed,
        accepted('2 turns'),
        accepted('3 turns'),
        accepted('2 turns'),
        unnamed,
        { kind: 'known' },
        { kind: 'broken' },
        'killed',
        { kind: 'known' },
        { kind: 'same' },
      ],
      true,
    );
    assert.equal(
      text,
      `count-up: 13 mutants of the reference. 3 fail with words of their own, 2 do the same as the reference, 2 do not run, 2 fail without such words, and 4 pass every check.
  pack/count/tasks/count-up/solution/counter.ts:2:5: the checks do not reject this. With 2 turns: total is 3, and 2 with the reference. Draw cases in which it shows, or add a check. 2 other mutants look the same.
      -     return last + (doubled ? 2 : 1);
      +     return 1 + last + (doubled ? 2 : 1);
  pack/count/tasks/count-up/solution/counter.ts:4:5: no known-wrong solution makes this mistake. It fails goes-up, stays-small with 2 turns: expected more than 1; seen: 1. Add it to "wrong" with words for it. One other mutant looks the same.
      -     return last + (doubled ? 2 : 1);
      +     return 3 + last + (doubled ? 2 : 1);
  pack/count/tasks/count-up/solution/counter.ts:6:5: the checks do not reject this. With 3 turns: total is 3, and 2 with the reference. Draw cases in which it shows, or add a check.
      -     return last + (doubled ? 2 : 1);
      +     return 5 + last + (doubled ? 2 : 1);`,
    );
    assert.deepEqual(
      steps,
      Array.from({ length: 13 }, (_, index) => [index + 1, 13]),
    );
  });

  it('may be right too where several behaviours are, and stands at its path in the pack without another root', async () => {
    const { text } = await told([accepted('2 turns')], false, '');
    assert.match(
      text,
      /^ {2}count\/tasks\/count-up\/solution\/counter\.ts:1:5: the checks .*\. If that is not right too, draw cases in which it shows, or add a check\.$/m,
    );
  });

  it('is not known where they could not be made', async () => {
    const { lesson, task } = await countingTask();
    const failing: Workers = { ask: () => Promise.resolve({ ok: false, reason: 'wall', wallMs: 20_000 }) };
    assert.equal(await suggestMisconceptions(lesson, task, failing), undefined);
  });
});
