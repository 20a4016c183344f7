import type { Witness } from '../../kernel/scenario.ts';
import { pageBytes } from '../machine/sv32.ts';

type Verdict = Pick<Witness, 'expected' | 'actual' | 'because'>;

/** A guest's place that a VMM chose and that cannot be; undefined when it can. @param base in the host's memory, in bytes */
export function badPlace(base: number, guestBytes: number, hostBytes: number): Verdict | undefined {
  if (base % pageBytes === 0 && base + guestBytes <= hostBytes) return undefined;
  return {
    expected: `a multiple of ${pageBytes}, at most ${hostBytes - guestBytes}`,
    actual: String(base),
    because: `The guest needs ${guestBytes} bytes, in whole pages, of the ${hostBytes} that the host has.`,
  };
}

/** A VMM let a guest go on that cannot. @param exists whether there is such a guest, which then is switched off */
export const cannotGoOn = (guest: number, exists: boolean): Verdict => ({
  expected: 'a guest that still runs',
  actual: `guest ${guest}, which ${exists ? 'is switched off' : 'does not exist'}`,
  because: 'Only a guest that has not switched itself off can go on.',
});

/** A VMM called for a guest that there is not. @param guests how many there are */
export const noSuchGuest = (guest: number, guests: number): Verdict => ({
  expected: `a guest from 1 to ${guests}`,
  actual: `guest ${guest}`,
  because: 'The host has no such guest.',
});
