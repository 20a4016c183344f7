import { choice, count, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { fromMs, toMs } from '../kernel/time.ts';
import { hasDriverDomain, requestModels } from './requestPath.ts';
import { roundRobinScheduler } from './roundRobinScheduler.ts';
import { hostStateAt } from './hostState.ts';
import { schedulerPolicies } from './schedulerPolicy.ts';
import { schedulingChecks } from './schedulingChecks.ts';
import { schedulingEvents } from './schedulingEvents.ts';
import { schedulingParameters } from './schedulingParameters.ts';
import { scheduleTimeline } from './scheduleTimeline.ts';
import { requestBars } from './requestBars.ts';
import { sliceTradeOff } from './sliceTradeOff.ts';
import {
  horizonNs,
  lostPerSliceNs,
  nothingGetsDone,
  rotationNs,
  runRotation,
  switchOverheadPercent,
  worstArrival,
  type RotationOptions,
} from './worstArrival.ts';

const stepBudget = 1_000_000;

/** One request to VM 1 while the VMs of a host take turns: how long until VM 1 runs, and until the response leaves. */
export const roundRobin = defineScenario({
  id: 'scheduling.round-robin',
  title: 'Round robin and one I/O request',
  doc:
    'Virtual machines share one CPU in strict rotation, one slice each. A request arrives for VM 1. How long until VM 1 runs, ' +
    'and until the response leaves, at worst over all arrival instants and for the chosen one?',
  params: {
    vms: count({
      label: 'VMs',
      doc: 'Virtual machines on the CPU, the driver domain not counted. All but VM 1 always have work.',
      min: 1,
      max: 64,
      default: 4,
      say: (vms) => (vms === 1 ? '1 VM' : `${vms} VMs`),
    }),
    sliceMs: schedulingParameters.sliceMs,
    switchCostUs: schedulingParameters.switchCostUs,
    switchCharge: schedulingParameters.switchCharge,
    coldStartUs: schedulingParameters.coldStartUs,
    serviceMs: quantity('ms', {
      label: 'Service time',
      doc: 'CPU time that VM 1 needs before its response leaves. Default: one whole slice.',
      min: 0,
      max: 1000,
      step: 1,
      default: (earlier) => earlier['sliceMs'] as number,
      say: (ms) => `${ms} ms of service`,
    }),
    model: choice({
      label: 'Model',
      doc: 'Who is ready when the request arrives, and whether it goes through a driver domain.',
      values: requestModels,
      default: 'busy',
    }),
    arrivalPhase: quantity('percent', {
      label: 'Arrival phase',
      doc: 'When the request arrives: how far after the worst instant, as a share of one rotation. 0 is the worst instant.',
      min: 0,
      max: 100,
      step: 1,
      default: 0,
      say: (percent) => (percent === 0 ? 'the worst arrival' : `arrival ${percent} % of a rotation later`),
    }),
  },
  metrics: {
    worstWaitMs: {
      label: 'Worst wait',
      doc: 'Longest time from the arrival until VM 1 runs, over all arrival instants, under strict rotation.',
      better: 'lower',
    },
    worstResponseMs: {
      label: 'Worst response',
      doc: 'Longest time from the arrival until the response leaves, over all arrival instants, under strict rotation.',
      better: 'lower',
    },
    waitMs: {
      label: 'Wait',
      doc: 'Time from this arrival until VM 1 runs; until the end of the run if it does not.',
      better: 'lower',
    },
    responseMs: {
      label: 'Response',
      doc: 'Time from this arrival until the response leaves; until the end of the run if it does not.',
      better: 'lower',
    },
    switchOverheadPercent: {
      label: 'Lost to switching',
      doc: 'Share of CPU time lost to switches and cold starts while those that always have work take turns. 0 when that is one alone.',
      better: 'lower',
    },
  },
  events: schedulingEvents,
  policies: schedulerPolicies,
  builtIn: { scheduler: roundRobinScheduler },
  checks: schedulingChecks,
  views: {
    timeline: {
      doc: 'Which vCPU runs and which wait, with the request, its wait and its response.',
      model: (run) =>
        scheduleTimeline(run.trace, { vcpus: run.params.vms, withDom0: hasDriverDomain(run.params.model) }),
    },
    bars: {
      doc: 'What the CPU does while the request waits for VM 1 to run, and until its response leaves.',
      model: (run) => requestBars(run.trace),
    },
    curve: {
      doc: 'Worst wait, worst response and CPU time lost to switching over the length of the slice, with the chosen slice marked.',
      model: (run) => sliceTradeOff(rotationOf(run.params)),
    },
    state: {
      doc: 'The CPU, the run queue and who sleeps, after any event.',
      model: (run, event) => {
        const dom0 = hasDriverDomain(run.params.model) ? [0] : [];
        const vcpus = [...dom0, ...Array.from({ length: run.params.vms }, (_, index) => index + 1)];
        return hostStateAt(run.trace, event, { cpus: 1, vcpus });
      },
    },
  },
  oracle:
    'Forms derived on paper for every model, a search over every nanosecond of small rotations (test/conformance/roundRobin.test.ts), ' +
    'and wake-to-run latencies measured on Linux SCHED_RR (test/conformance/linuxRoundRobin.test.ts).',
  stepBudget,
  run({ params, trace, stepBudget: steps, start, refuse }) {
    const options: RotationOptions = { ...rotationOf(params), stepBudget: steps };
    const lostNs = lostPerSliceNs(options);
    if (lostNs >= options.sliceNs) refuse(nothingGetsDone(0, params.sliceMs, toMs(lostNs)));
    const worst = worstArrival(options);
    const arrivalNs = worst.arrivalNs + Math.round((rotationNs(options) * params.arrivalPhase) / 100);
    const request = runRotation(options, arrivalNs, arrivalNs + horizonNs(options), start, trace, refuse);
    const endNs = trace.timeNs(trace.length - 1);
    return {
      worstWaitMs: toMs(worst.waitNs),
      worstResponseMs: toMs(worst.responseNs),
      waitMs: toMs((request?.handledNs ?? endNs) - arrivalNs),
      responseMs: toMs((request?.respondedNs ?? endNs) - arrivalNs),
      switchOverheadPercent: switchOverheadPercent(options),
    };
  },
});

interface RotationParameters {
  readonly vms: number;
  readonly sliceMs: number;
  readonly switchCostUs: number;
  readonly switchCharge: RotationOptions['switchCharge'];
  readonly coldStartUs: number;
  readonly serviceMs: number;
  readonly model: RotationOptions['model'];
}

const rotationOf = (of: RotationParameters): RotationOptions => ({
  cpus: 1,
  sliceNs: fromMs(of.sliceMs),
  switchCostNs: Math.round(of.switchCostUs * 1e3),
  switchCharge: of.switchCharge,
  coldStartNs: Math.round(of.coldStartUs * 1e3),
  stepBudget,
  vms: of.vms,
  model: of.model,
  serviceNs: fromMs(of.serviceMs),
});
