import type { DocumentReading } from '../../kernel/document.ts';
import { nearest } from '../../kernel/parameters.ts';
import { readYamlDocuments, type DocumentProblems } from '../../kernel/structuredDocument.ts';
import { insideOf, type DataPath, type StructuredText } from '../../kernel/structuredText.ts';
import { defaultMetrics } from '../autoscaler/autoscalerSpec.ts';
import type { AnyObject, Kind, Labels, PodTemplate } from './apiObjects.ts';
import { noteDoubts } from './manifestNotes.ts';
import { manifestVersions, otherServedVersions } from './apiVersions.ts';
import { admits, compare } from './manifestRules.ts';
import { validate } from './manifest.validator.js';
import type { NewObject } from './objectStore.ts';

/** Versions of the kinds that are read. */
const versions: Readonly<Record<string, string>> = { ...manifestVersions, Namespace: 'v1' };

/** Kinds whose fields stand beside `metadata`, or that have none. */
const withoutSpec: ReadonlySet<string> = new Set(['Namespace', 'RuntimeClass']);

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
  volumeMount: ['name', 'mountPath'],
  emptyDir: [],
  Deployment: ['replicas', 'minReadySeconds', 'selector', 'template', 'strategy', 'progressDeadlineSeconds'],
  ReplicaSet: ['replicas', 'minReadySeconds', 'selector', 'template'],
  Service: ['selector', 'ports', 'type', 'clusterIP', 'externalName'],
  PodDisruptionBudget: ['selector', 'minAvailable', 'maxUnavailable', 'unhealthyPodEvictionPolicy'],
  HorizontalPodAutoscaler: ['scaleTargetRef', 'minReplicas', 'maxReplicas', 'metrics', 'behavior'],
  Job: ['parallelism', 'completions', 'backoffLimit', 'template'],
  RuntimeClass: ['handler', 'overhead', 'scheduling'],
};

/** An object of a manifest, and where it stands. */
export type ManifestObject = { readonly [K in Kind]: NewObject<K> }[Kind];

/** A document that the schema allows. */
export interface WrittenManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/**
 * Reads Kubernetes manifests as `kubectl apply` takes them: YAML of one or more documents. What the published schema
 * refuses is a problem; what only the simulation does not use is a note.
 */
export function readManifests(text: string): DocumentReading<readonly ManifestObject[]> {
  return readYamlDocuments<readonly ManifestObject[]>(text, (documents, problemsOf) => {
    const objects: ManifestObject[] = [];
    let allRead = true;
    const manifests = documents.flatMap((document, index) =>
      manifestsOf({ text: document, problems: problemsOf(index), place: `/${index}` }),
    );
    for (const { text: manifest, problems, place } of manifests) {
      // A line of --- at the end starts a document that says nothing.
      if (manifest.value === null) continue;
      const written = checked(manifest, problems);
      if (written === undefined) {
        allRead = false;
        continue;
      }
      const object = objectOf(written, place, (path, message) => problems.noteKey(path, message));
      if (object !== undefined) objects.push(object);
    }
    const problemsAt = (place: string): DocumentProblems =>
      manifests.find((manifest) => manifest.place === place)!.problems;
    // What one document lacks may stand in another that could not be read.
    if (allRead) compare(objects, problemsAt);
    noteDoubts(objects, (place, path, message, suggestion) =>
      problemsAt(place).note(path, message, suggestion),
    );
    if (documents.every((document) => document.value === null))
      problemsOf(0).value(
        [],
        'There is no object here.',
        'Start one with "apiVersion", "kind" and "metadata".',
      );
    return objects;
  });
}

/** A manifest of a text: a document, or an item of a List. */
interface Manifest {
  readonly text: StructuredText;
  readonly problems: DocumentProblems;
  /** JSON pointer, whose first step is the document's number. */
  readonly place: string;
}

/** The manifests of a document: itself, or the items of a `kind: List`, as `kubectl get -o yaml` prints several objects. */
function manifestsOf(document: Manifest): readonly Manifest[] {
  const { text, problems, place } = document;
  const { apiVersion, kind, items } = (text.value ?? {}) as Readonly<Record<string, unknown>>;
  if (kind !== 'List') return [document];
  if (apiVersion !== 'v1')
    problems.value(
      apiVersion === undefined ? [] : ['apiVersion'],
      'A List has the apiVersion "v1".',
      'Write "apiVersion: v1".',
    );
  if (Array.isArray(items) && items.length > 0)
    return items.map((_item, index) => ({
      text: insideOf(text, ['items', index]),
      problems: problems.inside(['items', index]),
      place: `${place}/items/${index}`,
    }));
  problems.value(
    items === undefined ? [] : ['items'],
    'This List has no items.',
    'Write its objects below "items:", each after a hyphen.',
  );
  return [];
}

function checked(document: StructuredText, problems: DocumentProblems): WrittenManifest | undefined {
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.value(
      [],
      'A manifest is a map with "apiVersion", "kind", "metadata" and "spec".',
      'Write those keys at the left margin, each followed by a colon.',
    );
    return undefined;
  }
  const written = withoutNulls(value) as WrittenManifest;
  if (written.kind === undefined) {
    missesKey('kind', written, problems, 'This manifest has no "kind".', 'Add it, as in "kind: Deployment".');
    return undefined;
  }
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
    if (written.apiVersion === undefined) {
      const message = `This ${written.kind} has no "apiVersion".`;
      missesKey('apiVersion', written, problems, message, `Add "apiVersion: ${version}".`);
      return undefined;
    }
    if (typeof written.apiVersion === 'string' && written.apiVersion !== version) {
      const instead = otherServedVersions[written.kind]?.[written.apiVersion];
      problems.value(
        ['apiVersion'],
        instead === undefined
          ? `A ${written.kind} has the apiVersion "${version}", not "${written.apiVersion}".`
          : `An API server knows a ${written.kind} of "${written.apiVersion}" too, but here it is read as "${version}" alone.`,
        `Write "apiVersion: ${version}"${instead === undefined ? '' : `, ${instead}`}.`,
      );
      return undefined;
    }
  }
  if (!problems.schema(validate, written)) return undefined;
  if (typeof written.metadata?.name !== 'string' || written.metadata.name === '') {
    problems.value(['metadata'], `This ${written.kind} has no name.`, 'Add "metadata.name".');
    return undefined;
  }
  if (written.spec === undefined && !withoutSpec.has(written.kind)) {
    problems.value([], `This ${written.kind} has no "spec".`, 'Add "spec".');
    return undefined;
  }
  return admits(written, problems) ? written : undefined;
}

/** A key at the top is missing, without which nothing is known of the others, unless one of them is its misspelling. */
function missesKey(
  key: string,
  written: WrittenManifest,
  problems: DocumentProblems,
  message: string,
  suggestion: string,
): void {
  for (const other of Object.keys(written)) {
    if (nearest(other, [key]) !== undefined)
      problems.unknownKey([other], [key], `There is no field "${other}" here.`);
  }
  problems.missing([key], message, suggestion);
}

/** Maps of texts by keys of one's own, in which a key without a value is a mistake. */
const mapsOfTexts: ReadonlySet<string> = new Set([
  'labels',
  'annotations',
  'matchLabels',
  'selector',
  'nodeSelector',
  'requests',
  'limits',
]);

/** A field that is null counts as left out, as in `creationTimestamp: null` of `kubectl create --dry-run=client -o yaml`. */
function withoutNulls(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutNulls(each));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== null || mapsOfTexts.has(key));
  return Object.fromEntries(entries.map(([name, each]) => [name, withoutNulls(each, name)]));
}

function objectOf(
  written: WrittenManifest,
  place: string,
  note: (path: DataPath, message: string) => void,
): ManifestObject | undefined {
  const { kind, metadata } = written;
  if (kind === 'Namespace') {
    note(['kind'], `The ${kind} is checked, and then ignored by this simulation.`);
    return undefined;
  }
  const beside = kind === 'RuntimeClass';
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...fields } = written;
  const spec = beside ? fields : (written.spec as Record<string, unknown>);
  noteIgnored(spec, beside ? [] : ['spec'], usedFields[kind === 'Pod' ? 'podSpec' : kind]!, note);
  const template = spec['template'] as PodTemplate | undefined;
  const podSpec = kind === 'Pod' ? (spec as unknown as PodTemplate['spec']) : template?.spec;
  if (podSpec !== undefined)
    noteIgnoredInPod(podSpec, kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec'], kind === 'Pod', note);
  const base = {
    kind: kind as Kind,
    metadata: {
      name: metadata!.name!,
      // The only kind of these that belongs to no namespace.
      namespace: beside ? '' : (metadata?.namespace ?? 'default'),
      labels: metadata?.labels ?? {},
      annotations: metadata?.annotations ?? {},
    },
    place,
  };
  return {
    ...base,
    spec: { ...spec, ...defaultsOf(kind, spec) },
    status: statusOf(kind as Kind),
  } as unknown as ManifestObject;
}

/** What the API server itself fills in where a spec leaves it out; an empty list of metrics counts as none. */
function defaultsOf(
  kind: string,
  { replicas, minReplicas, metrics }: WrittenManifest['spec'] & object,
): object {
  if (kind === 'Deployment' || kind === 'ReplicaSet') return { replicas: replicas ?? 1 };
  if (kind !== 'HorizontalPodAutoscaler') return {};
  const none = metrics === undefined || (metrics as readonly unknown[]).length === 0;
  return { minReplicas: minReplicas ?? 1, metrics: none ? defaultMetrics : metrics };
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
    case 'HorizontalPodAutoscaler':
      return { currentReplicas: 0, desiredReplicas: 0, conditions: [] };
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
  for (const [index, { name: _name, emptyDir = {}, ...others }] of (spec.volumes ?? []).entries()) {
    const at = [...path, 'volumes', index];
    noteIgnored(emptyDir, [...at, 'emptyDir'], usedFields['emptyDir']!, note);
    for (const source of Object.keys(others))
      note(
        [...at, source],
        `The simulation has no "${source}": this volume is an empty directory, which the containers of the Pod share.`,
      );
  }
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      noteIgnored(container, [...path, list, index], usedFields['container']!, note);
      for (const [mount, fields] of (container.volumeMounts ?? []).entries())
        noteIgnored(fields, [...path, list, index, 'volumeMounts', mount], usedFields['volumeMount']!, note);
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
