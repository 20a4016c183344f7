import type { Nanoseconds } from '../kernel/time.ts';
import type { Trace } from '../kernel/trace.ts';
import { descheduleReasons, type SchedulingEvents } from './schedulingEvents.ts';

/** The window in which a vCPU that was ready all the time got least of what it deserves. */
export interface LeastShare {
  readonly vcpu: number;
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
  /** CPU time that it got, as a share of the window. */
  readonly share: number;
}

/** A time in which a vCPU ran or waited, without a break. */
interface ReadyTime {
  readonly vcpu: number;
  readonly fromNs: Nanoseconds;
  toNs: Nanoseconds;
  /** Start and end of each run, in turns. */
  readonly runs: Nanoseconds[];
}

/** Every time in which a vCPU ran or waited without a break. Switches to it count as waiting. */
function readyTimes(trace: Trace<SchedulingEvents>): ReadyTime[] {
  const open = new Map<number, ReadyTime>();
  const all: ReadyTime[] = [];
  const blocked = descheduleReasons.indexOf('blocked');
  const { codes } = trace;
  for (let row = 0; row < trace.length; row++) {
    const code = trace.code(row);
    const timeNs = trace.timeNs(row);
    if (code === codes.enqueue) {
      const vcpu = trace.field(row, 0);
      if (!open.has(vcpu)) open.set(vcpu, { vcpu, fromNs: timeNs, toNs: timeNs, runs: [] });
    } else if (code === codes.dispatch) open.get(trace.field(row, 1))!.runs.push(timeNs);
    else if (code === codes.deschedule) {
      const vcpu = trace.field(row, 1);
      const ready = open.get(vcpu)!;
      ready.runs.push(timeNs);
      if (trace.field(row, 3) !== blocked) continue;
      all.push({ ...ready, toNs: timeNs });
      open.delete(vcpu);
    }
  }
  const endNs = trace.length === 0 ? 0 : trace.timeNs(trace.length - 1);
  for (const ready of open.values()) {
    if (ready.runs.length % 2 === 1) ready.runs.push(endNs);
    all.push({ ...ready, toNs: endNs });
  }
  return all;
}

/**
 * The window of at least `windowNs` in which a vCPU that was ready throughout got the smallest share of a CPU; undefined when nobody
 * was ready for so long. Over all windows, exactly: a share is a ratio of two piecewise linear functions, and its least
 * value is found by W. Dinkelbach's method (1967), whose windows begin or end where a run does or are just `windowNs` long.
 */
export function leastShare(trace: Trace<SchedulingEvents>, windowNs: Nanoseconds): LeastShare | undefined {
  let least: LeastShare | undefined;
  for (const ready of readyTimes(trace)) {
    if (ready.toNs - ready.fromNs < windowNs) continue;
    const found = leastOf(ready, windowNs);
    if (least === undefined || found.share < least.share) least = found;
  }
  return least;
}

/** CPU time of the vCPU that had most of it, up to the last event. */
export function mostUsedNs(trace: Trace<SchedulingEvents>): Nanoseconds {
  const usedNs = new Map<number, Nanoseconds>();
  const running = new Map<number, Nanoseconds>();
  const add = (vcpu: number, ranNs: Nanoseconds): void =>
    void usedNs.set(vcpu, (usedNs.get(vcpu) ?? 0) + ranNs);
  const { codes, length } = trace;
  for (let row = 0; row < length; row++) {
    const code = trace.code(row);
    if (code === codes.dispatch) running.set(trace.field(row, 1), trace.timeNs(row));
    else if (code === codes.deschedule) {
      running.delete(trace.field(row, 1));
      add(trace.field(row, 1), trace.field(row, 2));
    }
  }
  for (const [vcpu, sinceNs] of running) add(vcpu, trace.timeNs(length - 1) - sinceNs);
  return Math.max(0, ...usedNs.values());
}

function leastOf(ready: ReadyTime, windowNs: Nanoseconds): LeastShare {
  const { fromNs, toNs, runs, vcpu } = ready;
  const corners = [...new Set([fromNs, ...runs, toNs])];
  const usedAt = new Map<Nanoseconds, number>();
  const usedBefore: number[] = [0];
  for (let run = 0; run < runs.length; run += 2)
    usedBefore.push(usedBefore.at(-1)! + runs[run + 1]! - runs[run]!);
  const used = (atNs: Nanoseconds): number => {
    let low = 0;
    let high = runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (runs[middle]! <= atNs) low = middle + 1;
      else high = middle;
    }
    const whole = usedBefore[low >> 1]!;
    return low % 2 === 1 ? whole + atNs - runs[low - 1]! : whole;
  };
  const ends = [...new Set([...corners, ...corners.map((atNs) => atNs + windowNs)])]
    .filter((atNs) => atNs - fromNs >= windowNs && atNs <= toNs)
    .toSorted((a, b) => a - b);
  for (const atNs of [...corners, ...ends, ...ends.map((end) => end - windowNs)])
    usedAt.set(atNs, used(atNs));
  let best: LeastShare = { vcpu, fromNs, toNs, share: usedAt.get(toNs)! / (toNs - fromNs) };
  for (;;) {
    const rate = best.share;
    const above = (atNs: Nanoseconds): number => usedAt.get(atNs)! - rate * atNs;
    let next = 0;
    let begin = fromNs;
    let lowest = -1e-3;
    let found: LeastShare | undefined;
    for (const end of ends) {
      for (; next < corners.length && corners[next]! <= end - windowNs; next++)
        if (above(corners[next]!) > above(begin)) begin = corners[next]!;
      const from = above(end - windowNs) > above(begin) ? end - windowNs : begin;
      const difference = above(end) - above(from);
      if (difference >= lowest) continue;
      lowest = difference;
      found = { vcpu, fromNs: from, toNs: end, share: (usedAt.get(end)! - usedAt.get(from)!) / (end - from) };
    }
    if (found === undefined || found.share >= rate) return best;
    best = found;
  }
}
