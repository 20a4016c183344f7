import type { LabelSelector, Pod } from '../api/apiObjects.ts';
import { matches } from '../api/labelSelector.ts';
import type { NodeTable } from './nodeTable.ts';

/** How many Pods of a kind there are in each domain of a topology, such as each zone. */
export interface DomainCounts {
  /** Domain of each node by its index; -1 for a node without the label. */
  readonly domainOf: number[];
  /** Pods in each domain. */
  readonly counts: number[];
}

interface Tracked {
  readonly namespace: string;
  readonly selector: LabelSelector | undefined;
  /** Whether Pods on their way out count: they still take their place, but not their share. */
  readonly terminating: boolean;
  readonly topologyKey: string;
  readonly domains: DomainCounts;
}

/** Counts that stay true as Pods come and go, one for each selector and topology that anybody has asked for. */
export class TopologyCounts {
  readonly #nodes: NodeTable;
  readonly #pods: () => Iterable<Pod>;
  readonly #tracked = new Map<string, Tracked>();
  readonly #domains = new Map<string, { readonly names: Map<string, number>; readonly of: number[] }>();

  constructor(nodes: NodeTable, pods: () => Iterable<Pod>) {
    this.#nodes = nodes;
    this.#pods = pods;
  }

  of(
    namespace: string,
    selector: LabelSelector | undefined,
    topologyKey: string,
    terminating: boolean,
  ): DomainCounts {
    const key = `${namespace}|${JSON.stringify(selector)}|${topologyKey}|${terminating}`;
    let tracked = this.#tracked.get(key);
    if (tracked === undefined) {
      const { names, of } = this.#topology(topologyKey);
      const counts = Array.from(names, () => 0);
      tracked = { namespace, selector, topologyKey, terminating, domains: { domainOf: of, counts } };
      this.#tracked.set(key, tracked);
      for (const pod of this.#pods()) this.#count(tracked, pod, 1);
    }
    return tracked.domains;
  }

  nodeAdded(index: number): void {
    for (const [topologyKey, topology] of this.#domains) {
      topology.of[index] = this.#domainOf(topology.names, this.#nodes.labels[index]![topologyKey]);
    }
    for (const { topologyKey, domains } of this.#tracked.values()) {
      while (domains.counts.length < this.#domains.get(topologyKey)!.names.size) domains.counts.push(0);
    }
  }

  /** Tells of a Pod that was there before and is there now; undefined where it was or is not on a node. */
  changed(before: Pod | undefined, now: Pod | undefined): void {
    for (const tracked of this.#tracked.values()) {
      if (before !== undefined) this.#count(tracked, before, -1);
      if (now !== undefined) this.#count(tracked, now, 1);
    }
  }

  #count({ namespace, selector, terminating, domains }: Tracked, pod: Pod, sign: 1 | -1): void {
    const { metadata, spec } = pod;
    if (spec.nodeName === undefined || metadata.namespace !== namespace) return;
    if (!terminating && metadata.deletionNs !== undefined) return;
    const node = this.#nodes.indexOf(spec.nodeName);
    const domain = node === undefined ? -1 : domains.domainOf[node]!;
    if (domain >= 0 && matches(selector, metadata.labels)) domains.counts[domain]! += sign;
  }

  #topology(topologyKey: string) {
    let topology = this.#domains.get(topologyKey);
    if (topology === undefined) {
      const names = new Map<string, number>();
      topology = {
        names,
        of: this.#nodes.labels.map((labels) => this.#domainOf(names, labels[topologyKey])),
      };
      this.#domains.set(topologyKey, topology);
    }
    return topology;
  }

  #domainOf(names: Map<string, number>, value: string | undefined): number {
    if (value === undefined) return -1;
    if (!names.has(value)) names.set(value, names.size);
    return names.get(value)!;
  }
}
