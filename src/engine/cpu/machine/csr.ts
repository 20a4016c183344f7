import { csrNumber } from './csrNumbers.ts';
import { type Hart, mode, sstatusMask, status } from './hart.ts';
import { interrupt } from './trapCause.ts';
import { pending } from './trap.ts';

const supervisorInterrupts =
  (1 << interrupt.supervisorSoftware) |
  (1 << interrupt.supervisorTimer) |
  (1 << interrupt.supervisorExternal);
const allInterrupts =
  supervisorInterrupts |
  (1 << interrupt.machineSoftware) |
  (1 << interrupt.machineTimer) |
  (1 << interrupt.machineExternal);
/** Every exception but ECALL from machine mode can be delegated. */
const delegable = 0xb3ff;
const mstatusWritable =
  status.sie |
  status.mie |
  status.spie |
  status.mpie |
  status.spp |
  status.mprv |
  status.sum |
  status.mxr |
  status.tvm |
  status.tw |
  status.tsr;
/** RV32 with A, I, M, S and U. */
const misa = (1 << 30) | (1 << 0) | (1 << 8) | (1 << 12) | (1 << 18) | (1 << 20);
/** `satp` has a mode bit, no address-space identifiers, and 22 bits of page number. */
const satpWritable = 0x803f_ffff | 0;

/**
 * Reads a CSR with the rights of the present mode. Undefined when that is an illegal instruction: there is no such CSR, or
 * the mode may not read it.
 */
export function readCsr(hart: Hart, csr: number): number | undefined {
  if (!privileged(hart, csr)) return undefined;
  const n = csrNumber;
  switch (csr) {
    case n.cycle:
    case n.mcycle:
      return low(cycles(hart));
    case n.cycleh:
    case n.mcycleh:
      return high(cycles(hart));
    case n.instret:
    case n.minstret:
      return low(retired(hart));
    case n.instreth:
    case n.minstreth:
      return high(retired(hart));
    case n.time:
      return hart.time | 0;
    case n.timeh:
      return Math.floor(hart.time / 2 ** 32) | 0;
    case n.sstatus:
      return hart.mstatus & sstatusMask;
    case n.sie:
      return hart.mie & hart.mideleg;
    case n.sip:
      return pending(hart) & hart.mideleg;
    case n.stvec:
      return hart.stvec;
    case n.scounteren:
      return hart.scounteren;
    case n.sscratch:
      return hart.sscratch;
    case n.sepc:
      return hart.sepc | 0;
    case n.scause:
      return hart.scause;
    case n.stval:
      return hart.stval;
    case n.stimecmp:
      return stce(hart) ? compareLow(hart.stimecmp) : undefined;
    case n.stimecmph:
      return stce(hart) ? compareHigh(hart.stimecmp) : undefined;
    case n.satp:
      return hart.satp;
    case n.mstatus:
      return hart.mstatus;
    case n.misa:
      return misa;
    case n.medeleg:
      return hart.medeleg;
    case n.mideleg:
      return hart.mideleg;
    case n.mie:
      return hart.mie;
    case n.mip:
      return pending(hart);
    case n.mtvec:
      return hart.mtvec;
    case n.mcounteren:
      return hart.mcounteren;
    case n.menvcfgh:
      return hart.stce ? 1 << 31 : 0;
    case n.mcountinhibit:
      return hart.mcountinhibit;
    case n.mscratch:
      return hart.mscratch;
    case n.mepc:
      return hart.mepc | 0;
    case n.mcause:
      return hart.mcause;
    case n.mtval:
      return hart.mtval;
    case n.mvendorid:
    case n.marchid:
    case n.mimpid:
    case n.mhartid:
    case n.mconfigptr:
    case n.mstatush:
    case n.menvcfg:
    case n.senvcfg:
    // No triggers: tselect is hard-wired, tdata1 has type 0.
    case n.tselect:
    case n.tdata1:
    case n.tdata2:
    case n.tdata3:
      return 0;
  }
  if (csr >= 0x3b0 && csr < 0x3c0) return hart.pmp.readAddress(csr - 0x3b0);
  if (csr >= 0x3a0 && csr < 0x3a4) return hart.pmp.readConfig(csr - 0x3a0);
  return isHpm(csr) ? 0 : undefined;
}

/** Writes a CSR that {@link readCsr} could read; fields keep to their legal values. False when it is read-only. */
export function writeCsr(hart: Hart, csr: number, value: number): boolean {
  if (csr >>> 10 === 3) return false;
  const n = csrNumber;
  switch (csr) {
    case n.mcycle:
      setCycles(hart, joined(cycles(hart), value, false));
      return true;
    case n.mcycleh:
      setCycles(hart, joined(cycles(hart), value, true));
      return true;
    case n.minstret:
      setRetired(hart, joined(retired(hart), value, false));
      return true;
    case n.minstreth:
      setRetired(hart, joined(retired(hart), value, true));
      return true;
    case n.sstatus:
      setStatus(hart, (hart.mstatus & ~sstatusMask) | (value & sstatusMask));
      return true;
    case n.mstatus:
      setStatus(hart, value);
      return true;
    case n.sie:
      hart.mie = (hart.mie & ~hart.mideleg) | (value & hart.mideleg);
      return true;
    case n.mie:
      hart.mie = value & allInterrupts;
      return true;
    case n.sip: {
      const writable = hart.mideleg & (1 << interrupt.supervisorSoftware);
      hart.mip = (hart.mip & ~writable) | (value & writable);
      return true;
    }
    case n.mip: {
      const timer = hart.stce ? 1 << interrupt.supervisorTimer : 0;
      const writable = supervisorInterrupts & ~timer;
      hart.mip = (hart.mip & ~writable) | (value & writable);
      return true;
    }
    case n.stvec:
      hart.stvec = (value & 2) !== 0 ? value & ~3 : value;
      return true;
    case n.mtvec:
      hart.mtvec = (value & 2) !== 0 ? value & ~3 : value;
      return true;
    case n.scounteren:
      hart.scounteren = value & 7;
      return true;
    case n.mcounteren:
      hart.mcounteren = value & 7;
      return true;
    case n.sscratch:
      hart.sscratch = value;
      return true;
    case n.mscratch:
      hart.mscratch = value;
      return true;
    case n.sepc:
      hart.sepc = (value & ~3) >>> 0;
      return true;
    case n.mepc:
      hart.mepc = (value & ~3) >>> 0;
      return true;
    case n.scause:
      hart.scause = value;
      return true;
    case n.mcause:
      hart.mcause = value;
      return true;
    case n.stval:
      hart.stval = value;
      return true;
    case n.mtval:
      hart.mtval = value;
      return true;
    case n.stimecmp:
      hart.stimecmp = compareValue(compareHigh(hart.stimecmp), value);
      return true;
    case n.stimecmph:
      hart.stimecmp = compareValue(value, compareLow(hart.stimecmp));
      return true;
    case n.satp:
      hart.satp = value & satpWritable;
      hart.flushTlb();
      return true;
    case n.medeleg:
      hart.medeleg = value & delegable;
      return true;
    case n.mideleg:
      hart.mideleg = value & supervisorInterrupts;
      return true;
    case n.menvcfgh:
      hart.stce = value >>> 31 === 1;
      return true;
    case n.mcountinhibit:
      setInhibit(hart, value & 5);
      return true;
  }
  if (csr >= 0x3b0 && csr < 0x3c0) {
    hart.pmp.writeAddress(csr - 0x3b0, value);
    hart.flushTlb();
  } else if (csr >= 0x3a0 && csr < 0x3a4) {
    hart.pmp.writeConfig(csr - 0x3a0, value);
    hart.flushTlb();
  }
  // All others are hard-wired: writes are ignored.
  return true;
}

function privileged(hart: Hart, csr: number): boolean {
  if (((csr >> 8) & 3) > hart.mode) return false;
  if (csr === csrNumber.satp) return !(hart.mode === mode.supervisor && (hart.mstatus & status.tvm) !== 0);
  if (csr >>> 8 !== 0xc || hart.mode === mode.machine) return true;
  // Counters below machine mode need the permission of every mode above (section 3.1.11).
  const bit = 1 << (csr & 31);
  if ((hart.mcounteren & bit) === 0) return false;
  return hart.mode === mode.supervisor || (hart.scounteren & bit) !== 0;
}

/** `stimecmp` exists for machine mode, and below it where `menvcfg.STCE` and `mcounteren.TM` say so (Sstc). */
const stce = (hart: Hart): boolean =>
  hart.mode === mode.machine || (hart.stce && (hart.mcounteren & 2) !== 0);

function setStatus(hart: Hart, value: number): void {
  const before = hart.mstatus;
  const mpp = (value >> 11) & 3;
  const next = (value & mstatusWritable) | (mpp === 2 ? before & status.mpp : mpp << 11);
  hart.mstatus = next;
  if (((before ^ next) & (status.sum | status.mxr)) !== 0) hart.flushTlb();
}

const isHpm = (csr: number): boolean => {
  const index = csr & 31;
  const bank = csr & ~31;
  const isCounter = bank === 0xb00 || bank === 0xb80 || bank === 0xc00 || bank === 0xc80 || bank === 0x320;
  return isCounter && index >= 3;
};

const low = (value: bigint): number => Number(BigInt.asIntN(32, value));
const high = (value: bigint): number => Number(BigInt.asIntN(32, value >> 32n));
const joined = (before: bigint, value: number, isHigh: boolean): bigint => {
  const half = BigInt(value >>> 0);
  return isHigh ? (before & 0xffff_ffffn) | (half << 32n) : ((before >> 32n) << 32n) | half;
};

// An inhibited counter keeps its value in the offset alone.
const cycles = (hart: Hart): bigint =>
  BigInt.asUintN(64, ((hart.mcountinhibit & 1) !== 0 ? 0n : BigInt(hart.cycle)) + hart.cycleOffset);
const retired = (hart: Hart): bigint =>
  BigInt.asUintN(
    64,
    ((hart.mcountinhibit & 4) !== 0 ? 0n : BigInt(hart.cycle - hart.trapped)) + hart.instretOffset,
  );

/** The value written is what the next instruction reads: the writing one does not count (section 3.1.10). */
function setCycles(hart: Hart, value: bigint): void {
  hart.cycleOffset = value - ((hart.mcountinhibit & 1) !== 0 ? 0n : BigInt(hart.cycle + 1));
}
function setRetired(hart: Hart, value: bigint): void {
  hart.instretOffset = value - ((hart.mcountinhibit & 4) !== 0 ? 0n : BigInt(hart.cycle - hart.trapped + 1));
}
function setInhibit(hart: Hart, value: number): void {
  const cycle = cycles(hart);
  const instret = retired(hart);
  hart.mcountinhibit = value;
  hart.cycleOffset = cycle - ((value & 1) !== 0 ? 0n : BigInt(hart.cycle));
  hart.instretOffset = instret - ((value & 4) !== 0 ? 0n : BigInt(hart.cycle - hart.trapped));
}

/** Timer comparands stand as numbers; all ones, which never comes, as Infinity. */
export const compareLow = (comparand: number): number => (comparand === Infinity ? -1 : comparand | 0);
export const compareHigh = (comparand: number): number =>
  comparand === Infinity ? -1 : Math.floor(comparand / 2 ** 32) | 0;
export function compareValue(highHalf: number, lowHalf: number): number {
  const value = (highHalf >>> 0) * 2 ** 32 + (lowHalf >>> 0);
  return value >= 2 ** 53 ? Infinity : value;
}
