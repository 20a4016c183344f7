import { count, quantity } from '../kernel/parameters.ts';
import type { PolicyImplementation, PolicyRun } from '../kernel/policy.ts';
import { defineScenario, submissionOf, type Witness } from '../kernel/scenario.ts';
import { fromMs, toMs } from '../kernel/time.ts';
import { defineEvents, noCause, type Trace } from '../kernel/trace.ts';
import { sayMs, type CurveBound } from '../kernel/view.ts';
import { roundRobinScheduler } from './roundRobinScheduler.ts';
import { scheduleTimeline } from './scheduleTimeline.ts';
import { schedulerPolicies } from './schedulerPolicy.ts';
import { schedulingEvents, type SchedulingEvents } from './schedulingEvents.ts';
import { schedulingParameters } from './schedulingParameters.ts';
import { SlicePolicy } from './slicePolicy.ts';
import { sliceTradeOff } from './sliceTradeOff.ts';
import {
  horizonNs,
  lostPerSliceNs,
  nothingGetsDone,
  runRotation,
  switchOverheadPercent,
  worstArrival,
  type RotationOptions,
} from './worstArrival.ts';

const stepBudget = 1_000_000;

const events = defineEvents({
  ...schedulingEvents,
  // The rotation is given here; the only decision is the slice.
  pick: { ...schedulingEvents.pick, decides: false },
  setSlice: {
    doc: 'The time slice of the host was set; 0 for none.',
    fields: ['sliceNs'],
    decides: true,
    say: ({ sliceNs }) =>
      sliceNs === 0 ? 'no slice is set: none would do' : `the slice is set to ${sayMs(sliceNs!)}`,
  },
});

/** A host, its workload and its targets. */
interface Workload {
  readonly vms: number;
  readonly serviceMs: number;
  readonly switchCostUs: number;
  readonly coldStartUs: number;
  readonly lossPercent: number;
}

/** What a slice loses to the switch and the cold start that it begins with, in milliseconds. */
const lostMs = (of: Pick<Workload, 'switchCostUs' | 'coldStartUs'>): number =>
  (of.switchCostUs + of.coldStartUs) / 1e3;

/** The shortest slice that loses no more than is allowed. */
const leastSliceMs = (of: Workload): number => (100 * lostMs(of)) / of.lossPercent;

/**
 * The slice with the shortest worst response among those that lose no more than is allowed. It holds the whole request: a shorter one
 * needs a second round, in which every VM has its turn again, and pays for its switches again.
 */
export const bestSliceMs = (of: Workload): number => Math.max(of.serviceMs + lostMs(of), leastSliceMs(of));

/** Worst response with {@link bestSliceMs}: the others' slices, the switch to VM 1, and its service. */
export const shortestResponseMs = (of: Workload): number =>
  (of.vms - 1) * bestSliceMs(of) + lostMs(of) + of.serviceMs;

interface TimeSliceParameters extends Workload {
  readonly withinMs: number;
}

const isImpossible = (params: TimeSliceParameters): boolean => shortestResponseMs(params) > params.withinMs;

const rotationOf = (of: Workload, sliceMs: number): RotationOptions => ({
  cpus: 1,
  sliceNs: fromMs(sliceMs),
  switchCostNs: Math.round(of.switchCostUs * 1e3),
  switchCharge: 'slice',
  coldStartNs: Math.round(of.coldStartUs * 1e3),
  stepBudget,
  vms: of.vms,
  model: 'busy',
  serviceNs: fromMs(of.serviceMs),
});

/** Which time slice suits a workload: long enough not to waste the CPU, short enough for the response. */
export const timeSlice = defineScenario({
  id: 'scheduling.time-slice',
  title: 'A time slice for a workload',
  doc:
    'VMs take turns on one CPU. How long should their slice be, so that the worst response to a request of VM 1 is within a target, and no more CPU ' +
    'time than allowed is lost to switches and cold caches? A slice that is too short costs more, and cuts a request into several rounds.',
  params: {
    vms: count({
      label: 'VMs',
      doc: 'Virtual machines on the CPU. All have work all the time, and take turns.',
      min: 2,
      max: 32,
      default: 4,
      say: (vms) => `${vms} VMs`,
    }),
    serviceMs: quantity('ms', {
      label: 'Service time',
      doc: 'CPU time that VM 1 needs before its response leaves.',
      min: 0,
      max: 100,
      step: 0.5,
      default: 2,
      say: (ms) => `${ms} ms of service`,
    }),
    switchCostUs: { ...schedulingParameters.switchCostUs, min: 1, max: 100, default: 10 },
    coldStartUs: {
      ...schedulingParameters.coldStartUs,
      doc: 'How long a VM gets nothing done after another has used its CPU, while its working set is loaded into cache and TLB: the larger the set, the longer. It comes out of its slice.',
      max: 300,
      default: 40,
    },
    lossPercent: quantity('percent', {
      label: 'Loss allowed',
      doc: 'How much of the CPU time may be lost to switches and cold starts.',
      min: 0.1,
      max: 50,
      step: 0.1,
      default: 2,
      say: (percent) => `at most ${percent} % lost`,
    }),
    leewayPercent: quantity('percent', {
      label: 'Leeway',
      doc: 'How far the target lies above the shortest worst response that the loss allows. Below 0 no slice meets both.',
      min: -50,
      max: 200,
      step: 5,
      default: 25,
      say: () => '',
    }),
    withinMs: quantity('ms', {
      label: 'Response within',
      doc: 'How long the response may take at worst. Default: as far above the shortest one as the leeway says.',
      min: 0.01,
      max: 1e6,
      step: 1,
      default: (earlier) => {
        const shortest = shortestResponseMs(earlier as unknown as Workload);
        return Math.round(10 * shortest * (1 + (earlier['leewayPercent'] as number) / 100)) / 10;
      },
      say: (ms) => `a response within ${ms} ms`,
    }),
    sliceMs: {
      ...schedulingParameters.sliceMs,
      label: 'Time slice',
      doc: 'The slice that is set. A policy of your own sets its own.',
      min: 0.5,
      max: 100,
      step: 0.1,
      default: 10,
    },
  },
  metrics: {
    sliceMs: { label: 'Slice', doc: 'The slice that was set; 0 for none.', better: 'neither' },
    worstResponseMs: {
      label: 'Worst response',
      doc: 'Longest time from the arrival until the response leaves, over all arrival instants. 0 without a slice.',
      better: 'lower',
    },
    worstWaitMs: {
      label: 'Worst wait',
      doc: 'Longest time from the arrival until VM 1 runs, over all arrival instants. 0 without a slice.',
      better: 'lower',
    },
    switchOverheadPercent: {
      label: 'Lost to switching',
      doc: 'Share of CPU time lost to switches and cold starts. 0 without a slice.',
      better: 'lower',
    },
  },
  events,
  policies: { slice: SlicePolicy },
  builtIn: { slice: givenSlice },
  checks: {
    inTime: {
      title: 'The response leaves in time',
      doc: 'Where a slice meets both targets, one is chosen with which the worst response is within `withinMs`.',
      args: {},
      violated: (run: SliceRun) => late(run),
    },
    littleLost: {
      title: 'Little CPU time is lost',
      doc: 'Where a slice meets both targets, one is chosen with which no more than `lossPercent` of the CPU time is lost.',
      args: {},
      violated: (run: SliceRun) => wasteful(run),
    },
    noFalsePromise: {
      title: 'Impossible targets are refused',
      doc: 'Where no slice meets both targets, none is chosen.',
      args: {},
      violated: (run: SliceRun) => falsePromise(run),
    },
  },
  views: {
    curve: {
      doc: 'Worst wait, worst response and CPU time lost over the length of the slice, with both targets and the slice that was set.',
      model: (run) => {
        const { sliceMs } = run.metrics;
        const isSet = sliceMs > 0;
        return sliceTradeOff(rotationOf(run.params, isSet ? sliceMs : 10), boundsOf(run.params), isSet);
      },
    },
    timeline: {
      doc: 'Which vCPU runs and which wait, with the request that arrives at the worst instant.',
      model: (run) =>
        scheduleTimeline(run.trace as unknown as Trace<SchedulingEvents>, {
          vcpus: run.params.vms,
          withDom0: false,
        }),
    },
  },
  oracle:
    'The response on paper, S + ⌈S / (T − C)⌉ · ((n − 1) · T + C), and a search over slices for the best one (test/conformance/timeSlice.test.ts).',
  stepBudget,
  run({ params, trace, stepBudget: steps, start, refuse }) {
    const { vms, serviceMs, switchCostUs, coldStartUs, withinMs, lossPercent } = params;
    const chosen = start({ slice: {} }).slice.chooseSlice({
      vms,
      serviceMs,
      switchCostUs,
      coldStartUs,
      withinMs,
      lossPercent,
    });
    const sliceMs = chosen === undefined ? 0 : chosen.sliceMs;
    const decision = trace.append(trace.codes.setSlice, 0, noCause, fromMs(sliceMs));
    if (sliceMs === 0) return { sliceMs: 0, worstResponseMs: 0, worstWaitMs: 0, switchOverheadPercent: 0 };
    const options = { ...rotationOf(params, sliceMs), stepBudget: steps };
    const lostNs = lostPerSliceNs(options);
    if (lostNs >= options.sliceNs) refuse(nothingGetsDone(decision, sliceMs, toMs(lostNs)));
    const worst = worstArrival(options);
    const rotation = submissionOf(schedulerPolicies, { scheduler: roundRobinScheduler });
    runRotation(
      options,
      worst.arrivalNs,
      worst.arrivalNs + horizonNs(options),
      (handlers) => rotation.start(handlers),
      trace as unknown as Trace<SchedulingEvents>,
      refuse,
    );
    return {
      sliceMs: toMs(options.sliceNs),
      worstResponseMs: toMs(worst.responseNs),
      worstWaitMs: toMs(worst.waitNs),
      switchOverheadPercent: switchOverheadPercent(options),
    };
  },
});

/** The slice that the parameter says, whatever the workload. */
function givenSlice(run?: PolicyRun): PolicyImplementation<typeof SlicePolicy> {
  return { chooseSlice: () => ({ sliceMs: (run?.params['sliceMs'] as number | undefined) ?? 10 }) };
}

interface SliceRun {
  readonly params: TimeSliceParameters;
  readonly metrics: Readonly<
    Record<'sliceMs' | 'worstResponseMs' | 'worstWaitMs' | 'switchOverheadPercent', number>
  >;
}

/** The only decision of a run comes first. */
const decisionRow = 0;
const othersHave = (vms: number, several: string, one: string): string =>
  vms === 2 ? `the other VM has ${one}` : `${vms - 1} others have ${several}`;
const rounded = (value: number): number => Number(value.toPrecision(4));

function notChosen(params: TimeSliceParameters): Witness {
  return {
    event: decisionRow,
    expected: `a slice, for example of ${rounded(bestSliceMs(params))} ms`,
    actual: 'none',
    because: `With it the response leaves within ${rounded(shortestResponseMs(params))} ms, and no more than ${params.lossPercent} % is lost.`,
  };
}

function late({ params, metrics }: SliceRun): Witness | undefined {
  if (isImpossible(params)) return undefined;
  if (metrics.sliceMs === 0) return notChosen(params);
  if (metrics.worstResponseMs <= params.withinMs) return undefined;
  const perSliceMs = metrics.sliceMs - lostMs(params);
  const rounds = Math.ceil(fromMs(params.serviceMs) / Math.round(perSliceMs * 1e6));
  return {
    event: decisionRow,
    expected: `a response within ${params.withinMs} ms`,
    actual: `${rounded(metrics.worstResponseMs)} ms at worst, with a slice of ${rounded(metrics.sliceMs)} ms`,
    because:
      rounds > 1
        ? `Of each slice ${rounded(lostMs(params))} ms go into the switch and cold caches, so ${params.serviceMs} ms of service need ${rounds} slices, and before each of them ${othersHave(params.vms, 'their turn', 'its turn')}.`
        : `Before VM 1 runs, ${othersHave(params.vms, `slices of ${rounded(metrics.sliceMs)} ms`, `a slice of ${rounded(metrics.sliceMs)} ms`)}.`,
  };
}

function wasteful({ params, metrics }: SliceRun): Witness | undefined {
  if (isImpossible(params)) return undefined;
  if (metrics.sliceMs === 0) return notChosen(params);
  // A slice of exactly the least length may be a nanosecond shorter after rounding.
  if (metrics.switchOverheadPercent <= params.lossPercent * (1 + 1e-4)) return undefined;
  return {
    event: decisionRow,
    expected: `at most ${params.lossPercent} % of the CPU time lost`,
    actual: `${rounded(metrics.switchOverheadPercent)} %, with a slice of ${rounded(metrics.sliceMs)} ms`,
    because: `Each slice begins with a switch of ${params.switchCostUs} µs and cold caches for ${params.coldStartUs} µs.`,
  };
}

function falsePromise({ params, metrics }: SliceRun): Witness | undefined {
  if (!isImpossible(params) || metrics.sliceMs === 0) return undefined;
  return {
    event: decisionRow,
    expected: 'no slice, because none meets both targets',
    actual: `a slice of ${rounded(metrics.sliceMs)} ms, with a response of ${rounded(metrics.worstResponseMs)} ms and ${rounded(metrics.switchOverheadPercent)} % lost`,
    because: `With at most ${params.lossPercent} % lost, the response takes ${rounded(shortestResponseMs(params))} ms or longer with any slice, and the target is ${params.withinMs} ms.`,
  };
}

function boundsOf(params: TimeSliceParameters): CurveBound[] {
  return [
    { axis: 'y', at: params.withinMs, label: `response within ${params.withinMs} ms`, forbidden: 'above' },
    {
      axis: 'x',
      at: leastSliceMs(params),
      label: `${params.lossPercent} % lost`,
      forbidden: 'below',
    },
  ];
}
