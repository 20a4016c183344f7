import { murmur3 } from '../../kernel/random.ts';
import { keyOf, type Deployment, type PodTemplate, type ReplicaSet } from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';
import { seconds } from '../clusterClock.ts';
import {
  newReplicaSetSize,
  oldReplicaSetSizes,
  proportionalSizes,
  resolveFenceposts,
  type Fenceposts,
  type ReplicaCounts,
} from './rollingUpdate.ts';

/** The annotations by which a Deployment remembers how its sets were scaled. */
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maxAnnotation = 'deployment.kubernetes.io/max-replicas';
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const templateHashLabel = 'pod-template-hash';
const defaultProgressDeadlineSeconds = 600;

/** `strategy` with the defaults of apps/v1: a rolling update by 25 % and 25 %. */
export function fencepostsOf({ spec }: Deployment): Fenceposts {
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy?.rollingUpdate ?? {};
  return resolveFenceposts(maxSurge, maxUnavailable, spec.replicas) ?? { maxSurge: 0, maxUnavailable: 1 };
}

export const templateHash = (template: PodTemplate): string =>
  murmur3(JSON.stringify(template), 0).toString(36);

/** One look at a Deployment: one step at most, since every change brings it back. Source: pkg/controller/deployment. */
export function syncDeployment(cluster: Cluster, key: string): void {
  const deployment = cluster.store.get('Deployment', key);
  if (deployment === undefined) return;
  const hash = templateHash(deployment.spec.template);
  const sets = [...cluster.index.setsOf(deployment.metadata.uid)].toSorted(
    (a, b) =>
      a.metadata.creationNs - b.metadata.creationNs ||
      a.metadata.resourceVersion - b.metadata.resourceVersion,
  );
  let fresh = sets.find(({ metadata }) => metadata.labels[templateHashLabel] === hash);
  const old = sets.filter((set) => set !== fresh);
  const recreate = deployment.spec.strategy?.type === 'Recreate';
  if (fresh === undefined) {
    if (
      recreate &&
      scaleAll(
        cluster,
        deployment,
        old,
        old.map(() => 0),
      )
    )
      return updateStatus(cluster, deployment, undefined, old);
    if (recreate && old.some((set) => cluster.index.livePodsOf(set.metadata.uid) > 0)) return;
    fresh = createSet(cluster, deployment, hash, old, recreate);
    updateStatus(cluster, deployment, fresh, old);
    return;
  }
  if (!scaledDuringRollout(cluster, deployment, fresh, old)) {
    if (recreate) {
      if (
        !scaleAll(
          cluster,
          deployment,
          old,
          old.map(() => 0),
        ) &&
        old.every((set) => cluster.index.livePodsOf(set.metadata.uid) === 0)
      )
        scaleAll(cluster, deployment, [fresh], [deployment.spec.replicas]);
    } else rollOn(cluster, deployment, fresh, old);
  }
  updateStatus(cluster, deployment, fresh, old);
}

function rollOn(
  cluster: Cluster,
  deployment: Deployment,
  fresh: ReplicaSet,
  old: readonly ReplicaSet[],
): void {
  const { replicas } = deployment.spec;
  const fenceposts = fencepostsOf(deployment);
  const active = old.filter(({ spec }) => spec.replicas > 0);
  const size = newReplicaSetSize(replicas, fenceposts, countsOf(fresh), active.map(countsOf));
  if (scaleAll(cluster, deployment, [fresh], [size])) return;
  scaleAll(
    cluster,
    deployment,
    active,
    oldReplicaSetSizes(replicas, fenceposts, countsOf(fresh), active.map(countsOf)),
  );
}

const countsOf = ({ spec, status }: ReplicaSet): ReplicaCounts => ({
  replicas: spec.replicas,
  available: status.availableReplicas,
});

/** When `spec.replicas` changes while several sets have Pods, each keeps its proportion. */
function scaledDuringRollout(
  cluster: Cluster,
  deployment: Deployment,
  fresh: ReplicaSet,
  old: readonly ReplicaSet[],
): boolean {
  const active = [...old, fresh].filter(({ spec }) => spec.replicas > 0);
  const desired = String(deployment.spec.replicas);
  if (
    active.length < 2 ||
    active.every(({ metadata }) => metadata.annotations[desiredAnnotation] === desired)
  )
    return false;
  const { maxSurge } = fencepostsOf(deployment);
  const sizes = proportionalSizes(
    deployment.spec.replicas,
    maxSurge,
    active.map(({ spec, metadata }) => ({
      replicas: spec.replicas,
      maxReplicas: Number(metadata.annotations[maxAnnotation] ?? spec.replicas),
      created: metadata.creationNs,
    })),
  );
  return scaleAll(cluster, deployment, active, sizes, true);
}

/** True when any size changed. */
function scaleAll(
  cluster: Cluster,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  sizes: readonly number[],
  annotate = false,
): boolean {
  const annotations = scaleAnnotations(deployment);
  let changed = false;
  for (const [index, set] of sets.entries()) {
    const to = sizes[index]!;
    const resize = to !== set.spec.replicas;
    if (
      !resize &&
      !(annotate && set.metadata.annotations[desiredAnnotation] !== annotations[desiredAnnotation])
    )
      continue;
    changed = true;
    if (resize) cluster.recordScale(set, to);
    cluster.store.update({
      ...set,
      metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, ...annotations } },
      spec: resize ? { ...set.spec, replicas: to } : set.spec,
    });
  }
  return changed;
}

const scaleAnnotations = (deployment: Deployment): Record<string, string> => ({
  [desiredAnnotation]: String(deployment.spec.replicas),
  [maxAnnotation]: String(deployment.spec.replicas + fencepostsOf(deployment).maxSurge),
});

function createSet(
  cluster: Cluster,
  deployment: Deployment,
  hash: string,
  old: readonly ReplicaSet[],
  recreate: boolean,
): ReplicaSet {
  const { spec, metadata } = deployment;
  const labels = { ...spec.template.metadata?.labels, [templateHashLabel]: hash };
  const active = old.filter((set) => set.spec.replicas > 0);
  const replicas = recreate
    ? spec.replicas
    : newReplicaSetSize(
        spec.replicas,
        fencepostsOf(deployment),
        { replicas: 0, available: 0 },
        active.map(countsOf),
      );
  const revision =
    1 + Math.max(0, ...old.map((set) => Number(set.metadata.annotations[revisionAnnotation] ?? 0)));
  const outcome = cluster.store.create<'ReplicaSet'>({
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace,
      labels,
      annotations: { ...scaleAnnotations(deployment), [revisionAnnotation]: String(revision) },
      ownerReferences: [{ kind: 'Deployment', name: metadata.name, uid: metadata.uid }],
    },
    spec: {
      replicas,
      ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: {
        ...spec.selector,
        matchLabels: { ...spec.selector.matchLabels, [templateHashLabel]: hash },
      },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
    status: { replicas: 0, readyReplicas: 0, availableReplicas: 0, observedGeneration: 0 },
    ...(deployment.place === undefined ? {} : { place: deployment.place }),
  });
  if (!outcome.ok) throw new Error(`ReplicaSet of ${metadata.name}: ${outcome.error}`);
  cluster.recordScale(outcome.value, replicas, 0);
  return outcome.value;
}

function updateStatus(
  cluster: Cluster,
  seen: Deployment,
  fresh: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): void {
  const deployment = cluster.store.get('Deployment', keyOf(seen))!;
  const { spec, status } = deployment;
  const all = fresh === undefined ? old : [...old, fresh];
  const sum = (of: (set: ReplicaSet) => number): number => all.reduce((total, set) => total + of(set), 0);
  const counts = {
    replicas: sum((set) => set.status.replicas),
    readyReplicas: sum((set) => set.status.readyReplicas),
    availableReplicas: sum((set) => set.status.availableReplicas),
    updatedReplicas: fresh?.status.replicas ?? 0,
    observedGeneration: deployment.metadata.generation,
  };
  const complete =
    counts.updatedReplicas === spec.replicas &&
    counts.replicas === spec.replicas &&
    counts.availableReplicas === spec.replicas;
  const moved =
    counts.updatedReplicas > status.updatedReplicas ||
    counts.replicas - counts.updatedReplicas < status.replicas - status.updatedReplicas ||
    counts.readyReplicas > status.readyReplicas ||
    counts.availableReplicas > status.availableReplicas;
  const renewed = counts.observedGeneration !== status.observedGeneration;
  const progressNs = moved || renewed ? cluster.simulation.now : status.progressNs;
  const deadlineNs = seconds(spec.progressDeadlineSeconds ?? defaultProgressDeadlineSeconds);
  const late = cluster.simulation.now - progressNs >= deadlineNs;
  const settled = status.progressing === 'NewReplicaSetAvailable' && !renewed;
  const progressing =
    complete || settled
      ? ('NewReplicaSetAvailable' as const)
      : late
        ? ('ProgressDeadlineExceeded' as const)
        : ('ReplicaSetUpdated' as const);
  if (progressing === 'ReplicaSetUpdated' && progressNs !== status.progressNs)
    cluster.queues.Deployment.addAfter(keyOf(deployment), deadlineNs);
  if (progressing !== status.progressing) {
    if (progressing === 'NewReplicaSetAvailable') cluster.record('rolloutComplete', deployment.metadata.name);
    if (progressing === 'ProgressDeadlineExceeded') cluster.record('rolloutStuck', deployment.metadata.name);
  }
  const next = { ...counts, progressNs, progressing };
  const same = (Object.keys(next) as (keyof typeof next)[]).every((field) => next[field] === status[field]);
  if (!same) cluster.store.update({ ...deployment, status: next });
}
