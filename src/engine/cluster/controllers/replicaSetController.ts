import type { Nanoseconds } from '../../kernel/time.ts';
import { keyOf, type Pod, type ReplicaSet } from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';
import { seconds } from '../clusterClock.ts';
import { isActive } from './podTally.ts';

/** Keeps as many Pods as a ReplicaSet asks for. Source: pkg/controller/replicaset of Kubernetes 1.34. */
export function syncReplicaSet(cluster: Cluster, key: string): void {
  const set = cluster.store.get('ReplicaSet', key);
  if (set === undefined) return;
  // What the status says is what was there before this look changed it.
  const seen = countsOf(cluster, set);
  const missing = set.spec.replicas - seen.active;
  for (let n = 0; n < missing; n++) {
    cluster.createPod(set.spec.template, set, `${set.metadata.name}-`, set.place);
  }
  if (missing < 0) {
    const pods = [...cluster.index.podsOf(set.metadata.uid)].filter(isActive);
    for (const pod of firstToGo(pods, -missing)) cluster.deletePod(keyOf(pod), 'scaled down');
  }
  updateStatus(cluster, set, seen);
}

/** Who goes first: what serves least, then what stands closest together, then what is youngest. At most `count` of them. */
export function firstToGo(pods: readonly Pod[], count: number): readonly Pod[] {
  const perNode = new Map<string, number>();
  for (const { spec } of pods)
    if (spec.nodeName !== undefined) perNode.set(spec.nodeName, (perNode.get(spec.nodeName) ?? 0) + 1);
  const serves = (pod: Pod): number =>
    pod.spec.nodeName === undefined ? 0 : pod.status.phase === 'Pending' ? 1 : pod.status.ready ? 3 : 2;
  // Few of thousands go at a time: what is certain to stay is not sorted.
  const ranks = new Map<number, Pod[]>();
  for (const pod of pods) {
    const rank = serves(pod) * (pods.length + 1) - (perNode.get(pod.spec.nodeName ?? '') ?? 0);
    const same = ranks.get(rank);
    if (same === undefined) ranks.set(rank, [pod]);
    else same.push(pod);
  }
  const going: Pod[] = [];
  for (const rank of [...ranks.keys()].toSorted((a, b) => a - b)) {
    if (going.length >= count) break;
    going.push(...ranks.get(rank)!.toSorted(youngestFirst));
  }
  return going.slice(0, count);
}

const youngestFirst = (a: Pod, b: Pod): number =>
  b.status.readySinceNs - a.status.readySinceNs ||
  b.metadata.creationNs - a.metadata.creationNs ||
  b.metadata.resourceVersion - a.metadata.resourceVersion;

interface PodCounts {
  readonly active: number;
  readonly ready: number;
  readonly available: number;
  /** Until time alone makes another Pod available; Infinity when it does not. */
  readonly nextNs: Nanoseconds;
}

function countsOf(cluster: Cluster, set: ReplicaSet): PodCounts {
  const { active, ready } = cluster.index.tallyOf(set.metadata.uid);
  const minReadyNs = seconds(set.spec.minReadySeconds ?? 0);
  if (minReadyNs === 0) return { active, ready, available: ready, nextNs: Infinity };
  let available = 0;
  let nextNs = Infinity;
  for (const pod of cluster.index.podsOf(set.metadata.uid)) {
    if (!isActive(pod) || !pod.status.ready) continue;
    const sinceNs = cluster.simulation.now - pod.status.readySinceNs;
    if (sinceNs >= minReadyNs) available++;
    else nextNs = Math.min(nextNs, minReadyNs - sinceNs);
  }
  return { active, ready, available, nextNs };
}

function updateStatus(cluster: Cluster, set: ReplicaSet, seen: PodCounts): void {
  if (seen.nextNs !== Infinity) cluster.queues.ReplicaSet.addAfter(keyOf(set), seen.nextNs);
  const latest = cluster.store.get('ReplicaSet', keyOf(set))!;
  const status = {
    replicas: seen.active,
    readyReplicas: seen.ready,
    availableReplicas: seen.available,
    observedGeneration: latest.metadata.generation,
  };
  const { replicas, readyReplicas, availableReplicas, observedGeneration } = latest.status;
  if (
    replicas === status.replicas &&
    readyReplicas === status.readyReplicas &&
    availableReplicas === status.availableReplicas &&
    observedGeneration === status.observedGeneration
  )
    return;
  cluster.store.update({ ...latest, status });
}
