import type { RandomStreams } from '../kernel/random.ts';
import { Simulation } from '../kernel/simulation.ts';
import type { Nanoseconds } from '../kernel/time.ts';
import {
  keyOf,
  type AnyObject,
  type Container,
  type Endpoint,
  type Kind,
  type KindTable,
  type OwnerReference,
  type Pod,
  type PodStatus,
  type PodTemplate,
  type ReplicaSet,
  type Service,
} from './api/apiObjects.ts';
import { seconds } from './clusterClock.ts';
import type { ClusterEvents, ClusterTrace } from './clusterEvents.ts';
import { syncDeployment } from './controllers/deploymentController.ts';
import { HorizontalAutoscalers } from './controllers/horizontalAutoscaler.ts';
import { syncJob } from './controllers/jobController.ts';
import { EndpointSlices } from './controllers/endpointSlices.ts';
import { PodRuntime } from './kubelet/kubelet.ts';
import { leaseSeconds, NodeLifecycle } from './controllers/nodeLifecycle.ts';
import { ObjectStore, type NewObject, type StoreEvent } from './api/objectStore.ts';
import { nameSuffix } from './api/podNames.ts';
import { hostnameLabel, PodScheduler, zoneLabel, type Placement } from './scheduler/podScheduler.ts';
import { PodTally } from './controllers/podTally.ts';
import { programs, unknownProgram, type Program } from './kubelet/programs.ts';
import { bootsMicroVm, microVmBootSeconds, withRuntimeClass } from './kubelet/runtimeClass.ts';
import { syncReplicaSet } from './controllers/replicaSetController.ts';
import { selects, syncService } from './controllers/serviceController.ts';
import { ServiceTraffic } from './controllers/serviceTraffic.ts';
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

interface NodeFault {
  /** Renewals of the lease end here; undefined while the node reaches the API server. */
  silentSinceNs: Nanoseconds | undefined;
  dead: boolean;
  slowness: number;
}

/** A Kubernetes cluster: API server, controllers, scheduler, kubelets, and the traffic to its Services. */
export class Cluster {
  readonly simulation: Simulation;
  readonly store: ObjectStore;
  readonly trace: ClusterTrace;
  readonly queues: Readonly<Record<'ReplicaSet' | 'Deployment' | 'Job' | 'Service', WorkQueue>>;
  readonly #settings: ClusterSettings;
  readonly #scheduler: PodScheduler;
  readonly #autoscalers: HorizontalAutoscalers;
  readonly #podsByOwner = new Map<string, Map<string, Pod>>();
  readonly #tallies = new Map<string, PodTally>();
  readonly #setsByOwner = new Map<string, Map<string, ReplicaSet>>();
  readonly #endpoints = new Map<string, EndpointSlices>();
  readonly #podsByNode = new Map<string, Set<string>>();
  readonly #runtimes = new Map<string, PodRuntime>();
  readonly #faults = new Map<string, NodeFault>();
  readonly #traffic = new Map<string, ServiceTraffic>();
  readonly #holds: ((pod: Pod) => boolean)[] = [];
  #loadMilli: number | undefined;
  #podNames = 0;
  #addresses = 0;

  constructor(settings: ClusterSettings, trace: ClusterTrace, random: RandomStreams) {
    this.#settings = settings;
    this.trace = trace;
    this.simulation = new Simulation({ stepBudget: settings.stepBudget });
    this.store = new ObjectStore(() => this.simulation.now);
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
    this.#podsByNode.set(name, new Set());
    this.#faults.set(name, { silentSinceNs: undefined, dead: false, slowness: 1 });
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

  podsOf(ownerUid: string): Iterable<Pod> {
    return this.#podsByOwner.get(ownerUid)?.values() ?? [];
  }
  tallyOf(ownerUid: string): PodTally {
    let tally = this.#tallies.get(ownerUid);
    if (tally === undefined) this.#tallies.set(ownerUid, (tally = new PodTally()));
    return tally;
  }
  livePodsOf(ownerUid: string): number {
    return this.#podsByOwner.get(ownerUid)?.size ?? 0;
  }
  setsOf(ownerUid: string): Iterable<ReplicaSet> {
    return this.#setsByOwner.get(ownerUid)?.values() ?? [];
  }
  /** Keys of the Pods that are bound to a node, those on their way out included. */
  podsOn(node: string): readonly string[] {
    return [...(this.#podsByNode.get(node) ?? [])];
  }
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
    if (this.#faults.get(node)?.silentSinceNs === undefined)
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
  slownessOf(node: string): number {
    return this.#faults.get(node)?.slowness ?? 1;
  }
  sandboxSecondsOf(pod: Pod): number {
    const { runtimeClassName } = pod.spec;
    const runtimeClass = runtimeClassName && this.store.get('RuntimeClass', `/${runtimeClassName}`);
    return runtimeClass && bootsMicroVm(runtimeClass)
      ? (this.#settings.microVmBootSeconds ?? microVmBootSeconds)
      : 0;
  }
  nodeWorks(node: string): boolean {
    return this.#faults.get(node)?.dead === false;
  }
  /** When a node last renewed its lease. */
  leaseOf(node: string): Nanoseconds {
    const until = this.#faults.get(node)?.silentSinceNs ?? this.simulation.now;
    return until - (until % seconds(leaseSeconds));
  }

  reportPod(
    runtime: PodRuntime,
    report: Pick<PodStatus, 'phase' | 'ready' | 'containers'> & { readonly why: string },
  ): void {
    if (this.#faults.get(runtime.node)?.silentSinceNs !== undefined) return;
    const pod = this.store.get('Pod', runtime.key);
    if (pod === undefined) return;
    const { now } = this.simulation;
    const { phase, ready, containers, why } = report;
    if (ready !== pod.status.ready) {
      if (ready) this.record('podReady', pod.metadata.name, runtime.node);
      else this.record('podNotReady', pod.metadata.name, why);
    }
    this.store.update({
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

  podEnded(runtime: PodRuntime): void {
    this.#runtimes.delete(runtime.key);
    if (this.#faults.get(runtime.node)?.silentSinceNs !== undefined) return;
    const removed = this.store.remove('Pod', runtime.key);
    if (removed.ok) this.record('podGone', removed.value.metadata.name);
  }

  markNotReady(key: string, why: string): void {
    const pod = this.store.get('Pod', key);
    if (pod === undefined || !pod.status.ready) return;
    this.record('podNotReady', pod.metadata.name, why);
    this.store.update({ ...pod, status: { ...pod.status, ready: false, readySinceNs: this.simulation.now } });
  }

  // Traffic.

  endpointsOf(service: Service): EndpointSlices {
    const key = keyOf(service);
    let slices = this.#endpoints.get(key);
    if (slices === undefined) this.#endpoints.set(key, (slices = new EndpointSlices(this.store, service)));
    return slices;
  }

  setEndpoints(
    service: Service,
    changed: readonly { readonly pod: string; readonly endpoint: Endpoint | undefined }[],
  ): void {
    const { now } = this.simulation;
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
      const row = this.record(
        'endpoints',
        service.metadata.name,
        traffic.readyEndpoints,
        slices.size,
        traffic.answering,
      );
      if (service.place !== undefined)
        this.trace.setPlace(
          row,
          `${service.place}/spec/${traffic.readyEndpoints === 0 ? 'selector' : 'ports'}`,
        );
    }
    this.#noteShare(service.metadata.name, traffic, before);
  }

  trafficOf(service: string): ServiceTraffic {
    let traffic = this.#traffic.get(service);
    if (traffic === undefined)
      this.#traffic.set(service, (traffic = new ServiceTraffic(this.simulation.now)));
    return traffic;
  }

  trafficChanged(pod: string): void {
    const runtime = this.#runtimes.get(pod);
    for (const [key, traffic] of this.#traffic) {
      if (!traffic.has(pod)) continue;
      const before = traffic.share;
      if (traffic.podChanged(pod, (port) => runtime?.answers(port) === true, this.simulation.now))
        this.#noteShare(key.slice(key.indexOf('/') + 1), traffic, before);
    }
  }

  /** CPU that the requests to each Service need altogether, in thousandths of a CPU; undefined where nobody measures usage. */
  get loadMilli(): number | undefined {
    return this.#loadMilli;
  }
  setLoad(cpuMilli: number): void {
    this.#loadMilli = cpuMilli;
    this.record('load', cpuMilli);
  }

  #noteShare(service: string, traffic: ServiceTraffic, before: number): void {
    if (traffic.share !== before) this.record('serving', service, Math.round(traffic.share * 1000));
  }

  // Faults.

  kill(name: string): void {
    const fault = this.#faults.get(name)!;
    if (fault.dead) return;
    fault.dead = true;
    fault.silentSinceNs ??= this.simulation.now;
    this.record('nodeDied', name);
    for (const key of this.podsOn(name)) {
      this.#runtimes.get(key)?.abandon();
      this.#runtimes.delete(key);
      this.trafficChanged(key);
    }
  }

  partition(name: string): void {
    this.#faults.get(name)!.silentSinceNs ??= this.simulation.now;
    this.record('nodePartitioned', name);
  }

  /** Everything on the node takes `factor` times as long from now on. */
  slow(name: string, factor: number): void {
    this.#faults.get(name)!.slowness = factor;
  }

  /** The node is back: rebooted after a death, connected again after a partition. */
  recover(name: string): void {
    const fault = this.#faults.get(name)!;
    const rebooted = fault.dead;
    fault.dead = false;
    fault.silentSinceNs = undefined;
    this.record('nodeReturned', name);
    for (const key of this.podsOn(name)) {
      const pod = this.store.get('Pod', key)!;
      if (pod.metadata.deletionNs !== undefined) this.#stopRuntime(key);
      else if (rebooted) this.#runtimes.set(key, new PodRuntime(this, pod));
    }
  }

  /** The node controller hears from a node again: its kubelet says how its Pods are. */
  nodeHeardAgain(name: string): void {
    for (const key of this.podsOn(name)) this.#runtimes.get(key)?.reportAgain();
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
      if (latest === undefined || latest.metadata.deletionNs !== undefined || !this.nodeWorks(placement.node))
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
        for (const { uid } of object.metadata.ownerReferences)
          index(this.#setsByOwner, uid, keyOf(object), event.type === 'DELETED' ? undefined : object);
        this.queues.ReplicaSet.add(keyOf(object));
        const [owner] = object.metadata.ownerReferences;
        if (owner !== undefined) this.queues.Deployment.add(`${object.metadata.namespace}/${owner.name}`);
        return;
      }
      case 'Service': {
        const endpoints = this.endpointsOf(object);
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
    for (const owner of pod.metadata.ownerReferences) {
      index(this.#podsByOwner, owner.uid, key, gone ? undefined : pod);
      this.tallyOf(owner.uid).observe(event);
      if (owner.kind === 'ReplicaSet' || owner.kind === 'Job')
        this.queues[owner.kind].add(`${pod.metadata.namespace}/${owner.name}`);
    }
    const { nodeName } = pod.spec;
    if (nodeName !== undefined) {
      if (gone) this.#podsByNode.get(nodeName)?.delete(key);
      else this.#podsByNode.get(nodeName)?.add(key);
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
      this.endpointsOf(service).podChanged(key);
      this.queues.Service.add(keyOf(service));
    }
  }
}

function index<T>(table: Map<string, Map<string, T>>, uid: string, key: string, value: T | undefined): void {
  const of = table.get(uid) ?? new Map<string, T>();
  table.set(uid, of);
  if (value === undefined) of.delete(key);
  else of.set(key, value);
}

/** Events name things as people do: without the default namespace. */
const shortName = (text: string): string =>
  text.startsWith('default/') ? text.slice('default/'.length) : text;
