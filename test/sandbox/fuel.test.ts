import assert from 'node:assert/strict';
import { schedulerTable, someView } from './schedulerPolicy.ts';
import { runScheduler, schedulerModule, testSandbox } from './testbed.ts';

/** Work of about `steps` loop iterations, and an answer. */
const working = schedulerModule('for (let i = 0; i < 400000; i++);\nreturn { vcpu: 3 };');

/** The smallest number of ticks for which the predicate holds. */
async function smallest(most: number, holds: (ticks: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

describe('steps', () => {
  it('decide alike every time: what is enough once is enough, and one less is not', async () => {
    const answers = async (decisionTicks: number): Promise<boolean> =>
      (await runScheduler(working, 1, { decisionTicks })).fault === undefined;
    const needed = await smallest(200, answers);
    assert.ok(needed > 20 && needed < 120, `${needed} ticks for 400,000 iterations`);
    for (let again = 0; again < 3; again++) {
      assert.equal(await answers(needed), true);
      assert.deepEqual((await runScheduler(working, 1, { decisionTicks: needed - 1 })).fault, {
        kind: 'steps',
        message: 'pickNext took too many steps. Is there a loop that never ends?',
        line: 2,
        policy: 'scheduler',
        decision: 'pickNext',
        ordinal: 0,
      });
    }
  });

  it('are counted over a whole run, which ends at the same decision every time', async () => {
    const outcomes = await Promise.all(
      [1, 2].map(() => runScheduler(working, 50, { decisionTicks: 500, runTicks: 300 })),
    );
    assert.deepEqual(outcomes[0], outcomes[1]);
    const [{ fault, answers }] = outcomes as [(typeof outcomes)[0]];
    assert.equal(
      fault?.message,
      'pickNext used up the steps of the whole run. Do less work in each decision.',
    );
    assert.equal(fault.ordinal, answers.length);
    assert.ok(answers.length > 1 && answers.length < 10, `${answers.length} decisions`);
  });

  it('start anew with every run', async () => {
    const text = working;
    const loaded = await (
      await testSandbox()
    ).load({ file: 'scheduler.ts', text }, schedulerTable, { runTicks: 100 });
    assert.ok(loaded.ok);
    for (let run = 0; run < 5; run++) {
      assert.deepEqual(loaded.submission.start({ scheduler: {} })['scheduler']!['pickNext']!(someView), {
        vcpu: 3,
      });
    }
  });

  it('are counted apart for loading', async () => {
    const code = schedulerModule('return { vcpu: 3 };', 'for (let i = 0; i < 400000; i++);\n');
    assert.equal((await runScheduler(code, 1, { loadTicks: 200, decisionTicks: 1 })).fault, undefined);
    assert.equal((await runScheduler(code, 1, { loadTicks: 10 })).fault?.kind, 'steps');
  });

  it('let a slow leak of memory end at the same decision every time', async () => {
    const code = schedulerModule(
      'kept.push(new Array(20000).fill(0));\nreturn { vcpu: 3 };',
      'const kept = [];\n',
    );
    const outcomes = await Promise.all(
      [1, 2].map(() => runScheduler(code, 1000, { memoryBytes: 16 * 1024 * 1024 })),
    );
    assert.deepEqual(outcomes[0], outcomes[1]);
    assert.equal(outcomes[0]!.fault?.kind, 'memory');
    assert.ok(outcomes[0]!.answers.length > 10);
  });
});
