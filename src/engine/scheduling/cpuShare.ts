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
  const { fromNs, toNs, vcpu } = ready;
  const corners = cornersOf(ready);
  const usedAtCorner = usedAt(ready, corners);
  const ends = endsOf(corners, windowNs);
  const usedAtEnd = usedAt(ready, ends);
  const begins = ends.map((end) => end - windowNs);
  const usedAtBegin = usedAt(ready, begins);
  let best: LeastShare = { vcpu, fromNs, toNs, share: usedAtCorner.at(-1)! / (toNs - fromNs) };
  for (;;) {
    const rate = best.share;
    let next = 0;
    let beginNs = fromNs;
    let used = 0;
    let mostAbove = -rate * fromNs;
    let lowest = -1e-3;
    let found: LeastShare | undefined;
    for (let index = 0; index < ends.length; index++) {
      const begin = begins[index]!;
      for (; next < corners.length && corners[next]! <= begin; next++) {
        const above = usedAtCorner[next]! - rate * corners[next]!;
        if (above <= mostAbove) continue;
        mostAbove = above;
        beginNs = corners[next]!;
        used = usedAtCorner[next]!;
      }
      const aboveBegin = usedAtBegin[index]! - rate * begin;
      const isShortest = aboveBegin > mostAbove;
      const end = ends[index]!;
      const difference = usedAtEnd[index]! - rate * end - (isShortest ? aboveBegin : mostAbove);
      if (difference >= lowest) continue;
      lowest = difference;
      const from = isShortest ? begin : beginNs;
      const usedBefore = isShortest ? usedAtBegin[index]! : used;
      found = { vcpu, fromNs: from, toNs: end, share: (usedAtEnd[index]! - usedBefore) / (end - from) };
    }
    if (found === undefined || found.share >= rate) return best;
    best = found;
  }
}

/** Where it begins, ends, and where its runs do, each once and in order. */
function cornersOf({ fromNs, toNs, runs }: ReadyTime): Float64Array {
  const corners = new Float64Array(runs.length + 2);
  let count = 0;
  const add = (atNs: Nanoseconds): void => {
    if (count === 0 || corners[count - 1] !== atNs) corners[count++] = atNs;
  };
  add(fromNs);
  runs.forEach(add);
  add(toNs);
  return corners.subarray(0, count);
}

/** Where a window may end: at a corner, or just as long after one, in order. */
function endsOf(corners: Float64Array, windowNs: Nanoseconds): Float64Array {
  const [firstNs, lastNs] = [corners[0]! + windowNs, corners.at(-1)!];
  const ends = new Float64Array(2 * corners.length);
  let count = 0;
  let corner = 0;
  let later = 0;
  for (;;) {
    const atNs = Math.min(corners[corner] ?? Infinity, corners[later]! + windowNs);
    if (atNs > lastNs) return ends.subarray(0, count);
    if (corners[corner] === atNs) corner++;
    if (corners[later]! + windowNs === atNs) later++;
    if (atNs >= firstNs) ends[count++] = atNs;
  }
}

/** CPU time from its beginning to each of some instants, which are in order. */
function usedAt({ runs }: ReadyTime, instants: Float64Array): Float64Array {
  let next = 0;
  let whole = 0;
  return instants.map((atNs) => {
    for (; next < runs.length && runs[next]! <= atNs; next++)
      if (next % 2 === 1) whole += runs[next]! - runs[next - 1]!;
    return next % 2 === 1 ? whole + atNs - runs[next - 1]! : whole;
  });
}
