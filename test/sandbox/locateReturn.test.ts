import assert from 'node:assert/strict';
import { PolicyFault } from '../../src/engine/kernel/policy.ts';
import { schedulerTable, someView } from './schedulerPolicy.ts';
import { testSandbox } from './testbed.ts';

const text = `import type { SchedulerPolicy } from 'trapframe';
let asked = 0;
const choose = (vcpu: number): { vcpu: number } => {
  return { vcpu };
};
export const scheduler: SchedulerPolicy = {
  pickNext({ waiting }) {
    switch (asked++) {
      case 0:
        return choose(waiting[0]!.vcpu);
      case 1: return { get vcpu() { return 5 } };
      case 2:
        return { vcpu: -1 };
    }
    throw new Error('no more');
  },
};`;

describe('the line of a decision', () => {
  const sandbox = testSandbox();
  const locating = async (code: string) =>
    (await sandbox).loadToLocate({ file: 'scheduler.ts', text: code }, schedulerTable);

  it('is that of the outermost return that gave its answer', async () => {
    const loaded = await locating(text);
    assert.ok(loaded.ok);
    const { submission } = loaded;
    assert.equal(submission.lastReturnLine(), undefined);
    for (let run = 0; run < 2; run++) {
      const { scheduler } = submission.start({ scheduler: {} });
      assert.deepEqual(scheduler!['pickNext']!(someView), { vcpu: 3 });
      assert.equal(submission.lastReturnLine(), 10);
      assert.deepEqual(scheduler!['pickNext']!(someView), { vcpu: 5 });
      assert.equal(submission.lastReturnLine(), 11, 'code that runs while the answer is read does not count');
      assert.throws(() => scheduler!['pickNext']!(someView), PolicyFault);
      assert.equal(submission.lastReturnLine(), 13, 'an answer that is refused was returned too');
    }
  });

  it('is not known of a decision that threw', async () => {
    const loaded = await locating(text.replace('let asked = 0', 'let asked = 3'));
    assert.ok(loaded.ok);
    const { scheduler } = loaded.submission.start({ scheduler: {} });
    assert.throws(() => scheduler!['pickNext']!(someView), {
      name: 'PolicyFault',
      message: 'pickNext threw Error: no more.',
    });
    assert.equal(loaded.submission.lastReturnLine(), undefined);
  });

  it('is the end of a method that returns nothing', async () => {
    const loaded = await locating(
      'export const scheduler = {\n  pickNext() {\n    if (false) return;\n  },\n};',
    );
    assert.ok(loaded.ok);
    assert.throws(
      () => loaded.submission.start({ scheduler: {} })['scheduler']!['pickNext']!(someView),
      PolicyFault,
    );
    assert.equal(loaded.submission.lastReturnLine(), 4);
  });

  it('does not run out of steps where the plain module does not', async () => {
    const busy = `export const scheduler = { pickNext() { const one = () => 1; let n = 0; for (let i = 0; i < 300000; i++) n += one(); return { vcpu: n % 2 } } };`;
    const source = { file: 'scheduler.ts', text: busy };
    const limits = { decisionTicks: 100 };
    const plain = await (await sandbox).load(source, schedulerTable, limits);
    const located = await (await sandbox).loadToLocate(source, schedulerTable, limits);
    assert.ok(plain.ok && located.ok);
    for (const { submission } of [plain, located]) {
      assert.deepEqual(submission.start({ scheduler: {} })['scheduler']!['pickNext']!(someView), { vcpu: 0 });
    }
  });

  it('is not looked for in a module that cannot be loaded', async () => {
    const loaded = await locating('export const scheduler = ;');
    assert.ok(!loaded.ok);
    assert.equal(loaded.fault.kind, 'syntax');
  });
});
