import { keyOf, type Pod, type ReplicaSet } from './apiObjects.ts';
import type { Cluster } from './cluster.ts';
import { seconds } from './clusterClock.ts';

/** Keeps as many Pods as a ReplicaSet asks for. Source: pkg/controller/replicaset of Kubernetes 1.34. */
export function syncReplicaSet(cluster: Cluster, key: string): void {
  const set = cluster.store.get('ReplicaSet', key);
  if (set === undefined) return;
  const pods: Pod[] = [];
  for (const pod of cluster.podsOf(set.metadata.uid)) {
    // Pods on their way out, and those that have ended, are as good as gone: that is how a lost one is replaced.
    if (
      pod.metadata.deletionNs === undefined &&
      pod.status.phase !== 'Failed' &&
      pod.status.phase !== 'Succeeded'
    )
      pods.push(pod);
  }
  const missing = set.spec.replicas - pods.length;
  for (let n = 0; n < missing; n++) {
    cluster.createPod(set.spec.template, set, `${set.metadata.name}-`, set.place);
  }
  if (missing < 0) {
    const perNode = new Map<string, number>();
    for (const { spec } of pods)
      if (spec.nodeName !== undefined) perNode.set(spec.nodeName, (perNode.get(spec.nodeName) ?? 0) + 1);
    const going = pods.toSorted((a, b) => deletionOrder(a, b, perNode)).slice(0, -missing);
    for (const pod of going) cluster.deletePod(keyOf(pod), 'scaled down');
  }
  updateStatus(cluster, set, pods);
}

/** Who goes first: what serves least, then what stands closest together, then what is youngest. */
function deletionOrder(a: Pod, b: Pod, perNode: ReadonlyMap<string, number>): number {
  const rank = (pod: Pod): number =>
    pod.spec.nodeName === undefined ? 0 : pod.status.phase === 'Pending' ? 1 : pod.status.ready ? 3 : 2;
  return (
    rank(a) - rank(b) ||
    (perNode.get(b.spec.nodeName ?? '') ?? 0) - (perNode.get(a.spec.nodeName ?? '') ?? 0) ||
    b.status.readySinceNs - a.status.readySinceNs ||
    b.metadata.creationNs - a.metadata.creationNs ||
    b.metadata.resourceVersion - a.metadata.resourceVersion
  );
}

function updateStatus(cluster: Cluster, set: ReplicaSet, pods: readonly Pod[]): void {
  const minReadyNs = seconds(set.spec.minReadySeconds ?? 0);
  let readyReplicas = 0;
  let availableReplicas = 0;
  let nextNs = Infinity;
  for (const { status } of pods) {
    if (!status.ready) continue;
    readyReplicas++;
    const sinceNs = cluster.simulation.now - status.readySinceNs;
    if (sinceNs >= minReadyNs) availableReplicas++;
    else nextNs = Math.min(nextNs, minReadyNs - sinceNs);
  }
  if (nextNs !== Infinity) cluster.queues.ReplicaSet.addAfter(keyOf(set), nextNs);
  const latest = cluster.store.get('ReplicaSet', keyOf(set))!;
  const status = {
    replicas: pods.length,
    readyReplicas,
    availableReplicas,
    observedGeneration: latest.metadata.generation,
  };
  const { replicas, readyReplicas: ready, availableReplicas: available, observedGeneration } = latest.status;
  if (
    replicas === status.replicas &&
    ready === readyReplicas &&
    available === availableReplicas &&
    observedGeneration === status.observedGeneration
  )
    return;
  cluster.store.update({ ...latest, status });
}
