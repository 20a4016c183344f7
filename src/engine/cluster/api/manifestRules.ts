import { nearest } from '../../kernel/parameters.ts';
import type { DocumentProblems } from '../../kernel/structuredDocument.ts';
import type { DataPath } from '../../kernel/structuredText.ts';
import type { Labels, PodTemplate } from './apiObjects.ts';
import { admitsAutoscaler } from './autoscalerRules.ts';
import { matches, saySelector } from './labelSelector.ts';
import { placeOf, podsWanted } from './manifestObjects.ts';
import type { ManifestObject, WrittenManifest } from './manifests.ts';
import { milliValue } from './quantityValue.ts';

/** Fields of a `spec` that count something. */
const counts: ReadonlySet<string> = new Set([
  'replicas',
  'minReadySeconds',
  'parallelism',
  'completions',
  'backoffLimit',
]);

/** What the API server's validation refuses beyond the schema. */
export function admits(written: WrittenManifest, problems: DocumentProblems): boolean {
  const { kind } = written;
  const spec = (written.spec ?? {}) as {
    selector?: { matchLabels?: Labels };
    template?: PodTemplate;
    strategy?: { rollingUpdate?: { maxSurge?: unknown; maxUnavailable?: unknown } };
    minAvailable?: unknown;
    maxUnavailable?: unknown;
    restartPolicy?: string;
  };
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(written.metadata!.name!)) {
    problems.value(
      ['metadata', 'name'],
      `"${written.metadata!.name!}" cannot be a name: it has small letters, digits, "-" and ".", and starts and ends with a letter or a digit.`,
      'Write a name as in "shop-1".',
    );
    return false;
  }
  for (const [field, value] of Object.entries(spec)) {
    if (!counts.has(field) || typeof value !== 'number' || value >= 0) continue;
    problems.value(['spec', field], `${field} is ${value}, but a count starts at 0.`, 'Write 0 or more.');
    return false;
  }
  if (kind === 'HorizontalPodAutoscaler' && !admitsAutoscaler(written.spec!, problems)) return false;
  const zero = (value: unknown): boolean => value === 0 || value === '0%' || value === '0';
  if (kind === 'Deployment' || kind === 'ReplicaSet') {
    const labels = spec.template?.metadata?.labels ?? {};
    if (!matches(spec.selector, labels)) {
      problems.value(
        ['spec', 'selector'],
        `The selector does not match the labels of the template (${saySelector(labels) || 'none'}), so that the ${kind} would not know its own Pods.`,
        'Give the template the labels that the selector asks for.',
      );
      return false;
    }
    const { maxSurge, maxUnavailable } = spec.strategy?.rollingUpdate ?? {};
    if (zero(maxSurge) && zero(maxUnavailable)) {
      problems.value(
        ['spec', 'strategy', 'rollingUpdate', 'maxUnavailable'],
        'maxUnavailable may not be 0 when maxSurge is 0: the update could never move.',
        'Set one of them to 1.',
      );
      return false;
    }
  }
  if (
    kind === 'PodDisruptionBudget' &&
    spec.minAvailable !== undefined &&
    spec.maxUnavailable !== undefined
  ) {
    problems.key(
      ['spec', 'maxUnavailable'],
      'minAvailable and maxUnavailable cannot both be set.',
      'Keep one of the two.',
    );
    return false;
  }
  if (kind === 'PodDisruptionBudget')
    for (const field of ['minAvailable', 'maxUnavailable'] as const) {
      const value = spec[field];
      if (value === undefined || isCountOrShare(value)) continue;
      problems.value(
        ['spec', field],
        `${field} is a count from 0, or a share from "0%" to "100%", not ${JSON.stringify(value)}.`,
        `Write it as in "${field}: 1" or "${field}: 50%".`,
      );
      return false;
    }
  if (kind === 'Job' && !['Never', 'OnFailure'].includes(spec.template?.spec.restartPolicy ?? '')) {
    problems.value(
      ['spec', 'template', 'spec'],
      'The Pods of a Job have the restartPolicy Never or OnFailure.',
      'Add "restartPolicy: Never".',
    );
    return false;
  }
  const podPath = kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec'];
  const podSpec = kind === 'Pod' ? (written.spec as unknown as PodTemplate['spec']) : spec.template?.spec;
  return podSpec === undefined || checkPodSpec(podSpec, podPath, problems);
}

const isCountOrShare = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isInteger(value) && value >= 0
    : typeof value === 'string' && /^\d+%$/.test(value) && Number.parseInt(value, 10) <= 100;

/** Resources of a container whose names need no domain, but for those of huge pages. */
const standardResources = ['cpu', 'memory', 'ephemeral-storage'];

/** As Kubernetes' ValidateContainerResourceName: one of its own, or a name with a domain. */
const isResource = (name: string): boolean =>
  standardResources.includes(name) || name.startsWith('hugepages-') || name.includes('/');

function checkPodSpec(spec: PodTemplate['spec'], path: DataPath, problems: DocumentProblems): boolean {
  let fine = true;
  const wrong = (at: DataPath, message: string, suggestion: string): void => {
    problems.value([...path, ...at], message, suggestion);
    fine = false;
  };
  if (spec.containers.length === 0) wrong(['containers'], 'A Pod has at least one container.', 'Add one.');
  const names = new Set<string>();
  const volumes = (spec.volumes ?? []).map(({ name }) => name);
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      if (names.has(container.name))
        wrong([list, index, 'name'], `There are two containers "${container.name}".`, 'Rename one.');
      names.add(container.name);
      for (const [mount, { name }] of (container.volumeMounts ?? []).entries()) {
        if (volumes.includes(name)) continue;
        const near = nearest(name, volumes);
        wrong(
          [list, index, 'volumeMounts', mount, 'name'],
          `There is no volume "${name}".`,
          near === undefined ? 'Add it to "volumes".' : `Did you mean "${near}"?`,
        );
      }
      for (const amounts of ['requests', 'limits'] as const)
        for (const [resource, quantity] of Object.entries(container.resources?.[amounts] ?? {})) {
          const at = [list, index, 'resources', amounts, resource];
          if (!isResource(resource)) {
            problems.unknownKey(
              [...path, ...at],
              standardResources,
              `There is no resource "${resource}".`,
              'Write cpu or memory; those of devices are named as in "nvidia.com/gpu".',
            );
            fine = false;
          } else if (milliValue(quantity) === undefined)
            wrong(at, `"${quantity}" is no quantity.`, 'Write it as in "500m" or "64Mi".');
        }
    }
  }
  return fine;
}

/** What is wrong only when objects are seen together. */
export function compare(
  objects: readonly ManifestObject[],
  problemsOf: (place: string) => DocumentProblems,
): void {
  const classes = objects.filter(({ kind }) => kind === 'RuntimeClass').map(({ metadata }) => metadata.name);
  for (const object of objects) {
    const problems = problemsOf(placeOf(object));
    if (object.kind === 'PodDisruptionBudget') {
      const count = podsWanted(objects, (labels) => matches(object.spec.selector, labels));
      const { minAvailable } = object.spec;
      if (typeof minAvailable === 'number' && count > 0 && minAvailable > count)
        problems.value(
          ['spec', 'minAvailable'],
          `The budget asks for ${minAvailable} Pods, but only ${count} are wanted: no eviction could ever be allowed.`,
          `Write fewer than ${count}, or a percentage.`,
        );
    }
    const isPod = object.kind === 'Pod';
    const spec = isPod ? object.spec : 'template' in object.spec ? object.spec.template.spec : undefined;
    const path = isPod ? ['spec'] : ['spec', 'template', 'spec'];
    const { runtimeClassName, overhead } = spec ?? {};
    if (runtimeClassName !== undefined && !classes.includes(runtimeClassName)) {
      const near = nearest(runtimeClassName, classes);
      problems.value(
        [...path, 'runtimeClassName'],
        `There is no RuntimeClass "${runtimeClassName}" in this file: Pods that name it are refused.`,
        near === undefined
          ? 'Add a RuntimeClass of that name (apiVersion: node.k8s.io/v1).'
          : `Did you mean "${near}"?`,
      );
    }
    if (overhead !== undefined)
      problems.key(
        [...path, 'overhead'],
        'The overhead of a Pod comes from its RuntimeClass.',
        'Leave "overhead" out here, and write "overhead.podFixed" into the RuntimeClass.',
      );
  }
}
