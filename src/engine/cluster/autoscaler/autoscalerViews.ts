import { SpanBuilder, type CurveModel, type TimelineModel } from '../../kernel/view.ts';
import { seconds, toSeconds } from '../clusterClock.ts';
import type { AutoscalerTrace } from './autoscalerEvents.ts';
import { replicasOverTime, Steps } from './replicaCurve.ts';

/** What the autoscaler saw and asked for at its looks, up to an event: rows of a table. */
export function looks(trace: AutoscalerTrace, event: number): string[][] {
  const rows: string[][] = [];
  for (let row = 0; row <= event; row++) {
    if (trace.kind(row) === 'calculated')
      rows.push(['0 s', '', '', String(trace.field(row, 0)), String(trace.field(row, 1))]);
    if (trace.kind(row) === 'failed') rows.push(['0 s', '', trace.say(row), String(trace.field(row, 0)), '']);
    if (trace.kind(row) !== 'desire') continue;
    rows.push([
      `${toSeconds(trace.timeNs(row))} s`,
      String(trace.field(row - 1, 0)),
      `${trace.field(row - 1, 3)} %`,
      String(trace.field(row, 0)),
      String(trace.field(row, 1)),
    ]);
  }
  return rows;
}

/** Replicas that were asked for, and Pods that were ready, over time. */
export function replicaCurve(trace: AutoscalerTrace, durationSeconds: number): CurveModel {
  const asked = new Steps();
  const ready = new Steps();
  const serving = new Set<number>();
  for (let row = 0; row < trace.length; row++) {
    const x = toSeconds(trace.timeNs(row));
    const kind = trace.kind(row);
    if (kind === 'desire') asked.change(x, trace.field(row, 0), trace.field(row, 1));
    if (kind === 'podReady') serving.add(trace.field(row, 0));
    else if (kind === 'podDeleted') serving.delete(trace.field(row, 0));
    else continue;
    ready.set(x, serving.size);
  }
  return replicasOverTime({ asked, ready }, durationSeconds);
}

/** When each Pod started, served and went. */
export function podTimeline(trace: AutoscalerTrace, durationSeconds: number): TimelineModel {
  const spans = new SpanBuilder();
  const begun = new Map<number, { readonly style: number; readonly row: number }>();
  const toNs = seconds(durationSeconds);
  let lanes = 1;
  const end = (pod: number, atNs: number): void => {
    const span = begun.get(pod);
    if (span !== undefined) spans.add(pod, span.style, trace.timeNs(span.row), atNs, span.row);
    begun.delete(pod);
  };
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    if (kind !== 'podCreated' && kind !== 'podReady' && kind !== 'podDeleted') continue;
    const pod = trace.field(row, 0);
    end(pod, trace.timeNs(row));
    lanes = Math.max(lanes, pod + 1);
    if (kind !== 'podDeleted') begun.set(pod, { style: kind === 'podReady' ? 1 : 0, row });
  }
  for (const pod of begun.keys()) end(pod, toNs);
  return {
    kind: 'timeline',
    title: 'Pods',
    fromNs: 0,
    toNs,
    lanes: Array.from({ length: lanes }, (_, pod) => ({ label: `Pod ${pod}` })),
    styles: [
      { label: 'starting', tone: 'waiting', letter: 's' },
      { label: 'ready', tone: 'busy', letter: 'r' },
    ],
    spans: spans.build(),
    marks: [],
    measures: [],
  };
}
