import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TimelineModel } from '../../src/engine/kernel/view.ts';
import { predictedTimeline, readNumber } from '../../src/webview/exercise/predictedTimeline.ts';
import { nearestStop, sliderStops } from '../../src/webview/figure/sliderStops.ts';
import { sayTime, ticksBetween } from '../../src/webview/timeline/axis.ts';
import { markLabelSide, marksCrowd } from '../../src/webview/timeline/layout.ts';
import {
  instantsOf,
  rowCount,
  sayInstant,
  summaryOf,
  timelineRows,
  withinRange,
} from '../../src/webview/timeline/reading.ts';
import { TimeWindow } from '../../src/webview/timeline/timeWindow.ts';
import { scheduleOf } from './examplePage.ts';

const small: TimelineModel = {
  kind: 'timeline',
  title: 'Schedule',
  fromNs: 0,
  toNs: 60e6,
  lanes: [{ label: 'VM 1' }, { label: 'VM 2' }],
  styles: [
    { label: 'running', tone: 'busy', letter: 'r' },
    { label: 'waiting', tone: 'waiting', letter: '' },
  ],
  spans: {
    lane: Int32Array.from([0, 1, 0, 1]),
    style: Uint8Array.from([0, 1, 1, 0]),
    startNs: Float64Array.from([0, 0, 30e6, 30e6]),
    endNs: Float64Array.from([30e6, 30e6, 60e6, 60e6]),
    event: Int32Array.from([0, 1, 2, 3]),
  },
  marks: [{ atNs: 12e6, lane: 1, label: 'request arrives', tone: 'arrival' }],
  measures: [{ label: 'wait', fromNs: 12e6, toNs: 30e6 }],
};

describe('marks of a timeline', () => {
  const marks = Array.from({ length: 100 }, (_, index) => ({
    atNs: index * 1e6,
    label: 'request arrives',
    tone: 'arrival' as const,
  }));
  const room = { markRow: [], plotWidth: 700 };

  it('crowd where they stand closer than 14 px, and no longer where the window shows fewer', () => {
    assert.equal(marksCrowd({ marks }, room, { fromNs: 0, toNs: 100e6 }), true);
    assert.equal(marksCrowd({ marks }, room, { fromNs: 0, toNs: 49.5e6 }), false);
  });
  it('with a label do not count', () => {
    const labelled = { ...room, markRow: Array.from({ length: 60 }, () => 0) };
    assert.equal(marksCrowd({ marks }, labelled, { fromNs: 0, toNs: 100e6 }), false);
  });
});

describe('the label of a mark', () => {
  it('stands on the right, on the left where it fits only there, and where there is more room when it fits nowhere', () => {
    assert.deepEqual(markLabelSide(300, 200, 700), { flips: false, room: 400 });
    assert.deepEqual(markLabelSide(600, 200, 700), { flips: true, room: 600 });
    assert.deepEqual(markLabelSide(300, 500, 700), { flips: false, room: 400 });
    assert.deepEqual(markLabelSide(400, 500, 700), { flips: true, room: 400 });
  });
});

describe('a timeline in words', () => {
  it('has a row for every span, mark and measure, in the order of time', () => {
    const rows = [...timelineRows(small)];
    assert.equal(rows.length, rowCount(small));
    assert.deepEqual(
      rows.map((row) => [row.from, row.to, row.length, row.lane, row.what].join(' | ')),
      [
        '0 ms | 30 ms | 30 ms | VM 1 | running',
        '0 ms | 30 ms | 30 ms | VM 2 | waiting',
        '12 ms | 30 ms | 18 ms |  | measured: wait',
        '12 ms |  |  | VM 2 | arrival: request arrives',
        '30 ms | 60 ms | 30 ms | VM 1 | waiting',
        '30 ms | 60 ms | 30 ms | VM 2 | running',
      ],
    );
  });

  it('stops the cursor at every beginning and mark, and at the end', () => {
    assert.deepEqual(Array.from(instantsOf(small)), [0, 12e6, 30e6, 60e6]);
    assert.equal(sayInstant(small, 12e6), 'At 12 ms. VM 2: request arrives.');
    assert.equal(
      sayInstant(small, 30e6),
      'At 30 ms. VM 1: waiting for 30 ms, until 60 ms; VM 2: running for 30 ms, until 60 ms.',
    );
    assert.equal(sayInstant(small, 60e6), 'At 60 ms. The run ends.');
  });

  it('is summed up by lane', () => {
    assert.equal(
      summaryOf(small),
      'Schedule: 0 ms to 60 ms. wait: 18 ms, from 12 ms to 30 ms. ' +
        'VM 1: running once, 30 ms in all; waiting once, 30 ms in all. VM 2: running once, 30 ms in all; waiting once, 30 ms in all.',
    );
  });

  it('leaves out what lies before the part that is shown, and counts the rest of a span that began there', () => {
    const later = withinRange({ ...small, fromNs: 31e6 });
    assert.deepEqual(Array.from(later.spans.event), [2, 3]);
    assert.deepEqual(Array.from(instantsOf(later)), [60e6]);
    assert.match(summaryOf(later), /VM 1: waiting once, 29 ms in all/);
    assert.equal(withinRange(small), small);
  });
});

describe('times', () => {
  it('are said exactly, in the unit that reads best', () => {
    assert.deepEqual([0, 1, 999, 1_000, 50_000, 90_050_000, 90_000_001, 9_999e6, 12.5e9].map(sayTime), [
      '0 ms',
      '1 ns',
      '999 ns',
      '1 µs',
      '50 µs',
      '90.05 ms',
      '90.000001 ms',
      '9999 ms',
      '12.5 s',
    ]);
  });

  it('have ticks at round distances: ascending, inside, no more than asked for', () => {
    fc.assert(
      fc.property(
        fc.nat(1e9),
        fc.integer({ min: 10, max: 1e10 }),
        fc.integer({ min: 2, max: 20 }),
        (from, length, most) => {
          const { ticks } = ticksBetween(from, from + length, most);
          assert.ok(ticks.length <= most + 1);
          ticks.forEach((tick, i) => {
            assert.ok(tick.ns >= from && tick.ns <= from + length);
            if (i > 0) assert.ok(tick.ns > ticks[i - 1]!.ns);
          });
          assert.equal(new Set(ticks.map((tick) => tick.label)).size, ticks.length, 'labels differ');
        },
      ),
    );
    assert.deepEqual(ticksBetween(0, 120e6, 6), {
      unit: 'ms',
      ticks: [0, 20, 40, 60, 80, 100, 120].map((ms) => ({ ns: ms * 1e6, label: String(ms) })),
    });
  });
});

describe('a window of time', () => {
  it('stays inside the whole, whatever is done to it', () => {
    const step = fc.oneof(
      fc.record({ pan: fc.double({ min: -1e9, max: 1e9, noNaN: true }) }),
      fc.record({
        zoom: fc.double({ min: 0.01, max: 100, noNaN: true }),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ bringIn: fc.integer({ min: 100, max: 1_000_100 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const view = new TimeWindow(100, 1_000_100);
        for (const one of steps) {
          if ('pan' in one) view.panBy(one.pan);
          else if ('zoom' in one) view.zoom(one.zoom, view.fromNs + one.at * (view.toNs - view.fromNs));
          else {
            view.bringIn(one.bringIn);
            assert.ok(one.bringIn >= view.fromNs - 1e-6 && one.bringIn <= view.toNs + 1e-6);
          }
          assert.ok(view.fromNs >= 100 && view.toNs <= 1_000_100 + 1e-6 && view.toNs - view.fromNs >= 999);
        }
        view.fit();
        assert.ok(view.showsWhole);
      }),
    );
  });

  it('keeps the instant under the pointer in place while zooming', () => {
    const view = new TimeWindow(0, 1e9);
    view.zoom(0.5, 4e8);
    assert.deepEqual([view.fromNs, view.toNs], [2e8, 7e8]);
  });

  it('tells its listeners of changes, and of nothing else', () => {
    const view = new TimeWindow(0, 1e9);
    let told = 0;
    const stop = view.subscribe(() => told++);
    view.fit();
    view.panBy(5);
    assert.equal(told, 0);
    view.zoom(0.5, 0);
    stop();
    view.fit();
    assert.equal(told, 1);
  });
});

describe('a slider', () => {
  it('stops at its ends and at round values between, ascending', () => {
    assert.deepEqual(sliderStops(0, 100, 25), [0, 25, 50, 75, 100]);
    assert.deepEqual(sliderStops(0.1, 3, 1), [0.1, 1, 2, 3]);
    assert.deepEqual(
      sliderStops(0.1, 1000, 1),
      [
        0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500,
        700, 1000,
      ],
    );
    assert.deepEqual(sliderStops(0, 10_000, 10).slice(0, 5), [0, 10, 15, 20, 30]);
    fc.assert(
      fc.property(
        fc.nat(100),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 50 }),
        (min, length, step) => {
          const stops = sliderStops(min, min + length, step);
          assert.equal(stops[0], min);
          assert.equal(stops.at(-1), min + length);
          stops.forEach((stop, i) => {
            if (i > 0) assert.ok(stop > stops[i - 1]!);
            assert.equal(nearestStop(stops, stop), i);
          });
        },
      ),
    );
  });
});

describe('a prediction on a timeline', () => {
  it('starts where what it guessed at starts', () => {
    const model = scheduleOf({ vms: 4, sliceMs: 30 });
    const drawn = predictedTimeline(model, 'ms', 60, 120);
    const response = model.measures.find((measure) => measure.label === 'response')!;
    assert.deepEqual(drawn.measures, [
      model.measures.find((measure) => measure.label === 'wait'),
      { label: 'Your prediction', fromNs: response.fromNs, toNs: response.fromNs + 60e6, role: 'guess' },
      { ...response, role: 'actual' },
    ]);
    assert.equal(drawn.toNs, model.toNs);
  });

  it('makes room for a guess that ends after the run', () => {
    const model = scheduleOf({ vms: 4, sliceMs: 30 });
    assert.ok(predictedTimeline(model, 'ms', 200, 120).toNs > model.toNs);
    assert.ok(predictedTimeline(model, 'ms', 1e9, 120).toNs <= 2 * model.toNs);
  });

  it('is left out where the timeline measures nothing of that length, and for what is not a time', () => {
    const model = scheduleOf({ vms: 4, sliceMs: 30 });
    assert.equal(predictedTimeline(model, 'ms', 60, 121), model);
    assert.equal(predictedTimeline(model, 'percent', 60, 120), model);
    assert.equal(predictedTimeline(model, 'ms', undefined, 120), model);
  });

  it('reads numbers as people write them', () => {
    assert.deepEqual(
      ['90', ' 90 ms ', '0.09 s', '1,5', '12 pages', 'abc'].map((text) => readNumber(text, 'ms')),
      [90, 90, 90, 1.5, undefined, undefined],
    );
  });
});
