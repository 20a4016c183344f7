import { wasFetched, type TrapAt } from '../machine/handledTraps.ts';
import type { Hart } from '../machine/hart.ts';
import { exception, interrupt, interruptBit } from '../machine/trapCause.ts';
import { guestWordAt, physicalAddress } from '../machine/translate.ts';
import type { Vcpu } from './vcpu.ts';
import { exitCauseOf, type ExitCause } from './vmmPolicy.ts';

const hostTimer = interruptBit + interrupt.machineTimer;

/** Why the processor came back to the VMM. */
export interface Exit {
  readonly cause: ExitCause;
  readonly code: number;
  readonly value: number;
  readonly physical: number;
  readonly word: number;
  /** As in `mcause`, with the host's timer. */
  readonly mcause: number;
  /** Translated code called the VMM: nothing trapped. */
  readonly isCallout: boolean;
}

/** The host's timer ended the guest's time. */
export const timerExit: Exit = {
  cause: 'timer',
  code: 0,
  value: 0,
  physical: 0,
  word: 0,
  mcause: hostTimer,
  isCallout: false,
};

export const trapOf = ({ mcause, word }: Exit, pc: number): TrapAt => ({
  cause: mcause,
  pc,
  word: wasFetched(mcause) ? word : undefined,
});

/** Exits for instructions that the VMM does in the guest's place. */
export const emulatedCauses: ReadonlySet<ExitCause> = new Set([
  'illegal-instruction',
  'store-access-fault',
  'load-access-fault',
]);

/** The VMM is asked before any guest has run. */
export const startExit: Exit = {
  cause: 'start',
  code: 0,
  value: 0,
  physical: 0,
  word: 0,
  mcause: 0,
  isCallout: false,
};

/** Translated code called the VMM for an instruction. */
export const calloutOf = (word: number): Exit => ({
  cause: 'illegal-instruction',
  code: exception.illegalInstruction,
  value: word,
  physical: 0,
  word,
  mcause: exception.illegalInstruction,
  isCallout: true,
});

/** @param translated the instruction in translated code that trapped */
export function exitOf(hart: Hart, vcpu: Vcpu, translated?: number): Exit {
  const code = hart.exitCause;
  const isAccess = code === 5 || code === 7;
  const physical = isAccess ? physicalAddress(hart, hart.exitValue, code === 5 ? 'read' : 'write') : 0;
  const word = translated ?? (code === 1 || code === 12 ? 0 : (guestWordAt(hart, vcpu.pc) ?? 0));
  return {
    cause: exitCauseOf(code),
    code: code === 9 ? 8 : code,
    value: hart.exitValue,
    physical,
    word,
    mcause: code,
    isCallout: false,
  };
}
