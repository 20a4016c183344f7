import assert from 'node:assert/strict';
import type { AnyCallHandlers } from '../../src/engine/kernel/policy.ts';
import { randomStreams } from '../../src/engine/kernel/random.ts';
import { disk, serverModule, serverTable, someRequest, testSandbox } from './testbed.ts';

/** Reads a block, and remembers how often; whatever is thrown on the way, it tries to go on. */
const module = serverModule(
  `seen++;
   try { calls.readBlock({ block: 1 }); } catch { seen = 100; }
   return { verdict: 'done', body: String(seen), data: new Uint8Array(0), sizes: [], share: 0 };`,
  'let seen = 0;\n',
);
class Crash extends Error {}

describe('a policy that crashes and starts again within a run', () => {
  it('remembers nothing, and cannot catch the crash, however often it happens', async () => {
    const outcome = await (await testSandbox()).load({ file: 'server.ts', text: module }, serverTable);
    assert.ok(outcome.ok);
    let crashes = false;
    const handlers = {
      server: {
        ...disk,
        readBlock: () => {
          if (crashes) throw new Crash();
          return { ok: true, value: Uint8Array.of(1) };
        },
      },
    } as unknown as AnyCallHandlers;
    let running = outcome.submission.start(handlers);
    const ask = (): unknown => (running['server']!['answer']!(someRequest) as { body: string }).body;
    for (let restart = 0; restart < 200; restart++) {
      crashes = false;
      assert.deepEqual([ask(), ask()], ['1', '2']);
      crashes = true;
      assert.throws(ask, Crash);
      running = outcome.submission.start(handlers, { params: {}, random: randomStreams(1), again: true });
    }
  });
});
