import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { AnySubmission, PolicyImplementation } from '../../src/engine/kernel/policy.ts';
import { randomStreams } from '../../src/engine/kernel/random.ts';
import { submissionOf } from '../../src/engine/kernel/scenario.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import { roundRobinScheduler } from '../../src/engine/scheduling/roundRobinScheduler.ts';
import { schedulerPolicies, type SchedulerPolicy } from '../../src/engine/scheduling/schedulerPolicy.ts';

/*
 * A second simulation of scheduling.host under round robin. It knows no events: it walks through time in steps of 0.1 ms
 * and counts down what is left of every switch, slice, cold start, burst and sleep.
 *
 * What happens in one step:
 * 1. switches and bursts that are over; a burst that ends together with its slice is over, and its VM sleeps;
 * 2. slices that are over: the VM goes to the tail;
 * 3. VMs that wake: they go to the tail, behind those whose slice ended in the same step.
 * Among things of one kind, the one that was set going first comes first. A free CPU takes the head of the queue at once;
 * of several, the one with the lowest number.
 */

const stepsPerMs = 10;

interface HostParameters {
  readonly vms: number;
  readonly ioVms: number;
  readonly cpus: number;
  readonly sliceMs: number;
  readonly switchCostUs: number;
  readonly switchCharge: 'added' | 'slice';
  readonly coldStartUs: number;
  readonly sleepMs: number;
  readonly burstMs: number;
  readonly durationMs: number;
}

/** `0.3 VM 2 on CPU 0` at a dispatch, `30.3 VM 2 off CPU 0` when it stops. */
type Schedule = string[];

interface Result {
  readonly schedule: Schedule;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Rules that a faulty simulation breaks. */
interface Faults {
  readonly wakesBeforeSliceEnds?: boolean;
  readonly wokenGoFirst?: boolean;
  readonly coldAgainOnTheSameCpu?: boolean;
}

function runBySteps(params: HostParameters, seed: number, faults: Faults = {}): Result {
  const random = randomStreams(seed);
  const steps = (microseconds: number): number => Math.round((microseconds * stepsPerMs) / 1000);
  const slice = Math.round(params.sliceMs * stepsPerMs);
  const cost = steps(params.switchCostUs);
  const cold = steps(params.coldStartUs);
  const schedule: Schedule = [];
  const queue: number[] = [];
  let settings = 0;
  let step = 0;
  let busySteps = 0;
  let lostSteps = 0;
  const waits: { steps: number; woken: boolean }[] = [];

  const vms = Array.from({ length: params.vms }, (_, index) => ({
    io: index < params.ioVms,
    sleepLeft: -1,
    burstLeft: 0,
    wakeSet: 0,
    /** Steps of the present wait, counted from joining the queue until it runs; -1 while it does not wait. */
    waited: -1,
    woken: false,
  }));
  const cpus = Array.from({ length: params.cpus }, () => ({
    vm: -1,
    switchingTo: -1,
    last: -1,
    switchLeft: 0,
    sliceLeft: 0,
    coldLeft: 0,
    switchSet: 0,
    sliceSet: 0,
    burstSet: 0,
  }));
  const say = (vm: number, onOff: 'on' | 'off', cpu: number): void => {
    schedule.push(`${step / stepsPerMs} VM ${vm + 1} ${onOff} CPU ${cpu}`);
  };

  const fallAsleep = (vm: number): void => {
    vms[vm]!.sleepLeft =
      random.stream(`vm${vm + 1} sleep`).integer(1, Math.floor(params.sleepMs)) * stepsPerMs;
    vms[vm]!.wakeSet = ++settings;
  };
  const join = (vm: number, woken: boolean, first = false): void => {
    vms[vm]!.waited = 0;
    vms[vm]!.woken = woken;
    if (first) queue.unshift(vm);
    else queue.push(vm);
  };
  const endWait = (vm: number): void => {
    waits.push({ steps: vms[vm]!.waited, woken: vms[vm]!.woken });
    vms[vm]!.waited = -1;
  };
  const run = (number: number, vm: number): void => {
    endWait(vm);
    const cpu = cpus[number]!;
    const warm = cpu.last === vm && faults.coldAgainOnTheSameCpu !== true;
    cpu.switchingTo = -1;
    cpu.coldLeft = warm ? 0 : cold;
    cpu.vm = vm;
    cpu.last = vm;
    cpu.sliceSet = ++settings;
    cpu.burstSet = ++settings;
    say(vm, 'on', number);
  };
  const takeFromQueue = (): void => {
    cpus.forEach((cpu, number) => {
      if (cpu.vm !== -1 || cpu.switchingTo !== -1) return;
      const vm = queue.shift();
      if (vm === undefined) return;
      const switches = cpu.last !== vm && cost > 0;
      cpu.sliceLeft = slice + (switches && params.switchCharge === 'added' ? cost : 0);
      if (switches) {
        cpu.switchingTo = vm;
        cpu.switchLeft = cost;
        cpu.switchSet = ++settings;
      } else run(number, vm);
    });
  };
  const stop = (number: number): number => {
    const { vm } = cpus[number]!;
    say(vm, 'off', number);
    cpus[number]!.vm = -1;
    return vm;
  };

  /** Handles what is due, the one that was set going first, until nothing of this kind is due. */
  const handle = (due: () => { set: number; act: () => void }[]): void => {
    for (let list = due(); list.length > 0; list = due()) {
      list.sort((a, b) => a.set - b.set);
      list[0]!.act();
    }
  };
  const switchesAndBursts = () =>
    cpus.flatMap((cpu, number) => {
      if (cpu.switchingTo !== -1 && cpu.switchLeft === 0) {
        return [{ set: cpu.switchSet, act: () => run(number, cpu.switchingTo) }];
      }
      if (cpu.vm !== -1 && vms[cpu.vm]!.io && vms[cpu.vm]!.burstLeft === 0) {
        const act = (): void => {
          fallAsleep(stop(number));
          takeFromQueue();
        };
        return [{ set: cpu.burstSet, act }];
      }
      return [];
    });
  const slices = () =>
    cpus.flatMap((cpu, number) => {
      if (cpu.vm === -1 || cpu.sliceLeft > 0) return [];
      const act = (): void => {
        join(stop(number), false);
        takeFromQueue();
      };
      return [{ set: cpu.sliceSet, act }];
    });
  const wakes = () =>
    vms.flatMap((each, vm) => {
      if (each.sleepLeft !== 0) return [];
      const act = (): void => {
        each.sleepLeft = -1;
        each.burstLeft =
          random.stream(`vm${vm + 1} burst`).integer(1, Math.floor(params.burstMs)) * stepsPerMs;
        join(vm, true, faults.wokenGoFirst);
        takeFromQueue();
      };
      return [{ set: each.wakeSet, act }];
    });

  vms.forEach((each, vm) => {
    if (!each.io) join(vm, false);
  });
  takeFromQueue();
  vms.forEach((each, vm) => {
    if (each.io) fallAsleep(vm);
  });
  for (; ; step++) {
    handle(switchesAndBursts);
    if (faults.wakesBeforeSliceEnds === true) handle(wakes);
    handle(slices);
    handle(wakes);
    if (step === params.durationMs * stepsPerMs) break;
    for (const cpu of cpus) {
      if (cpu.vm !== -1) busySteps++;
      if (cpu.switchingTo !== -1 || (cpu.vm !== -1 && cpu.coldLeft > 0)) lostSteps++;
      if (cpu.switchingTo !== -1) cpu.switchLeft--;
      if (cpu.switchingTo !== -1 || cpu.vm !== -1) cpu.sliceLeft--;
      if (cpu.vm === -1) continue;
      if (cpu.coldLeft > 0) cpu.coldLeft--;
      else vms[cpu.vm]!.burstLeft--;
    }
    for (const vm of vms) {
      if (vm.sleepLeft > 0) vm.sleepLeft--;
      if (vm.waited >= 0) vm.waited++;
    }
  }
  vms.forEach((each, vm) => {
    if (each.waited >= 0) endWait(vm);
  });
  const wokenWaits = waits.filter(({ woken }) => woken);
  const cpuSteps = params.cpus * params.durationMs * stepsPerMs;
  return {
    schedule,
    metrics: {
      worstWaitMs: Math.max(0, ...waits.map((wait) => wait.steps)) / stepsPerMs,
      meanWakeWaitMs:
        wokenWaits.reduce((sum, wait) => sum + wait.steps, 0) / stepsPerMs / Math.max(1, wokenWaits.length),
      busyPercent: (100 * busySteps) / cpuSteps,
      switchOverheadPercent: (100 * lostSteps) / cpuSteps,
    },
  };
}

function engineRun(
  params: HostParameters,
  seed: number,
  scheduler: () => PolicyImplementation<typeof SchedulerPolicy> = roundRobinScheduler,
): Result {
  const submission = submissionOf(schedulerPolicies, { scheduler }) as unknown as AnySubmission;
  const outcome = scenarios['scheduling.host']!.execute({ params: { ...params }, seed, submission });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  const { trace, end } = outcome.run;
  assert.deepEqual(end, { kind: 'finished' });
  const schedule: Schedule = [];
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    if (kind !== 'dispatch' && kind !== 'deschedule') continue;
    const { cpu, vcpu } = trace.fieldsOf(row);
    schedule.push(`${trace.timeNs(row) / 1e6} VM ${vcpu} ${kind === 'dispatch' ? 'on' : 'off'} CPU ${cpu}`);
  }
  // The percentile of waits is a quantity of its own: the steps have no say in how ranks are taken.
  const { p99WakeWaitMs: _, ...metrics } = outcome.run.metrics;
  return { schedule, metrics };
}

/** Metrics are sums of doubles, which the two simulations add in different orders. */
function assertSame(engine: Result, bySteps: Result): void {
  assert.deepEqual(engine.schedule, bySteps.schedule);
  const rounded = ({ metrics }: Result) =>
    Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, value.toFixed(9)]));
  assert.deepEqual(rounded(engine), rounded(bySteps));
}

const anyHost = fc
  .record({
    vms: fc.integer({ min: 1, max: 7 }),
    ioVms: fc.integer({ min: 0, max: 7 }),
    cpus: fc.integer({ min: 1, max: 4 }),
    sliceMs: fc.integer({ min: 1, max: 60 }).map((steps) => steps / stepsPerMs),
    switchCostUs: fc.integer({ min: 0, max: 8 }).map((steps) => steps * 100),
    switchCharge: fc.constantFrom('added' as const, 'slice' as const),
    coldStartUs: fc.integer({ min: 0, max: 8 }).map((steps) => steps * 100),
    sleepMs: fc.integer({ min: 1, max: 12 }),
    burstMs: fc.integer({ min: 1, max: 8 }),
    durationMs: fc.integer({ min: 1, max: 120 }),
  })
  .map((params): HostParameters => ({ ...params, ioVms: Math.min(params.ioVms, params.vms) }));

describe('scheduling.host gives the schedule and metrics of a simulation by steps', () => {
  it('for any host under round robin', () => {
    fc.assert(
      fc.property(anyHost, fc.integer(), (params, seed) => {
        assertSame(engineRun(params, seed), runBySteps(params, seed));
      }),
      { numRuns: 1500 },
    );
  });

  const faults: Record<string, Faults> = {
    'VMs wake before the slices of that instant end': { wakesBeforeSliceEnds: true },
    'a woken VM goes first': { wokenGoFirst: true },
    'caches are cold although nobody else ran': { coldAgainOnTheSameCpu: true },
  };
  for (const [fault, broken] of Object.entries(faults)) {
    it(`and differs from one in which ${fault}`, () => {
      assert.throws(() =>
        fc.assert(
          fc.property(anyHost, fc.integer(), (params, seed) => {
            assertSame(engineRun(params, seed), runBySteps(params, seed, broken));
          }),
          { numRuns: 1500 },
        ),
      );
    });
  }

  it('and rejects an engine whose scheduler takes the vCPU that came last', () => {
    const params: HostParameters = {
      vms: 3,
      ioVms: 1,
      cpus: 1,
      sliceMs: 3,
      switchCostUs: 0,
      switchCharge: 'added',
      coldStartUs: 0,
      sleepMs: 5,
      burstMs: 2,
      durationMs: 50,
    };
    const newestFirst = (): PolicyImplementation<typeof SchedulerPolicy> => {
      const stack: number[] = [];
      return {
        enqueue: ({ vcpu }) => void stack.push(vcpu),
        pickNext: ({ sliceMs }) => ({ vcpu: stack.pop()!, runForMs: sliceMs }),
      };
    };
    assertSame(engineRun(params, 1), runBySteps(params, 1));
    assert.throws(() => assertSame(engineRun(params, 1, newestFirst), runBySteps(params, 1)));
  });
});
