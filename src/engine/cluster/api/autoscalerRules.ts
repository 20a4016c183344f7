import { cpuTarget } from '../autoscaler/autoscalerSpec.ts';
import { nearest } from '../../kernel/parameters.ts';
import type { DocumentProblems } from '../../kernel/structuredDocument.ts';
import type { DataPath } from '../../kernel/structuredText.ts';
import { cpuOf } from '../scheduler/podResources.ts';
import type { HorizontalPodAutoscalerSpec, MetricSpec, WrittenScalingRules } from './apiObjects.ts';
import { matches } from './labelSelector.ts';
import { placeOf, podLabels, type Note } from './manifestObjects.ts';
import type { ManifestObject } from './manifests.ts';

/**
 * What the API server's validation refuses of a HorizontalPodAutoscaler beyond the schema.
 * Source: pkg/apis/autoscaling/validation of Kubernetes 1.34.
 *
 * @returns whether it is admitted; if not, the first problem has been told
 */
export function admitsAutoscaler(
  spec: Partial<HorizontalPodAutoscalerSpec>,
  problems: DocumentProblems,
): boolean {
  const { minReplicas = 1, maxReplicas = 0, metrics = [], behavior = {} } = spec;
  const wrong = (path: DataPath, message: string, suggestion: string): false => {
    problems.value(['spec', ...path], message, suggestion);
    return false;
  };
  if (minReplicas < 1)
    return wrong(
      ['minReplicas'],
      `minReplicas is ${minReplicas}, but an autoscaler by resource usage keeps at least one replica: with none there is no usage.`,
      'Write 1 or more.',
    );
  if (maxReplicas < minReplicas)
    return wrong(
      ['maxReplicas'],
      `maxReplicas (${maxReplicas}) is less than minReplicas (${minReplicas}).`,
      `Write ${minReplicas} or more.`,
    );
  for (const [index, metric] of metrics.entries()) {
    const fault = faultOfMetric(metric);
    if (fault !== undefined) return wrong(['metrics', index, ...fault.path], fault.message, fault.suggestion);
  }
  for (const way of ['scaleUp', 'scaleDown'] as const) {
    const fault = faultOfRules(behavior[way] ?? {});
    if (fault !== undefined) return wrong(['behavior', way, ...fault.path], fault.message, fault.suggestion);
  }
  return true;
}

interface Fault {
  readonly path: DataPath;
  readonly message: string;
  readonly suggestion: string;
}

function faultOfMetric({ type, resource }: MetricSpec): Fault | undefined {
  const types = ['Resource', 'ContainerResource', 'Pods', 'Object', 'External'];
  if (!types.includes(type)) {
    const near = nearest(type, types);
    return {
      path: ['type'],
      message: `There is no type of metric "${type}".`,
      suggestion: near === undefined ? `Types: ${types.join(', ')}.` : `Did you mean "${near}"?`,
    };
  }
  if (type !== 'Resource') return undefined;
  if (resource === undefined)
    return {
      path: [],
      message: 'A metric of type Resource needs "resource".',
      suggestion: 'Add "resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } }".',
    };
  const { type: kind, averageUtilization } = resource.target;
  if (!['Utilization', 'AverageValue', 'Value'].includes(kind))
    return {
      path: ['resource', 'target', 'type'],
      message: `There is no type of target "${kind}".`,
      suggestion: 'Types: Utilization, AverageValue.',
    };
  if (kind === 'Utilization' && (averageUtilization === undefined || averageUtilization < 1))
    return {
      path: ['resource', 'target', ...(averageUtilization === undefined ? [] : ['averageUtilization'])],
      message:
        'A target of type Utilization needs an "averageUtilization" of 1 or more, in percent of the request.',
      suggestion: 'Write it as in "averageUtilization: 50".',
    };
  return undefined;
}

function faultOfRules(rules: WrittenScalingRules): Fault | undefined {
  const { stabilizationWindowSeconds: window = 0, selectPolicy = 'Max', policies } = rules;
  if (window < 0 || window > 3600)
    return {
      path: ['stabilizationWindowSeconds'],
      message: `The stabilization window is ${window} s, but it is from 0 to 3600 s.`,
      suggestion: 'Write a number from 0 to 3600.',
    };
  if (!['Max', 'Min', 'Disabled'].includes(selectPolicy))
    return {
      path: ['selectPolicy'],
      message: `There is no selectPolicy "${selectPolicy}".`,
      suggestion: 'Write Max, Min or Disabled.',
    };
  if (policies?.length === 0)
    return {
      path: ['policies'],
      message: 'There is no policy here.',
      suggestion: 'Add one, or leave "policies" out for the default.',
    };
  for (const [index, { type, value, periodSeconds }] of (policies ?? []).entries()) {
    if (!['Pods', 'Percent'].includes(type))
      return {
        path: ['policies', index, 'type'],
        message: `There is no type of policy "${type}".`,
        suggestion: 'Write Pods or Percent.',
      };
    if (value < 1)
      return {
        path: ['policies', index, 'value'],
        message: `A policy allows 1 or more, not ${value}.`,
        suggestion: 'To forbid all changes in this direction write "selectPolicy: Disabled".',
      };
    if (periodSeconds < 1 || periodSeconds > 1800)
      return {
        path: ['policies', index, 'periodSeconds'],
        message: `The period of a policy is from 1 to 1800 s, not ${periodSeconds} s.`,
        suggestion: 'Write a number from 1 to 1800.',
      };
  }
  return undefined;
}

type Autoscaler = Extract<ManifestObject, { kind: 'HorizontalPodAutoscaler' }>;
type Scalable = Extract<ManifestObject, { kind: 'Deployment' | 'ReplicaSet' }>;

/** The object of the file that an autoscaler scales. */
const targetOf = (
  { metadata, spec: { scaleTargetRef } }: Autoscaler,
  objects: readonly ManifestObject[],
): Scalable | undefined =>
  objects.findLast(
    (object): object is Scalable =>
      (object.kind === 'Deployment' || object.kind === 'ReplicaSet') &&
      object.kind === scaleTargetRef.kind &&
      object.metadata.namespace === metadata.namespace &&
      object.metadata.name === scaleTargetRef.name,
  );

/** Says of an autoscaler what leaves it without effect: no target, no request, a metric that is not measured, a rival. */
export function noteAutoscaler(autoscaler: Autoscaler, objects: readonly ManifestObject[], note: Note): void {
  const place = placeOf(autoscaler);
  const { scaleTargetRef, metrics, behavior } = autoscaler.spec;
  for (const [index, metric] of metrics.entries())
    if (cpuTarget(metric) === undefined)
      note(
        place,
        ['spec', 'metrics', index],
        `The simulation measures CPU alone: it leaves out this metric (${sayMetric(metric)}).`,
        'Follow the Resource "cpu" with a target of type Utilization.',
      );
  for (const way of ['scaleUp', 'scaleDown'] as const)
    if (behavior?.[way] !== undefined && 'tolerance' in behavior[way])
      note(
        place,
        ['spec', 'behavior', way, 'tolerance'],
        'The simulation ignores "tolerance": Kubernetes 1.34 takes it only with the feature gate HPAConfigurableTolerance.',
      );
  const { apiVersion, kind, name } = scaleTargetRef;
  if (kind !== 'Deployment' && kind !== 'ReplicaSet') {
    note(
      place,
      ['spec', 'scaleTargetRef', 'kind'],
      `The simulation scales Deployments and ReplicaSets, and no ${kind}: this autoscaler changes nothing.`,
    );
    return;
  }
  if (apiVersion !== 'apps/v1') {
    note(
      place,
      ['spec', 'scaleTargetRef'],
      `A ${kind} is found by its apiVersion too: without "apps/v1" this autoscaler has no target.`,
      'Add "apiVersion: apps/v1".',
    );
    return;
  }
  const target = targetOf(autoscaler, objects);
  if (target === undefined) {
    const near = nearest(
      name,
      objects
        .filter(
          (object) => object.kind === kind && object.metadata.namespace === autoscaler.metadata.namespace,
        )
        .map(({ metadata }) => metadata.name),
    );
    note(
      place,
      ['spec', 'scaleTargetRef', 'name'],
      `There is no ${kind} "${name}" in this file and its namespace: this autoscaler changes nothing.`,
      near === undefined ? `Add a ${kind} of that name.` : `Did you mean "${near}"?`,
    );
    return;
  }
  noteRival(autoscaler, target, objects, note);
  const { containers, initContainers = [] } = target.spec.template.spec;
  for (const [list, of] of [
    ['containers', containers],
    ['initContainers', initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')],
  ] as const)
    for (const container of of)
      if (cpuOf(container) === undefined)
        note(
          placeOf(target),
          ['spec', 'template', 'spec', list, (target.spec.template.spec[list] ?? []).indexOf(container)],
          `Container "${container.name}" requests no CPU, and utilization is a share of the request: autoscaler "${autoscaler.metadata.name}" can compute nothing.`,
          'Add "resources: { requests: { cpu: 200m } }".',
        );
}

/** Says of an autoscaler that an earlier one selects the same Pods: Kubernetes then follows neither. */
function noteRival(
  autoscaler: Autoscaler,
  target: Scalable,
  objects: readonly ManifestObject[],
  note: Note,
): void {
  const { namespace, name } = autoscaler.metadata;
  const mine = objects.filter((object) => object.metadata.namespace === namespace && makes(object, target));
  for (const rival of objects) {
    if (rival === autoscaler) return;
    if (rival.kind !== 'HorizontalPodAutoscaler') continue;
    if (rival.metadata.namespace !== namespace || rival.metadata.name === name) continue;
    const other = targetOf(rival, objects);
    if (other === undefined || !mine.some((object) => makes(object, other))) continue;
    note(
      placeOf(autoscaler),
      ['spec', 'scaleTargetRef'],
      `Autoscaler "${rival.metadata.name}" above selects the same Pods: Kubernetes then scales by the metrics of neither (AmbiguousSelector).`,
      'Keep one of them, with all metrics in its list: the highest count wins.',
    );
  }
}

/** Whether an object is or makes Pods that a target selects. */
function makes(object: ManifestObject, { spec }: Scalable): boolean {
  const labels = podLabels(object);
  return labels !== undefined && matches(spec.selector, labels);
}

const sayMetric = ({ type, resource }: MetricSpec): string =>
  resource === undefined ? type : `${type} ${resource.name}, ${resource.target.type}`;
