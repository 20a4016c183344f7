import type { Trace } from '../../kernel/trace.ts';
import { SpanBuilder, type TimelineMark, type TimelineModel, type TimelineStyle } from '../../kernel/view.ts';
import type { CpuEvents } from './cpuEvents.ts';

const style = { running: 0, focus: 1, waiting: 2, throttled: 3 } as const;

/**
 * A lane for each thread: when it ran, waited for its CPU, or was throttled with its group.
 * @param running what it is called when a thread in focus, or another one, runs
 */
export function cpuTimeline(
  trace: Trace<CpuEvents>,
  lanes: readonly {
    readonly thread: string;
    /** The group whose throttling keeps it from running. */
    readonly group: string;
    readonly focus: boolean;
  }[],
  title: string,
  running: { readonly focus: string; readonly others: string } = { focus: 'running', others: 'running' },
): TimelineModel {
  const styles: readonly TimelineStyle[] = [
    { label: running.others, tone: 'busy', letter: '' },
    { label: running.focus, tone: 'focus', letter: '' },
    { label: 'ready, waits for its CPU', tone: 'waiting', letter: '' },
    { label: 'throttled: the quota is used up', tone: 'failed', letter: 't' },
  ];
  const laneOf = new Map(lanes.map(({ thread }, lane) => [thread, lane]));
  const cpuOf = new Map<number, number>();
  const groupOf = lanes.map(({ group }) => group);
  const spans = new SpanBuilder();
  const marks: TimelineMark[] = [];
  const open = new Map<number, { style: number; startNs: number; event: number }>();
  /** `cpu group` pairs that are throttled. */
  const throttled = new Set<string>();
  const endNs = trace.length === 0 ? 0 : trace.timeNs(trace.length - 1);

  const close = (lane: number, atNs: number): void => {
    const span = open.get(lane);
    if (span === undefined) return;
    open.delete(lane);
    spans.add(lane, span.style, span.startNs, atNs, span.event);
  };
  const begin = (lane: number, as: number, atNs: number, event: number): void => {
    close(lane, atNs);
    open.set(lane, { style: as, startNs: atNs, event });
  };
  /** Those of a group that are ready on a CPU and not running. */
  const restyle = (cpu: number, group: string, as: number, atNs: number, event: number): void => {
    // A copy, since `begin` puts lanes in anew.
    const now = Array.from(open);
    for (const [lane, span] of now) {
      const ready = span.style === style.waiting || span.style === style.throttled;
      if (ready && cpuOf.get(lane) === cpu && groupOf[lane] === group) begin(lane, as, atNs, event);
    }
  };
  const idleStyle = (lane: number): number =>
    throttled.has(`${cpuOf.get(lane)} ${groupOf[lane]}`) ? style.throttled : style.waiting;

  for (let row = 0; row < trace.length; row++) {
    const atNs = trace.timeNs(row);
    switch (trace.kind(row)) {
      case 'wake': {
        const lane = laneOf.get(trace.textOf(trace.field(row, 0)));
        if (lane === undefined) break;
        cpuOf.set(lane, trace.field(row, 1));
        begin(lane, idleStyle(lane), atNs, row);
        break;
      }
      case 'run': {
        const lane = laneOf.get(trace.textOf(trace.field(row, 1)));
        if (lane !== undefined) begin(lane, lanes[lane]!.focus ? style.focus : style.running, atNs, row);
        break;
      }
      case 'stop': {
        const lane = laneOf.get(trace.textOf(trace.field(row, 1)));
        if (lane === undefined) break;
        close(lane, atNs);
        const reason = trace.field(row, 3);
        // Blocked and killed threads want no CPU; the others do.
        if (reason !== 1 && reason !== 4) begin(lane, idleStyle(lane), atNs, row);
        break;
      }
      case 'throttle': {
        const group = trace.textOf(trace.field(row, 1));
        throttled.add(`${trace.field(row, 0)} ${group}`);
        restyle(trace.field(row, 0), group, style.throttled, atNs, row);
        break;
      }
      case 'unthrottle': {
        const group = trace.textOf(trace.field(row, 1));
        throttled.delete(`${trace.field(row, 0)} ${group}`);
        restyle(trace.field(row, 0), group, style.waiting, atNs, row);
        break;
      }
      case 'arrive':
        marks.push({ atNs, label: 'request arrives', tone: 'arrival' });
        break;
      case 'respond':
        marks.push({ atNs, label: 'response leaves', tone: 'finish' });
        break;
      case 'period':
      case 'grant':
      case 'giveBack':
      case 'end':
        break;
    }
  }
  for (const lane of open.keys()) close(lane, endNs);
  return {
    kind: 'timeline',
    title,
    fromNs: 0,
    toNs: endNs,
    lanes: lanes.map(({ thread }) => ({ label: thread })),
    styles,
    spans: spans.build(),
    marks,
    measures: [],
  };
}
