import { keyOf, type Endpoint, type Pod, type Service, type ServicePort } from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';
import { matchesLabels } from '../api/labelSelector.ts';

/** Writes down which Pods stand behind a Service. Source: pkg/controller/endpointslice of Kubernetes 1.34. */
export function syncService(cluster: Cluster, key: string): void {
  const service = cluster.store.get('Service', key);
  if (service === undefined) return;
  const { selector } = service.spec;
  // Without a selector nobody fills the slices but the owner, by hand.
  if (selector === undefined || Object.keys(selector).length === 0) return;
  const changed = cluster.traffic.endpointsOf(service).takeChanged();
  cluster.traffic.setEndpoints(
    service,
    changed.map((podKey) => ({
      pod: podKey,
      endpoint: endpointOf(service, cluster.store.get('Pod', podKey)),
    })),
  );
}

function endpointOf(service: Service, pod: Pod | undefined): Endpoint | undefined {
  if (pod?.status.podIP === undefined || !selects(service, pod)) return undefined;
  if (pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') return undefined;
  return {
    pod: keyOf(pod),
    ready: pod.status.ready && pod.metadata.deletionNs === undefined,
    ports: (service.spec.ports ?? []).map((port) => targetPortOf(port, pod)),
  };
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
