import {
  keyOf,
  type AnyObject,
  type Deployment,
  type HorizontalPodAutoscaler,
  type Node,
  type Pod,
  type Service,
} from '../api/apiObjects.ts';
import { behaviorOf, cpuTarget } from '../autoscaler/autoscalerSpec.ts';
import type { ScalingRules } from '../autoscaler/scalingBehavior.ts';
import type { Cluster } from '../cluster.ts';
import { fencepostsOf, templateHash, templateHashLabel } from '../controllers/deploymentController.ts';
import { slicesOf } from '../controllers/endpointSlices.ts';
import { humanDuration } from './kubectlAge.ts';
import type { ClusterEvent } from './kubectlEvents.ts';
import { clusterIpOf, labelText, none, orNone, podStatusText, selectorText } from './kubectlResources.ts';
import { aligned, describeTabs } from './tabWriter.ts';

/** `kubectl describe` of one object: its fields and its Events, aligned as kubectl aligns them. */
export function described(object: AnyObject, cluster: Cluster, events: readonly ClusterEvent[]): string {
  const { name, namespace, labels, annotations } = object.metadata;
  const lines = [`Name:\t${name}`, ...(namespace === '' ? [] : [`Namespace:\t${namespace}`])];
  switch (object.kind) {
    case 'Pod':
      lines.push(...podLines(object));
      break;
    case 'Deployment':
      lines.push(...deploymentLines(object, cluster));
      break;
    case 'Service':
      lines.push(...serviceLines(object, cluster));
      break;
    case 'Node':
      lines.push(...nodeLines(object, cluster));
      break;
    case 'HorizontalPodAutoscaler':
      lines.push(...autoscalerLines(object));
      break;
    case 'ReplicaSet':
      lines.push(
        `Selector:\t${selectorText(object.spec.selector)}`,
        `Labels:\t${labelText(labels)}`,
        `Annotations:\t${labelText(annotations)}`,
        `Controlled By:\t${ownerOf(object)}`,
        `Replicas:\t${object.status.replicas} current / ${object.spec.replicas} desired`,
      );
      break;
    default:
      lines.push(`Labels:\t${labelText(labels)}`, `Annotations:\t${labelText(annotations)}`);
  }
  const { now } = cluster.simulation;
  const own = events.filter((each) => each.kind === object.kind && each.name === name);
  if (own.length === 0) lines.push(`Events:\t${none}`);
  else
    lines.push(
      'Events:',
      '  Type\tReason\tAge\tFrom\tMessage',
      '  ----\t------\t----\t----\t-------',
      ...own.map(
        ({ type, reason, from, message, ...each }) =>
          `  ${type}\t${reason}\t${seen(each, now)}\t${from}\t${message}`,
      ),
    );
  return aligned(lines.join('\n'), describeTabs);
}

/** `5s`, and of what has happened several times `5s (x3 over 2m)`. */
export const seen = (
  { firstNs, lastNs, count }: Pick<ClusterEvent, 'firstNs' | 'lastNs' | 'count'>,
  nowNs: number,
): string =>
  humanDuration(nowNs - lastNs) + (count === 1 ? '' : ` (x${count} over ${humanDuration(nowNs - firstNs)})`);

const ownerOf = ({ metadata }: AnyObject): string => {
  const [owner] = metadata.ownerReferences;
  return owner === undefined ? none : `${owner.kind}/${owner.name}`;
};

function podLines(pod: Pod): readonly string[] {
  const { spec, status, metadata } = pod;
  const containers = (title: string, of: Pod['spec']['containers']): string[] =>
    of.length === 0
      ? []
      : [
          `${title}:`,
          ...of.flatMap((container) => {
            const state = status.containers.find(({ name }) => name === container.name);
            const word = state?.state ?? 'waiting';
            const reason = state === undefined ? 'ContainerCreating' : state.reason;
            return [
              `  ${container.name}:`,
              `    Image:\t${container.image ?? none}`,
              `    Ports:\t${orNone((container.ports ?? []).map(({ containerPort }) => `${containerPort}/TCP`))}`,
              `    State:\t${word.charAt(0).toUpperCase()}${word.slice(1)}`,
              ...(word === 'running' || reason === '' ? [] : [`      Reason:\t${reason}`]),
              `    Ready:\t${state?.ready === true ? 'True' : 'False'}`,
              `    Restart Count:\t${state?.restartCount ?? 0}`,
            ];
          }),
        ];
  const truth = (holds: boolean): string => (holds ? 'True' : 'False');
  return [
    `Node:\t${spec.nodeName ?? none}`,
    `Labels:\t${labelText(metadata.labels)}`,
    `Status:\t${metadata.deletionNs === undefined ? status.phase : podStatusText(pod)}`,
    `IP:\t${status.podIP ?? ''}`,
    ...(metadata.ownerReferences.length === 0 ? [] : [`Controlled By:\t${ownerOf(pod)}`]),
    ...(spec.runtimeClassName === undefined ? [] : [`Runtime Class Name:\t${spec.runtimeClassName}`]),
    ...containers('Init Containers', spec.initContainers ?? []),
    ...containers('Containers', spec.containers),
    'Conditions:',
    '  Type\tStatus',
    `  Ready\t${truth(status.ready)}`,
    `  PodScheduled\t${truth(spec.nodeName !== undefined)}`,
    `Node-Selectors:\t${labelText(spec.nodeSelector)}`,
  ];
}

function deploymentLines(deployment: Deployment, cluster: Cluster): readonly string[] {
  const { spec, status, metadata } = deployment;
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy?.rollingUpdate ?? {};
  const strategy = spec.strategy?.type ?? 'RollingUpdate';
  const sets = [...cluster.index.setsOf(metadata.uid)];
  const hash = templateHash(spec.template);
  const fresh = sets.find((set) => set.metadata.labels[templateHashLabel] === hash);
  const old = sets.filter((set) => set !== fresh && set.spec.replicas > 0);
  const created = (set: (typeof sets)[number]): string =>
    `${set.metadata.name} (${set.status.replicas}/${set.spec.replicas} replicas created)`;
  const available = status.availableReplicas >= spec.replicas - fencepostsOf(deployment).maxUnavailable;
  return [
    `Labels:\t${labelText(metadata.labels)}`,
    `Selector:\t${selectorText(spec.selector)}`,
    `Replicas:\t${spec.replicas} desired | ${status.updatedReplicas} updated | ${status.replicas} total | ${status.availableReplicas} available | ${Math.max(0, status.replicas - status.availableReplicas)} unavailable`,
    `StrategyType:\t${strategy}`,
    `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`,
    ...(strategy === 'RollingUpdate'
      ? [`RollingUpdateStrategy:\t${maxUnavailable} max unavailable, ${maxSurge} max surge`]
      : []),
    'Conditions:',
    '  Type\tStatus\tReason',
    '  ----\t------\t------',
    `  Available\t${available ? 'True' : 'False'}\t${available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable'}`,
    `  Progressing\t${status.progressing === 'ProgressDeadlineExceeded' ? 'False' : 'True'}\t${status.progressing}`,
    `OldReplicaSets:\t${old.length === 0 ? none : old.map(created).join(', ')}`,
    `NewReplicaSet:\t${fresh === undefined ? none : created(fresh)}`,
  ];
}

function autoscalerLines({ metadata, spec, status }: HorizontalPodAutoscaler): readonly string[] {
  const { kind, name } = spec.scaleTargetRef;
  const { current, conditions } = status;
  const seenNow =
    current === undefined ? '<unknown>' : `${current.utilizationPercent}% (${current.averageMilli}m)`;
  const rules = (title: string, { stabilizationWindowSeconds, selectPolicy, policies }: ScalingRules) => [
    `  ${title}:`,
    `    Stabilization Window: ${stabilizationWindowSeconds} seconds`,
    `    Select Policy: ${selectPolicy}`,
    '    Policies:',
    ...policies.map(
      ({ type, value, periodSeconds }) =>
        `      - Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`,
    ),
  ];
  const { scaleUp, scaleDown } = behaviorOf(spec.behavior);
  return [
    `Labels:\t${labelText(metadata.labels)}`,
    `Annotations:\t${labelText(metadata.annotations)}`,
    `Reference:\t${kind}/${name}`,
    'Metrics:\t( current / target )',
    ...spec.metrics.map((metric) => {
      const target = cpuTarget(metric);
      return target === undefined
        ? `  ${metric.type.toLowerCase()} ${metric.resource?.name ?? ''}\t<unknown>`
        : `  resource cpu on pods  (as a percentage of request):\t${seenNow} / ${target}%`;
    }),
    `Min replicas:\t${spec.minReplicas}`,
    `Max replicas:\t${spec.maxReplicas}`,
    ...(spec.behavior === undefined
      ? []
      : ['Behavior:', ...rules('Scale Up', scaleUp), ...rules('Scale Down', scaleDown)]),
    `${kind} pods:\t${status.currentReplicas} current / ${status.desiredReplicas} desired`,
    ...(conditions.length === 0
      ? []
      : [
          'Conditions:',
          '  Type\tStatus\tReason\tMessage',
          '  ----\t------\t------\t-------',
          ...conditions.map(
            ({ type, status: holds, reason, message }) => `  ${type}\t${holds}\t${reason}\t${message}`,
          ),
        ]),
  ];
}

function serviceLines(service: Service, cluster: Cluster): readonly string[] {
  const endpoints = slicesOf(cluster.store, service)
    .flatMap(({ spec }) => spec.endpoints)
    .filter(({ ready }) => ready);
  const ip = (pod: string): string => cluster.store.get('Pod', pod)?.status.podIP ?? '';
  return [
    `Labels:\t${labelText(service.metadata.labels)}`,
    `Selector:\t${labelText(service.spec.selector)}`,
    `Type:\t${service.spec.type ?? 'ClusterIP'}`,
    `IP:\t${clusterIpOf(service, cluster)}`,
    ...(service.spec.ports ?? []).flatMap(({ name, port, targetPort = port }, index) => {
      const all = endpoints.flatMap(({ pod, ports }) =>
        ports[index] === undefined ? [] : [`${ip(pod)}:${ports[index]}`],
      );
      const more = all.length > 3 ? ` + ${all.length - 3} more...` : '';
      return [
        `Port:\t${name ?? '<unset>'}  ${port}/TCP`,
        `TargetPort:\t${targetPort}/TCP`,
        `Endpoints:\t${all.slice(0, 3).join(',')}${more}`,
      ];
    }),
  ];
}

function nodeLines(node: Node, cluster: Cluster): readonly string[] {
  const { spec, status, metadata } = node;
  const pods = cluster.index.podsOn(metadata.name).flatMap((key) => cluster.store.get('Pod', key) ?? []);
  const taints = spec.taints.map(
    ({ key, value, effect }) => `${key}${value === undefined ? '' : `=${value}`}:${effect}`,
  );
  return [
    `Roles:\t${none}`,
    `Labels:\t${labelText(metadata.labels)}`,
    `Taints:\t${orNone(taints)}`,
    `Unschedulable:\t${spec.unschedulable}`,
    'Conditions:',
    '  Type\tStatus\tReason',
    '  ----\t------\t------',
    `  Ready\t${status.ready}\t${status.ready === 'True' ? 'KubeletReady' : 'NodeStatusUnknown'}`,
    'Allocatable:',
    `  cpu:\t${status.cpuMilli % 1000 === 0 ? status.cpuMilli / 1000 : `${status.cpuMilli}m`}`,
    `  memory:\t${Math.floor(status.memoryBytes / 1024)}Ki`,
    `  pods:\t${status.pods}`,
    `Non-terminated Pods:\t(${pods.length} in total)`,
    '  Namespace\tName',
    '  ---------\t----',
    ...pods.map((pod) => `  ${keyOf(pod).replace('/', '\t')}`),
  ];
}
