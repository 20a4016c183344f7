import {
  keyOf,
  type AnyObject,
  type Container,
  type HorizontalPodAutoscaler,
  type LabelSelector,
  type Pod,
} from '../api/apiObjects.ts';
import { sayLabelSelector } from '../api/labelSelector.ts';
import { cpuTarget } from '../autoscaler/autoscalerSpec.ts';
import { humanDuration } from './kubectlAge.ts';
import { statusOfBudget } from '../controllers/evictions.ts';
import type { Cluster } from '../cluster.ts';

/** What kubectl calls a kind, and how `get` prints it: the columns of Kubernetes 1.34 (pkg/printers/internalversion). */
export interface Resource {
  readonly kind: AnyObject['kind'];
  /** In messages and in `-o name`: `deployments.apps`, `deployment.apps`. */
  readonly plural: string;
  readonly singular: string;
  /** What else may be typed. */
  readonly short: readonly string[];
  readonly namespaced: boolean;
  readonly columns: readonly string[];
  readonly wide: readonly string[];
  readonly row: (object: AnyObject, cluster: Cluster) => readonly string[];
  readonly wideRow: (object: AnyObject, cluster: Cluster) => readonly string[];
}

const age = (object: AnyObject, cluster: Cluster): string =>
  humanDuration(cluster.simulation.now - object.metadata.creationNs);
export const none = '<none>';
export const orNone = (texts: readonly string[]): string => (texts.length === 0 ? none : texts.join(','));
export const labelText = (labels: Readonly<Record<string, string>> | undefined): string =>
  orNone(Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`));

/** A selector as kubectl prints it, expressions included. */
export const selectorText = (selector: LabelSelector | undefined): string =>
  sayLabelSelector(selector ?? {}) || none;

const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** The STATUS of a Pod: not its phase, but what stands most in the way. */
export function podStatusText(pod: Pod): string {
  const { spec, status, metadata } = pod;
  if (metadata.deletionNs !== undefined) return 'Terminating';
  let text: string = status.phase;
  const inits = spec.initContainers ?? [];
  let initializing = false;
  for (const [index, container] of inits.entries()) {
    const state = status.containers.find(({ name }) => name === container.name);
    if (state === undefined) continue;
    if (state.state === 'terminated' && state.reason === 'Completed' && !isSidecar(container)) continue;
    if (isSidecar(container) && state.state === 'running') continue;
    const waits = state.state !== 'running' && state.reason !== '' && state.reason !== 'PodInitializing';
    text = waits ? `Init:${state.reason}` : `Init:${index}/${inits.length}`;
    initializing = true;
    break;
  }
  if (initializing) return text;
  let running = false;
  for (const container of spec.containers.toReversed()) {
    const state = status.containers.find(({ name }) => name === container.name);
    if (state === undefined) continue;
    if (state.state === 'waiting' && state.reason !== '') text = state.reason;
    else if (state.state === 'terminated' && state.reason !== '') text = state.reason;
    else if (state.state === 'running' && state.ready) running = true;
  }
  if (text === 'Completed' && running) text = status.ready ? 'Running' : 'NotReady';
  // Bound, and the kubelet has not said anything yet.
  if (text === 'Pending' && spec.nodeName !== undefined) return 'ContainerCreating';
  return text;
}

export function readyText(pod: Pod): string {
  const counted = [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar)];
  const ready = counted.filter(
    ({ name }) => pod.status.containers.find((status) => status.name === name)?.ready === true,
  );
  return `${ready.length}/${counted.length}`;
}

const restartsOf = (pod: Pod): number =>
  pod.status.containers.reduce((sum, { restartCount }) => sum + restartCount, 0);

/** The virtual IP of a Service: given out in the order of creation, from the usual range. */
export function clusterIpOf(service: AnyObject, cluster: Cluster): string {
  if (service.kind !== 'Service') return none;
  const { clusterIP, type } = service.spec;
  if (clusterIP === 'None') return 'None';
  if (type === 'ExternalName') return none;
  if (clusterIP !== undefined) return clusterIP;
  const number = [...cluster.store.list('Service')].findIndex((each) => keyOf(each) === keyOf(service));
  return `10.96.0.${10 + number}`;
}

export function nodeStatusText(node: AnyObject): string {
  if (node.kind !== 'Node') return '';
  return (
    (node.status.ready === 'True' ? 'Ready' : 'NotReady') +
    (node.spec.unschedulable ? ',SchedulingDisabled' : '')
  );
}

/** Each metric with its value and target, at most two of them: `cpu: 50%/50%`. */
function targetsText({ spec, status }: HorizontalPodAutoscaler): string {
  const all = spec.metrics.map((metric) => {
    const target = cpuTarget(metric);
    const current = status.current === undefined ? '<unknown>' : `${status.current.utilizationPercent}%`;
    return target === undefined
      ? `${metric.resource?.name ?? metric.type.toLowerCase()}: <unknown>`
      : `cpu: ${current}/${target}%`;
  });
  const more = all.length > 2 ? ` + ${all.length - 2} more...` : '';
  return all.length === 0 ? none : all.slice(0, 2).join(', ') + more;
}

const imagesOf = (containers: readonly Container[]): readonly string[] => [
  containers.map(({ name }) => name).join(','),
  containers.map(({ image = none }) => image).join(','),
];

/** A row for an object of the resource's own kind. */
const rowOf =
  <K extends AnyObject['kind']>(
    kind: K,
    row: (object: Extract<AnyObject, { kind: K }>, cluster: Cluster) => readonly (string | number)[],
  ) =>
  (object: AnyObject, cluster: Cluster): readonly string[] =>
    object.kind === kind ? row(object as Extract<AnyObject, { kind: K }>, cluster).map(String) : [];
const nothing = (): readonly string[] => [];

/** In the order in which `get all` shows them. */
export const resources: readonly Resource[] = [
  {
    kind: 'Pod',
    plural: 'pods',
    singular: 'pod',
    short: ['po'],
    namespaced: true,
    columns: ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'],
    wide: ['IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'],
    row: rowOf('Pod', (pod, cluster) => [
      pod.metadata.name,
      readyText(pod),
      podStatusText(pod),
      restartsOf(pod),
      age(pod, cluster),
    ]),
    wideRow: rowOf('Pod', ({ status, spec }) => [status.podIP ?? none, spec.nodeName ?? none, none, none]),
  },
  {
    kind: 'Service',
    plural: 'services',
    singular: 'service',
    short: ['svc'],
    namespaced: true,
    columns: ['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE'],
    wide: ['SELECTOR'],
    row: rowOf('Service', (service, cluster) => [
      service.metadata.name,
      service.spec.type ?? 'ClusterIP',
      clusterIpOf(service, cluster),
      service.spec.externalName ?? none,
      orNone((service.spec.ports ?? []).map(({ port }) => `${port}/TCP`)),
      age(service, cluster),
    ]),
    wideRow: rowOf('Service', ({ spec }) => [labelText(spec.selector)]),
  },
  {
    kind: 'Deployment',
    plural: 'deployments.apps',
    singular: 'deployment.apps',
    short: ['deploy'],
    namespaced: true,
    columns: ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE'],
    wide: ['CONTAINERS', 'IMAGES', 'SELECTOR'],
    row: rowOf('Deployment', (deployment, cluster) => [
      deployment.metadata.name,
      `${deployment.status.readyReplicas}/${deployment.spec.replicas}`,
      deployment.status.updatedReplicas,
      deployment.status.availableReplicas,
      age(deployment, cluster),
    ]),
    wideRow: rowOf('Deployment', ({ spec }) => [
      ...imagesOf(spec.template.spec.containers),
      selectorText(spec.selector),
    ]),
  },
  {
    kind: 'ReplicaSet',
    plural: 'replicasets.apps',
    singular: 'replicaset.apps',
    short: ['rs'],
    namespaced: true,
    columns: ['NAME', 'DESIRED', 'CURRENT', 'READY', 'AGE'],
    wide: ['CONTAINERS', 'IMAGES', 'SELECTOR'],
    row: rowOf('ReplicaSet', (set, cluster) => [
      set.metadata.name,
      set.spec.replicas,
      set.status.replicas,
      set.status.readyReplicas,
      age(set, cluster),
    ]),
    wideRow: rowOf('ReplicaSet', ({ spec }) => [
      ...imagesOf(spec.template.spec.containers),
      selectorText(spec.selector),
    ]),
  },
  {
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers.autoscaling',
    singular: 'horizontalpodautoscaler.autoscaling',
    short: ['hpa'],
    namespaced: true,
    columns: ['NAME', 'REFERENCE', 'TARGETS', 'MINPODS', 'MAXPODS', 'REPLICAS', 'AGE'],
    wide: [],
    row: rowOf('HorizontalPodAutoscaler', (autoscaler, cluster) => [
      autoscaler.metadata.name,
      `${autoscaler.spec.scaleTargetRef.kind}/${autoscaler.spec.scaleTargetRef.name}`,
      targetsText(autoscaler),
      autoscaler.spec.minReplicas,
      autoscaler.spec.maxReplicas,
      autoscaler.status.currentReplicas,
      age(autoscaler, cluster),
    ]),
    wideRow: nothing,
  },
  {
    kind: 'Job',
    plural: 'jobs.batch',
    singular: 'job.batch',
    short: [],
    namespaced: true,
    columns: ['NAME', 'STATUS', 'COMPLETIONS', 'AGE'],
    wide: ['CONTAINERS', 'IMAGES'],
    row: rowOf('Job', (job, cluster) => [
      job.metadata.name,
      job.status.complete ? (job.status.succeeded > 0 ? 'Complete' : 'Failed') : 'Running',
      `${job.status.succeeded}/${job.spec.completions ?? 1}`,
      age(job, cluster),
    ]),
    wideRow: rowOf('Job', ({ spec }) => imagesOf(spec.template.spec.containers)),
  },
  {
    kind: 'EndpointSlice',
    plural: 'endpointslices.discovery.k8s.io',
    singular: 'endpointslice.discovery.k8s.io',
    short: [],
    namespaced: true,
    columns: ['NAME', 'ADDRESSTYPE', 'PORTS', 'ENDPOINTS', 'AGE'],
    wide: [],
    row: rowOf('EndpointSlice', (slice, cluster) => {
      const addresses = slice.spec.endpoints.map(
        ({ pod }) => cluster.store.get('Pod', pod)?.status.podIP ?? none,
      );
      const ports = [...new Set(slice.spec.endpoints.flatMap((each) => each.ports))].filter(
        (port) => port !== undefined,
      );
      const more = addresses.length > 3 ? ` + ${addresses.length - 3} more...` : '';
      return [
        slice.metadata.name,
        'IPv4',
        ports.length === 0 ? '<unset>' : ports.join(','),
        addresses.length === 0 ? '<unset>' : addresses.slice(0, 3).join(',') + more,
        age(slice, cluster),
      ];
    }),
    wideRow: nothing,
  },
  {
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets.policy',
    singular: 'poddisruptionbudget.policy',
    short: ['pdb'],
    namespaced: true,
    columns: ['NAME', 'MIN AVAILABLE', 'MAX UNAVAILABLE', 'ALLOWED DISRUPTIONS', 'AGE'],
    wide: [],
    row: rowOf('PodDisruptionBudget', (budget, cluster) => [
      budget.metadata.name,
      budget.spec.minAvailable ?? 'N/A',
      budget.spec.maxUnavailable ?? 'N/A',
      statusOfBudget(cluster, budget).disruptionsAllowed,
      age(budget, cluster),
    ]),
    wideRow: nothing,
  },
  {
    kind: 'VirtualMachineInstance',
    plural: 'virtualmachineinstances.kubevirt.io',
    singular: 'virtualmachineinstance.kubevirt.io',
    short: ['vmi', 'vmis'],
    namespaced: true,
    columns: ['NAME', 'AGE', 'PHASE', 'IP', 'NODENAME', 'READY'],
    wide: [],
    row: rowOf('VirtualMachineInstance', (vm, cluster) => {
      const pod = cluster.store.get('Pod', vm.status.launcher);
      return [
        vm.metadata.name,
        age(vm, cluster),
        vm.status.phase,
        pod?.status.podIP ?? '',
        pod?.spec.nodeName ?? '',
        vm.status.guestUp ? 'True' : 'False',
      ];
    }),
    wideRow: nothing,
  },
  {
    kind: 'RuntimeClass',
    plural: 'runtimeclasses.node.k8s.io',
    singular: 'runtimeclass.node.k8s.io',
    short: [],
    namespaced: false,
    columns: ['NAME', 'HANDLER', 'AGE'],
    wide: [],
    row: rowOf('RuntimeClass', (runtimeClass, cluster) => [
      runtimeClass.metadata.name,
      runtimeClass.spec.handler,
      age(runtimeClass, cluster),
    ]),
    wideRow: nothing,
  },
  {
    kind: 'Node',
    plural: 'nodes',
    singular: 'node',
    short: ['no'],
    namespaced: false,
    columns: ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION'],
    wide: [],
    row: rowOf('Node', (node, cluster) => [
      node.metadata.name,
      nodeStatusText(node),
      none,
      age(node, cluster),
      'v1.34.0',
    ]),
    wideRow: nothing,
  },
];

/** The resource that somebody means: `po`, `pods`, `pod`, `pods.v1`, `deployments.apps`. */
export function resourceNamed(typed: string): Resource | undefined {
  const name = typed.toLowerCase();
  return resources.find(
    ({ plural, singular, short }) =>
      name === plural ||
      name === singular ||
      name === plural.split('.')[0] ||
      name === singular.split('.')[0] ||
      short.includes(name),
  );
}
