import type { Nanoseconds } from '../../kernel/time.ts';
import type { ClusterTrace } from '../clusterEvents.ts';

/** An Event of the API, as kubectl lists it. */
export interface ClusterEvent {
  readonly firstNs: Nanoseconds;
  readonly lastNs: Nanoseconds;
  readonly count: number;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly kind: 'Pod' | 'ReplicaSet' | 'Deployment' | 'HorizontalPodAutoscaler' | 'Node' | 'Job';
  readonly name: string;
  readonly from: string;
  readonly message: string;
}
type NewEvent = Omit<ClusterEvent, 'firstNs' | 'lastNs' | 'count'>;

/**
 * What the components of a cluster report, in their words, from what happened up to an event. Equal ones are counted and
 * not repeated; the oldest last stands first.
 * @param kindOf what an owner of that name is
 */
export function eventsUpTo(
  trace: ClusterTrace,
  event: number,
  kindOf: (name: string) => ClusterEvent['kind'] | undefined,
): readonly ClusterEvent[] {
  const events = new Map<string, ClusterEvent>();
  for (let row = 0; row <= event && row < trace.length; row++) {
    for (const each of eventsOf(trace, row, kindOf)) {
      const key = JSON.stringify([each.kind, each.name, each.reason, each.message]);
      const before = events.get(key);
      const nowNs = trace.timeNs(row);
      events.delete(key);
      events.set(key, {
        ...each,
        firstNs: before?.firstNs ?? nowNs,
        lastNs: nowNs,
        count: (before?.count ?? 0) + 1,
      });
    }
  }
  return [...events.values()];
}

function eventsOf(
  trace: ClusterTrace,
  row: number,
  kindOf: (name: string) => ClusterEvent['kind'] | undefined,
): readonly NewEvent[] {
  const texts = trace.textsOf(row);
  const { pod = '', node = '', why = '', container = '', owner = '', set = '' } = texts;
  const { autoscaler = '', reason = '' } = texts;
  const fields = trace.fieldsOf(row);
  const ofPod = (
    reason: string,
    message: string,
    from = 'kubelet',
    type: ClusterEvent['type'] = 'Normal',
  ): NewEvent => ({ type, reason, kind: 'Pod', name: pod, from, message });
  const ofNode = (reason: string, message: string, from: string): NewEvent => ({
    type: 'Normal',
    reason,
    kind: 'Node',
    name: node,
    from,
    message,
  });
  const ofAutoscaler = (type: ClusterEvent['type'], what: string, message: string): NewEvent => ({
    type,
    reason: what,
    kind: 'HorizontalPodAutoscaler',
    name: autoscaler,
    from: 'horizontal-pod-autoscaler',
    message,
  });
  switch (trace.kind(row)) {
    case 'podCreated': {
      const kind = kindOf(owner);
      if (kind === undefined) return [];
      const from = kind === 'Job' ? 'job-controller' : 'replicaset-controller';
      return [
        {
          type: 'Normal',
          reason: 'SuccessfulCreate',
          kind,
          name: owner,
          from,
          message: `Created pod: ${pod}`,
        },
      ];
    }
    case 'podScheduled':
      return [ofPod('Scheduled', `Successfully assigned default/${pod} to ${node}`, 'default-scheduler')];
    case 'podUnschedulable':
      return [ofPod('FailedScheduling', why, 'default-scheduler', 'Warning')];
    case 'containerStarted':
      return [
        ofPod('Created', `Created container: ${container}`),
        ofPod('Started', `Started container ${container}`),
      ];
    case 'containerBackOff':
      return [
        ofPod(
          'BackOff',
          `Back-off restarting failed container ${container} in pod ${pod}`,
          'kubelet',
          'Warning',
        ),
      ];
    case 'podNotReady': {
      const probe = /its (startup|readiness|liveness) probe fail/.exec(why)?.[1];
      return probe === undefined
        ? []
        : [ofPod('Unhealthy', `${capital(probe)} probe failed`, 'kubelet', 'Warning')];
    }
    case 'podDeleted':
      return why.startsWith('its toleration')
        ? [
            ofPod(
              'TaintManagerEviction',
              `Marking for deletion Pod default/${pod}`,
              'taint-eviction-controller',
            ),
          ]
        : [ofPod('Killing', 'Stopping container')];
    case 'scaled': {
      const [from, to] = [fields['from']!, fields['to']!];
      const deployment = set.slice(0, Math.max(0, set.lastIndexOf('-')));
      const message =
        to > from
          ? `Scaled up replica set ${set} from ${from} to ${to}`
          : `Scaled down replica set ${set} from ${from} to ${to}`;
      return [
        {
          type: 'Normal',
          reason: 'ScalingReplicaSet',
          kind: 'Deployment',
          name: deployment,
          from: 'deployment-controller',
          message,
        },
      ];
    }
    case 'autoscaled':
      return [ofAutoscaler('Normal', 'SuccessfulRescale', `New size: ${fields['to']}; reason: ${why}`)];
    case 'autoscalerFails':
      return [ofAutoscaler('Warning', reason, why)];
    case 'nodeUnknown':
      return [ofNode('NodeNotReady', `Node ${node} status is now: NodeNotReady`, 'node-controller')];
    case 'nodeReturned':
      return [ofNode('NodeReady', `Node ${node} status is now: NodeReady`, 'kubelet')];
    case 'drainStarted':
      return [ofNode('NodeNotSchedulable', `Node ${node} status is now: NodeNotSchedulable`, 'kubelet')];
    default:
      return [];
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
