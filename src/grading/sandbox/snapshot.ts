import type { GuestExports } from './quickjsExports.ts';

/**
 * The whole state of a machine. Its memory is told by where it differs from an earlier one, and that by where it is not
 * zero: a loaded module is some 50 kB of 1.5 MB, so that those of a whole course can be kept.
 */
export interface Snapshot {
  readonly base: readonly Piece[];
  readonly changed: readonly Piece[];
  readonly memoryBytes: number;
  readonly stackPointer: number;
  readonly runtime: number;
  readonly context: number;
}

/** Pieces come in the order of their addresses, and consist of whole grains. */
interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

const pageBytes = 65_536;
/** Memories are compared in grains. */
const grainBytes = 1024;
const wordBytes = 4;
const grainWords = grainBytes / wordBytes;

/** @param before the state that the machine had at some earlier time, which the new one then shares memory with */
export function takeSnapshot(exports: GuestExports, before?: Snapshot): Snapshot {
  const { buffer } = exports.memory;
  return {
    ...(before === undefined
      ? { base: differences(buffer, []), changed: [] }
      : { base: before.base, changed: differences(buffer, before.base) }),
    memoryBytes: buffer.byteLength,
    stackPointer: exports.__stack_pointer.value as number,
    runtime: exports.qjs_get_runtime_ptr(),
    context: exports.qjs_get_context_ptr(),
  };
}

/** Brings a machine to exactly the state of a snapshot. */
export function fill(exports: GuestExports, snapshot: Snapshot): void {
  const missing = snapshot.memoryBytes - exports.memory.buffer.byteLength;
  if (missing > 0) exports.memory.grow(missing / pageBytes);
  const memory = new Uint8Array(exports.memory.buffer);
  let filled = 0;
  for (const { at, bytes } of snapshot.base) {
    memory.fill(0, filled, at);
    memory.set(bytes, at);
    filled = at + bytes.length;
  }
  memory.fill(0, filled);
  for (const { at, bytes } of snapshot.changed) memory.set(bytes, at);
  exports.qjs_set_runtime_and_context(snapshot.runtime, snapshot.context);
  exports.__stack_pointer.value = snapshot.stackPointer;
}

/** What a snapshot takes beside the one that it shares memory with. */
export const changedBytes = ({ changed }: Snapshot): number =>
  changed.reduce((sum, { bytes }) => sum + bytes.length, 0);

/** Where a memory differs from a base, which is zero between its pieces. */
function differences(memory: ArrayBuffer, base: readonly Piece[]): readonly Piece[] {
  const words = new Int32Array(memory);
  const pieces: Piece[] = [];
  let nextOfBase = 0;
  let start: number | undefined;
  for (let at = 0; at <= memory.byteLength; at += grainBytes) {
    const piece = base[nextOfBase];
    if (piece !== undefined && at >= piece.at + piece.bytes.length) nextOfBase++;
    const covering = base[nextOfBase];
    const isCovered = covering !== undefined && at >= covering.at;
    const differs = at < memory.byteLength && !sameGrain(words, at, isCovered ? covering : undefined);
    if (differs) start ??= at;
    else if (start !== undefined) {
      pieces.push({ at: start, bytes: new Uint8Array(memory.slice(start, at)) });
      start = undefined;
    }
  }
  return pieces;
}

/** @param piece what covers the grain in the base; undefined where that is zero */
function sameGrain(words: Int32Array, at: number, piece: Piece | undefined): boolean {
  const first = at / wordBytes;
  if (piece === undefined) {
    for (let word = 0; word < grainWords; word++) if (words[first + word] !== 0) return false;
    return true;
  }
  const before = new Int32Array(piece.bytes.buffer, at - piece.at, grainWords);
  for (let word = 0; word < grainWords; word++) if (words[first + word] !== before[word]) return false;
  return true;
}
