import { SpanBuilder, type TimelineMark, type TimelineModel, type TimelineStyle } from '../kernel/view.ts';
import type { ClusterTrace } from './clusterEvents.ts';
import { podsAt, podTones, type PodState } from './kubelet/podStates.ts';

const mostLanes = 60;

const podStyle = (state: PodState['state'], letter: string): TimelineStyle => ({
  label: state,
  tone: podTones[state],
  letter,
});
/** Always in the legend. */
const usualStyles: readonly TimelineStyle[] = [
  podStyle('pending', 'p'),
  podStyle('starting', 's'),
  podStyle('ready', 'r'),
  podStyle('not ready', 'n'),
  podStyle('ending', 'e'),
];
/** In the legend where they occur. */
const otherStyles: readonly TimelineStyle[] = [
  podStyle('dead, nobody knows', 'd'),
  podStyle('guest boots', 'b'),
  podStyle('receives memory', 'm'),
  { label: 'all requests answered', tone: 'focus', letter: '✓' },
  { label: 'some requests lost', tone: 'waiting', letter: '½' },
  { label: 'all requests lost', tone: 'failed', letter: '✗' },
];
const styles = [...usualStyles, ...otherStyles];
const styleOf = (label: string): number => styles.findIndex((style) => style.label === label);

interface LaneSpan {
  readonly lane: string;
  readonly style: number;
  readonly fromRow: number;
  readonly toNs: number;
}

/** Spans that follow one another in lanes: each begins where the one before it in its lane ends. */
class Lanes {
  readonly #trace: ClusterTrace;
  readonly #open = new Map<string, { readonly style: number; readonly row: number }>();
  readonly labels: string[] = [];
  readonly spans: LaneSpan[] = [];

  constructor(trace: ClusterTrace) {
    this.#trace = trace;
  }

  /** @param style none leaves a gap */
  begin(lane: string, style: number | undefined, row: number): void {
    if (!this.labels.includes(lane)) this.labels.push(lane);
    const before = this.#open.get(lane);
    if (before !== undefined && before.style === style) return;
    this.#close(lane, this.#trace.timeNs(row));
    if (style !== undefined) this.#open.set(lane, { style, row });
  }
  end(toNs: number): void {
    for (const lane of this.#open.keys()) this.#close(lane, toNs);
  }
  #close(lane: string, toNs: number): void {
    const open = this.#open.get(lane);
    if (open !== undefined) this.spans.push({ lane, style: open.style, fromRow: open.row, toNs });
    this.#open.delete(lane);
  }
}

/** What happens to the requests to each Service: they go to its ready endpoints in turn, whether those answer or not. */
function serviceLanes(trace: ClusterTrace): Lanes {
  const lanes = new Lanes(trace);
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    if (kind !== 'serving' && kind !== 'endpoints') continue;
    const lane = `requests to ${trace.textOf(trace.field(row, 0))}`;
    if (kind === 'endpoints' && lanes.labels.includes(lane)) continue;
    const permille = kind === 'serving' ? trace.field(row, 1) : 0;
    const label =
      permille >= 1000 ? 'all requests answered' : permille > 0 ? 'some requests lost' : 'all requests lost';
    lanes.begin(lane, styleOf(label), row);
  }
  return lanes;
}

function podLanes(trace: ClusterTrace): Lanes {
  const lanes = new Lanes(trace);
  podsAt(trace, trace.length - 1, (pod, { state }, row) =>
    lanes.begin(pod, state === 'gone' ? undefined : styleOf(state), row),
  );
  return lanes;
}

const marked: ReadonlySet<string> = new Set(['nodeDied', 'nodeUnknown', 'drainStarted', 'rolloutStarted']);

/** What is marked across all lanes: faults, rollouts, changes of the load after the start, decisions of autoscalers. */
function marksOf(trace: ClusterTrace): readonly TimelineMark[] {
  const marks: TimelineMark[] = [];
  let rollingOut = false;
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    const atNs = trace.timeNs(row);
    const mark = (label: string, tone: TimelineMark['tone'] = 'decision'): void =>
      void marks.push({ atNs, label, tone });
    const breaksOut = kind === 'taken' && trace.field(row, 0) === trace.field(row, 1);
    if (marked.has(kind)) mark(trace.say(row));
    if (breaksOut) mark(`break-out: ${trace.textOf(trace.field(row, 2))}`);
    if (kind === 'rolloutStarted') rollingOut = true;
    // A Deployment completes a rollout each time its number of replicas is reached, too.
    if (kind === 'rolloutComplete' && rollingOut) {
      mark(trace.say(row));
      rollingOut = false;
    }
    if (kind === 'load' && atNs > 0) mark(`load: ${trace.field(row, 0) / 1000} CPUs`, 'arrival');
    if (kind === 'autoscaled') mark(`${trace.field(row, 1)} → ${trace.field(row, 2)} replicas`);
  }
  return marks;
}

/** The requests to each Service and each Pod's life as lanes; at most as many lanes as can be read. */
export function podsTimeline(trace: ClusterTrace, toNs: number): TimelineModel {
  const all = [serviceLanes(trace), podLanes(trace)];
  for (const lanes of all) lanes.end(toNs);
  const labels = all.flatMap((lanes) => lanes.labels).slice(0, mostLanes);
  const shown = all.flatMap((lanes) => lanes.spans).filter(({ lane }) => labels.includes(lane));
  const used = new Set(shown.map(({ style }) => style));
  const legend = [...styles.keys()].filter((style) => style < usualStyles.length || used.has(style));
  const spans = new SpanBuilder();
  for (const { lane, style, fromRow, toNs: endNs } of shown)
    spans.add(labels.indexOf(lane), legend.indexOf(style), trace.timeNs(fromRow), endNs, fromRow);
  return {
    kind: 'timeline',
    title: 'Pods',
    fromNs: 0,
    toNs,
    lanes: labels.length > 0 ? labels.map((label) => ({ label })) : [{ label: 'no Pod' }],
    styles: legend.map((style) => styles[style]!),
    spans: spans.build(),
    marks: marksOf(trace),
    measures: [],
  };
}
