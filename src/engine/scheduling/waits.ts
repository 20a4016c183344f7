import type { Nanoseconds } from '../kernel/time.ts';
import type { Trace } from '../kernel/trace.ts';
import { enqueueReasons, type EnqueueReason } from './schedulerPolicy.ts';
import type { SchedulingEvents } from './schedulingEvents.ts';

/** A time in which a vCPU was ready and no CPU ran it. */
export interface Wait {
  readonly vcpu: number;
  readonly reason: EnqueueReason;
  readonly sinceNs: Nanoseconds;
  /** The dispatch, or the end of the run when it still waits there. */
  readonly untilNs: Nanoseconds;
  /** The row of the dispatch, or of the end of the run. */
  readonly untilEvent: number;
}

/** All waits of a run, in the order in which they end. */
export function waits(trace: Trace<SchedulingEvents>): Wait[] {
  const open = new Map<number, { reason: EnqueueReason; sinceNs: Nanoseconds }>();
  const done: Wait[] = [];
  for (let row = 0; row < trace.length; row++) {
    switch (trace.kind(row)) {
      case 'enqueue':
        open.set(trace.field(row, 0), {
          reason: enqueueReasons[trace.field(row, 1)]!,
          sinceNs: trace.timeNs(row),
        });
        break;
      case 'dispatch': {
        const vcpu = trace.field(row, 1);
        const since = open.get(vcpu)!;
        open.delete(vcpu);
        done.push({ vcpu, ...since, untilNs: trace.timeNs(row), untilEvent: row });
        break;
      }
      default:
        break;
    }
  }
  const last = trace.length - 1;
  for (const [vcpu, since] of open)
    done.push({ vcpu, ...since, untilNs: trace.timeNs(last), untilEvent: last });
  return done;
}
