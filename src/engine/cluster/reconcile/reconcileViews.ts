import { SpanBuilder, type StateModel, type TimelineModel } from '../../kernel/view.ts';
import { appName } from './controllerPolicy.ts';
import type { ReconcileTrace } from './reconcileEvents.ts';

const styles = [
  { label: 'pending', tone: 'waiting', letter: 'p' },
  { label: 'ready', tone: 'busy', letter: 'r' },
  { label: 'failed', tone: 'failed', letter: 'f' },
  { label: 'ending', tone: 'overhead', letter: 'e' },
  { label: 'watch broken', tone: 'idle', letter: 'w' },
  { label: 'controller down', tone: 'failed', letter: 'x' },
] as const;
type Style = (typeof styles)[number]['label'];
const styleOf = (label: Style): number => styles.findIndex((style) => style.label === label);
const mostLanes = 60;

/** The life of each Pod, and of the controller and its watch. */
export function reconcileTimeline(trace: ReconcileTrace, toNs: number): TimelineModel {
  const lanes = new Map<string, number>([
    ['controller', 0],
    ['watch', 1],
  ]);
  const spans = new SpanBuilder();
  const open = new Map<string, { readonly style: number; readonly row: number }>();
  const change = (name: string, row: number, style?: Style): void => {
    if (!lanes.has(name)) lanes.set(name, lanes.size);
    const span = open.get(name);
    const lane = lanes.get(name)!;
    if (span !== undefined && lane < mostLanes)
      spans.add(lane, span.style, trace.timeNs(span.row), trace.timeNs(row), span.row);
    open.delete(name);
    if (style !== undefined) open.set(name, { style: styleOf(style), row });
  };
  const marks: TimelineModel['marks'][number][] = [];
  for (let row = 0; row < trace.length; row++) {
    const pod = (): string => trace.textsOf(row)['pod'] ?? '';
    switch (trace.kind(row)) {
      case 'podCreated':
      case 'otherPod':
        change(pod(), row, 'pending');
        break;
      case 'podReady':
        change(pod(), row, 'ready');
        break;
      case 'podFailed':
        change(pod(), row, 'failed');
        break;
      case 'podDeleted':
        change(pod(), row, 'ending');
        break;
      case 'idlePodDeleted':
      case 'podGone':
        change(pod(), row);
        break;
      case 'watchBroken':
        change('watch', row, 'watch broken');
        break;
      case 'watchResumed':
      case 'listed':
        change('watch', row);
        break;
      case 'crashed':
        change('controller', row, 'controller down');
        break;
      case 'restarted':
        change('controller', row);
        break;
      case 'declared':
        marks.push({ atNs: trace.timeNs(row), label: trace.say(row), tone: 'decision' });
        break;
      default:
        break;
    }
  }
  for (const [name, { style, row }] of open) {
    const lane = lanes.get(name)!;
    if (lane < mostLanes) spans.add(lane, style, trace.timeNs(row), toNs, row);
  }
  return {
    kind: 'timeline',
    title: 'Pods, the controller and its watch',
    fromNs: 0,
    toNs,
    lanes: [...lanes.keys()].slice(0, mostLanes).map((label) => ({ label })),
    styles,
    spans: spans.build(),
    marks,
    measures: [],
  };
}

interface Known {
  truth: string;
  cache: string;
  version: string;
}

/** What the store has and what the controller's cache shows, side by side, right after an event. */
export function reconcileState(trace: ReconcileTrace, event: number): StateModel {
  const pods = new Map<string, Known>();
  const of = (name: string): Known => {
    const known = pods.get(name) ?? { truth: '', cache: '', version: '' };
    pods.set(name, known);
    return known;
  };
  let declared = ['', ''];
  let cached = ['', ''];
  let status = ['0', '0'];
  for (let row = 0; row <= event; row++) {
    const fields = trace.fieldsOf(row);
    const pod = trace.textsOf(row)['pod'] ?? '';
    switch (trace.kind(row)) {
      case 'declared':
        declared = [String(fields['replicas']), String(fields['version'])];
        break;
      case 'seenApp':
        cached = [String(fields['replicas']), String(fields['version'])];
        break;
      case 'statusWritten':
        status = [String(fields['readyReplicas']), String(fields['observedGeneration'])];
        break;
      case 'podCreated':
      case 'otherPod':
        Object.assign(of(pod), { truth: 'pending', version: String(fields['version']) });
        break;
      case 'podReady':
        of(pod).truth = 'ready';
        break;
      case 'podFailed':
        of(pod).truth = 'failed';
        break;
      case 'podDeleted':
        of(pod).truth = 'ending';
        break;
      case 'idlePodDeleted':
      case 'podGone':
        of(pod).truth = '';
        break;
      case 'seen': {
        const { state } = trace.textsOf(row);
        of(pod).cache = state === 'gone' ? '' : state!;
        break;
      }
      case 'crashed':
        for (const known of pods.values()) known.cache = '';
        cached = ['', ''];
        break;
      case 'listed':
        // What it no longer finds, a list drops without a word.
        for (const known of pods.values()) if (known.truth === '') known.cache = '';
        break;
      default:
        break;
    }
  }
  const or = (text: string): string => (text === '' ? '–' : text);
  return {
    kind: 'state',
    groups: [
      {
        title: `App ${appName}`,
        columns: ['', 'replicas', 'version'],
        rows: [
          ['declared', ...declared],
          ['in the cache', ...cached.map(or)],
        ],
        whenEmpty: 'There is no App.',
      },
      {
        title: 'Status',
        columns: ['ready Pods', 'of generation'],
        rows: [status],
        whenEmpty: 'There is no status.',
      },
      {
        title: 'Pods',
        columns: ['name', 'version', 'in the store', 'in the cache'],
        rows: [...pods]
          .filter(([, { truth, cache }]) => truth !== '' || cache !== '')
          .map(([name, { truth, cache, version }]) => [name, version, or(truth), or(cache)]),
        whenEmpty: 'There is no Pod.',
      },
    ],
  };
}
