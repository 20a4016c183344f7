import { count, quantity } from '../kernel/parameters.ts';
import type { RandomStreams } from '../kernel/random.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { fromMs, toMs } from '../kernel/time.ts';
import type { Trace } from '../kernel/trace.ts';
import { Host, instant } from './host.ts';
import { cpuTime } from './switchLoss.ts';
import { chosenScheduler, schedulerParameter } from './schedulers.ts';
import { rankShare } from './wakeLatency.ts';
import { hostStateAt } from './hostState.ts';
import { enqueueReasons, schedulerPolicies } from './schedulerPolicy.ts';
import { schedulingChecks } from './schedulingChecks.ts';
import { schedulingEvents, type SchedulingEvents } from './schedulingEvents.ts';
import { schedulingParameters } from './schedulingParameters.ts';
import { scheduleTimeline } from './scheduleTimeline.ts';

/** A host with CPU-bound and I/O-bound VMs, under any scheduler. */
export const host = defineScenario({
  id: 'scheduling.host',
  title: 'A host of CPU-bound and I/O-bound VMs',
  doc:
    'VMs share the CPUs of a host. The first ones are I/O-bound: they sleep, wake, compute for a moment and sleep again. ' +
    'The others always have work.',
  params: {
    vms: count({
      label: 'VMs',
      doc: 'Virtual machines on the host.',
      min: 1,
      max: 64,
      default: 4,
      say: (vms) => (vms === 1 ? '1 VM' : `${vms} VMs`),
    }),
    ioVms: count({
      label: 'I/O-bound VMs',
      doc: 'How many of them are I/O-bound; they have the lowest numbers. More than there are VMs means all.',
      min: 0,
      max: 64,
      default: (earlier) => Math.min(1, earlier['vms'] as number),
      say: (vms) => (vms === 0 ? 'none I/O-bound' : `${vms} of them I/O-bound`),
    }),
    cpus: count({
      label: 'CPUs',
      doc: 'Physical CPUs.',
      min: 1,
      max: 16,
      default: 1,
      say: (cpus) => (cpus === 1 ? '1 CPU' : `${cpus} CPUs`),
    }),
    sliceMs: schedulingParameters.sliceMs,
    switchCostUs: schedulingParameters.switchCostUs,
    switchCharge: schedulingParameters.switchCharge,
    coldStartUs: schedulingParameters.coldStartUs,
    sleepMs: quantity('ms', {
      label: 'Sleep',
      doc: 'An I/O-bound VM sleeps for a whole number of milliseconds, drawn evenly from 1 to this.',
      min: 1,
      max: 10_000,
      step: 1,
      default: 40,
      say: (ms) => `sleeps of up to ${ms} ms`,
    }),
    burstMs: quantity('ms', {
      label: 'Burst',
      doc: 'An I/O-bound VM computes for a whole number of milliseconds, drawn evenly from 1 to this, each time it wakes.',
      min: 1,
      max: 1000,
      step: 1,
      default: 2,
      say: (ms) => `bursts of up to ${ms} ms`,
    }),
    durationMs: quantity('ms', {
      label: 'Duration',
      doc: 'Simulated time.',
      min: 1,
      max: 600_000,
      step: 1,
      default: 1000,
      say: (ms) => `over ${ms} ms`,
    }),
    scheduler: schedulerParameter,
  },
  metrics: {
    worstWaitMs: {
      label: 'Longest wait',
      doc: 'Longest time that a ready vCPU waited for a CPU. Who still waits at the end has waited until the end.',
      better: 'lower',
    },
    meanWakeWaitMs: {
      label: 'Mean wait after waking',
      doc: 'Mean time from waking to running, over the wake-ups of I/O-bound VMs. 0 when none woke.',
      better: 'lower',
    },
    p99WakeWaitMs: {
      label: '99th percentile after waking',
      doc: 'Of 100 wake-ups of I/O-bound VMs, 99 ran within this. 0 when none woke.',
      better: 'lower',
    },
    busyPercent: {
      label: 'CPU busy',
      doc: 'Share of CPU time in which a vCPU ran, cold starts included.',
      better: 'higher',
    },
    switchOverheadPercent: {
      label: 'Lost to switching',
      doc: 'Share of CPU time spent in switches and cold starts.',
      better: 'lower',
    },
  },
  events: schedulingEvents,
  policies: schedulerPolicies,
  builtIn: { scheduler: chosenScheduler },
  checks: schedulingChecks,
  views: {
    timeline: {
      doc: 'Which vCPU runs and which wait.',
      model: (run) => scheduleTimeline(run.trace, { vcpus: run.params.vms, withDom0: false }),
    },
    state: {
      doc: 'The CPUs, the run queue and who sleeps, after any event.',
      model: (run, event) =>
        hostStateAt(run.trace, event, {
          cpus: run.params.cpus,
          vcpus: Array.from({ length: run.params.vms }, (_, index) => index + 1),
        }),
    },
  },
  oracle:
    'A second simulation, which walks through time in equal steps and knows no events: it must give the same schedule and metrics (test/conformance/hostBySteps.test.ts).',
  stepBudget: 1_000_000,
  shufflesTies: true,
  run({ params, trace, random, stepBudget, ties, start, refuse }) {
    const running = new Host(
      {
        cpus: params.cpus,
        sliceNs: fromMs(params.sliceMs),
        switchCostNs: Math.round(params.switchCostUs * 1e3),
        switchCharge: params.switchCharge,
        coldStartNs: Math.round(params.coldStartUs * 1e3),
        stepBudget,
        ties,
      },
      start({ scheduler: {} }).scheduler,
      trace,
      refuse,
    );
    const ioVms = Math.min(params.ioVms, params.vms);
    for (let vm = 1; vm <= params.vms; vm++) running.addVcpu(vm, vm > ioVms);
    running.start();
    for (let vm = 1; vm <= ioVms; vm++) sleepAndCompute(running, vm, params.sleepMs, params.burstMs, random);
    running.simulation.run({ untilNs: fromMs(params.durationMs) });
    running.end();
    return summary(trace, fromMs(params.durationMs), params.cpus);
  },
});

/** The life of an I/O-bound VM: sleep, wake, compute, again. */
function sleepAndCompute(
  running: Host,
  vm: number,
  sleepMs: number,
  burstMs: number,
  random: RandomStreams,
): void {
  const sleeps = random.stream(`vm${vm} sleep`);
  const bursts = random.stream(`vm${vm} burst`);
  const sleep = (): void => {
    running.simulation.schedule(
      fromMs(sleeps.integer(1, Math.floor(sleepMs))),
      () => {
        running.recordRequest('arrive', vm);
        running.submit(vm, { remainingNs: fromMs(bursts.integer(1, Math.floor(burstMs))), onDone: sleep });
      },
      instant.wake,
    );
  };
  running.simulation.at(0, sleep);
}

function summary(trace: Trace<SchedulingEvents>, endNs: number, cpus: number) {
  const { busyNs, lostNs } = cpuTime(trace, endNs);
  const { worstNs, wakeWaitsNs } = waitTimes(trace, endNs);
  return {
    worstWaitMs: toMs(worstNs),
    meanWakeWaitMs:
      wakeWaitsNs.length === 0
        ? 0
        : toMs(wakeWaitsNs.reduce((sum, waitNs) => sum + waitNs, 0) / wakeWaitsNs.length),
    p99WakeWaitMs: toMs(
      rankShare(
        wakeWaitsNs.toSorted((a, b) => a - b),
        0.99,
      ) ?? 0,
    ),
    busyPercent: (100 * busyNs) / (endNs * cpus),
    switchOverheadPercent: (100 * lostNs) / (endNs * cpus),
  };
}

/** The longest wait of all, and every wait after waking, in the order in which they end. Runs are long: no object per wait. */
function waitTimes(trace: Trace<SchedulingEvents>, endNs: number) {
  const { codes, length } = trace;
  const woken = enqueueReasons.indexOf('woken');
  let worstNs = 0;
  const wakeWaitsNs: number[] = [];
  /** By vCPU: since when it waits (-1: it does not), and why. */
  const sinceNs: number[] = [];
  const reasons: number[] = [];
  const end = (vcpu: number, atNs: number): void => {
    const waitNs = atNs - sinceNs[vcpu]!;
    sinceNs[vcpu] = -1;
    worstNs = Math.max(worstNs, waitNs);
    if (reasons[vcpu] === woken) wakeWaitsNs.push(waitNs);
  };
  for (let row = 0; row < length; row++) {
    const code = trace.code(row);
    if (code === codes.enqueue) {
      const vcpu = trace.field(row, 0);
      sinceNs[vcpu] = trace.timeNs(row);
      reasons[vcpu] = trace.field(row, 1);
    } else if (code === codes.dispatch) end(trace.field(row, 1), trace.timeNs(row));
  }
  sinceNs.forEach((since, vcpu) => {
    if (since >= 0) end(vcpu, endNs);
  });
  return { worstNs, wakeWaitsNs };
}
