import { readCsr, writeCsr } from './csr.ts';
import { csrNumber } from './csrNumbers.ts';
import { type Hart, mode, sstatusMask, status } from './hart.ts';
import { ecallCause, returnFromMachine, returnFromSupervisor } from './trap.ts';
import { exception } from './trapCause.ts';

/** What became of an instruction: it retired, it traps, or it waits for an interrupt. */
export type SystemOutcome = 'retired' | 'wait' | { readonly cause: number; readonly value: number };

/** Executes an instruction of the SYSTEM opcode, `pc` included. */
export function executeSystem(hart: Hart, word: number): SystemOutcome {
  const funct3 = (word >>> 12) & 7;
  if (funct3 === 4) return illegal(word);
  if (funct3 !== 0) return accessCsr(hart, word, funct3);
  const { mstatus } = hart;
  /** In guest mode: what a kernel on bare metal may do, and this guest may not (section 8.6.1). */
  const denied = (): SystemOutcome =>
    hart.guestMode === undefined ? illegal(word) : { cause: exception.virtualInstruction, value: word >>> 0 };
  switch (word) {
    case 0x0000_0073: // ecall
      return { cause: ecallCause(hart), value: 0 };
    case 0x0010_0073: // ebreak
      return { cause: exception.breakpoint, value: hart.pc };
    case 0x3020_0073: // mret
      if (hart.mode !== mode.machine) return illegal(word);
      returnFromMachine(hart);
      return 'retired';
    case 0x1020_0073: // sret
      if (hart.mode === mode.user) return denied();
      if (hart.mode === mode.supervisor && (mstatus & status.tsr) !== 0) return denied();
      returnFromSupervisor(hart);
      return 'retired';
    case 0x1050_0073: // wfi
      if (hart.mode === mode.user || (hart.mode === mode.supervisor && (mstatus & status.tw) !== 0)) {
        return denied();
      }
      hart.pc = (hart.pc + 4) >>> 0;
      return 'wait';
  }
  if (word >>> 25 === 9 && ((word >>> 7) & 31) === 0) {
    // sfence.vma
    if (hart.mode === mode.user) return denied();
    if (hart.mode === mode.supervisor && (mstatus & status.tvm) !== 0) return denied();
    hart.flushTlb();
    hart.pc = (hart.pc + 4) >>> 0;
    return 'retired';
  }
  return illegal(word);
}

const illegal = (word: number): SystemOutcome => ({ cause: exception.illegalInstruction, value: word >>> 0 });

/** CSRRW, CSRRS, CSRRC and their immediate forms (Zicsr). */
function accessCsr(hart: Hart, word: number, funct3: number): SystemOutcome {
  const csr = word >>> 20;
  const rd = (word >>> 7) & 31;
  const rs1 = (word >>> 15) & 31;
  const operand = (funct3 & 4) !== 0 ? rs1 : hart.x[rs1]!;
  const kind = funct3 & 3;
  const writes = kind === 1 || rs1 !== 0;
  if (hart.options.leaky === true && hart.mode === mode.user && isLeaky(csr, writes)) {
    hart.onLeak?.(hart.pc, word);
    return leak(hart, csr, rd);
  }
  const before = readCsr(hart, csr);
  if (before === undefined) {
    const isVirtual = hart.guestMode !== undefined && isKernels(hart, csr, writes);
    return isVirtual ? { cause: exception.virtualInstruction, value: word >>> 0 } : illegal(word);
  }
  if (writes) {
    const after = kind === 1 ? operand : kind === 2 ? before | operand : before & ~operand;
    if (!writeCsr(hart, csr, after)) return illegal(word);
  }
  if (rd !== 0) hart.x[rd] = before;
  hart.pc = (hart.pc + 4) >>> 0;
  return 'retired';
}

/** Whether a kernel on bare metal could do it: then a guest that may not traps as a virtual instruction (section 8.6.1). */
function isKernels(hart: Hart, csr: number, writes: boolean): boolean {
  if (((csr >> 8) & 3) > mode.supervisor || (writes && csr >>> 10 === 3)) return false;
  const { mode: asMode } = hart;
  hart.mode = mode.machine;
  const exists = readCsr(hart, csr) !== undefined;
  hart.mode = asMode;
  return exists;
}

/**
 * What the leaky CPU does in user mode instead of trapping, each after an instruction of the x86 that Robin and Irvine
 * (USENIX Security 2000) found sensitive and unprivileged:
 *
 * - reading `sstatus`: PUSHF and SMSW, which show the real flags and machine status word;
 * - writing `sstatus`: POPF, which drops the change of the interrupt flag without a trap;
 * - reading `stvec`: SIDT, which shows where the real interrupt table is;
 * - reading `satp`: SGDT and STR, which show the real base of a table that the machine uses;
 * - reading `sscratch`, as an operating system keeps its own structure there: SLDT.
 *
 * Writing the other three traps, as LIDT, LGDT and LLDT do.
 */
export function isLeaky(csr: number, writes: boolean): boolean {
  if (csr === csrNumber.sstatus) return true;
  return !writes && (csr === csrNumber.stvec || csr === csrNumber.satp || csr === csrNumber.sscratch);
}

function leak(hart: Hart, csr: number, rd: number): SystemOutcome {
  const real =
    csr === csrNumber.sstatus
      ? hart.mstatus & sstatusMask
      : csr === csrNumber.stvec
        ? hart.stvec
        : csr === csrNumber.satp
          ? hart.satp
          : hart.sscratch;
  if (rd !== 0) hart.x[rd] = real;
  hart.pc = (hart.pc + 4) >>> 0;
  return 'retired';
}
