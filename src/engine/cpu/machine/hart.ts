import { Pmp } from './pmp.ts';

/** Privilege modes, as encoded in `mstatus.MPP`. */
export const mode = { user: 0, supervisor: 1, machine: 3 } as const;
export type Mode = (typeof mode)[keyof typeof mode];

/** Bits of `mstatus`; those of `sstatus` are a part of them. */
export const status = {
  sie: 1 << 1,
  mie: 1 << 3,
  spie: 1 << 5,
  mpie: 1 << 7,
  spp: 1 << 8,
  mpp: 3 << 11,
  mprv: 1 << 17,
  sum: 1 << 18,
  mxr: 1 << 19,
  tvm: 1 << 20,
  tw: 1 << 21,
  tsr: 1 << 22,
} as const;
/** What of `mstatus` is visible as `sstatus`. */
export const sstatusMask = status.sie | status.spie | status.spp | status.sum | status.mxr;

/** Where physical memory begins. */
export const ramBase = 0x8000_0000;

/** A region of memory-mapped registers. Offsets count from its base. */
export interface Device {
  readonly base: number;
  readonly size: number;
  read(offset: number, bytes: number): number;
  write(offset: number, value: number, bytes: number): void;
}

/**
 * A second stage of translation, as a VMM sets it: what the guest takes for physical memory lies in a window of the real
 * one. With it, the guest's own page table and mode decide the first stage instead of the real `satp` and mode.
 */
export interface GuestStage {
  /** Guest-physical address of the window's first byte. */
  guestBase: number;
  /** Where the window lies in real memory, as an offset from {@link ramBase}. Page aligned. */
  ramOffset: number;
  /** Bytes. */
  size: number;
  /** The guest's `satp`. */
  satp: number;
  /** The mode that the guest believes to be in. */
  mode: Mode;
  sum: boolean;
  mxr: boolean;
  /** Translated code: fetches from these addresses go there, and not through the guest's page table. Whole pages. */
  code?: CodeWindow;
}

/** Where code that a VMM made lies. */
export interface CodeWindow {
  /** The address at which it appears. */
  readonly from: number;
  /** Bytes. */
  readonly size: number;
  /** Where it lies in real memory, as an offset from {@link ramBase}. */
  readonly ramOffset: number;
}

/**
 * The guest mode of the hypervisor extension (Privileged Architecture 1.12, chapter 8), as far as the guests of this course
 * use it. The embedder is the hypervisor: it plays HS-mode. While V = 1 the hart's supervisor CSRs are the guest's own copy
 * (`vsstatus`, `vstvec`, …: section 8.2), which the guest reads and writes without an exit; the embedder changes them when
 * another guest has its turn. The controls that the extension keeps in CSRs of its own stand in those of machine mode, which
 * no guest sees: `hedeleg` and `hideleg` in `medeleg` and `mideleg`; VTVM, VTW and VTSR of `hstatus` in TVM, TW and TSR of
 * `mstatus`; `hcounteren` in `mcounteren`; `henvcfg.STCE` in {@link Hart.stce}.
 */
export interface GuestMode {
  /**
   * Where the root of the second stage (`hgatp`, Sv32x4: 16 KiB) lies, as an offset from {@link ramBase}; undefined when the
   * second stage is off (Bare), and guest-physical addresses are real ones.
   */
  readonly secondStage: number | undefined;
}

/** Most entries of each software TLB, per mode. */
export const tlbEntries = 256;
const noPage = -1;

export interface HartOptions {
  /** Bytes of memory from {@link ramBase} on; a multiple of 4096. */
  readonly ramBytes: number;
  /** What a misaligned load or store does. Atomic accesses always trap. */
  readonly misaligned: 'hardware' | 'trap';
  /** Sensitive instructions that silently do something else in user mode, instead of trapping. Default none. */
  readonly leaky?: boolean;
  /** Entries that each software TLB uses: a power of two, at most {@link tlbEntries}, which is the default. */
  readonly tlbEntries?: number;
}

/**
 * The state of one RV32IMA_Zicsr_Zifencei hart with M, S and U modes: what the interpreter, the CSRs and the address
 * translation work on. Registers are kept as signed 32-bit numbers; addresses as unsigned ones.
 *
 * Typed arrays have the byte order of the machine that runs this; the architecture is little-endian, as is every host of
 * JavaScript today.
 */
export class Hart {
  readonly options: HartOptions;
  readonly x = new Int32Array(32);
  pc = ramBase;
  mode: Mode = mode.machine;

  readonly ram: ArrayBuffer;
  readonly ram8: Uint8Array;
  readonly ram16: Uint16Array;
  readonly ram32: Int32Array;
  readonly devices: Device[] = [];

  mstatus = 0;
  mtvec = 0;
  mscratch = 0;
  mepc = 0;
  mcause = 0;
  mtval = 0;
  medeleg = 0;
  mideleg = 0;
  mie = 0;
  /** Pending bits that software or devices set; the timers' are computed. */
  mip = 0;
  mcounteren = 0;
  mcountinhibit = 0;
  /** `menvcfg.STCE`: supervisor mode may use `stimecmp` (Sstc). */
  stce = false;
  stvec = 0;
  sscratch = 0;
  sepc = 0;
  scause = 0;
  stval = 0;
  scounteren = 0;
  satp = 0;
  readonly pmp = new Pmp();

  /** Instructions begun, those that trapped included: the cycle counter of a machine that does one per cycle. */
  cycle = 0;
  /** Instructions that trapped, and so did not retire. */
  trapped = 0;
  /** Ticks that passed in WFI. */
  idle = 0;
  /** What software wrote to the counters, as differences to {@link cycle}; 64 bits wrap. */
  cycleOffset = 0n;
  instretOffset = 0n;
  timeOffset = 0;
  mtimecmp = Infinity;
  stimecmp = Infinity;

  /** Physical address reserved by LR, or -1. */
  reservation = -1;

  /** When set, a trap into machine mode ends {@link run} instead of entering the handler: the embedder is the handler. */
  exitOnTrap = false;
  /** The trap that ended a run. Its `pc` is the hart's. */
  exitCause = 0;
  exitValue = 0;

  guestStage: GuestStage | undefined;
  /** The hypervisor extension's guest mode, while the hart is in it (V = 1). See {@link GuestMode}. */
  guestMode: GuestMode | undefined;
  /** Of the guest-page fault that ended a run: the guest-physical address (`htval`, not shifted). */
  exitGuestPhysical = 0;
  /** Pages of RAM (numbers, from its start) whose stores are reported, by the offset and the bytes that were stored. */
  readonly watchedPages = new Set<number>();
  onWatchedStore: ((offset: number, bytes: number) => void) | undefined;
  /** Sees every instruction before it runs. */
  onInstruction: ((pc: number, word: number) => void) | undefined;
  /** Sees every instruction that leaks ({@link HartOptions.leaky}), before it runs. */
  onLeak: ((pc: number, word: number) => void) | undefined;
  /** Sees every trap, as it is taken. @param cause as in `mcause` */
  onTrap: ((cause: number, pc: number, value: number) => void) | undefined;
  /** Set by a device or a watched store: the run ends before the next instruction. */
  stopRequested = false;

  /** Page numbers by slot (mode · 256 + low bits), and where in RAM each page lies. */
  readonly readTag = new Int32Array(4 * tlbEntries).fill(noPage);
  readonly writeTag = new Int32Array(4 * tlbEntries).fill(noPage);
  readonly fetchTag = new Int32Array(4 * tlbEntries).fill(noPage);
  readonly readAt = new Int32Array(4 * tlbEntries);
  readonly writeAt = new Int32Array(4 * tlbEntries);
  readonly fetchAt = new Int32Array(4 * tlbEntries);
  /** Selects a TLB's slot from a page's number. */
  readonly tlbMask: number;
  /** Page table walks so far, and the page-table entries that they read: the cost of translation. */
  walks = 0;
  walkReads = 0;
  /** Sees every page-table entry that a walk reads: its offset in RAM, and whether it is of the second stage. */
  onWalkRead: ((offset: number, secondStage: boolean) => void) | undefined;

  constructor(options: HartOptions) {
    this.options = options;
    this.tlbMask = (options.tlbEntries ?? tlbEntries) - 1;
    this.ram = new ArrayBuffer(options.ramBytes);
    this.ram8 = new Uint8Array(this.ram);
    this.ram16 = new Uint16Array(this.ram);
    this.ram32 = new Int32Array(this.ram);
  }

  /** The clock that timers compare with: one tick a cycle, and those that passed in WFI. */
  get time(): number {
    return this.cycle + this.idle + this.timeOffset;
  }

  /** The mode whose rights loads and stores have: MPRV lends machine mode those of `MPP`. */
  get dataMode(): Mode {
    const lends = this.mode === mode.machine && (this.mstatus & status.mprv) !== 0;
    return lends ? (((this.mstatus >> 11) & 3) as Mode) : this.mode;
  }

  /** Forgets the cached translations of one page, in every mode. @param page its number */
  flushPage(page: number): void {
    for (let slot = page & this.tlbMask; slot < 4 * tlbEntries; slot += tlbEntries) {
      this.readTag[slot] = noPage;
      this.writeTag[slot] = noPage;
      this.fetchTag[slot] = noPage;
    }
  }

  /** Forgets every cached translation. */
  flushTlb(): void {
    this.readTag.fill(noPage);
    this.writeTag.fill(noPage);
    this.fetchTag.fill(noPage);
  }
}
