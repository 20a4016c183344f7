import { keyOf, type Endpoint, type Pod, type Service, type ServicePort } from './apiObjects.ts';
import type { Cluster } from './cluster.ts';
import { matchesLabels } from './labelSelector.ts';

/** Writes down which Pods stand behind a Service. Source: pkg/controller/endpointslice of Kubernetes 1.34. */
export function syncService(cluster: Cluster, key: string): void {
  const service = cluster.store.get('Service', key);
  if (service === undefined) return;
  const { selector, ports = [] } = service.spec;
  // Without a selector nobody fills the slice but the owner, by hand.
  if (selector === undefined || Object.keys(selector).length === 0) return;
  const endpoints: Endpoint[] = [];
  for (const pod of cluster.selectedBy(key)) {
    if (pod.status.podIP === undefined) continue;
    if (pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') continue;
    endpoints.push({
      pod: keyOf(pod),
      ready: pod.status.ready && pod.metadata.deletionNs === undefined,
      ports: ports.map((port) => targetPortOf(port, pod)),
    });
  }
  cluster.setEndpoints(key, endpoints);
}

export const selects = ({ metadata, spec }: Service, pod: Pod): boolean =>
  spec.selector !== undefined &&
  metadata.namespace === pod.metadata.namespace &&
  matchesLabels(spec.selector, pod.metadata.labels);

/**
 * The container port that a Service's port leads to. A number is taken as it is, whether anybody listens there or not; a
 * name is looked up in the Pod.
 */
export function targetPortOf({ port, targetPort = port }: ServicePort, pod: Pod): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
    const named = container.ports?.find(({ name }) => name === targetPort);
    if (named !== undefined) return named.containerPort;
  }
  return undefined;
}
