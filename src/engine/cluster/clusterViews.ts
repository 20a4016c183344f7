import {
  SpanBuilder,
  type GraphModel,
  type StateModel,
  type TimelineModel,
  type Tone,
} from '../kernel/view.ts';
import type { ClusterTrace } from './clusterEvents.ts';

interface PodState {
  node: string;
  state:
    'pending' | 'starting' | 'ready' | 'not ready' | 'ending' | 'guest boots' | 'receives memory' | 'gone';
}

/** What the trace tells of each Pod, right after an event. */
function podsAt(
  trace: ClusterTrace,
  event: number,
  changed?: (pod: string, state: PodState, row: number) => void,
) {
  const pods = new Map<string, PodState>();
  const set = (row: number, state: PodState['state'], node?: string): void => {
    const name = trace.textOf(trace.field(row, 0));
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
        if (pods.get(trace.textOf(trace.field(row, 0)))?.state === 'ready') set(row, 'not ready');
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

const styles = [
  { label: 'pending', tone: 'idle', letter: 'p' },
  { label: 'starting', tone: 'waiting', letter: 's' },
  { label: 'ready', tone: 'busy', letter: 'r' },
  { label: 'not ready', tone: 'failed', letter: 'n' },
  { label: 'ending', tone: 'overhead', letter: 'e' },
] as const;
/** Of Pods with virtual machines in them. */
const machineStyles = [
  { label: 'guest boots', tone: 'waiting', letter: 'b' },
  { label: 'receives memory', tone: 'io', letter: 'm' },
] as const;

const tones: Readonly<Record<PodState['state'], Tone>> = {
  pending: 'idle',
  starting: 'waiting',
  ready: 'busy',
  'not ready': 'failed',
  ending: 'overhead',
  'guest boots': 'waiting',
  'receives memory': 'io',
  gone: 'idle',
};

/** Each Pod's life as a lane; at most as many lanes as can be read. */
export function podsTimeline(trace: ClusterTrace, toNs: number, title = 'Pods'): TimelineModel {
  const mostLanes = 60;
  const lanes = new Map<string, number>();
  const spans = new SpanBuilder();
  const all = [...styles, ...machineStyles];
  let machines = false;
  const begun = new Map<string, { readonly style: number; readonly row: number }>();
  const close = (pod: string, atNs: number): void => {
    const span = begun.get(pod);
    const lane = lanes.get(pod)!;
    if (span !== undefined && lane < mostLanes)
      spans.add(lane, span.style, trace.timeNs(span.row), atNs, span.row);
    begun.delete(pod);
  };
  podsAt(trace, trace.length - 1, (pod, { state }, row) => {
    if (!lanes.has(pod)) lanes.set(pod, lanes.size);
    close(pod, trace.timeNs(row));
    const style = all.findIndex(({ label }) => label === state);
    if (style >= 0) begun.set(pod, { style, row });
    machines ||= style >= styles.length;
  });
  for (const pod of begun.keys()) close(pod, toNs);
  const marks = [];
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    if (
      kind === 'nodeDied' ||
      kind === 'nodeUnknown' ||
      kind === 'drainStarted' ||
      kind === 'rolloutStarted' ||
      kind === 'rolloutComplete' ||
      (kind === 'taken' && trace.field(row, 0) === trace.field(row, 1))
    )
      marks.push({ atNs: trace.timeNs(row), label: trace.say(row), tone: 'decision' as const });
  }
  const labels = [...lanes.keys()].slice(0, mostLanes).map((label) => ({ label }));
  return {
    kind: 'timeline',
    title,
    fromNs: 0,
    toNs,
    lanes: labels.length > 0 ? labels : [{ label: 'no Pod' }],
    styles: machines ? all : styles,
    spans: spans.build(),
    marks,
    measures: [],
  };
}

/** Pods with their nodes, and Services with their endpoints, right after an event. */
export function clusterState(trace: ClusterTrace, event: number): StateModel {
  const pods = podsAt(trace, event);
  const services = new Map<string, string[]>();
  for (let row = 0; row <= event; row++) {
    if (trace.kind(row) !== 'endpoints') continue;
    const name = trace.textOf(trace.field(row, 0));
    services.set(name, [
      name,
      String(trace.field(row, 1)),
      String(trace.field(row, 2)),
      String(trace.field(row, 3)),
    ]);
  }
  return {
    kind: 'state',
    groups: [
      {
        title: 'Pods',
        columns: ['name', 'state', 'node'],
        rows: [...pods]
          .filter(([, { state }]) => state !== 'gone')
          .map(([name, { state, node }]) => [name, state, node]),
        whenEmpty: 'There is no Pod.',
      },
      {
        title: 'Services',
        columns: ['name', 'ready endpoints', 'endpoints', 'that answer'],
        rows: [...services.values()],
        whenEmpty: 'No Service has endpoints.',
      },
    ],
  };
}

/** Nodes and their Pods right after an event. */
export function clusterGraph(trace: ClusterTrace, event: number): GraphModel {
  const pods = [...podsAt(trace, event)].filter(([, { state }]) => state !== 'gone').slice(0, 40);
  const lost = new Map<string, string>();
  const taken = new Set<string>();
  for (let row = 0; row <= event; row++) {
    const kind = trace.kind(row);
    const node = trace.textOf(trace.field(row, 0));
    if (kind === 'taken') taken.add(node);
    if (kind === 'nodeDied') lost.set(node, 'dead, nobody knows');
    if (kind === 'nodeUnknown') lost.set(node, 'Ready=Unknown');
    if (kind === 'drainStarted') lost.set(node, 'cordoned');
    if (kind === 'nodeReturned') lost.delete(node);
  }
  const nodes = [...new Set([...pods.map(([, { node }]) => node), ...lost.keys()])]
    .filter((node) => node !== '')
    .toSorted();
  return {
    kind: 'graph',
    title: 'Nodes and Pods',
    layers: ['Nodes', 'Pods'],
    nodes: [
      ...nodes.map((node) => ({
        id: `node ${node}`,
        label: node,
        details: [lost.get(node) ?? 'Ready'],
        tone: lost.has(node) ? ('failed' as const) : ('idle' as const),
        layer: 0,
      })),
      ...pods.map(([name, { state }]) => ({
        id: `pod ${name}`,
        label: name,
        details: taken.has(name) ? [state, 'taken over'] : [state],
        tone: taken.has(name) ? 'failed' : tones[state],
        layer: 1,
      })),
    ],
    edges: pods
      .filter(([, { node }]) => node !== '')
      .map(([name, { node, state }]) => ({
        from: `node ${node}`,
        to: `pod ${name}`,
        label: '',
        tone: taken.has(name) ? 'failed' : tones[state],
      })),
  };
}
