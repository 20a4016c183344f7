import { count, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { fromMs, toMs } from '../kernel/time.ts';
import type { Trace } from '../kernel/trace.ts';
import { sayMs } from '../kernel/view.ts';
import { leastShare, mostUsedNs } from './cpuShare.ts';
import { Host, instant } from './host.ts';
import { hostStateAt } from './hostState.ts';
import { scheduleTimeline } from './scheduleTimeline.ts';
import { chosenScheduler, schedulerParameter } from './schedulers.ts';
import { schedulerPolicies } from './schedulerPolicy.ts';
import { schedulingChecks } from './schedulingChecks.ts';
import { vcpuName, schedulingEvents, type SchedulingEvents } from './schedulingEvents.ts';
import { schedulingParameters } from './schedulingParameters.ts';
import { rankShare, wakeWaits } from './wakeLatency.ts';
import { switchLossPercent } from './switchLoss.ts';

/** I/O-bound VMs that deserve a boost, VMs that would like one, and those that pay for it. */
export const boost = defineScenario({
  id: 'scheduling.boost',
  title: 'Boost, and who pays for it',
  doc:
    'On one CPU, VM 1 and the next ones answer requests: they sleep, wake, compute for 1 ms. Then come VMs that sleep for 1 ms ' +
    'just before a slice of theirs ends, then VMs that sleep for half of the run and have work from there on. The rest always has work. All have the same weight.',
  params: {
    vms: count({
      label: 'VMs',
      doc: 'Virtual machines on the CPU.',
      min: 2,
      max: 32,
      default: 4,
      say: (vms) => `${vms} VMs`,
    }),
    ioVms: count({
      label: 'I/O-bound VMs',
      doc: 'VMs that answer requests of 1 ms.',
      min: 0,
      max: 8,
      default: 1,
      say: (vms) => `${vms} I/O-bound`,
    }),
    nappingVms: count({
      label: 'Napping VMs',
      doc: 'VMs that compute for a slice less 1 ms, sleep 1 ms, and so on.',
      min: 0,
      max: 8,
      default: 0,
      say: (vms) => `${vms} napping`,
    }),
    lateVms: count({
      label: 'Late VMs',
      doc: 'VMs that sleep for half of the run, and always have work from there on.',
      min: 0,
      max: 8,
      default: 0,
      say: (vms) => `${vms} late`,
    }),
    sliceMs: { ...schedulingParameters.sliceMs, min: 2 },
    switchCostUs: { ...schedulingParameters.switchCostUs, default: 20 },
    sleepMs: quantity('ms', {
      label: 'Sleep',
      doc: 'An I/O-bound VM sleeps for a whole number of milliseconds, drawn evenly from a third of this to this.',
      min: 3,
      max: 1000,
      step: 1,
      default: 30,
      say: (ms) => `sleeps of up to ${ms} ms`,
    }),
    windowRounds: quantity('none', {
      label: 'Window',
      doc: 'Shares of CPU time are taken over every window of at least so many rounds; a round is a slice for each VM.',
      min: 1,
      max: 100,
      step: 1,
      default: 4,
      say: (rounds) => `windows of ${rounds} rounds`,
    }),
    durationMs: quantity('ms', {
      label: 'Duration',
      doc: 'Simulated time.',
      min: 10,
      max: 600_000,
      step: 10,
      default: 2000,
      say: (ms) => `over ${ms} ms`,
    }),
    scheduler: schedulerParameter,
  },
  metrics: {
    medianWakeMs: {
      label: 'Median wake-up latency',
      doc: 'Half of the wake-ups of I/O-bound VMs ran within this. 0 when none woke.',
      better: 'lower',
    },
    p99WakeMs: {
      label: '99th percentile',
      doc: 'Of 100 wake-ups of I/O-bound VMs 99 ran within this. 0 when none woke.',
      better: 'lower',
    },
    worstWakeMs: {
      label: 'Longest',
      doc: 'The longest that an I/O-bound VM waited after waking.',
      better: 'lower',
    },
    leastSharePercent: {
      label: 'Least share',
      doc: 'The least CPU time that a VM got over any window in which it always was ready, in percent of what its weight deserves. 100 when nobody was ready for so long.',
      better: 'higher',
    },
    largestSharePercent: {
      label: 'Largest share',
      doc: 'CPU time of the VM that had most of it, in percent of the whole run.',
      better: 'lower',
    },
    switchOverheadPercent: {
      label: 'Lost to switching',
      doc: 'Share of CPU time spent in switches.',
      better: 'lower',
    },
  },
  events: schedulingEvents,
  policies: schedulerPolicies,
  builtIn: { scheduler: chosenScheduler },
  checks: {
    ...schedulingChecks,
    wakeLatency: {
      title: 'Who wakes runs soon',
      doc: 'Of 100 wake-ups of I/O-bound VMs, 99 run within `withinMs`.',
      args: {
        withinMs: quantity('ms', {
          label: 'Within',
          doc: 'The 99th percentile that is allowed.',
          min: 0,
          max: 1e6,
          step: 1,
          default: 5,
        }),
      },
      violated: ({ trace, params }, { withinMs }: { readonly withinMs: number }) => {
        const waits = wakeWaits(trace, params.ioVms).toSorted((a, b) => a.waitNs - b.waitNs);
        const ranked = rankShare(waits, 0.99);
        if (ranked === undefined || ranked.waitNs <= fromMs(withinMs)) return undefined;
        return {
          event: ranked.event,
          expected: `${vcpuName(ranked.vcpu)} runs within ${withinMs} ms of waking, as 99 of 100 wake-ups must`,
          actual: `it waited ${sayMs(ranked.waitNs)}`,
          because: 'A request was waiting for it, and the CPU went to others that had no such hurry.',
        };
      },
    },
    fairShare: {
      title: 'Everybody gets what its weight deserves',
      doc: 'A VM that is ready all the time gets at least `leastPercent` of what its weight deserves, over every window of at least `windowRounds` rounds.',
      args: {
        leastPercent: quantity('percent', {
          label: 'At least',
          doc: 'Of what its weight deserves.',
          min: 0,
          max: 100,
          step: 1,
          default: 70,
        }),
      },
      violated: ({ trace, params }, { leastPercent }: { readonly leastPercent: number }) => {
        const least = leastShare(trace, windowNs(params));
        if (least === undefined || least.share * params.vms * 100 >= leastPercent) return undefined;
        const gotNs = Math.round(least.share * (least.toNs - least.fromNs));
        const deservedNs = Math.round((least.toNs - least.fromNs) / params.vms);
        return {
          event: decisionBefore(trace, least.toNs) ?? trace.length - 1,
          expected: `at least ${leastPercent} % of ${sayMs(deservedNs)} for ${vcpuName(least.vcpu)} from ${sayMs(least.fromNs)} to ${sayMs(least.toNs)}`,
          actual: gotNs === 0 ? 'nothing: it starved' : sayMs(gotNs),
          because: `It was ready all that time, and one of ${params.vms} VMs of the same weight.`,
        };
      },
    },
  },
  views: {
    timeline: {
      doc: 'Which vCPU runs and which wait.',
      model: (run) => scheduleTimeline(run.trace, { vcpus: run.params.vms, withDom0: false }),
    },
    state: {
      doc: 'The CPU, the run queue and who sleeps, after any event.',
      model: (run, event) =>
        hostStateAt(run.trace, event, {
          cpus: 1,
          vcpus: Array.from({ length: run.params.vms }, (_, index) => index + 1),
        }),
    },
  },
  oracle:
    'A second computation of shares, over every window that starts and ends at a whole millisecond, and what round robin, boosting everybody and the credit scheduler must do on paper (test/conformance/boost.test.ts).',
  stepBudget: 1_000_000,
  run({ params, trace, random, stepBudget, start, refuse }) {
    const running = new Host(
      {
        cpus: 1,
        sliceNs: fromMs(params.sliceMs),
        switchCostNs: Math.round(params.switchCostUs * 1e3),
        switchCharge: 'slice',
        coldStartNs: 0,
        stepBudget,
      },
      start({ scheduler: {} }).scheduler,
      trace,
      refuse,
    );
    const { simulation } = running;
    const endNs = fromMs(params.durationMs);
    const kinds = populations(params);
    for (let vm = 1; vm <= params.vms; vm++) running.addVcpu(vm, vm > kinds.late);
    running.start();
    const later = (delayNs: number, act: () => void): void => {
      simulation.schedule(delayNs, act, instant.wake);
    };
    for (let vm = 1; vm <= kinds.io; vm++) {
      const sleeps = random.stream(`vm${vm} sleep`);
      const most = Math.floor(params.sleepMs);
      const sleep = (): void =>
        later(fromMs(sleeps.integer(Math.ceil(most / 3), most)), () => {
          running.recordRequest('arrive', vm);
          running.submit(vm, { remainingNs: fromMs(1), onDone: sleep });
        });
      simulation.at(0, sleep);
    }
    for (let vm = kinds.io + 1; vm <= kinds.napping; vm++) {
      const nap = (): void =>
        later(fromMs(1), () => running.submit(vm, { remainingNs: fromMs(params.sliceMs - 1), onDone: nap }));
      simulation.at(0, nap);
    }
    for (let vm = kinds.napping + 1; vm <= kinds.late; vm++) {
      simulation.at(Math.floor(endNs / 2), () => running.submit(vm, { remainingNs: endNs }), instant.wake);
    }
    simulation.run({ untilNs: endNs });
    running.end();
    const waits = wakeWaits(trace, params.ioVms).toSorted((a, b) => a.waitNs - b.waitNs);
    const rank = (share: number): number => toMs(rankShare(waits, share)?.waitNs ?? 0);
    const least = leastShare(trace, windowNs(params));
    return {
      medianWakeMs: rank(0.5),
      p99WakeMs: rank(0.99),
      worstWakeMs: rank(1),
      leastSharePercent: least === undefined ? 100 : least.share * params.vms * 100,
      largestSharePercent: (100 * mostUsedNs(trace)) / endNs,
      switchOverheadPercent: switchLossPercent(trace, endNs, 1),
    };
  },
});

/** The highest number of each kind. Kinds that do not fit are left out. */
function populations(params: {
  readonly vms: number;
  readonly ioVms: number;
  readonly nappingVms: number;
  readonly lateVms: number;
}) {
  const io = Math.min(params.vms, params.ioVms);
  const napping = Math.min(params.vms, io + params.nappingVms);
  return { io, napping, late: Math.min(params.vms, napping + params.lateVms) };
}

function windowNs(params: { readonly windowRounds: number; readonly vms: number; readonly sliceMs: number }) {
  return fromMs(params.windowRounds * params.vms * params.sliceMs);
}

function decisionBefore(trace: Trace<SchedulingEvents>, atNs: number): number | undefined {
  let latest: number | undefined;
  for (let row = 0; row < trace.length && trace.timeNs(row) < atNs; row++)
    if (trace.decides(row)) latest = row;
  return latest;
}
