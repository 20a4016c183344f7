import type { Trace } from '../kernel/trace.ts';
import { SpanBuilder, type TimelineMark, type TimelineModel } from '../kernel/view.ts';
import type { VirtqueueEvents } from './virtqueueEvents.ts';

const driverEvents = new Set(['store', 'load', 'barrier', 'notify', 'complete']);
const deviceEvents = new Set(['take', 'use', 'announce', 'look', 'arm', 'sleep', 'interrupt']);

/** The last interleaving before the stream, or the one that broke the queue: a tick for each access. */
export function queueTimeline(trace: Trace<VirtqueueEvents>): TimelineModel {
  let last = trace.length - 1;
  // The stream is interleaving 0; what precedes it was explored.
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) === 'interleaving' && trace.field(row, 0) === 0 && row > 0) last = row - 1;
  }
  let first = last;
  while (first > 0 && trace.kind(first) !== 'interleaving') first--;
  const spans = new SpanBuilder();
  const marks: TimelineMark[] = [];
  const startNs = trace.length === 0 ? 0 : trace.timeNs(first);
  for (let row = first; row <= last; row++) {
    const kind = trace.kind(row);
    const atNs = trace.timeNs(row) - startNs;
    if (driverEvents.has(kind)) {
      const held = kind === 'store' && trace.field(row, 2) === 1;
      spans.add(0, held ? 1 : 0, atNs, atNs + 1, row);
    } else if (deviceEvents.has(kind)) spans.add(1, 2, atNs, atNs + 1, row);
    if (kind === 'visible') marks.push({ atNs, lane: 0, label: 'stores become visible', tone: 'start' });
    if (kind === 'notify') marks.push({ atNs, lane: 1, label: 'notification', tone: 'arrival' });
    if (kind === 'interrupt') marks.push({ atNs, lane: 0, label: 'interrupt', tone: 'arrival' });
    if (kind === 'violation') marks.push({ atNs, label: 'the queue is broken', tone: 'decision' });
  }
  return {
    kind: 'timeline',
    title: 'Accesses of driver and device, one tick each',
    fromNs: 0,
    toNs: trace.length === 0 ? 1 : Math.max(1, trace.timeNs(last) - startNs + 1),
    lanes: [{ label: 'Driver' }, { label: 'Device' }],
    styles: [
      { label: 'Access of the driver', tone: 'focus', letter: 'A' },
      { label: 'Store that is not visible yet', tone: 'waiting', letter: 'H' },
      { label: 'Step of the device', tone: 'io', letter: 'D' },
    ],
    spans: spans.build(),
    marks,
    measures: [],
  };
}
