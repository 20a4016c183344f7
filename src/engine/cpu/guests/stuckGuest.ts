import type { Witness } from '../../kernel/scenario.ts';
import type { Assembled } from '../assembler/assembler.ts';
import { sayTrap, type HandledTraps, type TrapAt } from '../machine/handledTraps.ts';
import { place } from './guestState.ts';

/** A guest that does not get on, and the traps that it took. */
export interface StuckGuest {
  readonly id: number;
  readonly program: Assembled;
  readonly pc: number;
  readonly traps: HandledTraps;
}
type Verdict = Pick<Witness, 'expected' | 'actual' | 'because'>;

/** It has run for much longer than on bare metal. @param now its clock. @param bareTime what it takes there */
export function runsForEver({ id, program, pc, traps }: StuckGuest, now: number, bareTime: number): Verdict {
  const expected = `guest ${id} switches itself off after about ${bareTime} ticks, as on bare metal`;
  const { endless, last } = traps;
  if (endless !== undefined) {
    return {
      expected,
      actual: `after ${now} ticks it takes one trap: ${endless.trap}`,
      because: endless.because,
    };
  }
  const taken = last === undefined ? '' : ` The last trap that it took: ${sayTrap(last)}.`;
  return {
    expected,
    actual: `after ${now} ticks it is at ${place(program, pc)} and goes on`,
    because: `It waits for something that does not come, or runs in circles: a trap or an interrupt was not handled as it expects.${taken}`,
  };
}

/**
 * It exits again and again, and no instruction is done in between.
 * @param exit the last of these. @param exits how many. @param isEmulated whether the VMM could have done it in the guest's place
 */
export function getsNowhere(
  { traps }: StuckGuest,
  exit: TrapAt,
  exits: number,
  isEmulated: boolean,
): Verdict {
  const isOwn = traps.endless !== undefined && traps.last?.pc === exit.pc;
  return {
    expected: 'the guest gets past this instruction',
    actual: `${exits} exits in a row, and no instruction in between: ${sayTrap(exit)}`,
    because: isOwn
      ? traps.endless.because
      : isWait(exit)
        ? 'It waits for an interrupt, and no timer is set that could end the wait.'
        : isEmulated
          ? 'An instruction that was emulated is done: the guest has to go on after it, at pc + 4.'
          : 'The guest traps again at the very place at which it was let go on.',
  };
}

const wfi = 0x1050_0073;
const isWait = ({ word }: TrapAt): boolean => word === wfi;
