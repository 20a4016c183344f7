import type { Nanoseconds } from '../../kernel/time.ts';
import { keyOf, type Node, type Taint } from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';
import { seconds } from '../clusterClock.ts';
import { toleratedSeconds, unreachableTaint } from '../scheduler/taints.ts';

/** How the node controller decides that a node is lost. Source: pkg/controller/nodelifecycle of Kubernetes 1.34. */
export interface NodeLifecycleSettings {
  /** `--node-monitor-grace-period`: 50 s since 1.32, 40 s before. */
  readonly graceSeconds: number;
}
/** How often a kubelet renews its node's lease, and how often the controller looks. */
export const leaseSeconds = 10;
export const monitorSeconds = 5;
/** Nodes tainted per second, at most; and what counts as a zone in trouble. */
const evictionRate = 0.1;
const largeClusterRate = 0.01;
const unhealthyZoneThreshold = 0.55;
const largeClusterSize = 50;

interface Health {
  /** When the controller last saw the lease change. */
  seenNs: Nanoseconds;
  renewedNs: Nanoseconds;
}

/** Watches leases; marks, taints and finally evicts. */
export class NodeLifecycle {
  readonly #cluster: Cluster;
  readonly #graceNs: Nanoseconds;
  readonly #health = new Map<string, Health>();
  /** Nodes that wait to be tainted NoExecute. */
  #toTaint: string[] = [];
  #nextTaintNs = 0;

  constructor(cluster: Cluster, settings: NodeLifecycleSettings) {
    this.#cluster = cluster;
    this.#graceNs = seconds(settings.graceSeconds);
    cluster.simulation.schedule(seconds(monitorSeconds), this.#monitor, 10);
  }

  readonly #monitor = (): void => {
    const { simulation, store } = this.#cluster;
    simulation.schedule(seconds(monitorSeconds), this.#monitor, 10);
    const { now } = simulation;
    for (const node of store.list('Node')) {
      const { name } = node.metadata;
      const renewedNs = this.#cluster.nodes.leaseOf(name);
      let health = this.#health.get(name);
      if (health === undefined) this.#health.set(name, (health = { seenNs: now, renewedNs }));
      if (renewedNs !== health.renewedNs) {
        health.renewedNs = renewedNs;
        health.seenNs = now;
        if (node.status.ready !== 'True') this.#recovered(node);
      } else if (node.status.ready === 'True' && now - health.seenNs >= this.#graceNs)
        this.#lost(node, now - renewedNs);
    }
    this.#taintNext();
  };

  #lost(node: Node, silentNs: Nanoseconds): void {
    const { name } = node.metadata;
    this.#cluster.record('nodeUnknown', name, silentNs);
    const taint: Taint = { key: unreachableTaint, effect: 'NoSchedule' };
    this.#cluster.store.update({
      ...node,
      spec: { ...node.spec, taints: [...node.spec.taints, taint] },
      status: { ...node.status, ready: 'Unknown' },
    });
    // So that Services stop sending requests there, long before the Pods are replaced.
    for (const key of this.#cluster.index.podsOn(name))
      this.#cluster.statuses.markNotReady(key, 'its node cannot be reached');
    this.#toTaint.push(name);
  }

  #recovered(node: Node): void {
    const { name } = node.metadata;
    this.#toTaint = this.#toTaint.filter((each) => each !== name);
    this.#cluster.store.update({
      ...node,
      spec: { ...node.spec, taints: node.spec.taints.filter(({ key }) => key !== unreachableTaint) },
      status: { ...node.status, ready: 'True' },
    });
    this.#cluster.nodeHeardAgain(name);
  }

  /** Taints with NoExecute, one node after the other: when many are gone at once, the fault may be elsewhere. */
  #taintNext(): void {
    const { simulation } = this.#cluster;
    while (this.#toTaint.length > 0 && simulation.now >= this.#nextTaintNs) {
      const rate = this.#rate();
      if (rate === 0) return;
      this.#nextTaintNs = simulation.now + seconds(1 / rate);
      const node = this.#cluster.store.get('Node', `/${this.#toTaint.shift()}`);
      if (node === undefined) continue;
      const taint: Taint = { key: unreachableTaint, effect: 'NoExecute' };
      this.#cluster.record('nodeTainted', node.metadata.name);
      this.#cluster.store.update({ ...node, spec: { ...node.spec, taints: [...node.spec.taints, taint] } });
      for (const key of this.#cluster.index.podsOn(node.metadata.name))
        this.#planEviction(key, node.metadata.name, taint);
    }
  }

  #planEviction(key: string, nodeName: string, taint: Taint): void {
    const pod = this.#cluster.store.get('Pod', key);
    if (pod === undefined) return;
    const stays = toleratedSeconds(pod, taint);
    if (stays === Infinity) return;
    this.#cluster.simulation.schedule(seconds(stays), () => {
      const node = this.#cluster.store.get('Node', `/${nodeName}`);
      const still = node?.spec.taints.some(
        ({ key: each, effect }) => each === taint.key && effect === taint.effect,
      );
      const now = this.#cluster.store.get('Pod', key);
      if (still !== true || now === undefined || now.metadata.uid !== pod.metadata.uid) return;
      this.#cluster.deletePod(keyOf(now), `its toleration of the taint ${taint.key} ended`);
    });
  }

  /** Nodes to taint per second, by the state of the cluster, which is taken as one zone. */
  #rate(): number {
    let lost = 0;
    let all = 0;
    for (const { status } of this.#cluster.store.list('Node')) {
      all++;
      if (status.ready !== 'True') lost++;
    }
    if (lost === all) return 0;
    const partial = lost > 2 && lost / all >= unhealthyZoneThreshold;
    return !partial ? evictionRate : all > largeClusterSize ? largeClusterRate : 0;
  }
}
