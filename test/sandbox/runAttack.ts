import assert from 'node:assert/strict';
import { PolicyFault, type PolicyFaultDetail } from '../../src/engine/kernel/policy.ts';
import type { Attack } from './attacks.ts';
import { schedulerTable, someView } from './schedulerPolicy.ts';
import { serverTable, someRequest, testSandbox } from './testbed.ts';

const calmScheduler = 'pickNext(input) { return { vcpu: input.waiting.length + 1 }; }';

/** Uses every kind of value in both directions, with syntax alone, so that it works in a polluted guest. */
const calmServer = `{ answer(input, calls) {
  const stat = calls.stat({ path: input.path + 'x' });
  const block = calls.readBlock({ block: 2, label: undefined });
  let errno = '';
  try { calls.readBlock({ block: 6 }); } catch (e) { errno = e.errno; }
  const { tags } = input;
  return { verdict: stat === undefined ? 'done' : 'refused', body: tags[0] + tags[1] + tags[2] + errno, data: block, sizes: [-5, 500], share: 0.5, note: input.mode };
} }`;

export interface AttackOutcome {
  readonly fault?: PolicyFaultDetail;
  readonly output: readonly string[];
}

/** Loads the module and asks both of its policies; whatever is answered must be what a calm module answers. */
export async function runAttack(attack: Attack): Promise<AttackOutcome> {
  const method = attack.body === undefined ? calmScheduler : `pickNext(input) {\n${attack.body}\n}`;
  const text = `const calm = ${calmServer};\nconst attacker = { ${method} };\n${attack.above ?? ''}\nexport const scheduler = attacker;\nexport const server = calm;\n`;
  const sandbox = await testSandbox();
  const loaded = await sandbox.load(
    { file: 'scheduler.ts', text },
    { ...schedulerTable, ...serverTable },
    attack.limits,
  );
  if (!loaded.ok) return { fault: loaded.fault, output: [] };
  const { submission } = loaded;
  const { scheduler, server } = submission.start({
    server: {
      stat: () => ({ ok: true, value: undefined }),
      readBlock: (input) =>
        (input as { block: number }).block === 6
          ? { ok: false, errno: 'EIO' }
          : { ok: true, value: Uint8Array.of(7, 8) },
    },
  });
  try {
    assert.deepEqual(scheduler!['pickNext']!(someView), { vcpu: 3 });
    assert.deepEqual(server!['answer']!(someRequest), {
      verdict: 'done',
      body: 'abé😀EIO',
      data: Uint8Array.of(7, 8),
      sizes: [-5, 500],
      share: 0.5,
      note: 'read',
    });
  } catch (thrown) {
    if (!(thrown instanceof PolicyFault)) throw thrown;
    return { fault: thrown.detail, output: submission.output() };
  }
  return { output: submission.output() };
}
