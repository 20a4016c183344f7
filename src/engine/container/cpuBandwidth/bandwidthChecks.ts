import type { Witness } from '../../kernel/scenario.ts';
import { fromMs, type Nanoseconds } from '../../kernel/time.ts';
import type { Trace } from '../../kernel/trace.ts';
import { sayMs } from '../../kernel/view.ts';
import { poolStates } from './bandwidthPool.ts';
import type { CpuEvents } from './cpuEvents.ts';

interface BandwidthRun {
  readonly trace: Trace<CpuEvents>;
  readonly params: { readonly quotaMs: number; readonly burstMs: number; readonly periodMs: number };
}

/** A policy that counts in milliseconds may be off by a few units in the last place. */
const roundingNs = 1000;

/** What bandwidth control promises, whatever the pool looks like inside. */
export const bandwidthChecks = {
  quotaHolds: {
    title: 'No period hands out more than the quota',
    doc: 'Between two refills the grants never exceed the quota, what the burst carried over and what came back.',
    args: {},
    violated: (run: BandwidthRun) => overdraft(run),
  },
  neverEarly: {
    title: 'Nobody is throttled while time is left',
    doc: 'No CPU is refused time while the pool still holds some: of this period’s quota, of what came back, or of what the burst carried over.',
    args: {},
    violated: (run: BandwidthRun) => earlyThrottle(run),
  },
  sliced: {
    title: 'A CPU gets no more than it asks for',
    doc: 'No grant exceeds what the CPU asked for, so that one CPU cannot empty the pool before the others ask.',
    args: {},
    violated: (run: BandwidthRun) => oversized(run.trace),
  },
};

const limitOf = (run: BandwidthRun) => ({
  quotaNs: fromMs(run.params.quotaMs),
  burstNs: fromMs(Math.min(run.params.burstMs, run.params.quotaMs)),
});

function overdraft(run: BandwidthRun): Witness | undefined {
  const { trace } = run;
  for (const { row, poolNs, periodNs } of poolStates(trace, limitOf(run))) {
    if (trace.kind(row) !== 'grant' || trace.field(row, 3) <= poolNs + roundingNs) continue;
    return {
      event: row,
      expected:
        poolNs < roundingNs
          ? 'no time: the pool is empty'
          : `at most ${sayMs(poolNs)}, all that the pool holds`,
      actual: `${sayMs(trace.field(row, 3))} granted to CPU ${trace.field(row, 0)}`,
      because: `The period that began at ${sayMs(periodNs)} has a quota of ${run.params.quotaMs} ms for all CPUs together${run.params.burstMs > 0 ? `, and at most ${run.params.burstMs} ms carried over` : ', and nothing is carried over from earlier ones'}.`,
    };
  }
  return undefined;
}

function earlyThrottle(run: BandwidthRun): Witness | undefined {
  const { trace } = run;
  for (const { row, poolNs } of poolStates(trace, limitOf(run))) {
    if (trace.kind(row) !== 'grant' || trace.field(row, 3) > 0 || poolNs <= roundingNs) continue;
    return {
      event: row,
      expected: `up to ${sayMs(Math.min(poolNs, trace.field(row, 2)))} for CPU ${trace.field(row, 0)}`,
      actual: 'nothing, so the CPU is throttled',
      because: poolBecause(run, row, poolNs),
    };
  }
  return undefined;
}

function poolBecause(run: BandwidthRun, row: number, poolNs: Nanoseconds): string {
  const { trace } = run;
  let returnedNs = 0;
  let grantedNs = 0;
  let start = row;
  while (start > 0 && trace.kind(start) !== 'period') {
    if (trace.kind(start) === 'giveBack') returnedNs += trace.field(start, 2);
    if (trace.kind(start) === 'grant') grantedNs += trace.field(start, 3);
    start--;
  }
  const carriedNs = poolNs + grantedNs - returnedNs - fromMs(run.params.quotaMs);
  const parts = [`the quota of ${run.params.quotaMs} ms`];
  if (carriedNs > roundingNs) parts.push(`${sayMs(carriedNs)} carried over from before`);
  if (returnedNs > 0) parts.push(`${sayMs(returnedNs)} that came back`);
  return `This period has ${parts.join(' and ')}; ${sayMs(grantedNs)} of it were granted, so ${sayMs(poolNs)} are left.`;
}

function oversized(trace: Trace<CpuEvents>): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'grant' || trace.field(row, 3) <= trace.field(row, 2) + roundingNs) continue;
    return {
      event: row,
      expected: `at most ${sayMs(trace.field(row, 2))}, which CPU ${trace.field(row, 0)} asks for`,
      actual: sayMs(trace.field(row, 3)),
      because:
        'The pool belongs to all CPUs. Time that one of them holds in reserve is missing where another could run.',
    };
  }
  return undefined;
}
