import assert from 'node:assert/strict';
import { gradeTask } from '../../../src/grading/gradeTask.ts';
import { counterFile, countingScenarios } from './countingPack.ts';
import { countingTask, failureOf, grading, gradingTools, roundRobinTask } from './testbed.ts';

const countingTools = gradingTools(countingScenarios);
const counting = countingTask();
const count = grading(counting, countingTools);

describe('the words that lead a failure', () => {
  it('leads with the words of the misconception, else with those of the check', async () => {
    const said = async (body: string): Promise<readonly (string | undefined)[]> =>
      (await count(counterFile(body))).checks.map((check) => check.failure?.say);
    assert.deepEqual(await said('const next = 1; return next;'), ['It never moves.', undefined, undefined]);
    assert.deepEqual(await said('return last + 10;'), [undefined, 'Too large.', undefined]);
    assert.deepEqual(await said('return last === 0 ? 1 : last === 1 ? 0 : 1;'), [
      undefined,
      undefined,
      undefined,
    ]);
  });

  // The second one agrees with the first wherever nothing is doubled, as in its smallest case.
  const alwaysStops = counterFile('return Math.min(3, last + 1);');
  const stopsAtTimes = counterFile('return doubled ? last + 2 : Math.min(3, last + 1);');
  const saidWith = async (
    known: readonly string[],
    source: string,
    seeds = 30,
  ): Promise<readonly (string | undefined)[]> => {
    const { lesson, task } = await counting;
    const wrong = known.map((text) => ({ ...task.wrong[0]!, file: { path: 'wrong/x.ts', text }, say: text }));
    const request = { task: { ...task, wrong }, source, lessonHash: lesson.contentHash };
    const reports = [];
    for (let seed = 0; seed < seeds; seed++)
      reports.push(await gradeTask({ ...request, seed }, await countingTools));
    return reports.map(({ report }) => failureOf(report).say);
  };

  it('tells apart two misconceptions that look alike in the failing case', async () => {
    const both = [alwaysStops, stopsAtTimes];
    for (const source of both) {
      for (const known of [both, both.toReversed()]) {
        assert.deepEqual(new Set(await saidWith(known, source)), new Set([source]));
      }
    }
  });

  it('names no misconception that does something else in the case that was drawn', async () => {
    const said = await saidWith([alwaysStops], stopsAtTimes);
    assert.ok(said.includes(undefined) && said.includes(alwaysStops), 'it depends on what is drawn');
  });

  it('knows a mistake that is written down twice as well as one that is once', async () => {
    const twice = alwaysStops.replace('3, last + 1', 'last + 1, 3');
    for (const source of [alwaysStops, stopsAtTimes]) {
      const once = await saidWith([alwaysStops], source, 10);
      assert.deepEqual(await saidWith([alwaysStops, twice], source, 10), once);
    }
  });

  it('does not take one exception for another', async () => {
    const { lesson, task } = await counting;
    const throwing = counterFile('throw new Error("x");');
    const wrong = [
      { ...task.wrong[0]!, file: { path: 'wrong/throws.ts', text: throwing }, say: 'It throws.' },
    ];
    const request = { task: { ...task, wrong }, seed: 7, lessonHash: lesson.contentHash };
    const say = async (source: string): Promise<string | undefined> =>
      failureOf((await gradeTask({ ...request, source }, await countingTools)).report).say;
    assert.equal(await say(counterFile('throw new TypeError("y");')), 'It throws.');
    assert.equal(await say(counterFile('return "y";')), undefined);
  });

  it('says what was written for a property of runs of those that reached their end', async () => {
    const { lesson, task } = await counting;
    const small = task.checks.find(({ id }) => id === 'stays-small')!;
    const feedback = [{ use: 'goesUp', with: {}, say: 'It stands still.' }];
    const asked = { ...task, wrong: [], checks: [{ ...small, feedback }] };
    const said = async (body: string): Promise<string | undefined> => {
      const request = { task: asked, source: counterFile(body), seed: 7, lessonHash: lesson.contentHash };
      return failureOf((await gradeTask(request, await countingTools)).report).say;
    };
    assert.equal(await said('return 40;'), 'It stands still.');
    assert.equal(await said('return last + 40;'), 'Too large.');
    // Nobody knows whether they would have.
    assert.equal(await said('throw new Error("no");'), 'Too large.');
    assert.equal(await said('return -1;'), 'Too large.');
  });

  it('are found, and the failure explained, also where other files of the task’s author do not run', async () => {
    const { lesson, task } = await roundRobinTask();
    const request = { source: task.starter.text, seed: 7, lessonHash: lesson.contentHash };
    const broken = { path: 'broken.ts', text: '' };
    const throwing = {
      path: 'throws.ts',
      text: 'export const scheduler = {\n  pickNext() {\n    throw new Error("not yet");\n  },\n};\n',
    };
    for (const solution of [broken, throwing]) {
      const wrong = [{ ...task.wrong[0]!, file: broken, say: 'Broken.' }, ...task.wrong];
      const asked = { ...request, task: { ...task, solution, wrong } };
      const failure = failureOf((await gradeTask(asked, await gradingTools())).report);
      assert.equal(failure.expected, 'VM 2, which has waited longest (since 0 ms)');
      assert.equal(failure.expectedText, undefined);
      assert.match(failure.say!, /lowest number/);
    }
  });
});
