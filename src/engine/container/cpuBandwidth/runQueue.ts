import type { EventHandle } from '../../kernel/eventQueue.ts';
import type { RunningPolicy } from '../../kernel/policy.ts';
import { toMs, type Nanoseconds } from '../../kernel/time.ts';
import type { BandwidthPolicy } from './bandwidthPolicy.ts';

/** Weight of a nice-0 thread, and of a group whose `cpu.weight` nobody set (cgroup-v2.rst: the default is 100). */
export const defaultCpuWeight = 100;

/** A thread that wakes runs at once when it is this far behind the running one (`sched_wakeup_granularity_ns`, 1 CPU). */
const wakeupGranularityNs = 1_000_000;

/** `cpu.max` and `cpu.max.burst`, and who hands the quota out. */
export interface BandwidthLimit {
  readonly quotaNs: Nanoseconds;
  readonly periodNs: Nanoseconds;
  readonly burstNs: Nanoseconds;
  /** What a CPU takes from the pool at a time. */
  readonly sliceNs: Nanoseconds;
  readonly controller: RunningPolicy<typeof BandwidthPolicy>;
}

/** A group of threads that share CPU time by weight, and have at most its quota per period. */
export class CpuGroup {
  readonly name: string;
  readonly parent: CpuGroup | undefined;
  readonly weight: number;
  readonly limit: BandwidthLimit | undefined;
  /** Its run queue on each CPU. */
  readonly queues: RunQueue[];
  /** Ready threads in it and below it. */
  ready = 0;
  /** What `cpu.stat` says: `usage_usec`, `nr_periods`, `nr_throttled`, `throttled_usec`. */
  usedNs = 0;
  periods = 0;
  throttledPeriods = 0;
  throttledNs = 0;
  /** The longest that the group was kept from one CPU. */
  longestStallNs = 0;
  /** CPUs on which it is throttled, in the order in which that happened. */
  readonly throttled: RunQueue[] = [];
  usedInPeriod = false;
  nextPeriodNs = 0;
  slackTimer: EventHandle | undefined;

  constructor(
    name: string,
    parent: CpuGroup | undefined,
    weight: number,
    limit: BandwidthLimit | undefined,
    cpus: number,
  ) {
    this.name = name;
    this.parent = parent;
    this.weight = weight;
    this.limit = limit;
    this.queues = Array.from({ length: cpus }, (_, cpu) => new RunQueue(this, cpu));
  }
}

/** The threads of a group that are ready on one CPU, and the groups below it that have some (`cfs_rq`). */
export class RunQueue {
  readonly group: CpuGroup;
  readonly cpu: number;
  readonly ready = new Set<RunQueue | CpuThread>();
  /** Weighted CPU time of this queue as a member of the queue above it. */
  virtualNs = 0;
  /** Where newcomers start. */
  minVirtualNs = 0;
  /** Threads ready here and below. */
  load = 0;
  /** What is left of the pool's grants; negative when overdrawn. */
  remainingNs = 0;
  throttledSinceNs: Nanoseconds | undefined;

  constructor(group: CpuGroup, cpu: number) {
    this.group = group;
    this.cpu = cpu;
  }

  /** Adds to the group's account how long this queue has been throttled. @returns it, in nanoseconds */
  countStall(nowNs: Nanoseconds): number {
    const stalledNs = nowNs - this.throttledSinceNs!;
    this.group.throttledNs += stalledNs;
    this.group.longestStallNs = Math.max(this.group.longestStallNs, stalledNs);
    return stalledNs;
  }
}

/** A thread, which stays on the CPU that it was put on. */
export class CpuThread {
  readonly name: string;
  readonly group: CpuGroup;
  readonly cpu: number;
  virtualNs = 0;
  usedNs = 0;
  ready = false;
  /** CPU time that it still needs before `onDone`; Infinity for a busy loop. */
  remainingNs = 0;
  onDone: (() => void) | undefined;

  constructor(name: string, group: CpuGroup, cpu: number) {
    this.name = name;
    this.group = group;
    this.cpu = cpu;
  }
}

/** From below the root down to the thread. */
function pathOf(thread: CpuThread): (RunQueue | CpuThread)[] {
  const path: (RunQueue | CpuThread)[] = [thread];
  for (let { group } = thread; group.parent !== undefined; group = group.parent)
    path.unshift(group.queues[thread.cpu]!);
  return path;
}

/** Whether a newly ready thread is far enough behind the running one, where their paths through the tree part. */
export function preempts(thread: CpuThread, running: CpuThread): boolean {
  const mine = pathOf(thread);
  const theirs = pathOf(running);
  const depth = mine.findIndex((entity, level) => entity !== theirs[level]);
  const [a, b] = [mine[depth], theirs[depth]];
  if (a === undefined || b === undefined) return false;
  if (a instanceof RunQueue && a.throttledSinceNs !== undefined) return false;
  if (mine.slice(depth).some((entity) => entity instanceof RunQueue && entity.throttledSinceNs !== undefined))
    return false;
  return b.virtualNs - a.virtualNs > (wakeupGranularityNs * defaultCpuWeight) / weightOf(a);
}

/** The weight of a thread or group among those beside it on its CPU. */
export function weightOf(entity: RunQueue | CpuThread): number {
  if (entity instanceof CpuThread) return defaultCpuWeight;
  const { group, load } = entity;
  return load === 0 || group.ready === 0 ? group.weight : (group.weight * load) / group.ready;
}

/** Who has had the least for its weight; the one that was ready first when equal. */
export function leastServed(queue: RunQueue): RunQueue | CpuThread | undefined {
  let least: RunQueue | CpuThread | undefined;
  for (const entity of queue.ready) {
    if (least === undefined || entity.virtualNs < least.virtualNs) least = entity;
  }
  return least;
}

/** The thread that runs next: from the queue down, whoever has had the least. */
export function nextThread(queue: RunQueue): CpuThread | undefined {
  let next: RunQueue | CpuThread | undefined = queue;
  while (next instanceof RunQueue) next = leastServed(next);
  return next;
}

/** Whether others wait for a thread's CPU, in its group or in one above it. */
export function othersWait(cpu: number, thread: CpuThread): boolean {
  for (let group: CpuGroup | undefined = thread.group; group !== undefined; group = group.parent) {
    if (group.queues[cpu]!.ready.size > 1) return true;
  }
  return false;
}

/** A limit as controllers are told of it. */
export const limitInMs = (limit: BandwidthLimit) => ({
  quotaMs: toMs(limit.quotaNs),
  periodMs: toMs(limit.periodNs),
  burstMs: toMs(limit.burstNs),
});
