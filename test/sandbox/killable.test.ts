import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { compileQuickjs } from '../../src/grading/sandbox/quickjsModule.ts';
import { rememberHost } from './hostIntact.ts';

/** Built-ins that never poll, so that no count of steps can end them. */
const unending: readonly (readonly [name: string, body: string])[] = [
  ['reverse', 'Array.prototype.reverse.call({ length: 2 ** 53 - 1 });'],
  ['copyWithin', 'Array.prototype.copyWithin.call({ length: 2 ** 53 - 1 }, 1, 0);'],
  ['sparse sort', 'Array.prototype.sort.call({ length: 2 ** 53 - 1 });'],
  ['join of holes', 'new Array(4e9).join();'],
  ['a list of holes to text', 'new Array(1e9) + "";'],
];

describe('a sandbox in a worker', () => {
  let bundle = '';
  let module: WebAssembly.Module;

  before(async () => {
    const built = await build({
      entryPoints: [new URL('killable.worker.ts', import.meta.url).pathname],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      external: ['node:worker_threads', '*/typescriptSource.ts'],
    });
    bundle = built.outputFiles[0]!.text;
    module = await compileQuickjs(
      readFileSync(new URL('../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)),
    );
  });

  const run = (body: string): Worker =>
    new Worker(new URL(`data:text/javascript,${encodeURIComponent(bundle)}`), {
      workerData: { module, code: `export const scheduler = { pickNext() { ${body} return { vcpu: 3 } } };` },
      execArgv: [],
    });

  it('takes a compiled module from another thread, and needs nothing of node', async () => {
    const worker = run('');
    const messages: unknown[] = [];
    for await (const [message] of on(worker, 'message')) {
      messages.push(message);
      if (messages.length === 2) break;
    }
    assert.deepEqual(messages, ['asked', { vcpu: 3 }]);
    await worker.terminate();
  });

  for (const [name, body] of unending) {
    it(`can be terminated in the middle of ${name}`, async () => {
      const assertHostIntact = rememberHost();
      const worker = run(body);
      const messages: unknown[] = [];
      worker.on('message', (message) => messages.push(message));
      await once(worker, 'message');
      // Lets the decision get well into the built-in. Were it to end by itself, the next assertion would tell.
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.deepEqual(messages, ['asked']);
      assert.equal(await worker.terminate(), 1);
      assertHostIntact();
    });
  }
});
