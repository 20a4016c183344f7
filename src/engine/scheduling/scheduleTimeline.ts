import type { Trace } from '../kernel/trace.ts';
import {
  SpanBuilder,
  type TimelineMark,
  type TimelineMeasure,
  type TimelineModel,
  type TimelineStyle,
} from '../kernel/view.ts';
import { vcpuName, type SchedulingEvents } from './schedulingEvents.ts';

const style = { running: 0, first: 1, waiting: 2, switching: 3, cold: 4 } as const;
const styles: readonly TimelineStyle[] = [
  { label: 'running', tone: 'busy', letter: '' },
  { label: 'VM 1 running', tone: 'focus', letter: '1' },
  { label: 'waiting', tone: 'waiting', letter: '' },
  { label: 'switching', tone: 'overhead', letter: 's' },
  { label: 'cold caches', tone: 'idle', letter: 'c' },
];

/** One lane per vCPU: when it ran, waited, was switched to, and what happened to the request. */
export function scheduleTimeline(
  trace: Trace<SchedulingEvents>,
  host: { readonly vcpus: number; readonly withDom0: boolean },
): TimelineModel {
  const numbers = Array.from({ length: host.vcpus }, (_, index) => index + 1);
  if (host.withDom0) numbers.unshift(0);
  const laneOf = new Map(numbers.map((vcpu, lane) => [vcpu, lane]));
  const spans = new SpanBuilder();
  const marks: TimelineMark[] = [];
  const measures: TimelineMeasure[] = [];
  /** Per vCPU, the span that is open. Until `coldUntilNs` its caches are cold. */
  const open = new Map<number, { style: number; startNs: number; coldUntilNs: number; event: number }>();
  const endNs = trace.length === 0 ? 0 : trace.timeNs(trace.length - 1);
  let arrivedNs = 0;

  const close = (vcpu: number, atNs: number): void => {
    const span = open.get(vcpu);
    if (span === undefined) return;
    open.delete(vcpu);
    const lane = laneOf.get(vcpu)!;
    const warmFromNs = Math.min(span.coldUntilNs, atNs);
    spans.add(lane, style.cold, span.startNs, warmFromNs, span.event);
    spans.add(lane, span.style, warmFromNs, atNs, span.event);
  };
  const begin = (vcpu: number, as: number, atNs: number, event: number, coldNs = 0): void => {
    close(vcpu, atNs);
    open.set(vcpu, { style: as, startNs: atNs, coldUntilNs: atNs + coldNs, event });
  };

  for (let row = 0; row < trace.length; row++) {
    const atNs = trace.timeNs(row);
    const kind = trace.kind(row);
    switch (kind) {
      case 'enqueue':
        begin(trace.field(row, 0), style.waiting, atNs, row);
        break;
      case 'switch':
        begin(trace.field(row, 1), style.switching, atNs, row);
        break;
      case 'dispatch': {
        const vcpu = trace.field(row, 1);
        begin(vcpu, vcpu === 1 ? style.first : style.running, atNs, row, trace.field(row, 2));
        break;
      }
      case 'deschedule':
        close(trace.field(row, 1), atNs);
        break;
      case 'arrive': {
        arrivedNs = atNs;
        marks.push({
          atNs,
          lane: laneOf.get(trace.field(row, 0))!,
          label: 'request arrives',
          tone: 'arrival',
        });
        break;
      }
      case 'handle':
        marks.push({ atNs, lane: laneOf.get(trace.field(row, 0))!, label: 'VM 1 runs', tone: 'start' });
        measures.push({ label: 'wait', fromNs: arrivedNs, toNs: atNs });
        break;
      case 'respond':
        marks.push({
          atNs,
          lane: laneOf.get(trace.field(row, 0))!,
          label: 'response leaves',
          tone: 'finish',
        });
        measures.push({ label: 'response', fromNs: arrivedNs, toNs: atNs });
        break;
      case 'pick':
      case 'leaveIdle':
      case 'preempt':
      case 'forward':
      case 'end':
        break;
    }
  }
  for (const vcpu of open.keys()) close(vcpu, endNs);
  const response = measures.find((measure) => measure.label === 'response');
  return {
    kind: 'timeline',
    title: 'Schedule',
    // A request's own figure starts shortly before it; a whole run starts at the beginning.
    fromNs: response === undefined ? 0 : Math.max(0, response.fromNs - (response.toNs - response.fromNs) / 4),
    toNs: endNs,
    lanes: numbers.map((vcpu) => ({ label: vcpuName(vcpu) })),
    styles,
    spans: spans.build(),
    marks,
    measures,
  };
}
