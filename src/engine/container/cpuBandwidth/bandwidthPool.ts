import type { Nanoseconds } from '../../kernel/time.ts';
import type { Trace } from '../../kernel/trace.ts';
import type { CpuEvents } from './cpuEvents.ts';

/** What should be in the pool of a group just before a row of the trace, from what the rows before it say. */
export interface PoolState {
  readonly row: number;
  readonly poolNs: Nanoseconds;
  /** When the present period began. */
  readonly periodNs: Nanoseconds;
}

/**
 * Follows the pool of the only group with a quota through a run: a refill fills it up to quota plus burst, grants empty it,
 * returned time comes back (docs/scheduler/sched-bwc.rst).
 */
export function* poolStates(
  trace: Trace<CpuEvents>,
  limit: { readonly quotaNs: Nanoseconds; readonly burstNs: Nanoseconds },
): Generator<PoolState> {
  let poolNs = 0;
  let periodNs = 0;
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    if (kind === 'period') periodNs = trace.timeNs(row);
    yield { row, poolNs, periodNs };
    if (kind === 'period') poolNs = Math.min(poolNs + limit.quotaNs, limit.quotaNs + limit.burstNs);
    else if (kind === 'grant') poolNs = Math.max(0, poolNs - trace.field(row, 3));
    else if (kind === 'giveBack') poolNs += trace.field(row, 2);
  }
}
