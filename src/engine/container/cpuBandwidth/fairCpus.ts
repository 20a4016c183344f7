import type { EventHandle } from '../../kernel/eventQueue.ts';
import type { RunningPolicy } from '../../kernel/policy.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { toMs, type Nanoseconds } from '../../kernel/time.ts';
import type { Trace } from '../../kernel/trace.ts';
import type { BandwidthPolicy } from './bandwidthPolicy.ts';
import { stopReasons, type CpuEvents, type StopReason } from './cpuEvents.ts';

/** The order of what happens at one instant: a period that starts is seen by a CPU whose time runs out just then. */
export const cpuInstant = { period: 0, cpu: 1, wake: 2, arrival: 3 } as const;

/** A nice-0 thread, and a group whose `cpu.weight` nobody set (cgroup-v2.rst: the default is 100). */
export const defaultCpuWeight = 100;

/** What a CPU keeps of its grant when it runs out of threads (`min_cfs_rq_runtime`, kernel/sched/fair.c). */
const keptNs = 1_000_000;
/** Returned time is handed to throttled CPUs this much later (`cfs_bandwidth_slack_period`), */
const slackPeriodNs = 5_000_000;
/** unless a refill comes this soon after (`min_bandwidth_expiration`). */
const minExpirationNs = 2_000_000;
/** A thread that wakes runs at once when it is this far behind the running one (`sched_wakeup_granularity_ns`, 1 CPU). */
const wakeupGranularityNs = 1_000_000;

export interface FairCpusOptions {
  /** 1 to 64. */
  readonly cpus: number;
  /** How long a thread runs while others wait for its CPU. */
  readonly sliceNs: Nanoseconds;
  /** The kernel notices that a grant is used up at its timer tick; 0: at once. */
  readonly tickNs: Nanoseconds;
}

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
class RunQueue {
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
}

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

interface Cpu {
  readonly id: number;
  running: CpuThread | undefined;
  /** Since when it runs, and up to when that is accounted for. */
  sinceNs: Nanoseconds;
  accountedNs: Nanoseconds;
  sliceEndNs: Nanoseconds;
  timer: EventHandle | undefined;
}

/**
 * CPUs under Linux's fair scheduler with control groups: on each CPU, down the tree of groups, whoever has had the least
 * CPU time for its weight runs next; groups with a quota are throttled when it is used up.
 *
 * As in CFS (`kernel/sched/fair.c`, docs/scheduler/sched-bwc.rst) a group's weight on a CPU is its weight times the share of its ready threads that
 * are there. Unlike it, threads stay on the CPU that they were put on.
 */
export class FairCpus {
  readonly root: CpuGroup;
  readonly #options: FairCpusOptions;
  readonly #simulation: Simulation;
  readonly #trace: Trace<CpuEvents>;
  readonly #cpus: Cpu[];
  readonly #groups: CpuGroup[] = [];
  #placed = 0;

  constructor(options: FairCpusOptions, simulation: Simulation, trace: Trace<CpuEvents>) {
    this.#options = options;
    this.#simulation = simulation;
    this.#trace = trace;
    this.root = new CpuGroup('/', undefined, defaultCpuWeight, undefined, options.cpus);
    this.#cpus = Array.from({ length: options.cpus }, (_, cpu) => ({
      id: cpu,
      running: undefined,
      sinceNs: 0,
      accountedNs: 0,
      sliceEndNs: 0,
      timer: undefined,
    }));
  }

  /** Adds a group before the run. @param weight `cpu.weight`, 1 to 10000 */
  addGroup(name: string, parent: CpuGroup, weight: number, limit?: BandwidthLimit): CpuGroup {
    const group = new CpuGroup(name, parent, weight, limit, this.#options.cpus);
    this.#groups.push(group);
    if (limit !== undefined)
      this.#simulation.at(this.#simulation.now, () => this.#periodStarts(group, limit), cpuInstant.period);
    return group;
  }

  /** Adds a thread, on the next CPU in turn. */
  addThread(name: string, group: CpuGroup): CpuThread {
    const thread = new CpuThread(name, group, this.#placed++ % this.#options.cpus);
    return thread;
  }

  /**
   * Gives a thread that sleeps something to compute. Call it from an event.
   * @param workNs CPU time; Infinity for a thread that never stops
   */
  compute(thread: CpuThread, workNs: number, onDone?: () => void): void {
    thread.remainingNs = workNs;
    thread.onDone = onDone;
    thread.ready = true;
    this.#branch(() => {
      this.#record('wake', this.#trace.text(thread.name), thread.cpu);
      this.#account(this.#cpus[thread.cpu]!);
      this.#enqueue(thread);
      this.#arrived(this.#cpus[thread.cpu]!, thread);
    });
  }

  /** Ends a thread, whatever it does. */
  kill(thread: CpuThread): void {
    if (!thread.ready) return;
    const cpu = this.#cpus[thread.cpu]!;
    this.#account(cpu);
    thread.ready = false;
    thread.onDone = undefined;
    this.#dequeue(thread);
    if (cpu.running === thread) {
      this.#leave(cpu, 'killed');
      this.#pick(cpu);
    }
  }

  /** Brings all accounts up to date, at the end of a run. */
  settle(): void {
    for (const cpu of this.#cpus) this.#account(cpu);
    for (const group of this.#groups) {
      for (const queue of group.throttled) this.#countStall(queue);
    }
  }

  #arrived(cpu: Cpu, thread: CpuThread): void {
    if (cpu.running === undefined) this.#pick(cpu);
    else if (this.#preempts(thread, cpu.running)) {
      this.#leave(cpu, 'preempted');
      this.#pick(cpu);
    } else this.#arm(cpu);
  }

  /** Whether a newly ready thread is far enough behind the running one, where their paths through the tree part. */
  #preempts(thread: CpuThread, running: CpuThread): boolean {
    const mine = pathOf(thread);
    const theirs = pathOf(running);
    const depth = mine.findIndex((entity, level) => entity !== theirs[level]);
    const [a, b] = [mine[depth], theirs[depth]];
    if (a === undefined || b === undefined) return false;
    if (a instanceof RunQueue && a.throttledSinceNs !== undefined) return false;
    if (
      mine.slice(depth).some((entity) => entity instanceof RunQueue && entity.throttledSinceNs !== undefined)
    )
      return false;
    return b.virtualNs - a.virtualNs > (wakeupGranularityNs * defaultCpuWeight) / weightOf(a);
  }

  #enqueue(thread: CpuThread): void {
    for (let group: CpuGroup | undefined = thread.group; group !== undefined; group = group.parent) {
      group.ready++;
      group.queues[thread.cpu]!.load++;
    }
    this.#join(thread.group.queues[thread.cpu]!, thread);
  }

  /** Puts an entity into its queue, and the queue into the one above it, up to a throttled one. */
  #join(queue: RunQueue, entity: RunQueue | CpuThread): void {
    if (queue.ready.has(entity)) return;
    // Half a slice of credit for sleepers, as CFS gives (GENTLE_FAIR_SLEEPERS), so that a short sleep is no disadvantage.
    entity.virtualNs = Math.max(entity.virtualNs, queue.minVirtualNs - this.#options.sliceNs / 2);
    queue.ready.add(entity);
    if (queue.throttledSinceNs !== undefined) return;
    const parent = queue.group.parent?.queues[queue.cpu];
    if (parent !== undefined) this.#join(parent, queue);
  }

  #dequeue(thread: CpuThread): void {
    for (let group: CpuGroup | undefined = thread.group; group !== undefined; group = group.parent) {
      group.ready--;
      group.queues[thread.cpu]!.load--;
    }
    this.#part(thread.group.queues[thread.cpu]!, thread);
  }

  #part(queue: RunQueue, entity: RunQueue | CpuThread): void {
    if (!queue.ready.delete(entity)) return;
    if (queue.ready.size > 0) return;
    this.#giveBack(queue);
    const parent = queue.group.parent?.queues[queue.cpu];
    if (parent !== undefined) this.#part(parent, queue);
  }

  /** Charges the running thread and its groups for what ran since the last time. */
  #account(cpu: Cpu): void {
    const thread = cpu.running;
    if (thread === undefined) return;
    const ranNs = this.#simulation.now - cpu.accountedNs;
    if (ranNs === 0) return;
    cpu.accountedNs = this.#simulation.now;
    thread.usedNs += ranNs;
    thread.remainingNs -= ranNs;
    let entity: RunQueue | CpuThread = thread;
    for (let group: CpuGroup | undefined = thread.group; group !== undefined; group = group.parent) {
      const queue: RunQueue = group.queues[cpu.id]!;
      entity.virtualNs += (ranNs * defaultCpuWeight) / weightOf(entity);
      queue.minVirtualNs = Math.max(queue.minVirtualNs, leastServed(queue)?.virtualNs ?? entity.virtualNs);
      group.usedNs += ranNs;
      group.usedInPeriod = true;
      if (group.limit !== undefined) queue.remainingNs -= ranNs;
      entity = queue;
    }
  }

  #pick(cpu: Cpu): void {
    for (;;) {
      let queue = this.root.queues[cpu.id]!;
      let thread: CpuThread | undefined;
      while (thread === undefined) {
        const next = leastServed(queue);
        if (next === undefined) return;
        if (next instanceof CpuThread) thread = next;
        else queue = next;
      }
      if (!this.#hasRuntime(thread, cpu)) continue;
      const { now } = this.#simulation;
      cpu.running = thread;
      cpu.sinceNs = now;
      cpu.accountedNs = now;
      cpu.sliceEndNs = now + this.#options.sliceNs;
      this.#record('run', cpu.id, this.#trace.text(thread.name));
      this.#arm(cpu);
      return;
    }
  }

  /** Draws time for every group with a quota above a thread; throttles the first one that has none left. */
  #hasRuntime(thread: CpuThread, cpu: Cpu): boolean {
    for (let group: CpuGroup | undefined = thread.group; group !== undefined; group = group.parent) {
      if (group.limit === undefined) continue;
      const queue = group.queues[cpu.id]!;
      if (queue.remainingNs <= 0) this.#ask(queue, group.limit);
      if (queue.remainingNs <= 0) {
        this.#throttle(queue);
        return false;
      }
    }
    return true;
  }

  #ask(queue: RunQueue, limit: BandwidthLimit): void {
    const wantNs = limit.sliceNs - queue.remainingNs;
    const got = limit.controller.grant({
      nowMs: toMs(this.#simulation.now),
      cpu: queue.cpu,
      wantMs: toMs(wantNs),
      ...limitInMs(limit),
    });
    const gotNs = Math.round(got * 1e6);
    queue.remainingNs += gotNs;
    this.#record('grant', queue.cpu, this.#trace.text(queue.group.name), wantNs, gotNs);
  }

  #throttle(queue: RunQueue): void {
    queue.throttledSinceNs = this.#simulation.now;
    queue.group.throttled.push(queue);
    this.#record('throttle', queue.cpu, this.#trace.text(queue.group.name));
    const parent = queue.group.parent?.queues[queue.cpu];
    if (parent === undefined) return;
    parent.ready.delete(queue);
    const above = parent.group.parent?.queues[queue.cpu];
    if (parent.ready.size === 0 && above !== undefined) this.#part(above, parent);
  }

  #countStall(queue: RunQueue): number {
    const stalledNs = this.#simulation.now - queue.throttledSinceNs!;
    queue.group.throttledNs += stalledNs;
    queue.group.longestStallNs = Math.max(queue.group.longestStallNs, stalledNs);
    return stalledNs;
  }

  #unthrottle(queue: RunQueue): void {
    const stalledNs = this.#countStall(queue);
    queue.throttledSinceNs = undefined;
    this.#record('unthrottle', queue.cpu, this.#trace.text(queue.group.name), stalledNs);
    const parent = queue.group.parent?.queues[queue.cpu];
    if (queue.ready.size === 0 || parent === undefined) return;
    const cpu = this.#cpus[queue.cpu]!;
    this.#account(cpu);
    this.#join(parent, queue);
    if (cpu.running === undefined) this.#pick(cpu);
    else this.#arm(cpu);
  }

  #periodStarts(group: CpuGroup, limit: BandwidthLimit): void {
    const { now } = this.#simulation;
    for (const cpu of this.#cpus) this.#account(cpu);
    // As `nr_periods`: the timer does not run while nobody does.
    if (now > 0 && (group.usedInPeriod || group.throttled.length > 0)) group.periods++;
    if (now > 0 && group.throttled.length > 0) group.throttledPeriods++;
    group.usedInPeriod = false;
    limit.controller.periodStarts({ nowMs: toMs(now), ...limitInMs(limit) });
    this.#record(
      'period',
      this.#trace.text(group.name),
      Math.round(now / limit.periodNs) + 1,
      group.throttled.length,
    );
    group.nextPeriodNs = now + limit.periodNs;
    this.#simulation.at(group.nextPeriodNs, () => this.#periodStarts(group, limit), cpuInstant.period);
    this.#distribute(group, limit);
  }

  /** Asks for every throttled CPU again. */
  #distribute(group: CpuGroup, limit: BandwidthLimit): void {
    for (const queue of group.throttled.splice(0)) {
      this.#branch(() => {
        this.#ask(queue, limit);
        if (queue.remainingNs > 0) this.#unthrottle(queue);
        else group.throttled.push(queue);
      });
    }
  }

  #giveBack(queue: RunQueue): void {
    const { limit } = queue.group;
    if (limit === undefined || queue.throttledSinceNs !== undefined) return;
    const returnedNs = queue.remainingNs - keptNs;
    if (returnedNs <= 0) return;
    queue.remainingNs -= returnedNs;
    const { now } = this.#simulation;
    const { group } = queue;
    limit.controller.takeBack?.({
      nowMs: toMs(now),
      cpu: queue.cpu,
      returnedMs: toMs(returnedNs),
      ...limitInMs(limit),
    });
    this.#branch(() => {
      this.#record('giveBack', queue.cpu, this.#trace.text(group.name), returnedNs);
      if (group.throttled.length === 0 || group.slackTimer !== undefined) return;
      if (group.nextPeriodNs - now <= slackPeriodNs + minExpirationNs) return;
      group.slackTimer = this.#simulation.schedule(
        slackPeriodNs,
        () => {
          group.slackTimer = undefined;
          this.#distribute(group, limit);
        },
        cpuInstant.period,
      );
    });
  }

  /** Sets the CPU's timer to the next instant at which something has to be decided. */
  #arm(cpu: Cpu): void {
    if (cpu.timer !== undefined) this.#simulation.cancel(cpu.timer);
    cpu.timer = undefined;
    const thread = cpu.running;
    if (thread === undefined) return;
    const { now } = this.#simulation;
    let untilNs = now + thread.remainingNs;
    for (let group: CpuGroup | undefined = thread.group; group !== undefined; group = group.parent) {
      if (group.limit === undefined) continue;
      untilNs = Math.min(untilNs, this.#noticed(now + Math.max(0, group.queues[cpu.id]!.remainingNs)));
    }
    if (this.#othersWait(cpu.id, thread)) untilNs = Math.min(untilNs, Math.max(now, cpu.sliceEndNs));
    if (untilNs === Infinity) return;
    cpu.timer = this.#simulation.at(untilNs, () => this.#due(cpu), cpuInstant.cpu);
  }

  /** When the kernel notices what is so from `atNs` on. */
  #noticed(atNs: Nanoseconds): Nanoseconds {
    const { tickNs } = this.#options;
    return tickNs === 0 ? atNs : Math.ceil(atNs / tickNs) * tickNs;
  }

  #othersWait(cpu: number, thread: CpuThread): boolean {
    for (let group: CpuGroup | undefined = thread.group; group !== undefined; group = group.parent) {
      if (group.queues[cpu]!.ready.size > 1) return true;
    }
    return false;
  }

  #due(cpu: Cpu): void {
    const thread = cpu.running!;
    const { now } = this.#simulation;
    cpu.timer = undefined;
    this.#account(cpu);
    if (thread.remainingNs <= 0) {
      const { onDone } = thread;
      thread.ready = false;
      thread.onDone = undefined;
      this.#leave(cpu, 'blocked');
      this.#dequeue(thread);
      this.#branch(() => onDone?.());
      if (cpu.running === undefined) this.#pick(cpu);
      return;
    }
    if (!this.#hasRuntime(thread, cpu)) {
      this.#leave(cpu, 'throttled');
      this.#pick(cpu);
      return;
    }
    if (now >= cpu.sliceEndNs && this.#othersWait(cpu.id, thread)) {
      let next: RunQueue | CpuThread | undefined = this.root.queues[cpu.id];
      while (next instanceof RunQueue) next = leastServed(next);
      if (next !== thread) {
        this.#leave(cpu, 'slice-ended');
        this.#pick(cpu);
        return;
      }
      cpu.sliceEndNs = now + this.#options.sliceNs;
    }
    this.#arm(cpu);
  }

  #leave(cpu: Cpu, reason: StopReason): void {
    const thread = cpu.running!;
    if (cpu.timer !== undefined) this.#simulation.cancel(cpu.timer);
    cpu.timer = undefined;
    cpu.running = undefined;
    this.#record(
      'stop',
      cpu.id,
      this.#trace.text(thread.name),
      this.#simulation.now - cpu.sinceNs,
      stopReasons.indexOf(reason),
    );
  }

  #record(kind: keyof CpuEvents, a = 0, b = 0, c = 0, d = 0): void {
    const simulation = this.#simulation;
    simulation.cause = this.#trace.append(
      this.#trace.codes[kind],
      simulation.now,
      simulation.cause,
      a,
      b,
      c,
      d,
    );
  }

  /** Runs `follow`, whose events follow from the present one, as do those that come after it. */
  #branch(follow: () => void): void {
    const { cause } = this.#simulation;
    follow();
    this.#simulation.cause = cause;
  }
}

/** From below the root down to the thread. */
function pathOf(thread: CpuThread): (RunQueue | CpuThread)[] {
  const path: (RunQueue | CpuThread)[] = [thread];
  for (let { group } = thread; group.parent !== undefined; group = group.parent)
    path.unshift(group.queues[thread.cpu]!);
  return path;
}

/** The weight of a thread or group among those beside it on its CPU. */
function weightOf(entity: RunQueue | CpuThread): number {
  if (entity instanceof CpuThread) return defaultCpuWeight;
  const { group, load } = entity;
  return load === 0 || group.ready === 0 ? group.weight : (group.weight * load) / group.ready;
}

/** Who has had the least for its weight; the one that was ready first when equal. */
function leastServed(queue: RunQueue): RunQueue | CpuThread | undefined {
  let least: RunQueue | CpuThread | undefined;
  for (const entity of queue.ready) {
    if (least === undefined || entity.virtualNs < least.virtualNs) least = entity;
  }
  return least;
}

const limitInMs = (limit: BandwidthLimit) => ({
  quotaMs: toMs(limit.quotaNs),
  periodMs: toMs(limit.periodNs),
  burstMs: toMs(limit.burstNs),
});
