import type { Witness } from '../../kernel/scenario.ts';
import type { VmmRecord } from './vmmDevices.ts';
import { badPlace } from './vmmMistakes.ts';

/** What a VMM is asked before its guests start: where in the host's memory is each of them? All sizes in bytes. */
export interface PlaceRequest {
  readonly guest: number;
  readonly sizeBytes: number;
  readonly hostBytes: number;
  /** Those that have their place already. */
  readonly placed: readonly { readonly guest: number; readonly base: number; readonly sizeBytes: number }[];
}

/**
 * Asks for the place of each guest in turn, records it, and refuses one that cannot be.
 * @param ready is told of each guest that has its place, before the next is asked for
 */
export function placeGuests(
  guests: number,
  { guestBytes, hostBytes }: { readonly guestBytes: number; readonly hostBytes: number },
  ask: (request: PlaceRequest) => number,
  record: VmmRecord,
  refuse: (verdict: Pick<Witness, 'expected' | 'actual' | 'because'>) => never,
  ready: (guest: number, base: number) => void,
): void {
  const placed: PlaceRequest['placed'][number][] = [];
  for (let guest = 1; guest <= guests; guest++) {
    const base = ask({ guest, sizeBytes: guestBytes, hostBytes, placed: [...placed] });
    record('place', guest, base, guestBytes);
    const problem = badPlace(base, guestBytes, hostBytes);
    if (problem !== undefined) refuse(problem);
    placed.push({ guest, base, sizeBytes: guestBytes });
    ready(guest, base);
  }
}
