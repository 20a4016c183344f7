/**
 * How many replicas the HorizontalPodAutoscaler asks for: the calculation of Kubernetes 1.34, with its integer
 * arithmetic. Source: pkg/controller/podautoscaler/replica_calculator.go and metrics/utilization.go; the rules in words:
 * https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
 */

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';

/** A Pod as the autoscaler sees it. Values are in thousandths (`500m` of CPU is 500). */
export interface MeasuredPod {
  readonly name: string;
  readonly phase: PodPhase;
  readonly deleted: boolean;
  /** The condition `Ready`; undefined where there is none yet. */
  readonly ready: boolean | undefined;
  /** Seconds since the kubelet took it up; undefined while it has not. */
  readonly ageSeconds: number | undefined;
  /** Seconds since the condition `Ready` last changed. */
  readonly readySinceSeconds: number;
  /** Requests of its containers for the resource; a container without one is undefined. */
  readonly requestsMilli: readonly (number | undefined)[];
  /** Its sample of the metric; undefined when there is none. */
  readonly sample: MetricSample | undefined;
}

export interface MetricSample {
  readonly valueMilli: number;
  readonly ageSeconds: number;
  /** Over how long it was taken. */
  readonly windowSeconds: number;
}

export type ScaleTarget =
  /** Share of the request, in percent, of a resource. */
  | { readonly kind: 'utilization'; readonly resource: string; readonly percent: number }
  /** Average per Pod of a resource or of a metric of the Pods. `resource` is empty for other metrics. */
  | { readonly kind: 'average'; readonly resource: string; readonly valueMilli: number }
  /** A metric of one other object, or from outside, as a whole. */
  | { readonly kind: 'value'; readonly currentMilli: number; readonly valueMilli: number }
  /** The same, shared by the Pods. */
  | { readonly kind: 'averageOfValue'; readonly currentMilli: number; readonly valueMilli: number };

/** How the control loop is configured. */
export interface CalculatorSettings {
  /** A ratio this far from 1 changes nothing: 0.1. */
  readonly toleranceUp: number;
  readonly toleranceDown: number;
  /** `--horizontal-pod-autoscaler-cpu-initialization-period`: 300 s. */
  readonly cpuInitializationPeriodSeconds: number;
  /** `--horizontal-pod-autoscaler-initial-readiness-delay`: 30 s. */
  readonly initialReadinessDelaySeconds: number;
}

/** What `kube-controller-manager` 1.34 uses when its flags are not set. */
export const calculatorDefaults: CalculatorSettings = {
  toleranceUp: 0.1,
  toleranceDown: 0.1,
  cpuInitializationPeriodSeconds: 300,
  initialReadinessDelaySeconds: 30,
};

export type Recommendation =
  | {
      readonly ok: true;
      readonly replicas: number;
      /** Percent of the request for a utilization, thousandths for all others. */
      readonly usage: number;
      /** Mean usage of the Pods that count, in thousandths; undefined where the metric is not one of Pods. */
      readonly averageMilli?: number;
      readonly ratio: number;
    }
  | { readonly ok: false; readonly error: string };

/** The replica count that one metric asks for. Errors leave the count as it is. */
export function recommendedReplicas(
  currentReplicas: number,
  target: ScaleTarget,
  pods: readonly MeasuredPod[],
  settings: CalculatorSettings = calculatorDefaults,
): Recommendation {
  switch (target.kind) {
    case 'utilization':
    case 'average':
      return fromPods(currentReplicas, target, pods, settings);
    case 'value':
      return fromValue(currentReplicas, target, pods, settings);
    case 'averageOfValue': {
      const ratio = target.currentMilli / (target.valueMilli * currentReplicas);
      const replicas = withinTolerance(ratio, settings)
        ? currentReplicas
        : Math.ceil(target.currentMilli / target.valueMilli);
      return { ok: true, replicas, usage: Math.ceil(target.currentMilli / currentReplicas), ratio };
    }
  }
}

type PodTarget = Extract<ScaleTarget, { kind: 'utilization' | 'average' }>;

function fromPods(
  currentReplicas: number,
  target: PodTarget,
  pods: readonly MeasuredPod[],
  settings: CalculatorSettings,
): Recommendation {
  if (pods.length === 0) return failed('no pods returned by selector while calculating replica count');
  if (pods.every((pod) => pod.sample === undefined)) {
    return failed(`no metrics returned from ${target.resource === '' ? 'custom' : 'resource'} metrics API`);
  }
  const groups = groupPods(pods, target.resource, settings);
  const requests = new Map<string, number>();
  if (target.kind === 'utilization') {
    for (const pod of pods) {
      if (pod.requestsMilli.includes(undefined))
        return failed(`missing request for ${target.resource} in Pod ${pod.name}`);
      requests.set(
        pod.name,
        pod.requestsMilli.reduce<number>((sum, request) => sum + request!, 0),
      );
    }
  }
  const values = new Map<string, number>();
  for (const pod of pods) {
    if (pod.sample === undefined || groups.ignored.has(pod.name) || groups.unready.has(pod.name)) continue;
    values.set(pod.name, pod.sample.valueMilli);
  }
  if (values.size === 0) return failed('did not receive metrics for targeted pods (pods might be unready)');
  const first = usageRatio(values, requests, target);
  if (first === undefined) return failed('no metrics returned matched known pods');
  const { ratio } = first;
  const unchanged: Recommendation = { ok: true, replicas: currentReplicas, ...first };

  const scaleUpWithUnready = groups.unready.size > 0 && ratio > 1;
  if (!scaleUpWithUnready && groups.missing.size === 0) {
    if (withinTolerance(ratio, settings)) return unchanged;
    return { ok: true, replicas: Math.ceil(ratio * groups.readyCount), ...first };
  }
  // Whatever is not known counts against the change, so that a guess can dampen it but never cause it.
  for (const name of groups.missing) {
    if (ratio < 1) values.set(name, assumedUsage(name, target, requests));
    else if (ratio > 1 || target.kind === 'average') values.set(name, 0);
  }
  if (scaleUpWithUnready) for (const name of groups.unready) values.set(name, 0);

  const second = usageRatio(values, requests, target);
  if (second === undefined) return failed('no metrics returned matched known pods');
  if (
    withinTolerance(second.ratio, settings) ||
    (ratio < 1 && second.ratio > 1) ||
    (ratio > 1 && second.ratio < 1)
  ) {
    return unchanged;
  }
  const replicas = Math.ceil(second.ratio * values.size);
  if ((second.ratio < 1 && replicas > currentReplicas) || (second.ratio > 1 && replicas < currentReplicas)) {
    return unchanged;
  }
  return { ok: true, replicas, ...first };
}

/** What a Pod without a sample is taken to use when all others say "fewer replicas". */
function assumedUsage(name: string, target: PodTarget, requests: ReadonlyMap<string, number>): number {
  if (target.kind === 'average') return target.valueMilli;
  return Math.trunc((requests.get(name)! * Math.max(100, target.percent)) / 100);
}

function usageRatio(
  values: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, number>,
  target: PodTarget,
): { readonly ratio: number; readonly usage: number; readonly averageMilli: number } | undefined {
  let total = 0;
  let requested = 0;
  for (const [name, value] of values) {
    total += value;
    requested += requests.get(name) ?? 0;
  }
  const averageMilli = Math.trunc(total / values.size);
  if (target.kind === 'average')
    return { ratio: averageMilli / target.valueMilli, usage: averageMilli, averageMilli };
  if (requested === 0) return undefined;
  const usage = Math.trunc((total * 100) / requested);
  return { ratio: usage / target.percent, usage, averageMilli };
}

function fromValue(
  currentReplicas: number,
  target: Extract<ScaleTarget, { kind: 'value' }>,
  pods: readonly MeasuredPod[],
  settings: CalculatorSettings,
): Recommendation {
  const ratio = target.currentMilli / target.valueMilli;
  const result = (replicas: number): Recommendation => ({
    ok: true,
    replicas,
    usage: target.currentMilli,
    ratio,
  });
  // From nothing, the metric alone decides: this is how a target is woken from zero replicas.
  if (currentReplicas === 0) return result(Math.ceil(ratio));
  if (withinTolerance(ratio, settings)) return result(currentReplicas);
  if (pods.length === 0) return failed('no pods returned by selector while calculating replica count');
  const ready = pods.filter((pod) => pod.phase === 'Running' && pod.ready === true).length;
  return result(Math.ceil(ratio * ready));
}

/** Whether a ratio of usage to target is too near to 1 to act on. */
export const withinTolerance = (ratio: number, settings: CalculatorSettings): boolean =>
  1 - settings.toleranceDown <= ratio && ratio <= 1 + settings.toleranceUp;

const failed = (error: string): Recommendation => ({ ok: false, error });

export interface PodGroups {
  readonly readyCount: number;
  /** Pending, or too young for their CPU sample to mean anything. */
  readonly unready: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
  /** On their way out, or failed: as if they were not there. */
  readonly ignored: ReadonlySet<string>;
}

/** Sorts Pods by what their samples are worth. */
export function groupPods(
  pods: readonly MeasuredPod[],
  resource: string,
  settings: CalculatorSettings,
): PodGroups {
  const groups = {
    readyCount: 0,
    unready: new Set<string>(),
    missing: new Set<string>(),
    ignored: new Set<string>(),
  };
  for (const pod of pods) {
    if (pod.deleted || pod.phase === 'Failed') groups.ignored.add(pod.name);
    else if (pod.phase === 'Pending') groups.unready.add(pod.name);
    else if (pod.sample === undefined) groups.missing.add(pod.name);
    else if (resource === 'cpu' && cpuSampleIsUnready(pod, pod.sample, settings))
      groups.unready.add(pod.name);
    else groups.readyCount++;
  }
  return groups;
}

function cpuSampleIsUnready(pod: MeasuredPod, sample: MetricSample, settings: CalculatorSettings): boolean {
  const { ready, ageSeconds, readySinceSeconds } = pod;
  if (ready === undefined || ageSeconds === undefined) return true;
  if (ageSeconds < settings.cpuInitializationPeriodSeconds) {
    // A whole window has to lie behind the latest change, or the sample still contains the start.
    return !ready || sample.ageSeconds > readySinceSeconds - sample.windowSeconds;
  }
  const sinceStart = ageSeconds - readySinceSeconds;
  return !ready && settings.initialReadinessDelaySeconds > sinceStart;
}
