import { executeAtomic } from './atomics.ts';
import { type Hart, tlbEntries } from './hart.ts';
import { loadSlow, storeSlow, type AccessFault } from './memoryAccess.ts';
import { executeSystem } from './system.ts';
import { interruptToTake, nextTimer, pending, takeTrap } from './trap.ts';
import { translate } from './translate.ts';
import { exception, interruptBit } from './trapCause.ts';

/** Why a run ended. */
export type Stop =
  /** As many instructions ran as were asked for. */
  | 'limit'
  /** A trap for the embedder: see {@link Hart.exitOnTrap}. */
  | 'trap'
  /** A device asked for it. */
  | 'stop'
  /** WFI, and nothing that could end the wait. */
  | 'stalled';

const fault: AccessFault = { cause: -1, address: 0 };

/**
 * Runs instructions until something ends the run. Every instruction is precise: when one traps, nothing of it happened.
 * @param limit the most instructions to begin
 */
export function run(hart: Hart, limit: number): Stop {
  const end = hart.cycle + limit;
  for (;;) {
    if (hart.stopRequested) {
      hart.stopRequested = false;
      return 'stop';
    }
    const code = interruptToTake(hart);
    if (code !== undefined) {
      if (takeTrap(hart, interruptBit + code, 0)) return 'trap';
    } else if (hart.cycle >= end) return 'limit';
    const untilTimer = nextTimer(hart) - hart.time;
    const stopAt = untilTimer > 0 ? Math.min(end, hart.cycle + untilTimer) : end;
    if (hart.cycle >= stopAt) continue;
    const stop = steps(hart, stopAt);
    if (stop !== undefined) return stop;
  }
}

/**
 * Executes until the cycle count reaches `stopAt`, or until an instruction that may change what is pending, the mode or
 * the translation has run. Registers that the loop uses most are locals.
 */
function steps(hart: Hart, stopAt: number): Stop | undefined {
  const { x, ram8, ram16, ram32, readTag, readAt, writeTag, writeAt, fetchTag, fetchAt, onInstruction } =
    hart;
  const stage = hart.guestStage;
  const fetchMode = stage?.mode ?? hart.mode;
  const fetchSlot = fetchMode * tlbEntries;
  const dataSlot = (stage?.mode ?? hart.dataMode) * tlbEntries;
  const slotMask = hart.tlbMask;
  let pc = hart.pc | 0;
  let { cycle } = hart;
  let page = -1;
  let pageAt = 0;

  while (cycle < stopAt) {
    if (pc >>> 12 !== page) {
      page = pc >>> 12;
      const slot = fetchSlot + (page & slotMask);
      if (fetchTag[slot] === page) pageAt = fetchAt[slot]!;
      else {
        const at = translate(hart, pc, 'fetch', fetchMode);
        if (at.kind !== 'ram') {
          const cause = at.kind === 'fault' ? at.cause : exception.fetchAccess;
          return trap(hart, pc, cycle + 1, cause, pc >>> 0);
        }
        pageAt = at.offset & ~0xfff;
      }
    }
    const word = ram32[(pageAt | (pc & 0xfff)) >>> 2]!;
    if (onInstruction !== undefined) onInstruction(pc >>> 0, word);
    cycle++;
    const rd = (word >>> 7) & 31;
    switch (word & 0x7f) {
      case 0x13: {
        // OP-IMM
        const a = x[(word >>> 15) & 31]!;
        const immediate = word >> 20;
        let value: number;
        switch ((word >>> 12) & 7) {
          case 0:
            value = a + immediate;
            break;
          case 1:
            if (word >>> 25 !== 0) return illegal(hart, pc, cycle, word);
            value = a << (immediate & 31);
            break;
          case 2:
            value = a < immediate ? 1 : 0;
            break;
          case 3:
            value = a >>> 0 < immediate >>> 0 ? 1 : 0;
            break;
          case 4:
            value = a ^ immediate;
            break;
          case 5: {
            const funct7 = word >>> 25;
            if (funct7 === 0) value = a >>> (immediate & 31);
            else if (funct7 === 0x20) value = a >> (immediate & 31);
            else return illegal(hart, pc, cycle, word);
            break;
          }
          case 6:
            value = a | immediate;
            break;
          default:
            value = a & immediate;
        }
        if (rd !== 0) x[rd] = value;
        pc = (pc + 4) | 0;
        continue;
      }
      case 0x33: {
        // OP
        const a = x[(word >>> 15) & 31]!;
        const b = x[(word >>> 20) & 31]!;
        let value: number;
        switch (((word >>> 22) & 0x3f8) | ((word >>> 12) & 7)) {
          case 0x000:
            value = a + b;
            break;
          case 0x100:
            value = a - b;
            break;
          case 0x001:
            value = a << (b & 31);
            break;
          case 0x002:
            value = a < b ? 1 : 0;
            break;
          case 0x003:
            value = a >>> 0 < b >>> 0 ? 1 : 0;
            break;
          case 0x004:
            value = a ^ b;
            break;
          case 0x005:
            value = a >>> (b & 31);
            break;
          case 0x105:
            value = a >> (b & 31);
            break;
          case 0x006:
            value = a | b;
            break;
          case 0x007:
            value = a & b;
            break;
          case 0x008:
            value = Math.imul(a, b);
            break;
          case 0x009:
            value = highProduct(a, b);
            break;
          case 0x00a:
            value = highProduct(a, b >>> 0);
            break;
          case 0x00b:
            value = highProduct(a >>> 0, b >>> 0);
            break;
          case 0x00c:
            value = b === 0 ? -1 : a / b;
            break;
          case 0x00d:
            value = b === 0 ? -1 : (a >>> 0) / (b >>> 0);
            break;
          case 0x00e:
            value = b === 0 ? a : b === -1 ? 0 : a % b;
            break;
          case 0x00f:
            value = b === 0 ? a : (a >>> 0) % (b >>> 0);
            break;
          default:
            return illegal(hart, pc, cycle, word);
        }
        if (rd !== 0) x[rd] = value;
        pc = (pc + 4) | 0;
        continue;
      }
      case 0x03: {
        // LOAD
        const address = (x[(word >>> 15) & 31]! + (word >> 20)) | 0;
        const slot = dataSlot + ((address >>> 12) & slotMask);
        const hit = readTag[slot] === address >>> 12;
        const at = readAt[slot]! | (address & 0xfff);
        const funct3 = (word >>> 12) & 7;
        let value: number;
        if (funct3 === 2) {
          if (hit && (address & 3) === 0) value = ram32[at >>> 2]!;
          else {
            hart.cycle = cycle;
            value = loadSlow(hart, address, 4, fault);
            if (fault.cause !== -1) return trap(hart, pc, cycle, fault.cause, fault.address);
          }
        } else if ((funct3 & 3) === 0) {
          if (hit) value = ram8[at]!;
          else {
            hart.cycle = cycle;
            value = loadSlow(hart, address, 1, fault);
            if (fault.cause !== -1) return trap(hart, pc, cycle, fault.cause, fault.address);
          }
          if (funct3 === 0) value = (value << 24) >> 24;
        } else if ((funct3 & 3) === 1) {
          if (hit && (address & 1) === 0) value = ram16[at >>> 1]!;
          else {
            hart.cycle = cycle;
            value = loadSlow(hart, address, 2, fault);
            if (fault.cause !== -1) return trap(hart, pc, cycle, fault.cause, fault.address);
          }
          if (funct3 === 1) value = (value << 16) >> 16;
        } else return illegal(hart, pc, cycle, word);
        if (rd !== 0) x[rd] = value;
        pc = (pc + 4) | 0;
        continue;
      }
      case 0x23: {
        // STORE
        const address = (x[(word >>> 15) & 31]! + (((word >> 25) << 5) | rd)) | 0;
        const value = x[(word >>> 20) & 31]!;
        const slot = dataSlot + ((address >>> 12) & slotMask);
        const hit = writeTag[slot] === address >>> 12;
        const at = writeAt[slot]! | (address & 0xfff);
        const funct3 = (word >>> 12) & 7;
        if (hit && funct3 === 2 && (address & 3) === 0) ram32[at >>> 2] = value;
        else if (hit && funct3 === 0) ram8[at] = value;
        else if (hit && funct3 === 1 && (address & 1) === 0) ram16[at >>> 1] = value;
        else if (funct3 > 2) return illegal(hart, pc, cycle, word);
        else {
          hart.cycle = cycle;
          storeSlow(hart, address, value, 1 << funct3, fault);
          if (fault.cause !== -1) return trap(hart, pc, cycle, fault.cause, fault.address);
          // A device may have asked to stop, or changed a timer.
          hart.pc = (pc + 4) >>> 0;
          return undefined;
        }
        pc = (pc + 4) | 0;
        continue;
      }
      case 0x63: {
        // BRANCH
        const a = x[(word >>> 15) & 31]!;
        const b = x[(word >>> 20) & 31]!;
        let taken: boolean;
        switch ((word >>> 12) & 7) {
          case 0:
            taken = a === b;
            break;
          case 1:
            taken = a !== b;
            break;
          case 4:
            taken = a < b;
            break;
          case 5:
            taken = a >= b;
            break;
          case 6:
            taken = a >>> 0 < b >>> 0;
            break;
          case 7:
            taken = a >>> 0 >= b >>> 0;
            break;
          default:
            return illegal(hart, pc, cycle, word);
        }
        if (!taken) {
          pc = (pc + 4) | 0;
          continue;
        }
        const offset =
          ((word >> 31) << 12) | ((word << 4) & 0x800) | ((word >>> 20) & 0x7e0) | ((word >>> 7) & 0x1e);
        const target = (pc + offset) | 0;
        if ((target & 2) !== 0) return trap(hart, pc, cycle, exception.fetchMisaligned, target >>> 0);
        pc = target;
        continue;
      }
      case 0x6f: {
        // JAL
        const offset =
          ((word >> 31) << 20) | (word & 0xff000) | ((word >>> 9) & 0x800) | ((word >>> 20) & 0x7fe);
        const target = (pc + offset) | 0;
        if ((target & 2) !== 0) return trap(hart, pc, cycle, exception.fetchMisaligned, target >>> 0);
        if (rd !== 0) x[rd] = pc + 4;
        pc = target;
        continue;
      }
      case 0x67: {
        // JALR
        if (((word >>> 12) & 7) !== 0) return illegal(hart, pc, cycle, word);
        const target = (x[(word >>> 15) & 31]! + (word >> 20)) & ~1;
        if ((target & 2) !== 0) return trap(hart, pc, cycle, exception.fetchMisaligned, target >>> 0);
        if (rd !== 0) x[rd] = pc + 4;
        pc = target;
        continue;
      }
      case 0x37: // LUI
        if (rd !== 0) x[rd] = word & 0xffff_f000;
        pc = (pc + 4) | 0;
        continue;
      case 0x17: // AUIPC
        if (rd !== 0) x[rd] = pc + (word & 0xffff_f000);
        pc = (pc + 4) | 0;
        continue;
      case 0x0f: // FENCE and FENCE.I: there are no caches and one hart, so every order is kept.
        if (((word >>> 12) & 7) > 1) return illegal(hart, pc, cycle, word);
        pc = (pc + 4) | 0;
        continue;
      case 0x2f: {
        // AMO
        hart.cycle = cycle;
        const outcome = executeAtomic(hart, word, fault);
        if (outcome === 'illegal') return illegal(hart, pc, cycle, word);
        if (outcome === 'fault') return trap(hart, pc, cycle, fault.cause, fault.address);
        pc = (pc + 4) | 0;
        if (hart.stopRequested) {
          hart.pc = pc >>> 0;
          return undefined;
        }
        continue;
      }
      case 0x73: {
        // SYSTEM. The instruction itself is not yet counted when it reads or writes a counter.
        hart.pc = pc >>> 0;
        hart.cycle = cycle - 1;
        const outcome = executeSystem(hart, word);
        hart.cycle = cycle;
        if (typeof outcome === 'object') return trap(hart, pc, cycle, outcome.cause, outcome.value);
        if (outcome === 'wait' && !awake(hart)) return 'stalled';
        return undefined;
      }
      default:
        return illegal(hart, pc, cycle, word);
    }
  }
  hart.pc = pc >>> 0;
  hart.cycle = cycle;
  return undefined;
}

function trap(hart: Hart, pc: number, cycle: number, cause: number, value: number): Stop | undefined {
  hart.pc = pc >>> 0;
  hart.cycle = cycle;
  hart.trapped++;
  return takeTrap(hart, cause, value) ? 'trap' : undefined;
}

const illegal = (hart: Hart, pc: number, cycle: number, word: number): Stop | undefined =>
  trap(hart, pc, cycle, exception.illegalInstruction, word >>> 0);

/** Ends a WFI: at once when an enabled interrupt is pending, else at the next timer. False when nothing will come. */
function awake(hart: Hart): boolean {
  if ((pending(hart) & hart.mie) !== 0) return true;
  const at = nextTimer(hart);
  if (at === Infinity) return false;
  hart.idle += Math.max(0, at - hart.time);
  return true;
}

/** The upper 32 bits of a product of two 33-bit numbers, exactly. */
function highProduct(a: number, b: number): number {
  // a·b = aHigh·b·2^16 + aLow·b, and each part is below 2^53.
  const aHigh = Math.floor(a / 0x1_0000);
  const aLow = a - aHigh * 0x1_0000;
  const lower = aLow * b;
  const upper = aHigh * b + Math.floor(lower / 0x1_0000);
  return Math.floor(upper / 0x1_0000);
}
