import type { PolicyImplementation } from '../kernel/policy.ts';
import { choice, count, quantity } from '../kernel/parameters.ts';
import { defineScenario, type Witness } from '../kernel/scenario.ts';
import { Simulation } from '../kernel/simulation.ts';
import { noCause } from '../kernel/trace.ts';
import { autoscalerEvents, type AutoscalerTrace } from './autoscaler/autoscalerEvents.ts';
import { AutoscalerLoop } from './autoscaler/autoscalerLoop.ts';
import { autoscalerPolicies, mostReplicas, type AutoscalerPolicy } from './autoscaler/autoscalerPolicy.ts';
import { autoscalerVector, type AutoscalerVector } from './autoscaler/autoscalerVector.ts';
import { looks, podTimeline, replicaCurve } from './autoscaler/autoscalerViews.ts';
import { seconds, toSeconds } from './clusterClock.ts';
import { calculatorDefaults, recommendedReplicas, type MeasuredPod } from './autoscaler/replicaCalculator.ts';
import { behaviorDefaults, ReplicaStabilizer, type ScalingBehavior } from './autoscaler/scalingBehavior.ts';

const replicas = (n: number): string => (n === 1 ? '1 replica' : `${n} replicas`);

/** Pods under a load that rises and falls, and the HorizontalPodAutoscaler that follows it. */
export const autoscaler = defineScenario({
  id: 'cluster.autoscaler',
  title: 'Pods that scale with their load',
  doc:
    'A load is shared by the ready Pods of a Deployment. Every 15 seconds a HorizontalPodAutoscaler compares their CPU usage with ' +
    'its target and changes the number of replicas. With a vector in place of `{}` it calculates once, alone.',
  params: {
    initialReplicas: count({
      label: 'Replicas at first',
      doc: 'Replicas at the start; all of them ready.',
      min: 1,
      max: 100,
      default: 4,
      say: (n) => `${replicas(n)} at first`,
    }),
    minReplicas: count({ label: 'At least', doc: '`minReplicas`.', min: 1, max: 100, default: 1 }),
    maxReplicas: count({ label: 'At most', doc: '`maxReplicas`.', min: 1, max: mostReplicas, default: 40 }),
    targetPercent: quantity('percent', {
      label: 'Target',
      doc: '`averageUtilization`: usage that is wanted, in percent of the request.',
      min: 1,
      max: 200,
      step: 5,
      default: 50,
      say: (percent) => `a target of ${percent} %`,
    }),
    requestMilli: count({
      label: 'Request',
      doc: 'CPU that each Pod requests, in thousandths of a CPU.',
      min: 10,
      max: 4000,
      default: 500,
    }),
    loadPercent: quantity('percent', {
      label: 'Load at first',
      doc: 'Load at the start, in percent of what the first replicas requested together.',
      min: 0,
      max: 400,
      step: 5,
      default: 50,
      say: (percent) => `load of ${percent} % at first`,
    }),
    laterLoadPercent: quantity('percent', {
      label: 'Load later',
      doc: 'Load from `changeAtSeconds` on, in percent of what the first replicas requested together.',
      min: 0,
      max: 2000,
      step: 5,
      default: 150,
      say: (percent) => `${percent} % later`,
    }),
    changeAtSeconds: quantity('s', {
      label: 'Change at',
      doc: 'When the load changes.',
      min: 0,
      max: 3600,
      step: 15,
      default: 60,
    }),
    dipSeconds: quantity('s', {
      label: 'Dip',
      doc: 'How long the later load lasts before the first one is back; 0 for ever.',
      min: 0,
      max: 3600,
      step: 15,
      default: 0,
      say: (s) => (s === 0 ? 'for good' : `for ${s} s`),
    }),
    startSeconds: quantity('s', {
      label: 'Start of a Pod',
      doc: 'From the creation of a Pod until it is ready. It uses CPU before, without serving.',
      min: 0,
      max: 600,
      step: 5,
      default: 30,
      say: (s) => `Pods ready after ${s} s`,
    }),
    windowSeconds: quantity('s', {
      label: 'Metrics window',
      doc: 'Over how long a sample of usage is taken. A sample counts only when a whole window lies behind the Pod’s start.',
      min: 0,
      max: 120,
      step: 5,
      default: 15,
    }),
    missingPercent: quantity('percent', {
      label: 'Samples missing',
      doc: 'Chance that a Pod has no sample when the autoscaler looks.',
      min: 0,
      max: 100,
      step: 5,
      default: 0,
      say: (percent) => (percent === 0 ? 'all samples there' : `${percent} % of samples missing`),
    }),
    failingPercent: quantity('percent', {
      label: 'Pods failing',
      doc: 'Chance that a Pod fails for good between two looks; another one is created for it.',
      min: 0,
      max: 50,
      step: 1,
      default: 0,
      say: (percent) => (percent === 0 ? 'no Pod fails' : `${percent} % of Pods fail between two looks`),
    }),
    tolerance: quantity('none', {
      label: 'Tolerance',
      doc: 'A ratio of usage to target at most this far from 1 changes nothing.',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.1,
      say: (tolerance) => `tolerance ${tolerance}`,
    }),
    stabilizationSeconds: quantity('s', {
      label: 'Scale-down window',
      doc: '`behavior.scaleDown.stabilizationWindowSeconds`: replicas are taken away only down to the highest recommendation of this time.',
      min: 0,
      max: 3600,
      step: 15,
      default: 300,
      say: (s) => `a window of ${s} s`,
    }),
    rates: choice({
      label: 'Rates',
      doc: 'How fast the number may change.',
      values: {
        kubernetes: 'Up by 4 Pods or 100 %, whichever is more, in 15 s; down by 100 % in 15 s: the default.',
        unlimited: 'At once, to whatever is recommended.',
      },
      default: 'kubernetes',
    }),
    durationSeconds: quantity('s', {
      label: 'Duration',
      doc: 'Simulated time.',
      min: 15,
      max: 7200,
      step: 60,
      default: 900,
      say: (s) => `over ${s} s`,
    }),
  },
  metrics: {
    replicas: {
      label: 'Replicas at the end',
      doc: 'Replicas that are asked for at the end; the result of a vector.',
      better: 'neither',
    },
    usagePercent: {
      label: 'Usage',
      doc: 'Of a vector: usage that the metric shows, in percent of the request for a utilization, in units else. Of a run: 0.',
      better: 'neither',
    },
    failed: {
      label: 'Could not calculate',
      doc: '1 when a vector gives no count (no metrics, a missing request); the replicas then stay. The event says why.',
      better: 'lower',
    },
    changes: { label: 'Changes', doc: 'How often the number of replicas was changed.', better: 'lower' },
    overloadedSeconds: {
      label: 'Overloaded',
      doc: 'How long the load was more than the ready Pods had requested.',
      better: 'lower',
    },
    podHours: { label: 'Pod-hours', doc: 'Pods, summed over time: what it costs.', better: 'lower' },
    firstChangeSeconds: {
      label: 'First change after',
      doc: 'From the change of the load until the number of replicas first changed after it; 0 when it never did.',
      better: 'lower',
    },
  },
  events: autoscalerEvents,
  policies: autoscalerPolicies,
  builtIn: { autoscaler: kubernetesAutoscaler },
  documents: { vector: autoscalerVector },
  checks: {
    followsRule: {
      title: 'Every answer is that of the rule',
      doc: 'Each number of replicas is the one that the rule of Kubernetes gives for the same view and the same history.',
      args: {},
      violated: ({ trace }) => firstBreakOfRule(trace),
    },
    withinLimits: {
      title: 'Never below minReplicas, never above maxReplicas',
      doc: 'Each number of replicas is from `minReplicas` to `maxReplicas`.',
      args: {},
      violated: ({ trace, params }) => {
        const { minReplicas, maxReplicas } = params;
        return desires(trace, (desired) => desired < minReplicas || desired > maxReplicas, {
          expected: `from ${minReplicas} to ${maxReplicas} replicas`,
          because: 'The limits are what the owner of the cluster has promised to pay for, and to users.',
        });
      },
    },
  },
  views: {
    curve: {
      doc: 'Replicas that are asked for, and Pods that are ready, over time.',
      model: ({ trace, params }) => replicaCurve(trace, params.durationSeconds),
    },
    timeline: {
      doc: 'When each Pod starts, serves and goes.',
      model: ({ trace, params }) => podTimeline(trace, params.durationSeconds),
    },
    state: {
      doc: 'What the autoscaler saw and asked for, up to any event.',
      model: ({ trace }, event) => ({
        kind: 'state',
        groups: [
          {
            title: 'Looks',
            columns: ['at', 'ready Pods', 'usage', 'replicas', 'asked for'],
            rows: looks(trace, event).slice(-8),
            latestOnly: true,
            whenEmpty: 'The autoscaler has not looked yet.',
          },
        ],
      }),
    },
  },
  oracle:
    "The test vectors of Kubernetes' own replica calculator, and the documentation's examples (test/conformance/replicaCalculator.test.ts).",
  stepBudget: 200_000,
  run({ params, trace, random, stepBudget, documents, start }) {
    const policy = start({ autoscaler: {} }).autoscaler;
    if (documents.vector.value !== undefined) return calculate(documents.vector.value, trace);
    const simulation = new Simulation({ stepBudget });
    const capacity = params.initialReplicas * params.requestMilli;
    const loop = new AutoscalerLoop(
      simulation,
      {
        ...params,
        settings: { ...calculatorDefaults, toleranceUp: params.tolerance, toleranceDown: params.tolerance },
        behavior: behaviorOf(params),
        limitsRates: params.rates === 'kubernetes',
      },
      policy,
      trace,
      random.stream('samples'),
    );
    const first = Math.round((capacity * params.loadPercent) / 100);
    const later = Math.round((capacity * params.laterLoadPercent) / 100);
    loop.setLoad(first);
    simulation.at(seconds(params.changeAtSeconds), () => loop.setLoad(later));
    if (params.dipSeconds > 0)
      simulation.at(seconds(params.changeAtSeconds + params.dipSeconds), () => loop.setLoad(first));
    simulation.run({ untilNs: seconds(params.durationSeconds) });
    loop.account();
    return {
      replicas: loop.replicas,
      usagePercent: 0,
      failed: 0,
      changes: loop.changes,
      overloadedSeconds: toSeconds(loop.overloadedNs),
      podHours: toSeconds(loop.podNs) / 3600,
      firstChangeSeconds: firstChange(trace, seconds(params.changeAtSeconds)),
    };
  },
});

function behaviorOf(params: {
  readonly stabilizationSeconds: number;
  readonly rates: string;
}): ScalingBehavior {
  const { scaleUp, scaleDown } = behaviorDefaults;
  const unlimited = [{ type: 'Pods', value: 1_000_000, periodSeconds: 15 } as const];
  return {
    scaleUp: { ...scaleUp, ...(params.rates === 'unlimited' ? { policies: unlimited } : {}) },
    scaleDown: { ...scaleDown, stabilizationWindowSeconds: params.stabilizationSeconds },
  };
}

function calculate(vector: AutoscalerVector, trace: AutoscalerTrace) {
  const { currentReplicas, minReplicas, maxReplicas } = vector;
  const nothing = { changes: 0, overloadedSeconds: 0, podHours: 0, firstChangeSeconds: 0 };
  const settled = (result: number, usage = 0, ratio = 0) => {
    trace.append(
      trace.codes.calculated,
      0,
      noCause,
      currentReplicas,
      result,
      usage,
      Math.round(ratio * 1000),
    );
    return { replicas: result, usagePercent: usage, failed: 0, ...nothing };
  };
  // In the order of reconcileAutoscaler: a target that somebody scaled to 0 is left alone, and limits come before metrics.
  if (currentReplicas === 0 && minReplicas !== undefined && minReplicas !== 0) return settled(0);
  if (maxReplicas !== undefined && currentReplicas > maxReplicas) return settled(maxReplicas);
  if (minReplicas !== undefined && currentReplicas < minReplicas) return settled(minReplicas);
  const recommendation = recommendedReplicas(currentReplicas, vector.target, vector.pods, vector.settings);
  if (!recommendation.ok) {
    trace.append(trace.codes.failed, 0, noCause, currentReplicas, trace.text(recommendation.error));
    return { replicas: currentReplicas, usagePercent: 0, failed: 1, ...nothing };
  }
  const { usage, ratio } = recommendation;
  const limited = Math.max(minReplicas ?? 0, Math.min(maxReplicas ?? Infinity, recommendation.replicas));
  return settled(limited, vector.target.kind === 'utilization' ? usage : usage / 1000, ratio);
}

/** The rule of Kubernetes as a policy, with its own memory. */
function kubernetesAutoscaler(): PolicyImplementation<typeof AutoscalerPolicy> {
  let stabilizer: ReplicaStabilizer | undefined;
  return {
    desiredReplicas(view) {
      const { nowSeconds, currentReplicas, tolerance, targetPercent, stabilizationSeconds } = view;
      stabilizer ??= new ReplicaStabilizer(
        behaviorOf({ stabilizationSeconds, rates: view.limitsRates ? 'kubernetes' : 'unlimited' }),
      );
      stabilizer.begin(nowSeconds, currentReplicas);
      const recommendation = recommendedReplicas(
        currentReplicas,
        { kind: 'utilization', resource: 'cpu', percent: targetPercent },
        view.pods.map((pod): MeasuredPod => ({
          name: String(pod.pod),
          phase: pod.phase,
          deleted: pod.deleted,
          ready: pod.ready,
          ageSeconds: pod.ready ? 1e9 : 0,
          readySinceSeconds: pod.ready ? 1e9 : 0,
          requestsMilli: [pod.requestMilli],
          sample:
            pod.usageMilli === undefined
              ? undefined
              : { valueMilli: pod.usageMilli, ageSeconds: 0, windowSeconds: 0 },
        })),
        { ...calculatorDefaults, toleranceUp: tolerance, toleranceDown: tolerance },
      );
      if (!recommendation.ok) return currentReplicas;
      const desired = stabilizer.normalized(nowSeconds, currentReplicas, recommendation.replicas, view);
      stabilizer.scaled(nowSeconds, currentReplicas, desired);
      return desired;
    },
  };
}

function desires(
  trace: AutoscalerTrace,
  wrong: (desired: number, row: number) => boolean,
  words: { readonly expected: string; readonly because: string },
): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'desire' || !wrong(trace.field(row, 1), row)) continue;
    return { event: row, actual: replicas(trace.field(row, 1)), ...words };
  }
  return undefined;
}

function firstBreakOfRule(trace: AutoscalerTrace): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'desire') continue;
    const [current, desired, byTheRule, recommended] = [0, 1, 2, 3].map((at) => trace.field(row, at));
    if (desired === byTheRule) continue;
    return {
      event: row,
      expected: `${replicas(byTheRule!)} (now ${current})`,
      actual: replicas(desired!),
      because:
        recommended === byTheRule
          ? `This view asks for ${recommended}: ${trace.say(row - 1)}.`
          : `This view alone asks for ${recommended}, but limits and earlier recommendations make it ${byTheRule}: ${trace.say(row - 1)}.`,
    };
  }
  return undefined;
}

function firstChange(trace: AutoscalerTrace, afterNs: number): number {
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'desire' || trace.timeNs(row) < afterNs) continue;
    if (trace.field(row, 0) !== trace.field(row, 1)) return toSeconds(trace.timeNs(row) - afterNs);
  }
  return 0;
}
