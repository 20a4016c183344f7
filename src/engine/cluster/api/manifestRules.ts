import { nearest } from '../../kernel/parameters.ts';
import type { DocumentProblems } from '../../kernel/structuredDocument.ts';
import type { DataPath } from '../../kernel/structuredText.ts';
import type { Labels, PodTemplate } from './apiObjects.ts';
import { budgetStatus } from '../controllers/disruptionBudget.ts';
import { matches, matchesLabels, saySelector } from './labelSelector.ts';
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
    minReplicas?: number;
    maxReplicas?: number;
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
  if (kind === 'HorizontalPodAutoscaler' && spec.maxReplicas! < (spec.minReplicas ?? 1)) {
    problems.value(
      ['spec', 'maxReplicas'],
      `maxReplicas (${spec.maxReplicas!}) is less than minReplicas (${spec.minReplicas ?? 1}).`,
      `Write ${spec.minReplicas ?? 1} or more.`,
    );
    return false;
  }
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
        for (const [resource, quantity] of Object.entries(container.resources?.[amounts] ?? {}))
          if (milliValue(quantity) === undefined)
            wrong(
              [list, index, 'resources', amounts, resource],
              `"${quantity}" is no quantity.`,
              'Write it as in "500m" or "64Mi".',
            );
    }
  }
  return fine;
}

/** Says what is allowed, and rarely meant. */
type Note = (document: number, path: DataPath, message: string, suggestion?: string) => void;

const documentOf = ({ place }: ManifestObject): number => Number(place?.slice(1));

/** The labels of the Pods that an object is or makes; undefined for what makes none. */
const podLabels = (object: ManifestObject): Labels | undefined =>
  object.kind === 'Pod'
    ? (object.metadata.labels ?? {})
    : 'template' in object.spec
      ? (object.spec.template.metadata?.labels ?? {})
      : undefined;

/** How many Pods with fitting labels the objects ask for. */
function podsWanted(objects: readonly ManifestObject[], fits: (labels: Labels) => boolean): number {
  let wanted = 0;
  for (const object of objects) {
    const labels = podLabels(object);
    if (labels === undefined || !fits(labels)) continue;
    wanted += 'replicas' in object.spec ? object.spec.replicas : 1;
  }
  return wanted;
}

/** What is wrong only when objects are seen together. */
export function compare(
  objects: readonly ManifestObject[],
  problemsOf: (index: number) => DocumentProblems,
): void {
  const classes = objects.filter(({ kind }) => kind === 'RuntimeClass').map(({ metadata }) => metadata.name);
  for (const object of objects) {
    const problems = problemsOf(documentOf(object));
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

/** Says of selectors that they match no Pod of the manifests, of budgets that they never allow an eviction, of names that they stand twice. */
export function noteDoubts(objects: readonly ManifestObject[], note: Note): void {
  const seen = new Set<string>();
  for (const object of objects) {
    const { name, namespace } = object.metadata;
    const key = `${object.kind} ${namespace} ${name}`;
    if (seen.has(key))
      note(
        documentOf(object),
        ['metadata', 'name'],
        `There is another ${object.kind} "${name}" above: applied after it, this one takes its place.`,
        'Rename one of them if both are meant.',
      );
    seen.add(key);
    if (object.kind === 'Service' && object.spec.selector !== undefined) {
      const { selector } = object.spec;
      if (podsWanted(objects, (labels) => matchesLabels(selector, labels)) > 0) {
        notePorts(object, objects, note);
        continue;
      }
      const near = nearestLabels(objects, selector);
      note(
        documentOf(object),
        ['spec', 'selector'],
        `No Pod of this file has the labels ${saySelector(selector)}.`,
        near === undefined ? undefined : `Did you mean ${near}?`,
      );
    }
    if (object.kind === 'PodDisruptionBudget') {
      const { selector, minAvailable, maxUnavailable } = object.spec;
      const wanted = podsWanted(objects, (labels) => matches(selector, labels));
      if (wanted === 0) {
        note(documentOf(object), ['spec', 'selector'], 'This budget selects no Pod of this file.');
        continue;
      }
      const budget = maxUnavailable === undefined ? { minAvailable: minAvailable ?? 0 } : { maxUnavailable };
      if (budgetStatus(budget, wanted, wanted)?.disruptionsAllowed !== 0) continue;
      note(
        documentOf(object),
        ['spec', maxUnavailable === undefined ? 'minAvailable' : 'maxUnavailable'],
        `With ${wanted} wanted Pods this budget never allows an eviction, even when all are healthy: a drain of their nodes would not end.`,
        'Leave at least one Pod to be evicted: "maxUnavailable: 1".',
      );
    }
  }
}

/** Says of a Service that no Pod it selects has a port of the name that it sends to. */
function notePorts(
  { spec, place }: Extract<ManifestObject, { kind: 'Service' }>,
  objects: readonly ManifestObject[],
  note: Note,
): void {
  const named = objects.flatMap((object) => {
    const labels = podLabels(object);
    if (labels === undefined || !matchesLabels(spec.selector!, labels)) return [];
    const pod =
      object.kind === 'Pod' ? object.spec : 'template' in object.spec ? object.spec.template.spec : undefined;
    return [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])]
      .flatMap(({ ports = [] }) => ports)
      .flatMap(({ name }) => (name === undefined ? [] : [name]));
  });
  for (const [index, { targetPort }] of (spec.ports ?? []).entries()) {
    if (typeof targetPort !== 'string' || named.includes(targetPort)) continue;
    const near = nearest(targetPort, named);
    note(
      Number(place?.slice(1)),
      ['spec', 'ports', index, 'targetPort'],
      `No Pod that this Service selects has a port named "${targetPort}".`,
      near === undefined
        ? 'Give a port of the container that name, or write its number.'
        : `Did you mean "${near}"?`,
    );
  }
}

/** The labels of a Pod of the file that a selector most likely means. */
function nearestLabels(objects: readonly ManifestObject[], selector: Labels): string | undefined {
  const all = objects.flatMap((object) => {
    const labels = podLabels(object);
    return labels === undefined || Object.keys(labels).length === 0 ? [] : [saySelector(labels)];
  });
  return nearest(saySelector(selector), all);
}
