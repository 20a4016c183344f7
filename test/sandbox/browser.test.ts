import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { chromiumLaunchOptions } from '../../build/chromium.mjs';
import { cappedMemory, compileQuickjs } from '../../src/grading/sandbox/quickjsModule.ts';
import { platformVerdicts, type PlatformOutcome } from './platformVerdicts.ts';

const wasm = readFileSync(new URL('../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url));

describe('the sandbox in a browser', () => {
  it('gives the same answers, faults and output as in Node, to the last step', async () => {
    const built = await build({
      entryPoints: [new URL('browser.worker.ts', import.meta.url).pathname],
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'neutral',
      external: ['*/typescriptSource.ts'],
    });
    const here = await platformVerdicts(await compileQuickjs(wasm));
    const browser = await chromium.launch(await chromiumLaunchOptions());
    try {
      const page = await browser.newPage();
      const there = await page.evaluate(
        async ({ bundle, base64 }) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const url = URL.createObjectURL(new Blob([bundle], { type: 'text/javascript' }));
          const worker = new Worker(url);
          const told = new Promise<{ outcomes?: unknown; error?: string }>((resolve) => {
            worker.onmessage = (event) => resolve(event.data as { outcomes?: unknown; error?: string });
            worker.onerror = (event) =>
              resolve({ error: event.message ?? 'The worker could not be loaded.' });
          });
          worker.postMessage(await WebAssembly.compile(bytes));
          return told;
        },
        {
          bundle: built.outputFiles[0]!.text,
          base64: Buffer.from(cappedMemory(wasm, 1024)).toString('base64'),
        },
      );
      assert.equal(there.error, undefined);
      const outcomes = there.outcomes as PlatformOutcome[];
      here.forEach((outcome, index) => assert.deepEqual(outcomes[index], outcome));
      assert.ok(
        here.some(({ fault }) => fault?.kind === 'steps') &&
          here.some(({ fault }) => fault?.kind === 'memory'),
      );
    } finally {
      await browser.close();
    }
  });
});
