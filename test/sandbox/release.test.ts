import assert from 'node:assert/strict';
import { PolicyFault } from '../../src/engine/kernel/policy.ts';
import type { SandboxedSubmission } from '../../src/grading/sandbox/policySandbox.ts';
import { schedulerTable, someView } from './schedulerPolicy.ts';
import { schedulerModule, testSandbox } from './testbed.ts';

/** Leaves everywhere what a later run could find. */
const litter = schedulerModule(
  `count++;
  globalThis.found = (globalThis.found ?? 0) + 1;
  Array.prototype.found = Object.prototype.found = count;
  big.push('x'.repeat(1000));
  console.log(globalThis.found, count, big.length, Math.random(), Date.now());
  return { vcpu: count };`,
  'let count = 0; const big = [];\n',
);
const look = schedulerModule(
  `console.log(typeof found, [].found, ({}).found, Math.random(), Date.now()); return { vcpu: 1 };`,
);

async function loaded(code: string, sandbox = testSandbox()): Promise<SandboxedSubmission> {
  const outcome = await (await sandbox).load({ file: 'scheduler.ts', text: code }, schedulerTable);
  assert.ok(outcome.ok);
  return outcome.submission;
}

/** Asks a run `times` decisions and tells all that can be seen of it. */
function run(submission: SandboxedSubmission, times: number): unknown {
  const { scheduler } = submission.start({ scheduler: {} });
  const answers: unknown[] = [];
  try {
    while (answers.length < times) answers.push(scheduler!['pickNext']!(someView));
  } catch (thrown) {
    if (!(thrown instanceof PolicyFault)) throw thrown;
    answers.push(thrown.detail);
  }
  return { answers, output: submission.output() };
}

describe('a machine that was released', () => {
  it('is as if it were new: to the module that had it, and to another one', async () => {
    const fresh = [run(await loaded(litter), 20), run(await loaded(look), 3)];
    const sandbox = testSandbox();
    const first = await loaded(litter, sandbox);
    const second = await loaded(look, sandbox);
    for (let round = 0; round < 4; round++) {
      assert.deepEqual(run(first, 20), fresh[0]);
      first.release();
      assert.deepEqual(run(second, 3), fresh[1]);
      second.release();
    }
  });

  it('is not used again after a fault, nor after it grew', async () => {
    const sandbox = testSandbox();
    const other = await loaded(look, sandbox);
    const expected = run(other, 2);
    other.release();
    for (const body of [
      'throw new Error("x")',
      'for (;;);',
      'return 7',
      'const all = []; for (;;) all.push(new Uint8Array(1e6).fill(1));',
      'globalThis.kept = "y".repeat(8e6); return { vcpu: 1 };',
    ]) {
      const bad = await loaded(schedulerModule(body), sandbox);
      const seen = run(bad, 1);
      bad.release();
      assert.deepEqual(run(bad, 1), seen, body);
      bad.release();
      assert.deepEqual(run(other, 2), expected, body);
      other.release();
    }
  });

  it('answers no more to the run that had it', async () => {
    const submission = await loaded(look);
    const { scheduler } = submission.start({ scheduler: {} });
    scheduler!['pickNext']!(someView);
    submission.release();
    assert.throws(() => scheduler!['pickNext']!(someView), PolicyFault);
  });
});
