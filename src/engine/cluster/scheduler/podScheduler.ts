import { log } from '../../kernel/portableMath.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { keyOf, type LabelSelector, type Pod, type PodAffinityTerm } from '../api/apiObjects.ts';
import { matches, matchesLabels, matchesTerm } from '../api/labelSelector.ts';
import { balancedAllocationScore, leastAllocatedScore, maxNodeScore } from './nodeScores.ts';
import { NodeTable } from './nodeTable.ts';
import type { ObjectStore, StoreEvent } from '../api/objectStore.ts';
import { podResources, type PodResources } from './podResources.ts';
import { untoleratedTaint } from './taints.ts';
import { TopologyCounts, type DomainCounts } from './topologyCounts.ts';

/** What came of placing a Pod. */
export type Placement =
  | { readonly ok: true; readonly node: string; readonly score: number }
  /** How many nodes refuse it for which reason, in the words of kube-scheduler. */
  | { readonly ok: false; readonly reasons: ReadonlyMap<string, number> };

export const zoneLabel = 'topology.kubernetes.io/zone';
export const hostnameLabel = 'kubernetes.io/hostname';

/** Weights of the default profile of kube-scheduler 1.34; its other plugins have nothing to say here. */
const weights = { resources: 1, balance: 1, spread: 2, interPod: 2 } as const;

/** Time that the scheduler takes for a Pod. Assumed; kube-scheduler places some hundred Pods a second. */
const perPodNs = 3_000_000;
/** How long a Pod that found no place waits at least after something has changed. */
const retryNs = 1_000_000_000;

/** kube-scheduler: one Pod after the other; filters, then scores, then a draw among the best. */
export class PodScheduler {
  readonly nodes = new NodeTable();
  readonly #simulation: Simulation;
  readonly #store: ObjectStore;
  readonly #draw: RandomStream;
  readonly #placed: (pod: Pod, placement: Placement) => void;
  readonly #counts: TopologyCounts;
  readonly #queue: string[] = [];
  #at = 0;
  #busy = false;
  #unschedulable = new Set<string>();
  #retryPlanned = false;
  #firstNode = 0;
  /** Anti-affinity that Pods already placed have against others, by its text. */
  readonly #antiAffinity = new Map<
    string,
    { readonly term: PodAffinityTerm; readonly namespace: string; readonly perNode: Map<number, number> }
  >();
  #feasible: number[] = [];
  #scores: number[] = [];

  constructor(
    simulation: Simulation,
    store: ObjectStore,
    draw: RandomStream,
    placed: (pod: Pod, placement: Placement) => void,
  ) {
    this.#simulation = simulation;
    this.#store = store;
    this.#draw = draw;
    this.#placed = placed;
    this.#counts = new TopologyCounts(this.nodes, () => store.list('Pod'));
  }

  /** Keeps its view of nodes and Pods, and its queue, as the store has them. */
  observe(event: StoreEvent): void {
    if (event.object.kind === 'Node') {
      if (event.type === 'DELETED') return;
      if (this.nodes.set(event.object)) this.#counts.nodeAdded(this.nodes.size - 1);
      this.#somethingChanged();
      return;
    }
    if (event.object.kind !== 'Pod') return;
    const { object: pod, before } = event as StoreEvent<'Pod'>;
    const was = event.type !== 'ADDED' && before?.spec.nodeName !== undefined ? before : undefined;
    const is = event.type !== 'DELETED' && pod.spec.nodeName !== undefined ? pod : undefined;
    if (was === undefined && is !== undefined) this.#account(is, 1);
    if (was !== undefined && is === undefined) this.#account(was, -1);
    if (was?.spec.nodeName !== is?.spec.nodeName || was?.metadata.deletionNs !== is?.metadata.deletionNs)
      this.#counts.changed(was, is);
    if (event.type === 'DELETED') this.#somethingChanged();
    if (event.type === 'ADDED' && is === undefined) this.#enqueue(keyOf(pod));
  }

  #account(pod: Pod, sign: 1 | -1): void {
    this.nodes.account(pod, sign);
    const node = this.nodes.indexOf(pod.spec.nodeName!);
    if (node === undefined) return;
    for (const term of pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ??
      []) {
      const key = `${pod.metadata.namespace}|${JSON.stringify(term)}`;
      let entry = this.#antiAffinity.get(key);
      if (entry === undefined) {
        entry = { term, namespace: pod.metadata.namespace, perNode: new Map() };
        this.#antiAffinity.set(key, entry);
      }
      entry.perNode.set(node, (entry.perNode.get(node) ?? 0) + sign);
    }
  }

  #enqueue(key: string): void {
    this.#queue.push(key);
    if (this.#busy) return;
    this.#busy = true;
    this.#simulation.schedule(perPodNs, this.#next);
  }

  readonly #next = (): void => {
    const key = this.#queue[this.#at++];
    if (this.#at > 1000 && this.#at * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#at);
      this.#at = 0;
    }
    if (this.#at < this.#queue.length) this.#simulation.schedule(perPodNs, this.#next);
    else this.#busy = false;
    const pod = key === undefined ? undefined : this.#store.get('Pod', key);
    if (pod === undefined || pod.spec.nodeName !== undefined || pod.metadata.deletionNs !== undefined) return;
    const placement = this.place(pod);
    if (!placement.ok) this.#unschedulable.add(keyOf(pod));
    this.#placed(pod, placement);
  };

  /** Pods without a place try again when a node came or changed, or a Pod went. */
  #somethingChanged(): void {
    if (this.#retryPlanned || this.#unschedulable.size === 0) return;
    this.#retryPlanned = true;
    this.#simulation.schedule(retryNs, () => {
      this.#retryPlanned = false;
      const again = this.#unschedulable;
      this.#unschedulable = new Set();
      for (const key of again) this.#enqueue(key);
    });
  }

  /** The node for a Pod. Draws among equals, so that it changes the stream of random numbers. */
  place(pod: Pod): Placement {
    const resources = podResources(pod.spec);
    const reasons = this.#filter(pod, resources);
    if (this.#feasible.length === 0) return { ok: false, reasons };
    this.#score(pod, resources);
    let best = -1;
    let ties = 0;
    let chosen = 0;
    for (let i = 0; i < this.#feasible.length; i++) {
      const score = this.#scores[i]!;
      if (score > best) {
        best = score;
        ties = 1;
        chosen = i;
      } else if (score === best && this.#draw.integer(0, ties++) === 0) chosen = i;
    }
    return { ok: true, node: this.nodes.names[this.#feasible[chosen]!]!, score: best };
  }

  /** Finds nodes that can take the Pod; in large clusters, as kube-scheduler does, only as many as are worth comparing. */
  #filter(pod: Pod, resources: PodResources): ReadonlyMap<string, number> {
    const { nodes } = this;
    const enough = nodesToFind(nodes.size);
    const reasons = new Map<string, number>();
    const refusals = this.#constraintsOf(pod);
    this.#feasible = [];
    for (let step = 0; step < nodes.size && this.#feasible.length < enough; step++) {
      const node = (this.#firstNode + step) % nodes.size;
      const reason = this.#refusal(pod, resources, node) ?? refusals(node);
      if (reason === undefined) this.#feasible.push(node);
      else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    if (nodes.size > enough) this.#firstNode = (this.#firstNode + enough) % nodes.size;
    return reasons;
  }

  #refusal(pod: Pod, resources: PodResources, node: number): string | undefined {
    const { nodes } = this;
    const { spec } = pod;
    if (!nodes.schedulable[node]) return 'node(s) were unschedulable';
    const taints = nodes.taints[node]!;
    if (taints.length > 0) {
      const taint = untoleratedTaint(taints, spec.tolerations);
      if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
    }
    if (spec.nodeSelector !== undefined && !matchesLabels(spec.nodeSelector, nodes.labels[node]!))
      return "node(s) didn't match Pod's node affinity/selector";
    const terms =
      spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    if (terms !== undefined && !terms.some((term) => matchesTerm(term, nodes.labels[node]!)))
      return "node(s) didn't match Pod's node affinity/selector";
    if (nodes.pods[node]! + 1 > nodes.maxPods[node]!) return 'Too many pods';
    if (resources.cpuMilli > 0 && nodes.usedCpu[node]! + resources.cpuMilli > nodes.cpuMilli[node]!)
      return 'Insufficient cpu';
    if (
      resources.memoryBytes > 0 &&
      nodes.usedMemory[node]! + resources.memoryBytes > nodes.memoryBytes[node]!
    )
      return 'Insufficient memory';
    return undefined;
  }

  /** Filters that compare a node with what runs elsewhere; undefined from it means that the node may be taken. */
  #constraintsOf(pod: Pod): (node: number) => string | undefined {
    const { namespace, labels } = pod.metadata;
    const { affinity, topologySpreadConstraints = [] } = pod.spec;
    const checks: ((node: number) => string | undefined)[] = [];
    for (const { labelSelector, topologyKey } of affinity?.podAntiAffinity
      ?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
      const { domainOf, counts } = this.#counts.of(namespace, labelSelector, topologyKey, true);
      checks.push((node) =>
        domainOf[node]! >= 0 && counts[domainOf[node]!]! > 0
          ? "node(s) didn't match pod anti-affinity rules"
          : undefined,
      );
    }
    for (const entry of this.#antiAffinity.values()) {
      if (entry.namespace !== namespace || !matches(entry.term.labelSelector, labels)) continue;
      const { domainOf } = this.#counts.of(namespace, entry.term.labelSelector, entry.term.topologyKey, true);
      const taken = new Set<number>();
      for (const [node, count] of entry.perNode)
        if (count > 0 && domainOf[node]! >= 0) taken.add(domainOf[node]!);
      checks.push((node) =>
        taken.has(domainOf[node]!) ? "node(s) didn't satisfy existing pods anti-affinity rules" : undefined,
      );
    }
    for (const { labelSelector, topologyKey } of affinity?.podAffinity
      ?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
      const { domainOf, counts } = this.#counts.of(namespace, labelSelector, topologyKey, true);
      // The first Pod of a group that wants to be together may go anywhere.
      const first = counts.every((count) => count === 0) && matches(labelSelector, labels);
      checks.push((node) =>
        domainOf[node]! >= 0 && (first || counts[domainOf[node]!]! > 0)
          ? undefined
          : "node(s) didn't match pod affinity rules",
      );
    }
    for (const constraint of topologySpreadConstraints) {
      if (constraint.whenUnsatisfiable !== 'DoNotSchedule') continue;
      const { domainOf, counts } = this.#counts.of(
        namespace,
        constraint.labelSelector,
        constraint.topologyKey,
        false,
      );
      const least = this.#leastEligible(pod, { domainOf, counts });
      const self = matches(constraint.labelSelector, labels) ? 1 : 0;
      checks.push((node) => {
        const domain = domainOf[node]!;
        return domain >= 0 && counts[domain]! + self - least <= constraint.maxSkew
          ? undefined
          : "node(s) didn't match pod topology spread constraints";
      });
    }
    return (node) => {
      for (const check of checks) {
        const reason = check(node);
        if (reason !== undefined) return reason;
      }
      return undefined;
    };
  }

  /** The fewest matching Pods in any domain that the Pod's node selector leaves; taints do not count (`nodeTaintsPolicy`). */
  #leastEligible(pod: Pod, { domainOf, counts }: DomainCounts): number {
    let least = Infinity;
    for (let node = 0; node < this.nodes.size; node++) {
      const domain = domainOf[node]!;
      if (domain < 0 || counts[domain]! >= least) continue;
      if (
        pod.spec.nodeSelector !== undefined &&
        !matchesLabels(pod.spec.nodeSelector, this.nodes.labels[node]!)
      )
        continue;
      least = counts[domain]!;
    }
    return least === Infinity ? 0 : least;
  }

  #score(pod: Pod, resources: PodResources): void {
    const { nodes } = this;
    const feasible = this.#feasible;
    // The same four objects for every node: this runs for hundreds of nodes and thousands of Pods.
    const scored = [resource(), resource()] as const;
    const used = [resource(), resource()] as const;
    this.#scores = feasible.map((node) => {
      scored[0].allocatable = used[0].allocatable = nodes.cpuMilli[node]!;
      scored[1].allocatable = used[1].allocatable = nodes.memoryBytes[node]!;
      scored[0].requested = nodes.scoredCpu[node]! + resources.scoredCpuMilli;
      scored[1].requested = nodes.scoredMemory[node]! + resources.scoredMemoryBytes;
      const score = weights.resources * leastAllocatedScore(scored);
      // A Pod that requests nothing changes no balance.
      if (resources.cpuMilli === 0 && resources.memoryBytes === 0) return score;
      used[0].requested = nodes.usedCpu[node]! + resources.cpuMilli;
      used[1].requested = nodes.usedMemory[node]! + resources.memoryBytes;
      return score + weights.balance * balancedAllocationScore(used);
    });
    this.#addSpread(pod);
    this.#addPreferences(pod);
  }

  #addSpread(pod: Pod): void {
    const constraints = this.#softConstraints(pod);
    if (constraints.length === 0) return;
    const raw = this.#feasible.map(() => 0);
    for (const { topologyKey, labelSelector, maxSkew } of constraints) {
      const { domainOf, counts } = this.#counts.of(pod.metadata.namespace, labelSelector, topologyKey, false);
      const domains =
        topologyKey === hostnameLabel
          ? this.#feasible.length
          : new Set(this.#feasible.map((node) => domainOf[node]!)).size;
      const weight = log(domains + 2);
      for (let i = 0; i < raw.length; i++) {
        const domain = domainOf[this.#feasible[i]!]!;
        if (domain >= 0) raw[i]! += counts[domain]! * weight + (maxSkew - 1);
      }
    }
    let least = Infinity;
    let most = 0;
    for (let i = 0; i < raw.length; i++) {
      raw[i] = Math.round(raw[i]!);
      least = Math.min(least, raw[i]!);
      most = Math.max(most, raw[i]!);
    }
    for (let i = 0; i < raw.length; i++) {
      const score = most === 0 ? maxNodeScore : Math.trunc((maxNodeScore * (most + least - raw[i]!)) / most);
      this.#scores[i]! += weights.spread * score;
    }
  }

  #softConstraints(pod: Pod): readonly {
    readonly topologyKey: string;
    readonly maxSkew: number;
    readonly labelSelector: LabelSelector | undefined;
  }[] {
    const own = pod.spec.topologySpreadConstraints;
    if (own !== undefined && own.length > 0)
      return own
        .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway')
        .map(({ topologyKey, maxSkew, labelSelector }) => ({ topologyKey, maxSkew, labelSelector }));
    // Without constraints of its own, a Pod of a set keeps a little away from its like: the scheduler's own default.
    const owner = pod.metadata.ownerReferences.find(({ kind }) => kind === 'ReplicaSet');
    const set = owner && this.#store.get('ReplicaSet', `${pod.metadata.namespace}/${owner.name}`);
    if (set === undefined) return [];
    const labelSelector = set.spec.selector;
    return [
      { topologyKey: hostnameLabel, maxSkew: 3, labelSelector },
      { topologyKey: zoneLabel, maxSkew: 5, labelSelector },
    ];
  }

  #addPreferences(pod: Pod): void {
    const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
    const terms = [
      ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((each) => ({
        ...each,
        sign: 1,
      })),
      ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((each) => ({
        ...each,
        sign: -1,
      })),
    ];
    if (terms.length === 0) return;
    const raw = this.#feasible.map(() => 0);
    for (const { weight, sign, podAffinityTerm } of terms) {
      const { domainOf, counts } = this.#counts.of(
        pod.metadata.namespace,
        podAffinityTerm.labelSelector,
        podAffinityTerm.topologyKey,
        true,
      );
      for (let i = 0; i < raw.length; i++) {
        const domain = domainOf[this.#feasible[i]!]!;
        if (domain >= 0) raw[i]! += sign * weight * counts[domain]!;
      }
    }
    const least = Math.min(...raw);
    const span = Math.max(...raw) - least;
    if (span === 0) return;
    for (let i = 0; i < raw.length; i++)
      this.#scores[i]! += weights.interPod * Math.trunc((maxNodeScore * (raw[i]! - least)) / span);
  }
}

const resource = () => ({ allocatable: 0, requested: 0, weight: 1 });

/** How many nodes that can take a Pod are looked for: all up to 100, then a share that falls from 50 % to 5 %. */
function nodesToFind(nodes: number): number {
  if (nodes <= 100) return nodes;
  const percent = Math.max(5, 50 - Math.trunc(nodes / 125));
  return Math.max(100, Math.trunc((nodes * percent) / 100));
}
