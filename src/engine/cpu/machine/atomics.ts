import type { Hart } from './hart.ts';
import { atomicOffset, type AccessFault } from './memoryAccess.ts';

/** Executes an instruction of the A extension, except for the advance of `pc`. */
export function executeAtomic(hart: Hart, word: number, fault: AccessFault): 'retired' | 'illegal' | 'fault' {
  if (((word >>> 12) & 7) !== 2) return 'illegal';
  const { x, ram32 } = hart;
  const rd = (word >>> 7) & 31;
  const rs2 = (word >>> 20) & 31;
  const address = x[(word >>> 15) & 31]!;
  const operation = word >>> 27;
  if (operation === 2) {
    // LR.W
    if (rs2 !== 0) return 'illegal';
    const at = atomicOffset(hart, address, 'read', fault);
    if (at === -1) return 'fault';
    hart.reservation = at;
    if (rd !== 0) x[rd] = ram32[at >>> 2]!;
    return 'retired';
  }
  if (operation === 3) {
    // SC.W
    const at = atomicOffset(hart, address, 'write', fault);
    if (at === -1) return 'fault';
    const succeeds = hart.reservation === at;
    hart.reservation = -1;
    if (succeeds) store(hart, at, x[rs2]!);
    if (rd !== 0) x[rd] = succeeds ? 0 : 1;
    return 'retired';
  }
  const combine = operations[operation];
  if (combine === undefined) return 'illegal';
  const at = atomicOffset(hart, address, 'write', fault);
  if (at === -1) return 'fault';
  const before = ram32[at >>> 2]!;
  store(hart, at, combine(before, x[rs2]!));
  if (rd !== 0) x[rd] = before;
  return 'retired';
}

/** What each AMO stores, by its function code, from the value in memory and in the register. */
const operations: Readonly<Record<number, (memory: number, register: number) => number>> = {
  0x00: (memory, register) => memory + register,
  0x01: (_, register) => register,
  0x04: (memory, register) => memory ^ register,
  0x08: (memory, register) => memory | register,
  0x0c: (memory, register) => memory & register,
  0x10: (memory, register) => Math.min(memory, register),
  0x14: (memory, register) => Math.max(memory, register),
  0x18: (memory, register) => Math.min(memory >>> 0, register >>> 0),
  0x1c: (memory, register) => Math.max(memory >>> 0, register >>> 0),
};

function store(hart: Hart, at: number, value: number): void {
  hart.ram32[at >>> 2] = value;
  if (hart.watchedPages.has(at >>> 12)) hart.onWatchedStore?.(at, 4);
}
