import { exception, interruptBit } from './trapCause.ts';

/**
 * Cycles that traps, exits and translated code take.
 *
 * Source of most: K. Adams and O. Agesen, "A Comparison of Software and Hardware Techniques for x86 Virtualization", ASPLOS
 * 2006, nanobenchmarks on a Pentium 4 with VT (3.8 GHz). `null hypercall` is of Dall et al., ISCA 2016, table II (x86 KVM).
 * They are inputs: nothing here claims to predict them. An instruction that runs directly takes one cycle (assumed).
 */
export const cycles = {
  native: {
    /** Calibrated: `syscall`, native. */
    systemCall: 242,
    /** Calibrated: `pgfault`, native. */
    pageFault: 1093,
    /** Calibrated: `divzero`, native: any other exception. */
    exception: 889,
    /** Assumed: an interrupt is entered and left as an exception is. */
    interrupt: 889,
  },
  software: {
    /** Calibrated: `syscall`, software VMM: the trap is reflected into the guest's kernel. */
    systemCall: 2308,
    /** Calibrated: `pgfault`, software VMM. */
    pageFault: 3927,
    /** Calibrated: `divzero`, software VMM: any other exception that is reflected. */
    exception: 3223,
    /** Assumed: what `divzero` takes more than natively is the way into the VMM and back, and an emulation takes that way. */
    emulation: 3223 - 889,
    /** Calibrated: `cr8wr`, software VMM: a sensitive instruction that is emulated without a trap, in translated code. */
    inlineEmulation: 35,
    /** Calibrated: `callret`, software VMM against native: a jump whose target is looked up. */
    indirectJump: 51 - 11,
    /** Calibrated: `ptemod`, software VMM: a write to a page table that is traced. */
    pageTableWrite: 391,
  },
  translation: {
    /** Assumed: what it takes to translate an instruction, once. */
    perInstruction: 200,
  },
  paravirtual: {
    /** Assumed: an update of a list is checked and made in as much time as an emulation without a trap takes. */
    perUpdate: 35,
  },
  hardware: {
    /** Calibrated: `ptemod`, hardware VMM with shadow paging: an exit, and the way back. */
    exit: 12_733,
    /** Calibrated: null hypercall on x86 KVM. */
    hypercall: 1300,
  },
} as const;

/** Cycles of a trap on bare metal. @param cause as in `mcause` */
export function nativeCycles(cause: number): number {
  if (cause >= interruptBit) return cycles.native.interrupt;
  switch (cause) {
    case exception.userEcall:
    case exception.supervisorEcall:
      return cycles.native.systemCall;
    case exception.fetchPageFault:
    case exception.loadPageFault:
    case exception.storePageFault:
      return cycles.native.pageFault;
  }
  return cycles.native.exception;
}

/** Cycles of an exit to a trap-and-emulate VMM. @param reflected whether the guest's own handler goes on */
export function trapAndEmulateCycles(cause: number, reflected: boolean): number {
  if (!reflected) return cycles.software.emulation;
  if (cause >= interruptBit) return cycles.software.exception;
  switch (cause) {
    case exception.userEcall:
    case exception.supervisorEcall:
      return cycles.software.systemCall;
    case exception.fetchPageFault:
    case exception.loadPageFault:
    case exception.storePageFault:
      return cycles.software.pageFault;
  }
  return cycles.software.exception;
}
