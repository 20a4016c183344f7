import type { RandomStreams } from '../kernel/random.ts';
import { Simulation } from '../kernel/simulation.ts';
import {
  keyOf,
  type AnyObject,
  type Container,
  type Kind,
  type KindTable,
  type OwnerReference,
  type Pod,
  type PodTemplate,
  type ReplicaSet,
} from './api/apiObjects.ts';
import { seconds } from './clusterClock.ts';
import type { ClusterEvents, ClusterTrace } from './clusterEvents.ts';
import { syncDeployment } from './controllers/deploymentController.ts';
import { HorizontalAutoscalers } from './controllers/horizontalAutoscaler.ts';
import { syncJob } from './controllers/jobController.ts';
import { PodRuntime } from './kubelet/kubelet.ts';
import { ClusterTraffic } from './controllers/clusterTraffic.ts';
import { NodeLifecycle } from './controllers/nodeLifecycle.ts';
import { Indexer } from './api/indexer.ts';
import { ObjectStore, type NewObject, type StoreEvent } from './api/objectStore.ts';
import { nameSuffix } from './api/podNames.ts';
import { hostnameLabel, PodScheduler, zoneLabel, type Placement } from './scheduler/podScheduler.ts';
import { NodeStates } from './kubelet/nodeStates.ts';
import { programs, unknownProgram, type Program } from './kubelet/programs.ts';
import { StatusManager } from './kubelet/statusManager.ts';
import { bootsMicroVm, microVmBootSeconds, withRuntimeClass } from './kubelet/runtimeClass.ts';
import { syncReplicaSet } from './controllers/replicaSetController.ts';
import { selects, syncService } from './controllers/serviceController.ts';
import { WorkQueue } from './api/workQueue.ts';

/** From a change until a controller, a kubelet or a proxy has seen it and acts. Assumed. */
export const controlLatencySeconds = 0.1;
/** How long the store remembers what happened (etcd's compaction). */
const compactionSeconds = 300;

export interface ClusterSettings {
  /** `--node-monitor-grace-period`. */
  readonly graceSeconds: number;
  readonly stepBudget: number;
  /** Programs by image, before those of the course. */
  readonly programs?: Readonly<Record<string, Program>>;
  /** What a small VM around a Pod adds to its start; see {@link microVmBootSeconds}. */
  readonly microVmBootSeconds?: number;
}

export interface NewNode {
  readonly name: string;
  readonly zone: string;
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A Kubernetes cluster: API server, controllers, scheduler, kubelets, and the traffic to its Services. */
export class Cluster {
  readonly simulation: Simulation;
  readonly store: ObjectStore;
  readonly index = new Indexer();
  readonly statuses: StatusManager;
  readonly traffic: ClusterTraffic;
  readonly nodes: NodeStates;
  readonly trace: ClusterTrace;
  readonly queues: Readonly<Record<'ReplicaSet' | 'Deployment' | 'Job' | 'Service', WorkQueue>>;
  readonly #settings: ClusterSettings;
  readonly #scheduler: PodScheduler;
  readonly #autoscalers: HorizontalAutoscalers;
  readonly #runtimes = new Map<string, PodRuntime>();
  readonly #holds: ((pod: Pod) => boolean)[] = [];
  #loadMilli: number | undefined;
  #podNames = 0;

  constructor(settings: ClusterSettings, trace: ClusterTrace, random: RandomStreams) {
    this.#settings = settings;
    this.trace = trace;
    this.simulation = new Simulation({ stepBudget: settings.stepBudget });
    this.store = new ObjectStore(() => this.simulation.now);
    this.nodes = new NodeStates(this.simulation);
    const queue = (sync: (cluster: Cluster, key: string) => void): WorkQueue =>
      new WorkQueue(this.simulation, seconds(controlLatencySeconds), (key) => sync(this, key));
    this.queues = {
      ReplicaSet: queue(syncReplicaSet),
      Deployment: queue(syncDeployment),
      Job: queue(syncJob),
      Service: queue(syncService),
    };
    this.#scheduler = new PodScheduler(
      this.simulation,
      this.store,
      random.stream('scheduler'),
      (pod, placement) => this.#bind(pod, placement),
    );
    this.#autoscalers = new HorizontalAutoscalers(this);
    this.statuses = new StatusManager(this);
    this.traffic = new ClusterTraffic(this, this.#runtimes);
    this.store.listen((event) => this.#observe(event));
    new NodeLifecycle(this, { graceSeconds: settings.graceSeconds });
    const compact = (version: number): void => {
      this.store.compact(version);
      const now = this.store.version;
      this.simulation.schedule(seconds(compactionSeconds), () => compact(now));
    };
    compact(0);
  }

  addNode({ name, zone, cpuMilli, memoryBytes, labels }: NewNode): void {
    this.index.addNode(name);
    this.nodes.add(name);
    this.store.create<'Node'>({
      kind: 'Node',
      metadata: { name, namespace: '', labels: { [hostnameLabel]: name, [zoneLabel]: zone, ...labels } },
      spec: { unschedulable: false, taints: [] },
      status: { ready: 'True', cpuMilli, memoryBytes, pods: 110 },
    });
  }

  /** `kubectl apply`: creates an object, or gives the one of its name another spec. */
  apply<K extends Kind>(object: NewObject<K>): KindTable[K] {
    const created = this.store.create<K>(object);
    if (created.ok) return created.value;
    const key = `${object.metadata.namespace ?? 'default'}/${object.metadata.name}`;
    const before = this.store.get(object.kind as K, key)!;
    const updated = this.store.update<K>({ ...before, spec: (object as unknown as KindTable[K]).spec });
    if (!updated.ok) throw new Error(`${key}: ${updated.error}`);
    return updated.value;
  }

  /** Notes an event; texts are given as they are. Returns its row. */
  record(kind: keyof ClusterEvents, ...fields: (string | number)[]): number {
    const [a = 0, b = 0, c = 0, d = 0] = fields.map((field) =>
      typeof field === 'string' ? this.trace.text(shortName(field)) : field,
    );
    const row = this.trace.append(
      this.trace.codes[kind],
      this.simulation.now,
      this.simulation.cause,
      a,
      b,
      c,
      d,
    );
    this.simulation.cause = row;
    return row;
  }

  recordScale(set: ReplicaSet, to: number, from = set.spec.replicas): void {
    const row = this.record(
      'scaled',
      set.metadata.name,
      from,
      to,
      Number(set.metadata.annotations['deployment.kubernetes.io/revision'] ?? 0),
    );
    if (set.place !== undefined) this.trace.setPlace(row, set.place);
  }

  /** Adds a webhook that is asked before an eviction: true refuses it, until whoever holds the Pod has seen to it. */
  holdEvictions(hold: (pod: Pod) => boolean): void {
    this.#holds.push(hold);
  }
  holdsEviction(pod: Pod): boolean {
    return this.#holds.some((hold) => hold(pod));
  }

  // What controllers ask.

  scaleOf(owner: OwnerReference, namespace: string): number {
    const key = `${namespace}/${owner.name}`;
    if (owner.kind === 'ReplicaSet') {
      const set = this.store.get('ReplicaSet', key);
      return set?.spec.replicas ?? 0;
    }
    return owner.kind === 'Job' ? (this.store.get('Job', key)?.spec.parallelism ?? 1) : 0;
  }

  createPod(template: PodTemplate, owner: AnyObject, prefix: string, place: string | undefined): void {
    const { metadata } = owner;
    const labels = template.metadata?.labels ?? {};
    this.createBarePod(
      {
        name: prefix + nameSuffix(this.#podNames++),
        namespace: metadata.namespace,
        labels,
        ownerReferences: [{ kind: owner.kind, name: metadata.name, uid: metadata.uid }],
      },
      template.spec,
      place,
    );
  }

  createBarePod(metadata: NewObject<'Pod'>['metadata'], spec: Pod['spec'], place: string | undefined): void {
    const outcome = this.store.create<'Pod'>({
      kind: 'Pod',
      metadata,
      spec: withRuntimeClass(spec, this.store),
      status: { phase: 'Pending', ready: false, readySinceNs: this.simulation.now, containers: [] },
      ...(place === undefined ? {} : { place }),
    });
    if (!outcome.ok) return;
    const row = this.record('podCreated', metadata.name, metadata.ownerReferences?.[0]?.name ?? 'kubectl');
    if (place !== undefined) this.trace.setPlace(row, place);
  }

  deletePod(key: string, why: string): void {
    const pod = this.store.get('Pod', key);
    if (pod === undefined || pod.metadata.deletionNs !== undefined) return;
    this.record('podDeleted', pod.metadata.name, why);
    const node = pod.spec.nodeName;
    if (node === undefined || pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') {
      this.store.remove('Pod', key);
      return;
    }
    this.store.update({ ...pod, metadata: { ...pod.metadata, deletionNs: this.simulation.now } });
    if (!this.nodes.isSilent(node))
      this.simulation.schedule(seconds(controlLatencySeconds), () => this.#stopRuntime(key));
  }

  #stopRuntime(key: string): void {
    const runtime = this.#runtimes.get(key);
    if (runtime !== undefined) runtime.stop();
    else this.store.remove('Pod', key);
  }

  // What kubelets report.

  programOf(container: Container): Program {
    const { image = '' } = container;
    return (
      this.#settings.programs?.[image] ??
      programs[image] ??
      unknownProgram((container.ports ?? []).map((port) => port.containerPort))
    );
  }
  sandboxSecondsOf(pod: Pod): number {
    const { runtimeClassName } = pod.spec;
    const runtimeClass = runtimeClassName && this.store.get('RuntimeClass', `/${runtimeClassName}`);
    return runtimeClass && bootsMicroVm(runtimeClass)
      ? (this.#settings.microVmBootSeconds ?? microVmBootSeconds)
      : 0;
  }
  podEnded(runtime: PodRuntime): void {
    this.#runtimes.delete(runtime.key);
    if (this.nodes.isSilent(runtime.node)) return;
    const removed = this.store.remove('Pod', runtime.key);
    if (removed.ok) this.record('podGone', removed.value.metadata.name);
  }

  // Traffic.

  /** CPU that the requests to each Service need altogether, in thousandths of a CPU; undefined where nobody measures usage. */
  get loadMilli(): number | undefined {
    return this.#loadMilli;
  }
  setLoad(cpuMilli: number): void {
    this.#loadMilli = cpuMilli;
    this.record('load', cpuMilli);
  }

  // Faults.

  kill(name: string): void {
    if (!this.nodes.works(name)) return;
    this.nodes.die(name);
    this.record('nodeDied', name);
    for (const key of this.index.podsOn(name)) {
      this.#runtimes.get(key)?.abandon();
      this.#runtimes.delete(key);
      this.traffic.podChanged(key);
    }
  }

  partition(name: string): void {
    this.nodes.fallSilent(name);
    this.record('nodePartitioned', name);
  }

  /** Everything on the node takes `factor` times as long from now on. */
  slow(name: string, factor: number): void {
    this.nodes.slow(name, factor);
  }

  /** The node is back: rebooted after a death, connected again after a partition. */
  recover(name: string): void {
    const rebooted = !this.nodes.works(name);
    this.nodes.recover(name);
    this.record('nodeReturned', name);
    for (const key of this.index.podsOn(name)) {
      const pod = this.store.get('Pod', key)!;
      if (pod.metadata.deletionNs !== undefined) this.#stopRuntime(key);
      else if (rebooted) this.#runtimes.set(key, new PodRuntime(this, pod));
    }
  }

  /** The node controller hears from a node again: its kubelet says how its Pods are. */
  nodeHeardAgain(name: string): void {
    for (const key of this.index.podsOn(name)) this.#runtimes.get(key)?.reportAgain();
  }

  #bind(pod: Pod, placement: Placement): void {
    if (!placement.ok) {
      const all = [...placement.reasons.values()].reduce((sum, count) => sum + count, 0);
      const parts = [...placement.reasons].map(([reason, count]) => `${count} ${reason}`);
      const why = `0/${all} nodes are available: ${parts.join(', ')}.`;
      const latest = this.store.get('Pod', keyOf(pod))!;
      if (latest.status.reason === why) return;
      this.record('podUnschedulable', pod.metadata.name, why);
      this.store.update({ ...latest, status: { ...latest.status, reason: why } });
      return;
    }
    this.record('podScheduled', pod.metadata.name, placement.node, placement.score);
    const { reason: _settled, ...status } = pod.status;
    const outcome = this.store.update({ ...pod, spec: { ...pod.spec, nodeName: placement.node }, status });
    if (!outcome.ok) throw new Error(`${keyOf(pod)}: ${outcome.error}`);
    this.simulation.schedule(seconds(controlLatencySeconds), () => {
      const latest = this.store.get('Pod', keyOf(pod));
      if (
        latest === undefined ||
        latest.metadata.deletionNs !== undefined ||
        !this.nodes.works(placement.node)
      )
        return;
      this.#runtimes.set(keyOf(pod), new PodRuntime(this, latest));
    });
  }

  /** Keeps the indexes, and tells the controllers that an object changed. */
  #observe(event: StoreEvent): void {
    this.#scheduler.observe(event);
    const { object } = event;
    switch (object.kind) {
      case 'Pod':
        this.#observePod(event as StoreEvent<'Pod'>);
        return;
      case 'ReplicaSet': {
        this.index.observeSet(event as StoreEvent<'ReplicaSet'>);
        this.queues.ReplicaSet.add(keyOf(object));
        const [owner] = object.metadata.ownerReferences;
        if (owner !== undefined) this.queues.Deployment.add(`${object.metadata.namespace}/${owner.name}`);
        return;
      }
      case 'Service': {
        const endpoints = this.traffic.endpointsOf(object);
        endpoints.allChanged();
        for (const pod of this.store.list('Pod')) if (selects(object, pod)) endpoints.podChanged(keyOf(pod));
        this.queues.Service.add(keyOf(object));
        return;
      }
      case 'Deployment':
      case 'Job':
        this.queues[object.kind].add(keyOf(object));
        return;
      case 'HorizontalPodAutoscaler':
        if (event.type === 'ADDED') this.#autoscalers.added(object);
        return;
      case 'EndpointSlice':
      case 'Node':
      case 'PodDisruptionBudget':
      case 'RuntimeClass':
      case 'VirtualMachineInstance':
      case 'App':
        return;
    }
  }

  #observePod(event: StoreEvent<'Pod'>): void {
    const { type, object: pod, before } = event;
    const key = keyOf(pod);
    const gone = type === 'DELETED';
    this.index.observePod(event);
    for (const owner of pod.metadata.ownerReferences) {
      if (owner.kind === 'ReplicaSet' || owner.kind === 'Job')
        this.queues[owner.kind].add(`${pod.metadata.namespace}/${owner.name}`);
    }
    const matters =
      gone ||
      before === undefined ||
      before.status.ready !== pod.status.ready ||
      before.status.podIP !== pod.status.podIP ||
      before.status.phase !== pod.status.phase ||
      before.metadata.deletionNs !== pod.metadata.deletionNs;
    for (const service of this.store.list('Service')) {
      if (!matters || !selects(service, pod)) continue;
      this.traffic.endpointsOf(service).podChanged(key);
      this.queues.Service.add(keyOf(service));
    }
  }
}

/** Events name things as people do: without the default namespace. */
const shortName = (text: string): string =>
  text.startsWith('default/') ? text.slice('default/'.length) : text;
