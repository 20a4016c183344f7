import { keyOf, type Pod } from '../api/apiObjects.ts';
import { milliValue } from '../api/quantityValue.ts';
import type { Cluster } from '../cluster.ts';

/** Over how long metrics-server measures a Pod's usage: `--metric-resolution`, 15 s. */
export const metricWindowSeconds = 15;

/**
 * CPU that each running Pod uses now, in thousandths of a CPU, by key: what metrics-server reports. The requests to each
 * Service need `cluster.loadMilli` altogether; each ready endpoint that answers does its share, up to its limit and what its
 * node has. Undefined where nobody measures. A sample is taken as the usage of its instant.
 */
export function cpuUsage(cluster: Cluster): ReadonlyMap<string, number> | undefined {
  const { loadMilli, store } = cluster;
  if (loadMilli === undefined) return undefined;
  const wanted = new Map<string, number>();
  for (const service of store.list('Service')) {
    const traffic = cluster.traffic.trafficOf(keyOf(service));
    for (const pod of traffic.answeringPods())
      wanted.set(pod, (wanted.get(pod) ?? 0) + loadMilli / traffic.readyEndpoints);
  }
  const usage = new Map<string, number>();
  for (const node of store.list('Node')) {
    if (!cluster.nodes.works(node.metadata.name)) continue;
    const pods = cluster.index
      .podsOn(node.metadata.name)
      .flatMap((key) => store.get('Pod', key) ?? [])
      .filter(({ status }) => status.phase === 'Running');
    const used = pods.map((pod) => Math.min(cpuLimitOf(pod), wanted.get(keyOf(pod)) ?? 0));
    // Whoever wants more than the node has gets it in proportion.
    const shrunk = Math.min(1, node.status.cpuMilli / used.reduce((sum, each) => sum + each, 0));
    for (const [index, pod] of pods.entries()) usage.set(keyOf(pod), Math.round(used[index]! * shrunk));
  }
  return usage;
}

/** What the containers of a Pod may use together; Infinity when one of them has no limit. */
function cpuLimitOf({ spec }: Pod): number {
  let sum = 0;
  for (const { resources } of spec.containers) {
    const limit = resources?.limits?.['cpu'];
    sum += limit === undefined ? Infinity : milliValue(limit)!;
  }
  return sum;
}
