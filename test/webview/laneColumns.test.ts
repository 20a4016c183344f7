import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TimelineModel } from '../../src/engine/kernel/view.ts';
import { laneColumns } from '../../src/webview/timeline/laneColumns.ts';
import { indexLanes, type LaneIndex } from '../../src/webview/timeline/laneIndex.ts';

const styles = 3;

interface Span {
  readonly startNs: number;
  readonly endNs: number;
  readonly style: number;
}

/** One lane of spans that may touch but do not overlap, a few of them long and most of them short. */
const spans = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 })),
      length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 300 })),
      style: fc.nat(styles - 1),
    }),
    { maxLength: 400 },
  )
  .map((steps) => {
    let at = 0;
    return steps.map(({ gap, length, style }): Span => {
      const startNs = at + gap;
      at = startNs + length;
      return { startNs, endNs: at, style };
    });
  });

function laneOf(given: readonly Span[]): LaneIndex {
  const model: TimelineModel = {
    kind: 'timeline',
    title: '',
    fromNs: 0,
    toNs: 1,
    lanes: [{ label: 'lane' }],
    styles: Array.from({ length: styles }, () => ({ label: '', tone: 'busy', letter: '' })),
    spans: {
      lane: new Int32Array(given.length),
      style: Uint8Array.from(given, (span) => span.style),
      startNs: Float64Array.from(given, (span) => span.startNs),
      endNs: Float64Array.from(given, (span) => span.endNs),
      event: new Int32Array(given.length),
    },
    marks: [],
    measures: [],
  };
  return indexLanes(model)[0]!;
}

type Column = { readonly span: number } | { readonly shares: readonly number[] } | undefined;

function columnsOf(lane: LaneIndex, fromNs: number, toNs: number, width: number): readonly Column[] {
  const columns: Column[] = Array.from({ length: width }, () => undefined);
  laneColumns(lane, fromNs, toNs, width, styles, {
    bar(span, x0, x1) {
      for (let x = x0; x < x1; x++) {
        assert.equal(columns[x], undefined, `column ${x} is painted twice`);
        columns[x] = { span };
      }
    },
    mixed(x, shares) {
      assert.equal(columns[x], undefined, `column ${x} is painted twice`);
      columns[x] = { shares: Array.from(shares) };
    },
  });
  return columns;
}

/** The rule of a column, applied to every span: what the picture would be if speed did not matter. */
function columnByRule(all: readonly Span[], fromNs: number, toNs: number): Column {
  const length = toNs - fromNs;
  const thin = all.filter(
    (span) => span.startNs >= fromNs && span.startNs < toNs && span.endNs - span.startNs < length,
  );
  const part = (span: Span): number =>
    Math.max(0, Math.min(span.endNs, toNs) - Math.max(span.startNs, fromNs));
  if (thin.length >= 2) {
    const shares = Array.from({ length: styles }, () => 0);
    for (const span of all) shares[span.style]! += part(span) / length;
    return { shares };
  }
  if (thin.length === 1) return { span: all.indexOf(thin[0]!) };
  const gap = length - all.reduce((sum, span) => sum + part(span), 0);
  const most = Math.max(0, ...all.map(part));
  return most === 0 || gap > most ? undefined : { span: all.findIndex((span) => part(span) === most) };
}

describe('columns of a lane', () => {
  it('are what the rule gives for every column on its own, at any window and width', () => {
    fc.assert(
      fc.property(
        spans,
        fc.nat(2_000),
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 1, max: 60 }),
        (all, fromNs, length, width) => {
          // Widths in whole nanoseconds keep the rule free of rounding.
          const toNs = fromNs + length * width;
          const columns = columnsOf(laneOf(all), fromNs, toNs, width);
          for (let x = 0; x < width; x++) {
            const expected = columnByRule(all, fromNs + x * length, fromNs + (x + 1) * length);
            const actual = columns[x];
            if (expected !== undefined && 'shares' in expected) {
              assert.ok(actual !== undefined && 'shares' in actual, `column ${x} should be divided`);
              expected.shares.forEach((share, style) =>
                assert.ok(Math.abs(share - actual.shares[style]!) < 1e-9),
              );
            } else assert.deepEqual(actual, expected, `column ${x}`);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never lose a short span that stands alone between long ones', () => {
    const lane = laneOf([
      { startNs: 0, endNs: 1_000_000, style: 0 },
      { startNs: 1_000_000, endNs: 1_000_050, style: 1 },
      { startNs: 1_000_050, endNs: 2_000_000, style: 0 },
    ]);
    for (const width of [3, 10, 99, 640]) {
      const shown = columnsOf(lane, 0, 2_000_000, width).map((column) =>
        column !== undefined && 'span' in column ? column.span : -1,
      );
      assert.equal(shown.filter((span) => span === 1).length, 1, `at ${width} columns`);
    }
  });

  it('ask for work that grows with the width and not with the spans', () => {
    const all = Array.from({ length: 200_000 }, (_, i): Span => ({
      startNs: i * 10,
      endNs: i * 10 + 7,
      style: i % styles,
    }));
    const lane = laneOf(all);
    let read = 0;
    const counting = {
      length: lane.length,
      firstEndingAfter: (ns: number) => (read++, lane.firstEndingAfter(ns)),
      firstStartingAt: (ns: number) => (read++, lane.firstStartingAt(ns)),
      timeByStyle: (a: number, b: number, into: Float64Array) => (read++, lane.timeByStyle(a, b, into)),
      startNs: lane.startNs,
      endNs: lane.endNs,
    } as unknown as LaneIndex;
    laneColumns(counting, 0, 2_000_000, 500, styles, { bar: () => {}, mixed: () => {} });
    assert.ok(read <= 3 * 500, `${read} searches for 500 columns`);
  });
});

describe('an index of a lane', () => {
  it('adds up the time of each style as a walk over all spans does', () => {
    fc.assert(
      fc.property(spans, fc.nat(20_000), fc.nat(20_000), (all, a, b) => {
        const [fromNs, toNs] = a < b ? [a, b] : [b, a];
        const expected = Array.from({ length: styles }, () => 0);
        for (const span of all) {
          expected[span.style]! += Math.max(0, Math.min(span.endNs, toNs) - Math.max(span.startNs, fromNs));
        }
        const actual = new Float64Array(styles);
        laneOf(all).timeByStyle(fromNs, toNs, actual);
        assert.deepEqual(Array.from(actual), expected);
      }),
      { numRuns: 300 },
    );
  });

  it('finds the span at an instant: its start belongs to it, its end does not', () => {
    const lane = laneOf([
      { startNs: 10, endNs: 20, style: 0 },
      { startNs: 20, endNs: 30, style: 1 },
      { startNs: 40, endNs: 50, style: 2 },
    ]);
    assert.deepEqual(
      [9, 10, 19, 20, 30, 39, 40, 50].map((ns) => lane.at(ns)),
      [undefined, 0, 0, 1, undefined, undefined, 2, undefined],
    );
  });

  it('cuts a span where the next one of its lane begins', () => {
    const lane = laneOf([
      { startNs: 0, endNs: 100, style: 0 },
      { startNs: 30, endNs: 60, style: 1 },
    ]);
    assert.deepEqual(Array.from(lane.endNs), [30, 60]);
  });
});
