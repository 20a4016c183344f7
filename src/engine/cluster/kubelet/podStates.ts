import type { Tone } from '../../kernel/view.ts';
import type { ClusterTrace } from '../clusterEvents.ts';

/** Where a Pod is, and how it is, as somebody sees it who sees everything. */
export interface PodState {
  node: string;
  state:
    | 'pending'
    | 'starting'
    | 'ready'
    | 'not ready'
    | 'dead, nobody knows'
    | 'ending'
    | 'guest boots'
    | 'receives memory'
    | 'gone';
}

const servingStates: ReadonlySet<PodState['state'] | undefined> = new Set(['ready', 'dead, nobody knows']);

/** What the trace tells of each Pod, right after an event. */
export function podsAt(
  trace: ClusterTrace,
  event: number,
  changed?: (pod: string, state: PodState, row: number) => void,
) {
  const pods = new Map<string, PodState>();
  const set = (
    row: number,
    state: PodState['state'],
    node?: string,
    name = trace.textOf(trace.field(row, 0)),
  ): void => {
    const pod = pods.get(name) ?? { node: '', state };
    pod.state = state;
    if (node !== undefined) pod.node = node;
    pods.set(name, pod);
    changed?.(name, pod, row);
  };
  for (let row = 0; row <= event; row++) {
    switch (trace.kind(row)) {
      case 'podCreated':
        set(row, 'pending');
        break;
      case 'podScheduled':
        set(row, 'starting', trace.textOf(trace.field(row, 1)));
        break;
      case 'podReady':
        set(row, 'ready');
        break;
      case 'podNotReady':
        if (servingStates.has(pods.get(trace.textOf(trace.field(row, 0)))?.state)) set(row, 'not ready');
        break;
      // Its Pods stay ready in the API until the node controller misses it: requests still go there.
      case 'nodeDied':
        for (const [name, { state, node }] of pods)
          if (state === 'ready' && node === trace.textOf(trace.field(row, 0)))
            set(row, 'dead, nobody knows', undefined, name);
        break;
      case 'podDeleted':
        set(row, 'ending');
        break;
      case 'podGone':
        set(row, 'gone');
        break;
      // A machine does nothing useful before its own kernel is up, however ready the Pod around it is.
      case 'guestBoots':
        set(row, 'guest boots');
        break;
      case 'migrationCopies':
        set(row, 'receives memory');
        break;
      case 'guestUp':
        set(row, 'ready');
        break;
      default:
        break;
    }
  }
  return pods;
}

/** A Pod's colour by its state. */
export const podTones: Readonly<Record<PodState['state'], Tone>> = {
  pending: 'idle',
  starting: 'waiting',
  ready: 'busy',
  'not ready': 'failed',
  'dead, nobody knows': 'failed',
  ending: 'overhead',
  'guest boots': 'waiting',
  'receives memory': 'io',
  gone: 'idle',
};
