import assert from 'node:assert/strict';
import { formatProblem } from '../../../src/course/problemList.ts';
import { checkVariants } from '../../../src/course/variants.ts';
import type { WorkerFailure } from '../../../src/grading/killableWorker.ts';
import type { Verification } from '../../../src/grading/verify/verification.ts';
import { verificationSummary, verificationText } from '../../../src/grading/verify/verificationText.ts';
import { verifyPack } from '../../../src/grading/verify/verifyPack.ts';
import { counterFile, countingFiles, countingScenarios } from './countingPack.ts';
import { countingPackWith, gradingTools, workersHere } from './testbed.ts';

const taskFile = 'count/tasks/count-up/task.yaml';
const inTask = (name: string): string => `count/tasks/count-up/${name}`;

const workers = gradingTools(countingScenarios).then(workersHere);

const verified = async (changes: Readonly<Record<string, string>>): Promise<Verification> =>
  verifyPack(await countingPackWith(changes), await workers);

/** What is found in the counting pack with some files changed. */
async function found(changes: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { exercises, ok } = await verified(changes);
  const findings = exercises.flatMap((exercise) => exercise.findings);
  assert.equal(ok, !findings.some(({ severity }) => severity === 'error'));
  return findings.map((finding) => formatProblem(finding));
}

/** The task with one text in its `task.yaml` replaced. */
function taskWith(from: string, to: string): Readonly<Record<string, string>> {
  const text = countingFiles[taskFile]!;
  assert.ok(text.includes(from), from);
  return { [taskFile]: text.replace(from, () => to) };
}

describe('verifying a task', () => {
  it('finds nothing in one that is as it should be', async () => {
    const verification = await verified({});
    assert.deepEqual(verification.problems, []);
    const [exercise, ...more] = verification.exercises;
    assert.deepEqual(more, []);
    const { runs, ...rest } = exercise!;
    assert.deepEqual(rest, { lesson: 'count', id: 'count-up', kind: 'task', ok: true, findings: [] });
    assert.ok(runs >= 3 * checkVariants, `${runs} cases`);
  });

  it('gives the same bytes again, also with tools that know nothing of its runs yet', async () => {
    const fresh = workersHere(await gradingTools(countingScenarios));
    const anew = await verifyPack(await countingPackWith({}), fresh);
    assert.equal(JSON.stringify(await verified({})), JSON.stringify(anew));
  });

  it('finds a reference that fails in some variants', async () =>
    assert.deepEqual(await found(taskWith('limit: 30', 'limit: 23')), [
      'count/tasks/count-up/solution/counter.ts:3:1: error: The reference fails stays-small with 12 turns, doubled from 0: expected less than 23; seen: 24. A correct solution would fail here too: mend the check or the reference.',
    ]));

  it('finds a reference that does not run, once and at its place, however many variants its checks have', async () =>
    assert.deepEqual(
      await found({
        ...taskWith('use: finishes', 'use: finishes\n    scenario: test.counting\n    set: { turns: 3 }'),
        [inTask('solution/counter.ts')]: 'export const counter = {\n  next( {\n};\n',
      }),
      [
        "count/tasks/count-up/solution/counter.ts:3:2: error: The reference cannot be graded. Syntax error: ',' expected.",
      ],
    ));

  it('finds a starter that passes', async () =>
    assert.deepEqual(
      await found({ [inTask('starter/counter.ts')]: counterFile('return last + 1 + Number(doubled);') }),
      [
        'count/tasks/count-up/starter/counter.ts:1:1: error: The starter passes, so there is nothing to do. Seen for 5 learners, the first of seed 1. Take something out of it, or add a check.',
      ],
    ));

  it('finds a starter that does not run', async () =>
    assert.deepEqual(await found({ [inTask('starter/counter.ts')]: '// Write it.\n' }), [
      'count/tasks/count-up/starter/counter.ts:1:1: error: The starter does not run, so a learner begins with an error. counter.ts does not export counter. Add: export const counter: CounterPolicy = { … } Seen for 5 learners, the first of seed 1. Let it run and fail a check.',
    ]));

  it('finds a misconception that does not compile, at its place', async () =>
    assert.deepEqual(
      await found({
        [inTask('wrong/sticks.ts')]: 'export const counter = {\n  next() { return 1 +; },\n};\n',
      }),
      [
        'count/tasks/count-up/wrong/sticks.ts:2:22: error: wrong/sticks.ts does not compile. Syntax error: Expression expected. Seen for 5 learners, the first of seed 1.',
      ],
    ));

  it('finds a misconception that has no policy', async () =>
    assert.deepEqual(await found({ [inTask('wrong/sticks.ts')]: 'export const count = {};\n' }), [
      'count/tasks/count-up/wrong/sticks.ts:1:1: error: wrong/sticks.ts cannot be graded. counter.ts does not export counter. Did you mean to rename count? Add: export const counter: CounterPolicy = { … } Seen for 5 learners, the first of seed 1.',
    ]));

  it('finds a misconception that is right', async () =>
    assert.deepEqual(await found({ [inTask('wrong/stops.ts')]: counterFile('return last + 1;') }), [
      'count/tasks/count-up/task.yaml:25:5: error: wrong/stops.ts passes every check. Seen for 5 learners, the first of seed 1. Draw more cases, or add a check that sees the mistake.',
    ]));

  it('finds a misconception that only some learners are told of', async () =>
    assert.deepEqual(
      await found({
        ...taskWith('cases: 30', 'cases: 2'),
        [inTask('wrong/stops.ts')]: counterFile('return Math.min(9, last + 1);'),
      }),
      [
        'count/tasks/count-up/task.yaml:25:5: error: wrong/stops.ts passes every check. Seen for 4 learners, the first of seed 1. Draw more cases, or add a check that sees the mistake.',
      ],
    ));

  it('finds checks that a misconception was to fail, and those that it was not', async () =>
    assert.deepEqual(
      await found(taskWith('wrong/leaps.ts, fails: [stays-small]', 'wrong/leaps.ts, fails: [goes-up]')),
      [
        'count/tasks/count-up/task.yaml:24:5: error: wrong/leaps.ts passes goes-up, which it must fail. Seen for 5 learners, the first of seed 1. Draw more cases, or correct "fails".',
        'count/tasks/count-up/task.yaml:24:5: error: wrong/leaps.ts also fails stays-small, which its "fails" does not name. Seen for 5 learners, the first of seed 1. Add it, if that is as it should be.',
      ],
    ));

  it('finds checks that a misconception never reaches', async () =>
    assert.deepEqual(
      await found(taskWith('wrong/sticks.ts, fails: [goes-up]', 'wrong/sticks.ts, fails: [goes-up, ends]')),
      [
        'count/tasks/count-up/task.yaml:23:5: error: wrong/sticks.ts does not reach ends, which it must fail. Seen for 5 learners, the first of seed 1. Take ends out of "fails" or "after".',
      ],
    ));

  it('asks which checks a misconception fails', async () =>
    assert.deepEqual(await found(taskWith('wrong/sticks.ts, fails: [goes-up]', 'wrong/sticks.ts')), [
      'count/tasks/count-up/task.yaml:23:5: warning: wrong/sticks.ts does not say which checks it must fail. Seen for 5 learners, the first of seed 1. Add "fails: [goes-up]".',
    ]));

  it('finds two misconceptions that are one', async () =>
    assert.deepEqual(await found({ [inTask('wrong/stops.ts')]: counterFile('return last === 0 ? 1 : 1;') }), [
      'count/tasks/count-up/task.yaml:25:5: error: wrong/stops.ts fails goes-up, but it does the same as wrong/sticks.ts, whose feedback leads. Seen for 5 learners, the first of seed 1. Let the check draw cases in which the two differ.',
    ]));

  it('wants at least three misconceptions', async () =>
    assert.deepEqual(
      await found(
        taskWith('  - { file: wrong/stops.ts, fails: [goes-up], say: "It stops at three." }\n', ''),
      ),
      [
        'count/tasks/count-up/task.yaml:1:1: error: The task count-up has 2 known-wrong solutions, but needs at least 3. Add the mistakes that learners make, each with its feedback, to "wrong".',
      ],
    ));

  const foundWithSolutionFor = async (replaced: (source: unknown) => boolean): Promise<readonly string[]> => {
    const linted = await countingPackWith({});
    const here = await workers;
    const solution = countingFiles[inTask('solution/counter.ts')]!;
    const { exercises } = await verifyPack(linted, {
      ask: (type, request) =>
        here.ask(
          type,
          'source' in request && replaced(request.source) ? { ...request, source: solution } : request,
        ),
    });
    return exercises[0]!.findings.map((finding) => formatProblem(finding));
  };

  it('finds an empty file that earns points', async () =>
    assert.deepEqual(await foundWithSolutionFor((source) => source === ''), [
      'count/tasks/count-up/task.yaml:1:1: error: An empty file is passed, with 6 of 6 points. It must fail, with none. Seen for the learner of seed 1.',
    ]));

  it('finds points for functions that do nothing', async () =>
    assert.deepEqual(await foundWithSolutionFor((source) => String(source).includes('new Proxy')), [
      'count/tasks/count-up/task.yaml:1:1: error: Functions that do nothing get 6 of 6 points, since they pass goes-up, stays-small, ends. Seen for the learner of seed 1. Let these checks also fail where nothing is done, or name in "after" a check that sees it.',
    ]));

  it('says so when a worker is killed, and verifies the rest', async () => {
    const linted = await countingPackWith({});
    const here = await workers;
    const sticks = countingFiles[inTask('wrong/sticks.ts')];
    const { exercises } = await verifyPack(linted, {
      ask: (type, request) =>
        type === 'report' && (request as { source: string }).source === sticks
          ? Promise.resolve({ ok: false, reason: 'wall', wallMs: 20_000 })
          : here.ask(type, request),
    });
    assert.deepEqual(
      exercises[0]!.findings.map((finding) => formatProblem(finding)),
      [
        'count/tasks/count-up/wrong/sticks.ts:1:1: error: wrong/sticks.ts cannot be graded. Your code kept the checker busy for 20 s, so it was stopped and not graded. Look for an operation on something enormous, such as a sparse array of billions of items. Seen for 5 learners, the first of seed 1.',
      ],
    );
  });
});

describe('a verified pack', () => {
  const lesson = countingFiles['count/lesson.md']!;
  const withQuestion = {
    'count/lesson.md': `${lesson}
\`\`\`question
id: how-far
kind: number
ask: How far?
scenario: test.counting
vary: { turns: { int: [2, 9] } }
answer: metrics.total
closedForm: turns + 1
unit: steps
\`\`\`

\`\`\`figure
scenario: test.counting
title: Counting
controls: [turns, doubleFrom]
\`\`\`

See [nothing](nothing.md).
`,
  };

  it('is told exercise by exercise, in the order of the lessons, with the problems of its files first', async () => {
    const verification = await verified(withQuestion);
    assert.equal(verification.ok, false);
    assert.deepEqual(
      verification.exercises.map(({ id, kind, ok, runs }) => [
        id,
        kind,
        ok,
        kind === 'task' ? undefined : runs,
      ]),
      [
        ['count-up', 'task', true, undefined],
        ['how-far', 'question', false, 101],
        ['figure-1', 'figure', true, 7],
      ],
    );
    const text = verificationText(verification, 'lessons');
    assert.match(text, /^lessons\/count\/lesson\.md:\d+:\d+: error: There is no file count\/nothing\.md\./m);
    assert.match(text, /^✓ count-up  task, \d+ cases$/m);
    assert.match(
      text,
      /^✗ how-far   question, 101 variants\n    lessons\/count\/lesson\.md:22:13: error: For turns = 5 the closed form gives 6 steps, but the simulation 5 steps\./m,
    );
    assert.match(text, /^✓ figure-1  figure, 7 settings$/m);
    assert.match(verificationSummary(verification), /^3 exercises and figures, 2 errors, \d+ warnings?$/);
  });

  it('has no variants of questions that ask for no run', async () => {
    const { exercises } = await verified({
      'count/lesson.md': `${lesson}
\`\`\`question
id: first-to-last
kind: order
ask: Which number comes first?
items:
  - { text: One. }
  - { text: Two. }
\`\`\`

\`\`\`question
id: which-way
kind: one
ask: Which way does it go?
options:
  - { text: Up., right: true, say: It grows. }
  - { text: Down., say: It grows. }
\`\`\`
`,
    });
    assert.deepEqual(
      exercises.slice(1).map(({ id, ok, runs }) => [id, ok, runs]),
      [
        ['first-to-last', true, 0],
        ['which-way', true, 0],
      ],
    );
  });

  it('tells how far it has come, and of each exercise once', async () => {
    const linted = await countingPackWith(withQuestion);
    const steps: number[] = [];
    const totals = new Set<number>();
    const ended: string[] = [];
    await verifyPack(linted, await workers, {
      step: (done, total) => {
        steps.push(done);
        totals.add(total);
      },
      ended: ({ id }) => ended.push(id),
    });
    assert.deepEqual(ended.toSorted(), ['count-up', 'figure-1', 'how-far']);
    assert.equal(totals.size, 1);
    assert.deepEqual(
      steps,
      Array.from({ length: [...totals][0]! }, (_, index) => index + 1),
    );
  });

  it('has of a choice what was chosen', async () => {
    const linted = await countingPackWith(withQuestion);
    const { exercises } = await verifyPack(
      linted,
      await workers,
      undefined,
      (lesson, part) => lesson.id === 'count' && part.kind !== 'task',
    );
    assert.deepEqual(
      exercises.map(({ id }) => id),
      ['how-far', 'figure-1'],
    );
  });

  it('says why an exercise could not be proven', async () => {
    const linted = { ...(await countingPackWith(withQuestion)), problems: [] };
    const here = await workers;
    const provenBy = async (failure: WorkerFailure) => {
      const { exercises, pack, ok } = await verifyPack(linted, {
        ask: (type, request) => (type === 'prove' ? Promise.resolve(failure) : here.ask(type, request)),
      });
      assert.deepEqual([pack, ok], ['numbers', false]);
      return exercises.slice(1).map(({ lesson: of, findings, ok: proven, runs }) => {
        assert.deepEqual([of, proven, runs], ['count', false, 0]);
        return findings.map((finding) => formatProblem(finding));
      });
    };
    assert.deepEqual(await provenBy({ ok: false, reason: 'wall', wallMs: 20_000 }), [
      ['count/lesson.md:15:1: error: The question how-far was not proven within 20 s.'],
      ['count/lesson.md:26:1: error: The figure figure-1 was not proven within 20 s.'],
    ]);
    assert.deepEqual(await provenBy({ ok: false, reason: 'closed' }), [
      [
        'count/lesson.md:15:1: error: The question how-far could not be proven. The checker was closed. Check again.',
      ],
      [
        'count/lesson.md:26:1: error: The figure figure-1 could not be proven. The checker was closed. Check again.',
      ],
    ]);
  });
});
