import type { PodStatus } from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';
import type { PodRuntime } from './kubelet.ts';

/** The part of the kubelets that writes the statuses of Pods into the API. */
export class StatusManager {
  readonly #cluster: Cluster;
  #addresses = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Writes what a kubelet says of a Pod, if its node can reach the API server. */
  report(
    runtime: PodRuntime,
    report: Pick<PodStatus, 'phase' | 'ready' | 'containers'> & { readonly why: string },
  ): void {
    if (this.#cluster.nodes.isSilent(runtime.node)) return;
    const { store, simulation } = this.#cluster;
    const pod = store.get('Pod', runtime.key);
    if (pod === undefined) return;
    const { now } = simulation;
    const { phase, ready, containers, why } = report;
    if (ready !== pod.status.ready) {
      if (ready) this.#cluster.record('podReady', pod.metadata.name, runtime.node);
      else this.#cluster.record('podNotReady', pod.metadata.name, why);
    }
    store.update({
      ...pod,
      status: {
        phase,
        ready,
        containers,
        readySinceNs: ready === pod.status.ready ? pod.status.readySinceNs : now,
        startNs: pod.status.startNs ?? now,
        podIP:
          pod.status.podIP ??
          `10.${(this.#addresses >> 16) & 255}.${(this.#addresses >> 8) & 255}.${this.#addresses++ & 255}`,
      },
    });
  }

  /** What the node controller does to the Pods of a node that it no longer hears of. */
  markNotReady(key: string, why: string): void {
    const { store, simulation } = this.#cluster;
    const pod = store.get('Pod', key);
    if (pod === undefined || !pod.status.ready) return;
    this.#cluster.record('podNotReady', pod.metadata.name, why);
    store.update({ ...pod, status: { ...pod.status, ready: false, readySinceNs: simulation.now } });
  }
}
