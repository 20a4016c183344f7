import type { RunningPolicy } from '../kernel/policy.ts';
import type { Witness } from '../kernel/scenario.ts';
import { Simulation } from '../kernel/simulation.ts';
import type { EventHandle } from '../kernel/eventQueue.ts';
import type { Nanoseconds } from '../kernel/time.ts';
import { noCause, type Trace } from '../kernel/trace.ts';
import { enqueueReasons, type EnqueueReason, type SchedulerPolicy } from './schedulerPolicy.ts';
import { vcpuName, type SchedulingEvents } from './schedulingEvents.ts';

/** The order of what happens at one instant. A request that arrives as a slice ends has missed that slice. */
export const instant = { workDone: 0, sliceEnd: 1, wake: 2, arrival: 3 } as const;

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
  sinceNs: Nanoseconds;
  usedNs: Nanoseconds;
  cpu: Cpu | undefined;
}

interface Cpu {
  readonly id: number;
  running: Vcpu | undefined;
  /** Whose caches are warm here. */
  lastVcpu: Vcpu | undefined;
  /** Between a choice and the end of its switch. */
  switching: boolean;
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
      switching: false,
      dispatchedNs: 0,
      productiveFromNs: 0,
      sliceEndNs: 0,
      sliceEnd: undefined,
      workDone: undefined,
      workFromNs: 0,
    }));
  }

  /** Adds a vCPU before the host starts. A busy one is ready from the start, in the order of adding. */
  addVcpu(id: number, busy: boolean): void {
    this.#vcpus.set(id, {
      id,
      busy,
      work: [],
      state: 'blocked',
      sinceNs: 0,
      usedNs: 0,
      cpu: undefined,
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
    const { now } = this.simulation;
    vcpu.state = 'waiting';
    vcpu.sinceNs = now;
    this.#scheduler.enqueue?.({ nowMs: now / 1e6, vcpu: vcpu.id, reason });
    this.#record('enqueue', vcpu.id, enqueueReasons.indexOf(reason));
  }

  /** Asks the scheduler for every free CPU, while vCPUs wait. */
  #fill(): void {
    for (const cpu of this.#cpus) {
      if (cpu.running !== undefined || cpu.switching) continue;
      const waiting = [...this.#vcpus.values()].filter((vcpu) => vcpu.state === 'waiting');
      if (waiting.length === 0) return;
      const byNumber = waiting.toSorted((a, b) => a.id - b.id);
      this.#branch(() => this.#pick(cpu, byNumber));
    }
  }

  #pick(cpu: Cpu, waiting: readonly Vcpu[]): void {
    const { now } = this.simulation;
    const choice = this.#scheduler.pickNext({
      nowMs: now / 1e6,
      cpu: cpu.id,
      sliceMs: this.#options.sliceNs / 1e6,
      waiting: waiting.map((vcpu) => ({
        vcpu: vcpu.id,
        sinceMs: vcpu.sinceNs / 1e6,
        usedMs: vcpu.usedNs / 1e6,
      })),
    });
    if (choice === undefined) {
      this.#latestDecision = this.#record('leaveIdle', cpu.id, waiting.length);
      return;
    }
    const runForNs = Math.max(1, Math.round(choice.runForMs * 1e6));
    const event = this.#record('pick', cpu.id, choice.vcpu, runForNs);
    this.#latestDecision = event;
    const vcpu = this.#vcpus.get(choice.vcpu);
    if (vcpu?.state !== 'waiting') this.#refuse(notWaiting(event, choice.vcpu, vcpu, waiting));
    this.#switchTo(cpu, vcpu, runForNs);
  }

  #switchTo(cpu: Cpu, vcpu: Vcpu, runForNs: Nanoseconds): void {
    const { now } = this.simulation;
    const same = cpu.lastVcpu === vcpu;
    const costNs = same ? 0 : this.#options.switchCostNs;
    const coldNs = same ? 0 : this.#options.coldStartNs;
    cpu.switching = true;
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
    cpu.switching = false;
    cpu.running = vcpu;
    cpu.lastVcpu = vcpu;
    cpu.dispatchedNs = now;
    cpu.productiveFromNs = now + coldNs;
    vcpu.cpu = cpu;
    this.#record('dispatch', cpu.id, vcpu.id, coldNs);
    cpu.sliceEnd = this.simulation.at(
      Math.max(now, cpu.sliceEndNs),
      () => this.#stop(cpu, 'slice-ended'),
      instant.sliceEnd,
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
      cpu.workDone = this.simulation.at(doneNs, () => this.#finishWork(cpu), instant.workDone);
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

  #stop(cpu: Cpu, reason: 'slice-ended' | 'blocked'): void {
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
    this.#record('deschedule', cpu.id, vcpu.id, ranNs, reason === 'blocked' ? 1 : 0);
    if (reason === 'blocked') vcpu.state = 'blocked';
    else this.#enqueue(vcpu, 'slice-ended');
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

function notWaiting(
  event: number,
  chosen: number,
  vcpu: Vcpu | undefined,
  waiting: readonly Vcpu[],
): Witness {
  const names = waiting.map((each) => vcpuName(each.id)).join(', ');
  const state = vcpu === undefined ? 'does not exist' : `is ${vcpu.state}`;
  return {
    event,
    expected: `one of the vCPUs that wait: ${names}`,
    actual: `${vcpuName(chosen)}, which ${state}`,
    because:
      vcpu?.state === 'running'
        ? 'A vCPU can be on one CPU at a time, and this one is running already.'
        : vcpu === undefined
          ? 'The host has no such vCPU.'
          : 'A blocked vCPU has nothing to run: it waits for an event, not for a CPU.',
  };
}
