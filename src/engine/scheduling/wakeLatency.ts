import type { Nanoseconds } from '../kernel/time.ts';
import type { Trace } from '../kernel/trace.ts';
import { waits } from './waits.ts';
import type { SchedulingEvents } from './schedulingEvents.ts';

export interface WakeWait {
  readonly vcpu: number;
  readonly waitNs: Nanoseconds;
  /** The dispatch that ended it, or the end of the run. */
  readonly event: number;
}

/**
 * From waking to running, of every wake-up of vCPUs 1 to `highest`. Being interrupted again before the work is done counts as
 * one more wait of the same wake-up, so that a glimpse of the CPU is no answer.
 */
export function wakeWaits(trace: Trace<SchedulingEvents>, highest: number): WakeWait[] {
  const latest = new Map<number, number>();
  const found: WakeWait[] = [];
  for (const wait of waits(trace)) {
    if (wait.vcpu < 1 || wait.vcpu > highest) continue;
    const waitNs = wait.untilNs - wait.sinceNs;
    const before = latest.get(wait.vcpu);
    if (wait.reason === 'woken' || before === undefined) {
      latest.set(wait.vcpu, found.length);
      found.push({ vcpu: wait.vcpu, waitNs, event: wait.untilEvent });
    } else
      found[before] = { ...found[before]!, waitNs: found[before]!.waitNs + waitNs, event: wait.untilEvent };
  }
  return found;
}

/** The value that a share of them does not exceed: the nearest rank. Undefined for none. @param sorted ascending */
export function rankShare<T>(sorted: readonly T[], share: number): T | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
