import type { DocumentProblems } from '../../kernel/structuredDocument.ts';
import type { DataPath } from '../../kernel/structuredText.ts';
import { vectorDocument } from '../api/vectorDocument.ts';
import schema from './autoscalerVector.schema.json' with { type: 'json' };
import { validate } from './autoscalerVector.validator.js';
import { milliValue } from '../api/quantityValue.ts';
import {
  calculatorDefaults,
  type CalculatorSettings,
  type MeasuredPod,
  type PodPhase,
  type ScaleTarget,
} from './replicaCalculator.ts';

/** One calculation of a HorizontalPodAutoscaler, alone: what it sees at one instant. */
export interface AutoscalerVector {
  readonly currentReplicas: number;
  readonly minReplicas: number | undefined;
  readonly maxReplicas: number | undefined;
  readonly target: ScaleTarget;
  readonly pods: readonly MeasuredPod[];
  readonly settings: CalculatorSettings;
}

interface Written {
  readonly currentReplicas?: number;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly tolerance?: number;
  readonly cpuInitializationPeriodSeconds?: number;
  readonly initialReadinessDelaySeconds?: number;
  readonly metric?: WrittenMetric;
  readonly pods?: readonly WrittenPod[];
}
interface WrittenMetric {
  readonly type: 'Resource' | 'Pods' | 'Object' | 'External';
  readonly name?: string;
  readonly current?: Quantity | readonly Quantity[];
  readonly target: {
    readonly averageUtilization?: number;
    readonly averageValue?: Quantity;
    readonly value?: Quantity;
  };
}
type Quantity = string | number;
interface WrittenPod {
  readonly name?: string;
  readonly phase?: PodPhase;
  readonly ready?: boolean | null;
  readonly deleted?: boolean;
  readonly ageSeconds?: number | null;
  readonly readySinceSeconds?: number;
  readonly requests?: Readonly<Record<string, Quantity>>;
  readonly containers?: readonly { readonly requests?: Readonly<Record<string, Quantity>> }[];
  readonly usage?: Quantity | null;
  readonly sampleAgeSeconds?: number;
  readonly sampleWindowSeconds?: number;
}

/** Older than any period that anyone configures. */
const longAgoSeconds = 1e9;
const defaultWindowSeconds = 60;

/** The document of `cluster.autoscaler`; undefined stands for `{}`: nothing to calculate, simulate the parameters. */
export const autoscalerVector = vectorDocument<Written, AutoscalerVector>({
  doc:
    'One calculation, alone: the Pods with readiness, age, phase and usage, the metric and its target. Usage and targets are ' +
    'quantities (`500m`, `1.5`).',
  inPlaceOf: 'all',
  schema,
  validate,
  check: readVector,
});

function readVector(written: Written, problems: DocumentProblems): AutoscalerVector | undefined {
  const { metric, currentReplicas, pods = [] } = written;
  if (metric === undefined)
    problems.value([], 'There is no "metric".', 'Add "metric": { "type", "target" }.');
  if (currentReplicas === undefined) problems.value([], 'There is no "currentReplicas".', 'Add it.');
  if (metric === undefined || currentReplicas === undefined) return undefined;
  const milli = (quantity: Quantity, path: DataPath): number => {
    const value = milliValue(quantity);
    if (value === undefined)
      problems.value(path, `"${quantity}" is no quantity.`, 'Write it as in "500m" or "1.5".');
    return value ?? 0;
  };
  const target = readTarget(metric, problems, milli);
  if (target === undefined) return undefined;
  const resource = 'resource' in target ? target.resource : '';
  const measured = pods.map((pod, index): MeasuredPod => {
    const ageSeconds = pod.ageSeconds === undefined ? longAgoSeconds : (pod.ageSeconds ?? undefined);
    const containers = pod.containers ?? [{ requests: pod.requests ?? {} }];
    return {
      name: pod.name ?? `pod-${index}`,
      phase: pod.phase ?? 'Running',
      deleted: pod.deleted ?? false,
      ready: pod.ready === undefined ? true : (pod.ready ?? undefined),
      ageSeconds,
      readySinceSeconds: pod.readySinceSeconds ?? ageSeconds ?? 0,
      requestsMilli: containers.map(({ requests = {} }, container) => {
        const request = requests[resource];
        const path = pod.containers === undefined ? ['requests'] : ['containers', container, 'requests'];
        return request === undefined ? undefined : milli(request, ['pods', index, ...path, resource]);
      }),
      sample:
        pod.usage === undefined || pod.usage === null
          ? undefined
          : {
              valueMilli: milli(pod.usage, ['pods', index, 'usage']),
              ageSeconds: pod.sampleAgeSeconds ?? 0,
              windowSeconds: pod.sampleWindowSeconds ?? defaultWindowSeconds,
            },
    };
  });
  const tolerance = written.tolerance ?? calculatorDefaults.toleranceUp;
  const vector: AutoscalerVector = {
    currentReplicas,
    minReplicas: written.minReplicas,
    maxReplicas: written.maxReplicas,
    target,
    pods: measured,
    settings: {
      toleranceUp: tolerance,
      toleranceDown: tolerance,
      cpuInitializationPeriodSeconds:
        written.cpuInitializationPeriodSeconds ?? calculatorDefaults.cpuInitializationPeriodSeconds,
      initialReadinessDelaySeconds:
        written.initialReadinessDelaySeconds ?? calculatorDefaults.initialReadinessDelaySeconds,
    },
  };
  return problems.found.length === 0 ? vector : undefined;
}

function readTarget(
  metric: WrittenMetric,
  problems: DocumentProblems,
  milli: (quantity: Quantity, path: DataPath) => number,
): ScaleTarget | undefined {
  const { averageUtilization, averageValue, value } = metric.target;
  const path = ['metric', 'target'];
  const wrong = (message: string): undefined => {
    problems.value(path, message);
    return undefined;
  };
  const positive = (quantity: Quantity, key: string): number | undefined => {
    const amount = milli(quantity, [...path, key]);
    return amount > 0 ? amount : wrong(`"${key}" must be more than 0.`);
  };
  if (metric.type === 'Resource' || metric.type === 'Pods') {
    const resource = metric.type === 'Resource' ? (metric.name ?? 'cpu') : '';
    if (averageUtilization !== undefined) {
      if (metric.type === 'Pods') return wrong('Only a Resource has a utilization: a share of the request.');
      return { kind: 'utilization', resource, percent: averageUtilization };
    }
    if (averageValue === undefined)
      return wrong(
        `A metric of type ${metric.type} needs an average: "averageUtilization" or "averageValue".`,
      );
    const valueMilli = positive(averageValue, 'averageValue');
    return valueMilli === undefined ? undefined : { kind: 'average', resource, valueMilli };
  }
  if (metric.current === undefined)
    return wrong(`A metric of type ${metric.type} needs "current": what it measures.`);
  const currentMilli = [metric.current]
    .flat()
    .reduce<number>((sum, sample) => sum + milli(sample, ['metric', 'current']), 0);
  const given = value ?? averageValue;
  if (given === undefined)
    return wrong('Give "value" for the whole, or "averageValue" for a share of each Pod.');
  const valueMilli = positive(given, value === undefined ? 'averageValue' : 'value');
  if (valueMilli === undefined) return undefined;
  return { kind: value === undefined ? 'averageOfValue' : 'value', currentMilli, valueMilli };
}
