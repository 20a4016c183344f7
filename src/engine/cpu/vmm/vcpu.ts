import { compareHigh, compareLow, compareValue } from '../machine/csr.ts';
import { comparableMemory, guestCsrs, type GuestCsr, type GuestState } from '../guests/guestState.ts';
import { legalValue } from '../guests/supervisorCsrs.ts';
import { HandledTraps } from '../machine/handledTraps.ts';
import { mode, ramBase, status, type GuestStage, type Hart, type Mode } from '../machine/hart.ts';
import { interrupt } from '../machine/trapCause.ts';
import type { Assembled } from '../assembler/assembler.ts';

/** CSRs of a virtual CPU that a VMM can read and write, by name. */
export const virtualCsrs = [
  ...guestCsrs,
  'sip',
  'stimecmp',
  'stimecmph',
  'time',
  'timeh',
  'cycle',
  'cycleh',
  'instret',
  'instreth',
] as const;
type VirtualCsr = (typeof virtualCsrs)[number];
const known: ReadonlySet<string> = new Set(virtualCsrs);

const softwareBit = 1 << interrupt.supervisorSoftware;
const timerBit = 1 << interrupt.supervisorTimer;

/** What a VMM keeps of one guest while another runs: its registers, its virtual privileged state, its memory. */
export class Vcpu {
  readonly id: number;
  readonly program: Assembled;
  /** Where its memory lies in the host's, in bytes from the start; and its size. */
  readonly window: { readonly base: number; readonly size: number };
  readonly registers = new Int32Array(32);
  readonly #csrs: Record<GuestCsr, number>;
  #softwarePending = false;
  stimecmp = Infinity;
  pc: number;
  /** The mode that the guest believes to be in. */
  mode: Mode = mode.supervisor;
  /** Virtual time: instructions of the guest so far, emulated ones included, and what it slept. */
  now = 0;
  /** Whether the VMM was told that the virtual timer is due. */
  knownDue = false;
  /** Instructions that ran directly on the processor. */
  direct = 0;
  console = '';
  readonly traps = new HandledTraps();
  /** Where its interrupts are enabled, when a guest that knows of its VMM keeps that in its memory and not in `sstatus`. */
  interruptFlag: { read(): boolean; write(enabled: boolean): void } | undefined;
  /** Its exit code, once it has switched itself off. */
  halted: number | undefined;

  constructor(id: number, program: Assembled, window: { readonly base: number; readonly size: number }) {
    this.id = id;
    this.program = program;
    this.window = window;
    this.pc = program.base;
    this.#csrs = Object.fromEntries(guestCsrs.map((name) => [name, 0])) as Record<GuestCsr, number>;
  }

  /** Whether its virtual timer is due. */
  get timerDue(): boolean {
    return this.now >= this.stimecmp;
  }

  /** @returns undefined when there is no such CSR */
  readCsr(name: string): number | undefined {
    if (!known.has(name)) return undefined;
    switch (name as VirtualCsr) {
      case 'sip':
        return (this.#softwarePending ? softwareBit : 0) | (this.timerDue ? timerBit : 0);
      case 'stimecmp':
        return compareLow(this.stimecmp);
      case 'stimecmph':
        return compareHigh(this.stimecmp);
      case 'time':
      case 'cycle':
      case 'instret':
        return this.now | 0;
      case 'timeh':
      case 'cycleh':
      case 'instreth':
        return Math.floor(this.now / 2 ** 32) | 0;
      case 'sstatus': {
        const { sstatus } = this.#csrs;
        if (this.interruptFlag === undefined) return sstatus;
        return (sstatus & ~status.sie) | (this.interruptFlag.read() ? status.sie : 0);
      }
      default:
        return this.#csrs[name as GuestCsr];
    }
  }

  /** Fields keep to their legal values, as in a real CSR. @returns false when it cannot be written */
  writeCsr(name: string, value: number): boolean {
    if (!known.has(name)) return false;
    switch (name as VirtualCsr) {
      case 'sip':
        this.#softwarePending = (value & softwareBit) !== 0;
        return true;
      case 'stimecmp':
        this.stimecmp = compareValue(compareHigh(this.stimecmp), value);
        return true;
      case 'stimecmph':
        this.stimecmp = compareValue(value, compareLow(this.stimecmp));
        return true;
      case 'time':
      case 'timeh':
      case 'cycle':
      case 'cycleh':
      case 'instret':
      case 'instreth':
        return false;
      case 'sstatus':
        this.interruptFlag?.write((value & status.sie) !== 0);
        break;
      default:
    }
    this.#csrs[name as GuestCsr] = legalValue(name as GuestCsr, value);
    return true;
  }

  /** How its addresses are translated: its own page table, then its window of the host's memory. */
  stage(): GuestStage {
    const { sstatus, satp } = this.#csrs;
    return {
      guestBase: ramBase,
      ramOffset: this.window.base,
      size: this.window.size,
      satp,
      mode: this.mode,
      sum: (sstatus & status.sum) !== 0,
      mxr: (sstatus & status.mxr) !== 0,
    };
  }

  /** Its memory. */
  memory(hart: Hart): Uint8Array {
    return hart.ram8.subarray(this.window.base, this.window.base + this.window.size);
  }

  state(hart: Hart): GuestState {
    return {
      registers: this.registers.slice(),
      csrs: { ...this.#csrs },
      memory: comparableMemory(this.memory(hart), this.program),
      console: this.console,
    };
  }
}

/** Whether the processor translates addresses the same in two stages, so that its TLB may stay. Privilege is in the TLB's entries. */
export const isSameView = (one: GuestStage | undefined, other: GuestStage): boolean =>
  one !== undefined &&
  one.ramOffset === other.ramOffset &&
  one.satp === other.satp &&
  one.sum === other.sum &&
  one.mxr === other.mxr;
