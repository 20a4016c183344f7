import type { TimelineModel } from './view.ts';

/** One event of the Chrome trace format, "Trace Event Format" by Duffy et al., which Perfetto reads. Times in microseconds. */
export interface ChromeTraceEvent {
  readonly name: string;
  readonly ph: 'M' | 'X' | 'i';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly s?: 't' | 'g';
  readonly args?: Readonly<Record<string, string | number>>;
}

export interface ChromeTrace {
  readonly displayTimeUnit: 'ns';
  readonly traceEvents: readonly ChromeTraceEvent[];
}

/** Timelines as a Chrome trace: one process per timeline, one thread per lane. Open it at https://ui.perfetto.dev. */
export function chromeTrace(timelines: readonly TimelineModel[]): ChromeTrace {
  return {
    displayTimeUnit: 'ns',
    traceEvents: timelines.flatMap((timeline, index) => eventsOf(timeline, index + 1)),
  };
}

function eventsOf(timeline: TimelineModel, pid: number): ChromeTraceEvent[] {
  const { lanes, spans, styles, marks } = timeline;
  const events: ChromeTraceEvent[] = [
    { name: 'process_name', ph: 'M', pid, tid: 0, args: { name: timeline.title } },
  ];
  lanes.forEach((lane, index) => {
    events.push({ name: 'thread_name', ph: 'M', pid, tid: index + 1, args: { name: lane.label } });
    events.push({ name: 'thread_sort_index', ph: 'M', pid, tid: index + 1, args: { sort_index: index } });
  });
  for (let row = 0; row < spans.startNs.length; row++) {
    events.push({
      name: styles[spans.style[row]!]!.label,
      ph: 'X',
      pid,
      tid: spans.lane[row]! + 1,
      ts: spans.startNs[row]! / 1e3,
      dur: (spans.endNs[row]! - spans.startNs[row]!) / 1e3,
      args: { event: spans.event[row]! },
    });
  }
  for (const mark of marks) {
    events.push({
      name: mark.label,
      ph: 'i',
      pid,
      tid: mark.lane === undefined ? 0 : mark.lane + 1,
      ts: mark.atNs / 1e3,
      s: mark.lane === undefined ? 'g' : 't',
    });
  }
  return events;
}
