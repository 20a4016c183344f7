import { keyOf, type Endpoint, type Service } from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';
import type { PodRuntime } from '../kubelet/kubelet.ts';
import { EndpointSlices } from './endpointSlices.ts';
import { ServiceTraffic } from './serviceTraffic.ts';

/** The endpoints of each Service, and what becomes of the requests to it. */
export class ClusterTraffic {
  readonly #cluster: Cluster;
  readonly #runtimes: ReadonlyMap<string, PodRuntime>;
  readonly #endpoints = new Map<string, EndpointSlices>();
  readonly #traffic = new Map<string, ServiceTraffic>();

  /** @param runtimes what runs now, by the key of its Pod */
  constructor(cluster: Cluster, runtimes: ReadonlyMap<string, PodRuntime>) {
    this.#cluster = cluster;
    this.#runtimes = runtimes;
  }

  endpointsOf(service: Service): EndpointSlices {
    const key = keyOf(service);
    let slices = this.#endpoints.get(key);
    if (slices === undefined)
      this.#endpoints.set(key, (slices = new EndpointSlices(this.#cluster.store, service)));
    return slices;
  }

  setEndpoints(
    service: Service,
    changed: readonly { readonly pod: string; readonly endpoint: Endpoint | undefined }[],
  ): void {
    const { now } = this.#cluster.simulation;
    const slices = this.endpointsOf(service);
    const size = slices.written ? slices.size : undefined;
    for (const { pod, endpoint } of changed) slices.set(pod, endpoint);
    slices.write();
    const traffic = this.trafficOf(keyOf(service));
    const [ready, answering] = [traffic.readyEndpoints, traffic.answering];
    const before = traffic.share;
    traffic.endpointsChanged(
      changed,
      ({ pod, ports }) => ports.every((port) => this.#runtimes.get(pod)?.answers(port) === true),
      now,
    );
    if (traffic.readyEndpoints !== ready || traffic.answering !== answering || slices.size !== size) {
      const row = this.#cluster.record(
        'endpoints',
        service.metadata.name,
        traffic.readyEndpoints,
        slices.size,
        traffic.answering,
      );
      if (service.place !== undefined)
        this.#cluster.trace.setPlace(
          row,
          `${service.place}/spec/${traffic.readyEndpoints === 0 ? 'selector' : 'ports'}`,
        );
    }
    this.#noteShare(service.metadata.name, traffic, before);
  }

  trafficOf(service: string): ServiceTraffic {
    let traffic = this.#traffic.get(service);
    if (traffic === undefined)
      this.#traffic.set(service, (traffic = new ServiceTraffic(this.#cluster.simulation.now)));
    return traffic;
  }

  /** A Pod begins or ceases to answer. */
  podChanged(pod: string): void {
    const runtime = this.#runtimes.get(pod);
    for (const [key, traffic] of this.#traffic) {
      if (!traffic.has(pod)) continue;
      const before = traffic.share;
      if (traffic.podChanged(pod, (port) => runtime?.answers(port) === true, this.#cluster.simulation.now))
        this.#noteShare(key.slice(key.indexOf('/') + 1), traffic, before);
    }
  }

  #noteShare(service: string, traffic: ServiceTraffic, before: number): void {
    if (traffic.share !== before) this.#cluster.record('serving', service, Math.round(traffic.share * 1000));
  }
}
