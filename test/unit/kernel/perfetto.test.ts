import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { chromeTrace } from '../../../src/engine/kernel/perfetto.ts';
import type { TimelineModel } from '../../../src/engine/kernel/view.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';

const timeline: TimelineModel = {
  kind: 'timeline',
  title: 'Schedule',
  fromNs: 0,
  toNs: 5000,
  lanes: [{ label: 'VM 1' }, { label: 'VM 2' }],
  styles: [
    { label: 'running', tone: 'busy', letter: 'r' },
    { label: 'waiting', tone: 'waiting', letter: '' },
  ],
  spans: {
    lane: Int32Array.of(0, 1),
    style: Uint8Array.of(0, 1),
    startNs: Float64Array.of(0, 1500),
    endNs: Float64Array.of(1500, 5000),
    event: Int32Array.of(3, 4),
  },
  marks: [
    { atNs: 1, lane: 1, label: 'request arrives', tone: 'arrival' },
    { atNs: 2000, label: 'decision', tone: 'decision' },
  ],
  measures: [],
};

/**
 * What the "Trace Event Format" asks of each phase that is used here: complete events (X) and instants (i) need a
 * timestamp, complete events a duration, instants a scope; metadata (M) names a process or thread in its arguments.
 */
function assertTraceEventFormat(json: string): void {
  const trace = JSON.parse(json) as { traceEvents: Record<string, unknown>[]; displayTimeUnit: string };
  assert.ok(['ms', 'ns'].includes(trace.displayTimeUnit));
  const named = new Set<string>();
  for (const event of trace.traceEvents) {
    assert.equal(typeof event['name'], 'string');
    assert.ok(Number.isInteger(event['pid']) && Number.isInteger(event['tid']), JSON.stringify(event));
    const args = event['args'] as Record<string, unknown> | undefined;
    switch (event['ph']) {
      case 'M':
        assert.ok(['process_name', 'thread_name', 'thread_sort_index'].includes(event['name'] as string));
        assert.ok(args?.['name'] !== undefined || args?.['sort_index'] !== undefined);
        named.add(`${String(event['pid'])}/${String(event['tid'])}`);
        break;
      case 'X':
        assert.ok(Number.isFinite(event['ts']) && (event['ts'] as number) >= 0);
        assert.ok(Number.isFinite(event['dur']) && (event['dur'] as number) > 0);
        assert.ok(named.has(`${String(event['pid'])}/${String(event['tid'])}`), 'its lane has a name');
        break;
      case 'i':
        assert.ok(Number.isFinite(event['ts']) && (event['ts'] as number) >= 0);
        assert.ok(['g', 'p', 't'].includes(event['s'] as string));
        break;
      default:
        assert.fail(`no such phase: ${JSON.stringify(event)}`);
    }
  }
}

describe('a Chrome trace', () => {
  it('has a process per timeline, a thread per lane, spans and marks, in microseconds', () => {
    assert.deepEqual(chromeTrace([timeline]), {
      displayTimeUnit: 'ns',
      traceEvents: [
        { name: 'process_name', ph: 'M', pid: 1, tid: 0, args: { name: 'Schedule' } },
        { name: 'thread_name', ph: 'M', pid: 1, tid: 1, args: { name: 'VM 1' } },
        { name: 'thread_sort_index', ph: 'M', pid: 1, tid: 1, args: { sort_index: 0 } },
        { name: 'thread_name', ph: 'M', pid: 1, tid: 2, args: { name: 'VM 2' } },
        { name: 'thread_sort_index', ph: 'M', pid: 1, tid: 2, args: { sort_index: 1 } },
        { name: 'running', ph: 'X', pid: 1, tid: 1, ts: 0, dur: 1.5, args: { event: 3 } },
        { name: 'waiting', ph: 'X', pid: 1, tid: 2, ts: 1.5, dur: 3.5, args: { event: 4 } },
        { name: 'request arrives', ph: 'i', pid: 1, tid: 2, ts: 0.001, s: 't' },
        { name: 'decision', ph: 'i', pid: 1, tid: 0, ts: 2, s: 'g' },
      ],
    });
  });

  it('keeps two timelines apart, and none is an empty trace', () => {
    const processes = chromeTrace([timeline, timeline]).traceEvents.map((event) => event.pid);
    assert.deepEqual([...new Set(processes)], [1, 2]);
    assert.deepEqual(chromeTrace([]), { displayTimeUnit: 'ns', traceEvents: [] });
  });

  it('of any scheduling run follows the format, and its lanes never overlap', () => {
    const anyRun = fc.record({
      vms: fc.integer({ min: 1, max: 6 }),
      sliceMs: fc.integer({ min: 1, max: 40 }),
      switchCostUs: fc.constantFrom(0, 50, 900),
      coldStartUs: fc.constantFrom(0, 100, 999),
    });
    fc.assert(
      fc.property(anyRun, fc.constantFrom('scheduling.host', 'scheduling.round-robin'), (params, id) => {
        const outcome = scenarios[id]!.execute({ params });
        assert.ok(outcome.ok);
        const model = scenarios[id]!.views.timeline!.model(outcome.run);
        assertTraceEventFormat(JSON.stringify(chromeTrace([model])));
        const { spans } = model;
        const freeFromNs = model.lanes.map(() => 0);
        for (let row = 0; row < spans.startNs.length; row++) {
          const lane = spans.lane[row]!;
          assert.ok(spans.startNs[row]! >= freeFromNs[lane]!, 'a lane holds one span at a time');
          assert.ok(spans.endNs[row]! <= model.toNs, 'a span ends with the run');
          freeFromNs[lane] = spans.endNs[row]!;
        }
      }),
      { numRuns: 60 },
    );
  });
});
