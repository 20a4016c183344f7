import type { DocumentProblem, DocumentReading } from '../kernel/document.ts';
import { nearest } from '../kernel/parameters.ts';
import { readYamlDocuments, type DocumentProblems } from '../kernel/structuredDocument.ts';
import type { DataPath, StructuredText } from '../kernel/structuredText.ts';
import type { AnyObject, Kind, Labels, PodTemplate } from './apiObjects.ts';
import { matches, matchesLabels, saySelector } from './labelSelector.ts';
import { validate } from './manifest.validator.js';
import type { NewObject } from './objectStore.ts';
import { milliValue } from './quantityValue.ts';

/** Versions of the kinds that are read. A kind without an entry in `simulated` is checked and then ignored. */
const versions: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Pod: 'v1',
  Service: 'v1',
  Namespace: 'v1',
  PodDisruptionBudget: 'policy/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  Job: 'batch/v1',
};

const probe = [
  'initialDelaySeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
  'httpGet',
  'tcpSocket',
  'exec',
];
/** Fields that the simulation uses, by the end of their path; all others are reported as ignored. */
const usedFields: Readonly<Record<string, readonly string[]>> = {
  podSpec: [
    'containers',
    'initContainers',
    'restartPolicy',
    'nodeName',
    'nodeSelector',
    'affinity',
    'tolerations',
    'topologySpreadConstraints',
    'terminationGracePeriodSeconds',
    'volumes',
    'runtimeClassName',
    'overhead',
  ],
  container: [
    'name',
    'image',
    'ports',
    'resources',
    'readinessProbe',
    'livenessProbe',
    'startupProbe',
    'volumeMounts',
    'lifecycle',
    'restartPolicy',
  ],
  probe,
  Deployment: ['replicas', 'minReadySeconds', 'selector', 'template', 'strategy', 'progressDeadlineSeconds'],
  ReplicaSet: ['replicas', 'minReadySeconds', 'selector', 'template'],
  Service: ['selector', 'ports', 'type', 'clusterIP', 'externalName'],
  PodDisruptionBudget: ['selector', 'minAvailable', 'maxUnavailable', 'unhealthyPodEvictionPolicy'],
  Job: ['parallelism', 'completions', 'backoffLimit', 'template'],
};

/** An object of a manifest, and where it stands. */
export type ManifestObject = { readonly [K in Kind]: NewObject<K> }[Kind];

interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/**
 * Reads Kubernetes manifests as `kubectl apply` takes them: YAML of one or more documents. What the published schema
 * refuses is a problem; what only the simulation does not use is a note.
 */
export function readManifests(text: string): DocumentReading<readonly ManifestObject[]> {
  const notes: DocumentProblem[] = [];
  const reading = readYamlDocuments<readonly ManifestObject[]>(text, (documents, problemsOf) => {
    const objects: ManifestObject[] = [];
    for (const [index, document] of documents.entries()) {
      // A line of --- at the end starts a document that says nothing.
      if (document.value === null) continue;
      const written = checked(document, problemsOf(index));
      if (written === undefined) continue;
      const note = (path: DataPath, message: string): void =>
        void notes.push({ ...document.placeOfKey(path), message });
      const object = objectOf(written, index, note);
      if (object !== undefined) objects.push(object);
    }
    compare(objects, problemsOf);
    noteUnmatched(
      objects,
      (index, path, message) => void notes.push({ ...documents[index]!.placeOf(path), message }),
    );
    if (documents.every((document) => document.value === null))
      problemsOf(0).value([], 'There is no object here.');
    return objects;
  });
  return reading.ok ? { ok: true, value: { ...reading.value, notes } } : reading;
}

function checked(document: StructuredText, problems: DocumentProblems): Written | undefined {
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.value([], 'A manifest is a map with "apiVersion", "kind", "metadata" and "spec".');
    return undefined;
  }
  const written = value as Written;
  if (typeof written.kind === 'string') {
    const version = versions[written.kind];
    if (version === undefined) {
      const near = nearest(written.kind, Object.keys(versions));
      problems.value(
        ['kind'],
        `The kind "${written.kind}" is not simulated.`,
        near === undefined ? `Kinds: ${Object.keys(versions).join(', ')}.` : `Did you mean "${near}"?`,
      );
      return undefined;
    }
    if (typeof written.apiVersion === 'string' && written.apiVersion !== version) {
      problems.value(
        ['apiVersion'],
        `A ${written.kind} has the apiVersion "${version}", not "${written.apiVersion}".`,
        `Write "apiVersion: ${version}".`,
      );
      return undefined;
    }
  }
  if (!problems.schema(validate)) return undefined;
  if (typeof written.metadata?.name !== 'string' || written.metadata.name === '') {
    problems.value(['metadata'], `This ${written.kind} has no name.`, 'Add "metadata.name".');
    return undefined;
  }
  if (written.spec === undefined && written.kind !== 'Namespace') {
    problems.value([], `This ${written.kind} has no "spec".`, 'Add "spec".');
    return undefined;
  }
  return semantic(written, problems) ? written : undefined;
}

/** What the API server's validation refuses beyond the schema. */
function semantic(written: Written, problems: DocumentProblems): boolean {
  const { kind } = written;
  const spec = (written.spec ?? {}) as {
    selector?: { matchLabels?: Labels };
    template?: PodTemplate;
    strategy?: { rollingUpdate?: { maxSurge?: unknown; maxUnavailable?: unknown } };
    minAvailable?: unknown;
    maxUnavailable?: unknown;
    restartPolicy?: string;
  };
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

/** What only shows when objects are seen together. */
function compare(objects: readonly ManifestObject[], problemsOf: (index: number) => DocumentProblems): void {
  const replicas = (labelsMatch: (labels: Labels) => boolean): number =>
    objects.reduce(
      (sum, object) =>
        object.kind === 'Deployment' && labelsMatch(object.spec.template.metadata?.labels ?? {})
          ? sum + object.spec.replicas
          : sum,
      0,
    );
  for (const object of objects) {
    if (object.kind !== 'PodDisruptionBudget') continue;
    const count = replicas((labels) => matches(object.spec.selector, labels));
    const { minAvailable } = object.spec;
    if (typeof minAvailable === 'number' && count > 0 && minAvailable > count)
      problemsOf(Number(object.place?.slice(1))).value(
        ['spec', 'minAvailable'],
        `The budget asks for ${minAvailable} Pods, but only ${count} are wanted: no eviction could ever be allowed.`,
        `Write fewer than ${count}, or a percentage.`,
      );
  }
}

function objectOf(
  written: Written,
  index: number,
  note: (path: DataPath, message: string) => void,
): ManifestObject | undefined {
  const { kind, metadata } = written;
  if (kind === 'Namespace' || kind === 'HorizontalPodAutoscaler') {
    note(['kind'], `The ${kind} is checked, and then ignored by this simulation.`);
    return undefined;
  }
  const spec = written.spec as Record<string, unknown>;
  noteIgnored(spec, ['spec'], usedFields[kind === 'Pod' ? 'podSpec' : kind]!, note);
  const template = spec['template'] as PodTemplate | undefined;
  const podSpec = kind === 'Pod' ? (spec as unknown as PodTemplate['spec']) : template?.spec;
  if (podSpec !== undefined)
    noteIgnoredInPod(podSpec, kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec'], kind === 'Pod', note);
  const base = {
    kind: kind as Kind,
    metadata: {
      name: metadata!.name!,
      namespace: metadata?.namespace ?? 'default',
      labels: metadata?.labels ?? {},
      annotations: metadata?.annotations ?? {},
    },
    place: `/${index}`,
  };
  // The API server itself fills in one replica.
  const withReplicas = kind === 'Deployment' || kind === 'ReplicaSet' ? { replicas: 1, ...spec } : spec;
  return { ...base, spec: withReplicas, status: statusOf(kind as Kind) } as unknown as ManifestObject;
}

function statusOf(kind: Kind): AnyObject['status'] {
  switch (kind) {
    case 'Deployment':
      return {
        replicas: 0,
        readyReplicas: 0,
        availableReplicas: 0,
        observedGeneration: 0,
        updatedReplicas: 0,
        progressNs: 0,
        progressing: 'ReplicaSetUpdated',
      };
    case 'ReplicaSet':
      return { replicas: 0, readyReplicas: 0, availableReplicas: 0, observedGeneration: 0 };
    case 'Job':
      return { active: 0, succeeded: 0, failed: 0, complete: false };
    case 'Pod':
      return { phase: 'Pending', ready: false, readySinceNs: 0, containers: [] };
    default:
      return {};
  }
}

function noteIgnoredInPod(
  spec: PodTemplate['spec'],
  path: DataPath,
  isPod: boolean,
  note: (path: DataPath, message: string) => void,
): void {
  if (!isPod) noteIgnored(spec, path, usedFields['podSpec']!, note);
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      noteIgnored(container, [...path, list, index], usedFields['container']!, note);
      for (const name of ['readinessProbe', 'livenessProbe', 'startupProbe'] as const)
        if (container[name] !== undefined)
          noteIgnored(container[name], [...path, list, index, name], probe, note);
    }
  }
}

function noteIgnored(
  value: object,
  path: DataPath,
  used: readonly string[],
  note: (path: DataPath, message: string) => void,
): void {
  for (const key of Object.keys(value))
    if (!used.includes(key)) note([...path, key], `The simulation ignores "${key}".`);
}

/** Says of a Service that its selector matches no Pod of the manifests. */
function noteUnmatched(
  objects: readonly ManifestObject[],
  note: (document: number, path: DataPath, message: string) => void,
): void {
  const labelsOf = (object: ManifestObject): Labels =>
    object.kind === 'Pod'
      ? (object.metadata.labels ?? {})
      : 'template' in object.spec
        ? (object.spec.template.metadata?.labels ?? {})
        : {};
  for (const object of objects) {
    if (object.kind !== 'Service' || object.spec.selector === undefined) continue;
    const { selector } = object.spec;
    if (
      objects.some(
        (other) =>
          (other.kind === 'Pod' || 'template' in other.spec) && matchesLabels(selector, labelsOf(other)),
      )
    )
      continue;
    note(
      Number(object.place?.slice(1)),
      ['spec', 'selector'],
      `No Pod of this file has the labels ${saySelector(selector)}.`,
    );
  }
}
