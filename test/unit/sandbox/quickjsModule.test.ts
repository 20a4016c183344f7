import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cappedMemory, compileQuickjs, quickjsSha256 } from '../../../src/grading/sandbox/quickjsModule.ts';

const wasm = readFileSync(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url));

describe('the QuickJS module', () => {
  it('is the one that the sandbox is written for', () => {
    assert.equal(createHash('sha256').update(wasm).digest('hex'), quickjsSha256);
  });

  it('refuses a changed byte before it compiles anything', async () => {
    const changed = Uint8Array.from(wasm);
    changed[changed.length - 1]! ^= 1;
    await assert.rejects(compileQuickjs(changed), /quickjs\.wasm has the SHA-256 [0-9a-f]{64}, but d4c9375f/);
  });

  it('cannot grow its memory past the cap', () => {
    const none = (): number => 0;
    const imports = new Proxy({}, { get: () => new Proxy({}, { get: () => none }) });
    const memoryOf = (bytes: Uint8Array<ArrayBuffer>): WebAssembly.Memory =>
      new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports[
        'memory'
      ] as WebAssembly.Memory;
    const capped = memoryOf(cappedMemory(wasm, 100));
    const pages = capped.buffer.byteLength / 65_536;
    capped.grow(100 - pages);
    assert.throws(() => capped.grow(1), RangeError);
    assert.ok(memoryOf(Uint8Array.from(wasm)).grow(101 - pages) > 0, 'the original can');
  });

  it('is not mistaken for another module', () => {
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    assert.throws(() => cappedMemory(empty, 100), /declares no memory/);
  });
});
