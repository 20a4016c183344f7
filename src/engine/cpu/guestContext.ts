import type { Assembled } from './assembler.ts';
import { comparableMemory, type GuestState } from './guestState.ts';
import { mode, sstatusMask, type Hart, type Mode } from './hart.ts';

const sieMask = 0x222;

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

  /** What the guest can see of its machine while it has the processor. */
  state(hart: Hart, memory: Uint8Array, program: Assembled, console: string): GuestState {
    return {
      registers: hart.x.slice(),
      csrs: {
        sstatus: hart.mstatus & sstatusMask,
        sie: hart.mie & sieMask,
        stvec: hart.stvec,
        sscratch: hart.sscratch,
        sepc: hart.sepc | 0,
        scause: hart.scause,
        stval: hart.stval,
        satp: this.satp,
        scounteren: hart.scounteren,
      },
      memory: comparableMemory(memory, program),
      console,
    };
  }
}
