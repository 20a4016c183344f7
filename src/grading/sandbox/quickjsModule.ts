import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** SHA-256 of the `quickjs.wasm` of quickjs-wasi 3.6.2, which this folder is written and tested for. */
export const quickjsSha256 = 'd4c9375f2b1ca4dc95f72c8aa2982a7a9951ac8011490d79c6582df732b4bbd9';

/** 64 MiB in WebAssembly pages of 64 KiB. */
const maxPages = 1024;

/**
 * Compiles QuickJS with a ceiling on its linear memory. QuickJS's own memory limit counts before it allocates, but
 * some built-ins were measured to overshoot it threefold; the ceiling holds whatever they do.
 *
 * @param wasm the bytes of `quickjs-wasi/quickjs.wasm`
 * @throws Error when they are others: verdicts count the steps of this build, and the sandbox was attacked in this one
 */
export async function compileQuickjs(wasm: Uint8Array): Promise<WebAssembly.Module> {
  const seen = bytesToHex(sha256(wasm));
  if (seen !== quickjsSha256) {
    throw new Error(
      `quickjs.wasm has the SHA-256 ${seen}, but ${quickjsSha256} was expected. Install Trapframe again, or run npm ci in its source.`,
    );
  }
  return WebAssembly.compile(cappedMemory(wasm, maxPages));
}

const memorySection = 5;
const hasMaximum = 1;

/** The same module whose only memory has the given maximum, in pages. */
export function cappedMemory(wasm: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  for (let at = 8; at < wasm.length;) {
    const id = wasm[at]!;
    const size = readLeb(wasm, at + 1);
    const end = size.next + size.value;
    if (id === memorySection) {
      // Section body: count, flags, minimum[, maximum].
      const minimum = readLeb(wasm, size.next + 2);
      const body = [1, hasMaximum, ...leb(minimum.value), ...leb(pages)];
      const section = [memorySection, ...leb(body.length), ...body];
      const capped = new Uint8Array(at + section.length + (wasm.length - end));
      capped.set(wasm.subarray(0, at));
      capped.set(section, at);
      capped.set(wasm.subarray(end), at + section.length);
      return capped;
    }
    at = end;
  }
  throw new Error('The WebAssembly module declares no memory: is it quickjs.wasm?');
}

function readLeb(from: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  for (let at = start, shift = 0; ; at++, shift += 7) {
    const byte = from[at]!;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value: value >>> 0, next: at + 1 };
  }
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
