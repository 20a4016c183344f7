import type { RunningPolicy } from '../kernel/policy.ts';
import type { Witness } from '../kernel/scenario.ts';
import { Simulation } from '../kernel/simulation.ts';
import type { EventHandle } from '../kernel/eventQueue.ts';
import type { Nanoseconds } from '../kernel/time.ts';
import { noCause, type Trace } from '../kernel/trace.ts';
import { notWaiting, nothingToPreempt } from './hostRefusals.ts';
import { enqueueReasons, type EnqueueReason, type SchedulerPolicy } from './schedulerPolicy.ts';
import { descheduleReasons, type SchedulingEvents } from './schedulingEvents.ts';

/** The order of what happens at one instant. A request that arrives as a slice ends has missed that slice. */
export const instant = { workDone: 0, sliceEnd: 1, wake: 2, arrival: 3, tick: 4 } as const;

/** How often a CPU that the scheduler left idle is offered again while vCPUs wait: budgets and caps are refilled by time. */
const idleTickNs = 1e6;

/** A vCPU's weight where none is given, as in Xen's credit scheduler. */
export const usualWeight = 256;

export interface HostOptions {
  /** Physical CPUs, 1 or more. */
  readonly cpus: number;
  /** What the scheduler is told its slice is. */
  readonly sliceNs: Nanoseconds;
  /** Time that a CPU takes to switch to another vCPU. */
  readonly switchCostNs: Nanoseconds;
  /** Whether the switch is added between slices, or taken from the slice of the vCPU that comes. */
  readonly switchCharge: 'added' | 'slice';
  /** How long a vCPU gets nothing done after another has used its CPU: refill of cache and TLB. */
  readonly coldStartNs: Nanoseconds;
  readonly stepBudget: number;
  /** Seed of a random order of simultaneous events; absent for the order in which they were scheduled. */
  readonly ties?: number | undefined;
}

/** Something that a vCPU has to compute. */
export interface Work {
  /** CPU time it still needs. */
  remainingNs: Nanoseconds;
  /** Called once, when a CPU first runs the vCPU with this work before it. */
  readonly onStart?: () => void;
  /** Called once, when it is done. */
  readonly onDone?: () => void;
}

interface Vcpu {
  readonly id: number;
  /** Always has something else to do: it never blocks. */
  readonly busy: boolean;
  readonly work: (Work & { started: boolean })[];
  state: 'blocked' | 'waiting' | 'running';
  usedNs: Nanoseconds;
  cpu: Cpu | undefined;
  /** Its row in the scheduler's view, kept up to date in place. */
  readonly view: { vcpu: number; sinceMs: number; usedMs: number; weight: number; capPercent: number };
}

interface Cpu {
  readonly id: number;
  running: Vcpu | undefined;
  /** Whose caches are warm here. */
  lastVcpu: Vcpu | undefined;
  /** Whom it switches to, between a choice and the end of its switch. */
  incoming: Vcpu | undefined;
  /** How long that vCPU may run at most, because `preempt` took the CPU while it was switched to. */
  preemptAfterNs: Nanoseconds | undefined;
  dispatchedNs: Nanoseconds;
  /** From when the running vCPU gets work done. */
  productiveFromNs: Nanoseconds;
  sliceEndNs: Nanoseconds;
  sliceEnd: EventHandle | undefined;
  workDone: EventHandle | undefined;
  workFromNs: Nanoseconds;
}

/** Physical CPUs that run vCPUs as a scheduler decides. */
export class Host {
  readonly simulation: Simulation;
  readonly #options: HostOptions;
  readonly #scheduler: RunningPolicy<typeof SchedulerPolicy>;
  readonly #trace: Trace<SchedulingEvents>;
  readonly #refuse: (witness: Witness) => never;
  readonly #vcpus = new Map<number, Vcpu>();
  /** Those that wait, by number, and their rows: kept sorted, because building them anew costs more than all else. */
  readonly #waiting: Vcpu[] = [];
  readonly #waitingViews: Vcpu['view'][] = [];
  #idleTick: EventHandle | undefined;
  readonly #onSliceEnd = (cpu: number): void => this.#stop(this.#cpus[cpu]!, 'slice-ended');
  readonly #onPreempted = (cpu: number): void => this.#stop(this.#cpus[cpu]!, 'preempted');
  readonly #onWorkDone = (cpu: number): void => this.#finishWork(this.#cpus[cpu]!);
  readonly #cpus: Cpu[];
  /** The trace row of the scheduler's latest choice. */
  #latestDecision = noCause;

  constructor(
    options: HostOptions,
    scheduler: RunningPolicy<typeof SchedulerPolicy>,
    trace: Trace<SchedulingEvents>,
    refuse: (witness: Witness) => never,
  ) {
    this.#options = options;
    this.#scheduler = scheduler;
    this.#trace = trace;
    this.#refuse = refuse;
    this.simulation = new Simulation({
      stepBudget: options.stepBudget,
      ...(options.ties === undefined ? {} : { tieShuffle: options.ties }),
    });
    this.#cpus = Array.from({ length: options.cpus }, (_, id) => ({
      id,
      running: undefined,
      lastVcpu: undefined,
      incoming: undefined,
      preemptAfterNs: undefined,
      dispatchedNs: 0,
      productiveFromNs: 0,
      sliceEndNs: 0,
      sliceEnd: undefined,
      workDone: undefined,
      workFromNs: 0,
    }));
  }

  /** Adds a vCPU before the host starts. A busy one is ready from the start, in the order of adding. */
  addVcpu(id: number, busy: boolean, weight = usualWeight, capPercent = 0): void {
    this.#vcpus.set(id, {
      id,
      busy,
      work: [],
      state: 'blocked',
      usedNs: 0,
      cpu: undefined,
      view: { vcpu: id, sinceMs: 0, usedMs: 0, weight, capPercent },
    });
  }

  /** Makes the busy vCPUs ready, and fills the CPUs. */
  start(): void {
    this.simulation.at(0, () => {
      for (const vcpu of this.#vcpus.values()) {
        if (vcpu.busy) this.#branch(() => this.#enqueue(vcpu, 'start'));
      }
      this.#fill();
    });
  }

  /** Gives a vCPU work, and wakes it if it is blocked. Call it from an event of {@link simulation}. */
  submit(id: number, work: Work): void {
    const vcpu = this.#vcpus.get(id)!;
    vcpu.work.push({ ...work, started: false });
    this.#branch(() => this.#receiveWork(vcpu));
  }

  /** Ends the record of the run, now: things stand as the latest decision left them. */
  end(): void {
    this.simulation.cause = this.#latestDecision;
    this.#record('end');
  }

  #receiveWork(vcpu: Vcpu): void {
    switch (vcpu.state) {
      case 'blocked':
        this.#enqueue(vcpu, 'woken');
        this.#fill();
        this.#mayPreempt(vcpu);
        break;
      case 'running':
        // While its CPU still switches to it, the work starts at the dispatch.
        if (vcpu.cpu !== undefined && vcpu.work.length === 1) this.#startWork(vcpu.cpu);
        break;
      case 'waiting':
        break;
    }
  }

  #enqueue(vcpu: Vcpu, reason: EnqueueReason): void {
    const nowMs = this.simulation.now / 1e6;
    vcpu.state = 'waiting';
    vcpu.view.sinceMs = nowMs;
    vcpu.view.usedMs = vcpu.usedNs / 1e6;
    let at = this.#waiting.length;
    while (at > 0 && this.#waiting[at - 1]!.id > vcpu.id) at--;
    this.#waiting.splice(at, 0, vcpu);
    this.#waitingViews.splice(at, 0, vcpu.view);
    this.#scheduler.enqueue?.({
      nowMs,
      vcpu: vcpu.id,
      reason,
      usedMs: vcpu.view.usedMs,
      weight: vcpu.view.weight,
      capPercent: vcpu.view.capPercent,
    });
    this.#record('enqueue', vcpu.id, enqueueReasons.indexOf(reason));
  }

  /** Asks the scheduler for every free CPU, while vCPUs wait. */
  #fill(): void {
    const { simulation } = this;
    for (const cpu of this.#cpus) {
      if (cpu.running !== undefined || cpu.incoming !== undefined) continue;
      if (this.#waiting.length === 0) return;
      const { cause } = simulation;
      this.#pick(cpu);
      simulation.cause = cause;
    }
  }

  #pick(cpu: Cpu): void {
    const choice = this.#scheduler.pickNext({
      nowMs: this.simulation.now / 1e6,
      cpu: cpu.id,
      cpus: this.#cpus.length,
      sliceMs: this.#options.sliceNs / 1e6,
      waiting: this.#waitingViews,
    });
    if (choice === undefined) {
      this.#latestDecision = this.#record('leaveIdle', cpu.id, this.#waiting.length);
      this.#offerAgain();
      return;
    }
    const runForNs = Math.max(1, Math.round(choice.runForMs * 1e6));
    const event = this.#record('pick', cpu.id, choice.vcpu, runForNs);
    this.#latestDecision = event;
    const vcpu = this.#vcpus.get(choice.vcpu);
    if (vcpu?.state !== 'waiting') this.#refuse(notWaiting(event, choice.vcpu, vcpu, this.#waiting));
    const at = this.#waiting.indexOf(vcpu);
    this.#waiting.splice(at, 1);
    this.#waitingViews.splice(at, 1);
    this.#switchTo(cpu, vcpu, runForNs);
  }

  #offerAgain(): void {
    const { simulation } = this;
    if (this.#idleTick !== undefined) return;
    const atNs = (Math.floor(simulation.now / idleTickNs) + 1) * idleTickNs;
    this.#idleTick = simulation.at(
      atNs,
      () => {
        this.#idleTick = undefined;
        this.#fill();
      },
      instant.tick,
    );
  }

  /** Asks the scheduler whether a vCPU that has just woken, and still waits, takes a CPU from another. */
  #mayPreempt(woken: Vcpu): void {
    const { preempt } = this.#scheduler;
    if (preempt === undefined || woken.state !== 'waiting') return;
    const { now } = this.simulation;
    const running = this.#cpus.flatMap((cpu) => {
      if (cpu.incoming !== undefined) return [{ cpu: cpu.id, vcpu: cpu.incoming.id, ranMs: 0 }];
      if (cpu.running === undefined || cpu.sliceEndNs <= now) return [];
      return [{ cpu: cpu.id, vcpu: cpu.running.id, ranMs: (now - cpu.dispatchedNs) / 1e6 }];
    });
    if (running.length === 0) return;
    const choice = preempt({ nowMs: now / 1e6, vcpu: woken.id, running });
    if (choice === undefined) return;
    const afterNs = Math.round(choice.afterMs * 1e6);
    const event = this.#record('preempt', choice.cpu, woken.id, afterNs);
    this.#latestDecision = event;
    const cpu = this.#cpus[choice.cpu];
    if (cpu?.incoming !== undefined) {
      // A switch is not interrupted: the one that it goes to loses the CPU after it.
      cpu.preemptAfterNs = Math.min(afterNs, cpu.preemptAfterNs ?? Infinity);
      return;
    }
    if (cpu?.running === undefined) this.#refuse(nothingToPreempt(event, choice.cpu, running));
    if (afterNs === 0) {
      this.#stop(cpu, 'preempted');
      return;
    }
    if (now + afterNs >= cpu.sliceEndNs) return;
    this.simulation.cancel(cpu.sliceEnd!);
    cpu.sliceEndNs = now + afterNs;
    cpu.sliceEnd = this.simulation.at(cpu.sliceEndNs, this.#onPreempted, instant.sliceEnd, cpu.id);
    if (cpu.workDone !== undefined && cpu.workFromNs + cpu.running.work[0]!.remainingNs > cpu.sliceEndNs) {
      this.simulation.cancel(cpu.workDone);
      cpu.workDone = undefined;
    }
  }

  #switchTo(cpu: Cpu, vcpu: Vcpu, runForNs: Nanoseconds): void {
    const { now } = this.simulation;
    const same = cpu.lastVcpu === vcpu;
    const costNs = same ? 0 : this.#options.switchCostNs;
    const coldNs = same ? 0 : this.#options.coldStartNs;
    cpu.incoming = vcpu;
    vcpu.state = 'running';
    cpu.sliceEndNs = now + runForNs + (this.#options.switchCharge === 'added' ? costNs : 0);
    if (costNs === 0) {
      this.#dispatch(cpu, vcpu, coldNs);
      return;
    }
    this.#record('switch', cpu.id, vcpu.id, costNs);
    this.simulation.schedule(costNs, () => this.#dispatch(cpu, vcpu, coldNs), instant.workDone);
  }

  #dispatch(cpu: Cpu, vcpu: Vcpu, coldNs: Nanoseconds): void {
    const { now } = this.simulation;
    const { preemptAfterNs = Infinity } = cpu;
    const isPreempted = now + preemptAfterNs < cpu.sliceEndNs;
    if (isPreempted) cpu.sliceEndNs = now + preemptAfterNs;
    cpu.incoming = undefined;
    cpu.preemptAfterNs = undefined;
    cpu.running = vcpu;
    cpu.lastVcpu = vcpu;
    cpu.dispatchedNs = now;
    cpu.productiveFromNs = now + coldNs;
    vcpu.cpu = cpu;
    this.#record('dispatch', cpu.id, vcpu.id, coldNs);
    cpu.sliceEnd = this.simulation.at(
      Math.max(now, cpu.sliceEndNs),
      isPreempted ? this.#onPreempted : this.#onSliceEnd,
      instant.sliceEnd,
      cpu.id,
    );
    if (vcpu.work.length > 0) this.#startWork(cpu);
  }

  /** Begins or resumes the first work of the running vCPU. */
  #startWork(cpu: Cpu): void {
    const work = cpu.running!.work[0]!;
    if (!work.started) {
      work.started = true;
      work.onStart?.();
    }
    cpu.workFromNs = Math.max(this.simulation.now, cpu.productiveFromNs);
    const doneNs = cpu.workFromNs + work.remainingNs;
    if (doneNs <= cpu.sliceEndNs) {
      cpu.workDone = this.simulation.at(doneNs, this.#onWorkDone, instant.workDone, cpu.id);
    }
  }

  #finishWork(cpu: Cpu): void {
    const vcpu = cpu.running!;
    cpu.workDone = undefined;
    const done = vcpu.work.shift()!;
    if (vcpu.work.length > 0) this.#startWork(cpu);
    done.onDone?.();
    if (vcpu.work.length === 0 && !vcpu.busy) this.#stop(cpu, 'blocked');
  }

  #stop(cpu: Cpu, reason: (typeof descheduleReasons)[number]): void {
    const { now } = this.simulation;
    const vcpu = cpu.running!;
    if (cpu.sliceEnd !== undefined) this.simulation.cancel(cpu.sliceEnd);
    if (cpu.workDone !== undefined) this.simulation.cancel(cpu.workDone);
    cpu.sliceEnd = undefined;
    cpu.workDone = undefined;
    const [work] = vcpu.work;
    if (work !== undefined) work.remainingNs -= Math.max(0, now - cpu.workFromNs);
    const ranNs = now - cpu.dispatchedNs;
    vcpu.usedNs += ranNs;
    cpu.running = undefined;
    vcpu.cpu = undefined;
    this.#record('deschedule', cpu.id, vcpu.id, ranNs, descheduleReasons.indexOf(reason));
    if (reason === 'blocked') {
      vcpu.state = 'blocked';
      this.#scheduler.block?.({ nowMs: now / 1e6, vcpu: vcpu.id, usedMs: vcpu.usedNs / 1e6 });
    } else this.#enqueue(vcpu, reason);
    this.#fill();
  }

  #record(kind: keyof SchedulingEvents, a = 0, b = 0, c = 0, d = 0): number {
    const { simulation } = this;
    const row = this.#trace.append(this.#trace.codes[kind], simulation.now, simulation.cause, a, b, c, d);
    simulation.cause = row;
    return row;
  }

  /** Runs `follow`, whose events follow from the present one, as do those that come after it. */
  #branch(follow: () => void): void {
    const { cause } = this.simulation;
    follow();
    this.simulation.cause = cause;
  }

  /** Appends an event of a request, caused by the event that is running. */
  recordRequest(kind: 'arrive' | 'handle' | 'forward' | 'respond', vcpu: number, value = 0): void {
    if (kind === 'arrive') this.simulation.cause = noCause;
    this.#record(kind, vcpu, value);
  }
}
