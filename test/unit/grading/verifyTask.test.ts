import assert from 'node:assert/strict';
import type { Task } from '../../../src/course/model.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import { exerciseSeed } from '../../../src/course/seeds.ts';
import type { GradingRequest } from '../../../src/grading/grader.ts';
import type { CheckFailure, TaskReport, Verdict } from '../../../src/grading/report.ts';
import { verifyTask } from '../../../src/grading/verify/verifyTask.ts';
import { countingFiles } from './countingPack.ts';
import { countingPackWith } from './testbed.ts';

/** What a grading says: of each check, and of why those failed that did. */
interface Said extends Partial<Pick<TaskReport, 'fault' | 'points'>> {
  readonly checks: readonly [goesUp: Verdict, staysSmall: Verdict, ends: Verdict];
  readonly failure?: Partial<CheckFailure>;
  /** Of each check. Default 1. */
  readonly casesRun?: number;
}

const holds: Said = { checks: ['passed', 'passed', 'passed'] };
const fails: Said = { checks: ['failed', 'failed', 'not reached'] };

/** What is said of each file of the counting task as it is: nothing is wrong with it. */
const asItIs: Readonly<Record<string, Said>> = {
  solution: holds,
  starter: fails,
  empty: fails,
  idle: fails,
  'wrong/sticks.ts': {
    checks: ['failed', 'passed', 'not reached'],
    failure: { say: 'It never moves.' },
  },
  'wrong/leaps.ts': { checks: ['passed', 'failed', 'passed'], failure: { say: 'That leaps.' } },
  'wrong/stops.ts': {
    checks: ['failed', 'passed', 'not reached'],
    failure: { say: 'It stops at three.' },
  },
};

const taskFile = 'count/tasks/count-up/task.yaml';
async function taskWith(from = '', to = ''): Promise<Task> {
  const text = countingFiles[taskFile]!;
  assert.ok(text.includes(from), from);
  const { value } = await countingPackWith({ [taskFile]: text.replace(from, () => to) });
  const part = value.lessons[0]!.parts.find(({ kind }) => kind === 'task');
  assert.ok(part?.kind === 'task');
  return part.task;
}

function nameOf(task: Task, source: string): string {
  if (source === '') return 'empty';
  if (source === task.solution.text) return 'solution';
  if (source === task.starter.text) return 'starter';
  const known = task.wrong.find(({ file }) => file.text === source);
  return known === undefined ? 'idle' : known.file.path.slice(task.path.length + 1);
}

/** As grading reports it; a check without cases passes. */
function reportOf(task: Task, { checks: said, failure, points, fault, casesRun = 1 }: Said): TaskReport {
  const checks = task.checks.map(({ cases }, index) => (cases === 0 ? 'passed' : said[index]!));
  const reports = task.checks.map(({ id, title, points: maxPoints }, index) => ({
    id,
    title,
    verdict: checks[index]!,
    points: checks[index] === 'passed' ? maxPoints : 0,
    maxPoints,
    casesRun,
    ...(checks[index] === 'failed' && {
      failure: {
        case: { scenario: 'test.counting', params: {}, seed: 1, words: '2 turns' },
        expected: 'more',
        actual: 'less',
        because: 'So it is.',
        atNs: 0,
        actualText: [],
        ...failure,
      },
    }),
  }));
  const overall = checks.includes('ungradable') || fault !== undefined ? 'ungradable' : 'failed';
  return {
    task: task.id,
    verdict: checks.every((verdict) => verdict === 'passed') ? 'passed' : overall,
    points: points ?? reports.reduce((sum, report) => sum + report.points, 0),
    maxPoints: 6,
    checks: reports,
    ...(fault !== undefined && { fault }),
    output: [],
    provenance: { lessonHash: 'h', engineVersion: '1', seed: 1, submissionHash: '' },
  };
}

/** What is found in the task where some of its files are told something else of. */
async function found(
  others: Readonly<Record<string, Said | ((learner: number) => Said)>>,
  task?: Task,
): Promise<readonly string[]> {
  const used = task ?? (await taskWith());
  const { findings } = await verifyTask(used, 'h', {
    ask: (_, request) => {
      const { task: given, source, seed } = request as unknown as GradingRequest;
      const name = nameOf(used, source);
      const said = others[name] ?? asItIs[name]!;
      const learner = [1, 2, 3, 4, 5].find((each) => exerciseSeed(each, used.id) === seed);
      const result = reportOf(given, typeof said === 'function' ? said(learner!) : said);
      return Promise.resolve({ ok: true, result: result as never });
    },
  });
  return findings.map((finding) => formatProblem(finding));
}

const inWrong = (line: number, message: string): string => `${taskFile}:${line}:5: ${message}`;
const forAll = 'Seen for 5 learners, the first of seed 1.';

describe('what is found in reports on a task', () => {
  it('is nothing where all is as it should be', async () => assert.deepEqual(await found({}), []));

  it('is of the reference each check that it fails', async () => {
    assert.deepEqual(await found({ solution: { checks: ['failed', 'failed', 'passed'] } }), [
      'count/tasks/count-up/solution/counter.ts:1:1: error: The reference fails goes-up with 2 turns: expected more; seen: less. A correct solution would fail here too: mend the check or the reference.',
      'count/tasks/count-up/solution/counter.ts:1:1: error: The reference fails stays-small with 2 turns: expected more; seen: less. A correct solution would fail here too: mend the check or the reference.',
    ]);
  });

  it('is of an empty file that it is not failed with no points', async () => {
    const told = (what: string): readonly string[] => [
      `${taskFile}:1:1: error: An empty file is ${what} of 6 points. It must fail, with none. Seen for the learner of seed 1.`,
    ];
    assert.deepEqual(await found({ empty: { ...fails, points: 1 } }), told('failed, with 1'));
    const checks = ['ungradable', 'ungradable', 'ungradable'] as const;
    assert.deepEqual(await found({ empty: { checks } }), told('ungradable, with 0'));
  });

  it('is of functions that do nothing that they get half of the points, and by which checks', async () => {
    assert.deepEqual(await found({ idle: { checks: ['failed', 'passed', 'not reached'] } }), []);
    assert.deepEqual(await found({ idle: { checks: ['failed', 'passed', 'passed'] } }), [
      `${taskFile}:1:1: error: Functions that do nothing get 3 of 6 points, since they pass stays-small, ends. Seen for the learner of seed 1. Let these checks also fail where nothing is done, or name in "after" a check that sees it.`,
    ]);
  });

  const sticks = (checks: Said['checks'], failure: Partial<CheckFailure> = {}): Record<string, Said> => ({
    'wrong/sticks.ts': { checks, failure: { say: 'It never moves.', ...failure } },
  });

  it('is of a known-wrong solution each check that cannot be graded, and each that it also fails', async () => {
    assert.deepEqual(await found(sticks(['ungradable', 'ungradable', 'failed'])), [
      inWrong(23, `error: wrong/sticks.ts cannot be graded in goes-up. ${forAll}`),
      inWrong(23, `error: wrong/sticks.ts cannot be graded in stays-small. ${forAll}`),
      inWrong(
        23,
        `error: wrong/sticks.ts also fails ends, which its "fails" does not name. ${forAll} Add it, if that is as it should be.`,
      ),
    ]);
  });

  it('is of a known-wrong solution each check that it was to fail', async () => {
    const task = await taskWith('sticks.ts, fails: [goes-up]', 'sticks.ts, fails: [goes-up, stays-small]');
    assert.deepEqual(await found(sticks(['passed', 'passed', 'failed']), task), [
      inWrong(
        23,
        `error: wrong/sticks.ts passes goes-up, which it must fail. ${forAll} Draw more cases, or correct "fails".`,
      ),
      inWrong(
        23,
        `error: wrong/sticks.ts passes stays-small, which it must fail. ${forAll} Draw more cases, or correct "fails".`,
      ),
      inWrong(
        23,
        `error: wrong/sticks.ts also fails ends, which its "fails" does not name. ${forAll} Add it, if that is as it should be.`,
      ),
    ]);
    assert.deepEqual(await found(sticks(['failed', 'failed', 'failed'])), [
      inWrong(
        23,
        'error: wrong/sticks.ts also fails stays-small, which its "fails" does not name. Seen for the learner of seed 1. Add it, if that is as it should be.',
      ),
      inWrong(
        23,
        'error: wrong/sticks.ts also fails ends, which its "fails" does not name. Seen for the learner of seed 1. Add it, if that is as it should be.',
      ),
    ]);
  });

  it('is of a known-wrong solution each check that it does not reach, and again all that it fails', async () => {
    const task = await taskWith('sticks.ts, fails: [goes-up]', 'sticks.ts, fails: [stays-small, ends]');
    assert.deepEqual(await found(sticks(['failed', 'failed', 'not reached']), task), [
      inWrong(
        23,
        `error: wrong/sticks.ts also fails goes-up, which its "fails" does not name. ${forAll} Add it, if that is as it should be.`,
      ),
      inWrong(
        23,
        `error: wrong/sticks.ts does not reach ends, which it must fail. ${forAll} Take ends out of "fails" or "after".`,
      ),
    ]);
  });

  it('is of each known-wrong solution that does not say what it must fail', async () => {
    const task = await taskWith(
      'sticks.ts, fails: [goes-up], say: "It never moves." }\n  - { file: wrong/leaps.ts, fails: [stays-small],',
      'sticks.ts, say: "It never moves." }\n  - { file: wrong/leaps.ts,',
    );
    assert.deepEqual(await found(sticks(['failed', 'failed', 'not reached']), task), [
      inWrong(
        23,
        `warning: wrong/sticks.ts does not say which checks it must fail. ${forAll} Add "fails: [goes-up, stays-small]".`,
      ),
      inWrong(
        24,
        `warning: wrong/leaps.ts does not say which checks it must fail. ${forAll} Add "fails: [stays-small]".`,
      ),
    ]);
  });

  it('is in which checks other words lead than those of a known-wrong solution, and whose they are', async () => {
    const task = await taskWith('sticks.ts, fails: [goes-up]', 'sticks.ts, fails: [goes-up, stays-small]');
    const next = `${forAll} Let the check draw cases in which the two differ.`;
    assert.deepEqual(
      await found(sticks(['failed', 'failed', 'not reached'], { say: 'It stops at three.' }), task),
      ['goes-up', 'stays-small'].map((id) =>
        inWrong(
          23,
          `error: wrong/sticks.ts fails ${id}, but it does the same as wrong/stops.ts, whose feedback leads. ${next}`,
        ),
      ),
    );
    assert.deepEqual(await found(sticks(['failed', 'passed', 'not reached'], { say: 'Too large.' })), [
      inWrong(23, `error: wrong/sticks.ts fails goes-up, but its feedback does not lead. ${next}`),
    ]);
  });

  it('is a decision of a known-wrong solution whose line is not found, if it was made', async () => {
    const task = await taskWith('sticks.ts, fails: [goes-up]', 'sticks.ts, fails: [goes-up, stays-small]');
    const asked = { policy: 'counter', decision: 'next', ordinal: 0, input: '{}' };
    const both = ['failed', 'failed', 'not reached'] as const;
    const decision = { ...asked, output: '1' };
    assert.deepEqual(
      await found(sticks(both, { decision }), task),
      ['goes-up', 'stays-small'].map((id) =>
        inWrong(
          23,
          `error: wrong/sticks.ts fails ${id} by its next, but the line is not found. This is a bug of Trapframe. ${forAll}`,
        ),
      ),
    );
    const fault = { kind: 'throw', message: 'It threw.' } as const;
    for (const fine of [{ decision, fault }, { decision: asked }, { decision: { ...decision, line: 3 } }])
      assert.deepEqual(await found(sticks(both, fine), task), []);
  });

  it('is that a known-wrong solution shows so late that many learners would pass with it', async () => {
    const late = (casesRun: number): Said => ({ ...asItIs['wrong/sticks.ts']!, casesRun });
    const rate = async (...took: readonly number[]): Promise<readonly string[]> =>
      found({ 'wrong/sticks.ts': (learner) => late(took[learner - 1]!) });
    const next = 'Draw more cases, or cases in which the mistake shows more often.';
    const told = 'wrong/sticks.ts fails goes-up in 0.05 of the cases: about 21 of 100 learners would pass';
    assert.deepEqual(await rate(30, 10, 25, 15, 20), [
      inWrong(23, `warning: ${told} it with this mistake. ${next}`),
    ]);
    assert.deepEqual(await rate(12, 14, 10, 16, 13), []);
  });

  it('is said of the learner for whom it was seen', async () => {
    const only = (learner: number, other: Said, said: Said) => (each: number) =>
      each === learner ? other : said;
    assert.deepEqual(await found({ starter: only(1, holds, fails) }), [
      'count/tasks/count-up/starter/counter.ts:1:1: error: The starter passes, so there is nothing to do. Seen for the learner of seed 1. Take something out of it, or add a check.',
    ]);
    assert.deepEqual(
      await found({
        'wrong/sticks.ts': only(4, holds, asItIs['wrong/sticks.ts']!),
        'wrong/leaps.ts': only(5, holds, asItIs['wrong/leaps.ts']!),
      }),
      [
        [23, 'sticks', 4],
        [24, 'leaps', 5],
      ].map(([line, file, learner]) =>
        inWrong(
          Number(line),
          `error: wrong/${file}.ts passes every check. Seen for the learner of seed ${learner}. Draw more cases, or add a check that sees the mistake.`,
        ),
      ),
    );
  });
});

it('the reference is asked for every variant of the checks that share cases, and no others', async () => {
  const task = await taskWith('use: finishes', 'use: finishes\n    scenario: test.counting\n    cases: 102');
  const asked: (readonly number[])[] = [];
  await verifyTask(task, 'h', {
    ask: (_, request) => {
      const { task: given, source } = request as unknown as GradingRequest;
      const name = nameOf(task, source);
      if (name === 'solution') asked.push(given.checks.map(({ cases }) => cases));
      return Promise.resolve({ ok: true, result: reportOf(given, asItIs[name]!) as never });
    },
  });
  assert.deepEqual(asked, [
    [101, 101, 0],
    [0, 0, 202],
  ]);
});

it('checks over the same parameters share their cases, inherited or written again', async () => {
  const vary = 'vary: { turns: { int: [2, 12] }, doubleFrom: { int: [0, 9] } }';
  const spaces = async (more: string): Promise<readonly string[]> =>
    (await taskWith('use: finishes', `use: finishes\n    ${more}`)).checks.map(({ drawnAs }) => drawnAs);
  const all = ['goes-up', 'goes-up', 'goes-up'];
  assert.deepEqual(await spaces(vary), all);
  assert.deepEqual(await spaces(`scenario: test.counting\n    ${vary}`), all);
  assert.deepEqual(await spaces('vary: { turns: { int: [2, 12] } }'), ['goes-up', 'goes-up', 'ends']);
});
