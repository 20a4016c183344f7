import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Axis } from '../../src/engine/kernel/view.ts';
import { plotScale } from '../../src/webview/views/plotScale.ts';

const linear: Axis = { label: '', unit: '' };
const log: Axis = { ...linear, scale: 'log' };
const labels = (axis: Axis, values: readonly number[], most = 6, fromZero = true): readonly string[] =>
  plotScale(axis, values, most, fromZero).ticks.map((tick) => tick.label);

describe('the scale of an axis', () => {
  it('begins at zero for lengths, and near the data for places', () => {
    assert.deepEqual(labels(linear, [3, 41]), ['0', '10', '20', '30', '40', '50']);
    assert.deepEqual(labels(linear, [30, 41], 6, false), ['30', '32', '34', '36', '38', '40', '42']);
  });

  it('ends where the axis says that it ends', () =>
    assert.deepEqual(labels({ ...linear, to: 100 }, [7], 5), ['0', '20', '40', '60', '80', '100']));

  it('has 1, 2 and 5 over few powers of ten, and the powers over many', () => {
    assert.deepEqual(labels(log, [3, 40], 8), ['2', '5', '10', '20', '50']);
    assert.deepEqual(labels(log, [0.1, 2e6], 5), ['0.1', '10', '1,000', '100k']);
  });

  it('shortens great numbers', () =>
    assert.deepEqual(labels(linear, [4e6], 4), ['0', '1M', '2M', '3M', '4M']));

  it('can be drawn without data, for one value, and for zeros on a logarithmic axis', () => {
    for (const axis of [linear, log]) {
      for (const values of [[], [0], [5], [0, 0]]) {
        const { from, to, place } = plotScale(axis, values, 5, true);
        assert.ok(from < to);
        assert.ok([...values, 1].every((value) => place(value) >= 0 && place(value) <= 1));
      }
    }
  });

  it('keeps order, stays within its ends, and has at most a few ticks more than asked for', () =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 2, max: 12 }),
        fc.constantFrom(linear, log),
        fc.boolean(),
        (values, most, axis, fromZero) => {
          const { from, to, ticks, place } = plotScale(axis, values, most, fromZero);
          const sorted = values.toSorted((a, b) => a - b);
          assert.ok(from <= sorted[0]! * 1.000001 && to >= sorted.at(-1)! * 0.999999);
          for (let i = 1; i < sorted.length; i++) assert.ok(place(sorted[i - 1]!) <= place(sorted[i]!));
          assert.ok(ticks.length >= 1 && ticks.length <= most + 2, `${ticks.length} ticks for ${most}`);
          assert.ok(ticks.every(({ value }) => place(value) >= 0 && place(value) <= 1));
          assert.equal(new Set(ticks.map((tick) => tick.label)).size, ticks.length);
        },
      ),
    ));
});
