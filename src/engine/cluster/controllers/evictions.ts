import type { LabelSelector, Pod, PodDisruptionBudget } from '../api/apiObjects.ts';
import { keyOf } from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';
import { seconds } from '../clusterClock.ts';
import { budgetStatus, evictionAllowed, type BudgetStatus } from './disruptionBudget.ts';
import { matches } from '../api/labelSelector.ts';
import { unschedulableTaint } from '../scheduler/taints.ts';

/** How long `kubectl drain` waits before it asks again for an eviction that was refused. */
export const drainRetrySeconds = 5;

/** The state of a budget now. */
export function statusOfBudget(cluster: Cluster, budget: PodDisruptionBudget): BudgetStatus {
  const { selector, minAvailable, maxUnavailable } = budget.spec;
  let healthy = 0;
  let matching = 0;
  const owners = new Map<string, number>();
  for (const pod of cluster.store.list('Pod')) {
    if (!covers(budget, selector, pod)) continue;
    if (pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') continue;
    matching++;
    if (pod.status.ready && pod.metadata.deletionNs === undefined) healthy++;
    const owner = pod.metadata.ownerReferences[0];
    if (owner !== undefined) owners.set(owner.uid, cluster.scaleOf(owner, pod.metadata.namespace));
  }
  // A count of Pods needs no controller; a share is one of what controllers ask for.
  const byController = maxUnavailable !== undefined || typeof minAvailable === 'string';
  const expected = byController ? [...owners.values()].reduce((sum, scale) => sum + scale, 0) : matching;
  const status = budgetStatus(
    {
      ...(minAvailable === undefined ? {} : { minAvailable }),
      ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
    },
    expected,
    healthy,
  );
  return (
    status ?? {
      expectedPods: expected,
      currentHealthy: healthy,
      desiredHealthy: expected,
      disruptionsAllowed: 0,
    }
  );
}

function covers(budget: PodDisruptionBudget, selector: LabelSelector | undefined, pod: Pod): boolean {
  return budget.metadata.namespace === pod.metadata.namespace && matches(selector, pod.metadata.labels);
}

/** The eviction API: deletes a Pod if every budget that covers it allows. */
export function evict(cluster: Cluster, pod: Pod): boolean {
  if (cluster.holdsEviction(pod)) return false;
  for (const budget of cluster.store.list('PodDisruptionBudget')) {
    if (!covers(budget, budget.spec.selector, pod)) continue;
    const unhealthy = budget.spec.unhealthyPodEvictionPolicy ?? 'IfHealthyBudget';
    if (evictionAllowed(statusOfBudget(cluster, budget), pod.status.ready, unhealthy).allowed) continue;
    cluster.record('evictionRefused', pod.metadata.name, budget.metadata.name);
    return false;
  }
  cluster.deletePod(keyOf(pod), 'evicted');
  return true;
}

/** `kubectl drain`: keeps new Pods away from a node, and evicts those that are there, patiently. */
export function drain(cluster: Cluster, nodeName: string): void {
  const node = cluster.store.get('Node', `/${nodeName}`)!;
  cluster.record('drainStarted', nodeName);
  cluster.store.update({
    ...node,
    spec: {
      unschedulable: true,
      taints: [...node.spec.taints, { key: unschedulableTaint, effect: 'NoSchedule' }],
    },
  });
  const round = (): void => {
    let left = 0;
    for (const key of cluster.index.podsOn(nodeName)) {
      left++;
      const pod = cluster.store.get('Pod', key)!;
      if (pod.metadata.deletionNs === undefined) evict(cluster, pod);
    }
    if (left === 0) cluster.record('drained', nodeName);
    else cluster.simulation.schedule(seconds(drainRetrySeconds), round);
  };
  round();
}
