import type { Trace } from '../../kernel/trace.ts';
import type { BareRun } from '../guests/bareMetal.ts';
import type { PagedResult } from './pagedGuests.ts';
import { actionOf, type PagingEvents } from './pagingEvents.ts';
import { exception } from '../machine/trapCause.ts';

/** The same guests in the three ways. */
export interface ThreeRuns {
  readonly bare: readonly BareRun[];
  readonly shadow: PagedResult;
  readonly nested: PagedResult;
}

/** What the three runs took, and the cycles that the cost model makes of it. */
export function measured(
  prices: { readonly exitCycles: number; readonly referenceCycles: number },
  trace: Trace<PagingEvents>,
  { bare, shadow, nested }: ThreeRuns,
  walkReferences: number,
) {
  const sum = (of: (run: BareRun) => number): number => bare.reduce((total, run) => total + of(run), 0);
  const bareReferences = sum(({ walkReads }) => walkReads);
  const bareCycles = sum(({ cycles }) => cycles) + bareReferences * prices.referenceCycles;
  const cyclesOf = ({ instructions, trapCycles, walkReads, exits }: PagedResult): number =>
    instructions + trapCycles + walkReads * prices.referenceCycles + total(exits) * prices.exitCycles;
  const { fills, tracedWrites, guestFaults } = answers(trace);
  const shadowCycles = cyclesOf(shadow);
  const nestedCycles = cyclesOf(nested);
  return {
    shadowExits: total(shadow.exits),
    shadowFaultExits: pageFaults.reduce((count, cause) => count + (shadow.exits.get(cause) ?? 0), 0),
    fills,
    tracedWrites,
    addressSpaceExits: shadow.exits.get(exception.virtualInstruction) ?? 0,
    nestedExits: total(nested.exits),
    guestFaults,
    bareMisses: sum(({ walks }) => walks),
    shadowMisses: shadow.walks,
    nestedMisses: nested.walks,
    bareReferences,
    shadowReferences: shadow.walkReads,
    nestedReferences: nested.walkReads,
    walkReferences,
    bareCycles,
    shadowCycles,
    nestedCycles,
    shadowSlowdown: shadowCycles / bareCycles,
    nestedSlowdown: nestedCycles / bareCycles,
  };
}

const pageFaults = [exception.fetchPageFault, exception.loadPageFault, exception.storePageFault];

const total = (exits: ReadonlyMap<number, number>): number =>
  [...exits.values()].reduce((sum, each) => sum + each, 0);

function answers(trace: Trace<PagingEvents>) {
  let fills = 0;
  let tracedWrites = 0;
  let guestFaults = 0;
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'answer') continue;
    const action = actionOf(trace.field(row, 1));
    if (action === 'retry') fills++;
    else if (action === 'emulated') tracedWrites++;
    else if (action === 'page-fault') guestFaults++;
  }
  return { fills, tracedWrites, guestFaults };
}
