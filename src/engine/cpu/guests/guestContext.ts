import type { Assembled } from '../assembler/assembler.ts';
import { compareHigh, compareLow, compareValue } from '../machine/csr.ts';
import { legalValue, sieMask } from './supervisorCsrs.ts';
import { comparableMemory, guestCsrs, type GuestState } from './guestState.ts';
import { mode, sstatusMask, status, type Hart, type Mode } from '../machine/hart.ts';
import { interrupt } from '../machine/trapCause.ts';

const timerBit = 1 << interrupt.supervisorTimer;

/**
 * What a hypervisor keeps of one guest while another has the processor: its registers, and its own copy of the privileged
 * state, which in guest mode stands in the processor itself (`vsstatus`, `vstvec`, `vsepc`, …).
 */
export class GuestContext {
  readonly registers = new Int32Array(32);
  pc: number;
  mode: Mode = mode.supervisor;
  /** The guest's own `satp`. */
  satp = 0;
  /** Ticks of its clock. */
  now = 0;
  stimecmp = Infinity;
  #mstatus = 0;
  #stvec = 0;
  #sscratch = 0;
  #sepc = 0;
  #scause = 0;
  #stval = 0;
  #scounteren = 0;
  #mie = 0;
  #mip = 0;

  constructor(program: Assembled) {
    this.pc = program.base;
  }

  /** Puts the guest's state into the processor, `satp` apart: which table it walks is the hypervisor's choice. */
  load(hart: Hart, controls: number): void {
    hart.x.set(this.registers);
    hart.pc = this.pc;
    hart.mode = this.mode;
    hart.mstatus = this.#mstatus | controls;
    hart.stvec = this.#stvec;
    hart.sscratch = this.#sscratch;
    hart.sepc = this.#sepc;
    hart.scause = this.#scause;
    hart.stval = this.#stval;
    hart.scounteren = this.#scounteren;
    hart.mie = this.#mie;
    hart.mip = this.#mip;
    hart.stimecmp = this.stimecmp;
    hart.timeOffset += this.now - hart.time;
  }

  save(hart: Hart): void {
    this.registers.set(hart.x);
    this.pc = hart.pc;
    this.mode = hart.mode;
    this.#mstatus = hart.mstatus & sstatusMask;
    this.#stvec = hart.stvec;
    this.#sscratch = hart.sscratch;
    this.#sepc = hart.sepc;
    this.#scause = hart.scause;
    this.#stval = hart.stval;
    this.#scounteren = hart.scounteren;
    this.#mie = hart.mie;
    this.#mip = hart.mip;
    this.stimecmp = hart.stimecmp;
    this.now = hart.time;
  }

  /** A CSR of the guest by name; undefined when there is none. */
  readCsr(name: string): number | undefined {
    switch (name) {
      case 'sstatus':
        return this.#mstatus;
      case 'sie':
        return this.#mie & sieMask;
      case 'sip':
        return this.timerDue ? timerBit : 0;
      case 'stvec':
        return this.#stvec;
      case 'sscratch':
        return this.#sscratch;
      case 'sepc':
        return this.#sepc | 0;
      case 'scause':
        return this.#scause;
      case 'stval':
        return this.#stval;
      case 'scounteren':
        return this.#scounteren;
      case 'satp':
        return this.satp;
      case 'stimecmp':
        return compareLow(this.stimecmp);
      case 'stimecmph':
        return compareHigh(this.stimecmp);
      case 'time':
        return this.now | 0;
      case 'timeh':
        return Math.floor(this.now / 2 ** 32) | 0;
    }
    return undefined;
  }

  /** Fields keep to their legal values. False when there is no such CSR, or it cannot be written. */
  writeCsr(name: string, value: number): boolean {
    switch (name) {
      case 'sstatus':
        this.#mstatus = legalValue(name, value);
        return true;
      case 'sie':
        this.#mie = legalValue(name, value);
        return true;
      case 'stvec':
        this.#stvec = legalValue(name, value);
        return true;
      case 'sscratch':
        this.#sscratch = value;
        return true;
      case 'sepc':
        this.#sepc = legalValue(name, value) >>> 0;
        return true;
      case 'scause':
        this.#scause = value;
        return true;
      case 'stval':
        this.#stval = value;
        return true;
      case 'scounteren':
        this.#scounteren = legalValue(name, value);
        return true;
      case 'satp':
        this.satp = legalValue(name, value);
        return true;
      case 'stimecmp':
        this.stimecmp = compareValue(compareHigh(this.stimecmp), value);
        return true;
      case 'stimecmph':
        this.stimecmp = compareValue(value, compareLow(this.stimecmp));
        return true;
    }
    return false;
  }

  /** Whether the guest's timer is due. */
  get timerDue(): boolean {
    return this.now >= this.stimecmp;
  }

  /** Enters the guest's own trap handler, as its processor would have. @param cause as in `scause` */
  inject(cause: number, value: number): void {
    const wasEnabled = (this.#mstatus & status.sie) !== 0 ? status.spie : 0;
    const was = this.mode === mode.supervisor ? status.spp : 0;
    this.#mstatus = (this.#mstatus & ~(status.sie | status.spie | status.spp)) | wasEnabled | was;
    this.#scause = cause | 0;
    this.#sepc = this.pc;
    this.#stval = value | 0;
    this.mode = mode.supervisor;
    this.pc = (this.#stvec & ~3) >>> 0;
  }

  /** What the guest can see of its machine. */
  state(memory: Uint8Array, program: Assembled, console: string): GuestState {
    return {
      registers: this.registers.slice(),
      csrs: Object.fromEntries(guestCsrs.map((name) => [name, this.readCsr(name)!])) as GuestState['csrs'],
      memory: comparableMemory(memory, program),
      console,
    };
  }
}
