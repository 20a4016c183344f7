import type { EventHandle } from '../../kernel/eventQueue.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { toMs, type Nanoseconds } from '../../kernel/time.ts';
import type { Trace } from '../../kernel/trace.ts';
import { stopReasons, type CpuEvents, type StopReason } from './cpuEvents.ts';
import {
  CpuGroup,
  CpuThread,
  defaultCpuWeight,
  leastServed,
  limitInMs,
  nextThread,
  othersWait,
  preempts,
  type RunQueue,
  weightOf,
  type BandwidthLimit,
} from './runQueue.ts';

/** The order of what happens at one instant: a period that starts is seen by a CPU whose time runs out just then. */
export const cpuInstant = { period: 0, cpu: 1, wake: 2, arrival: 3 } as const;

/** What a CPU keeps of its grant when it runs out of threads (`min_cfs_rq_runtime`, kernel/sched/fair.c). */
const keptNs = 1_000_000;
/** Returned time is handed to throttled CPUs this much later (`cfs_bandwidth_slack_period`), */
const slackPeriodNs = 5_000_000;
/** unless a refill comes this soon after (`min_bandwidth_expiration`). */
const minExpirationNs = 2_000_000;
export interface FairCpusOptions {
  /** 1 to 64. */
  readonly cpus: number;
  /** How long a thread runs while others wait for its CPU. */
  readonly sliceNs: Nanoseconds;
  /** The kernel notices that a grant is used up at its timer tick; 0: at once. */
  readonly tickNs: Nanoseconds;
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
    return new CpuThread(name, group, this.#placed++ % this.#options.cpus);
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
      for (const queue of group.throttled) queue.countStall(this.#simulation.now);
    }
  }

  #arrived(cpu: Cpu, thread: CpuThread): void {
    if (cpu.running === undefined) this.#pick(cpu);
    else if (preempts(thread, cpu.running)) {
      this.#leave(cpu, 'preempted');
      this.#pick(cpu);
    } else this.#arm(cpu);
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
      const thread = nextThread(this.root.queues[cpu.id]!);
      if (thread === undefined) return;
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

  #unthrottle(queue: RunQueue): void {
    const stalledNs = queue.countStall(this.#simulation.now);
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
    const number = Math.round(now / limit.periodNs) + 1;
    this.#record('period', this.#trace.text(group.name), number, group.throttled.length);
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
    if (othersWait(cpu.id, thread)) untilNs = Math.min(untilNs, Math.max(now, cpu.sliceEndNs));
    if (untilNs === Infinity) return;
    cpu.timer = this.#simulation.at(untilNs, () => this.#due(cpu), cpuInstant.cpu);
  }

  /** When the kernel notices what is so from `atNs` on. */
  #noticed(atNs: Nanoseconds): Nanoseconds {
    const { tickNs } = this.#options;
    return tickNs === 0 ? atNs : Math.ceil(atNs / tickNs) * tickNs;
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
    if (now >= cpu.sliceEndNs && othersWait(cpu.id, thread)) {
      if (nextThread(this.root.queues[cpu.id]!) !== thread) {
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
    const code = this.#trace.codes[kind];
    simulation.cause = this.#trace.append(code, simulation.now, simulation.cause, a, b, c, d);
  }

  /** Runs `follow`, whose events follow from the present one, as do those that come after it. */
  #branch(follow: () => void): void {
    const { cause } = this.#simulation;
    follow();
    this.#simulation.cause = cause;
  }
}
