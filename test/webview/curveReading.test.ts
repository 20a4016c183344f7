import assert from 'node:assert/strict';
import type { CurveModel } from '../../src/engine/kernel/view.ts';
import { nearestStop, sayAt, stopsOf, valueAt } from '../../src/webview/views/curveReading.ts';

const model: CurveModel = {
  kind: 'curve',
  title: 'T',
  x: { label: 'X', unit: 'ms', scale: 'log' },
  y: { label: 'Y', unit: '%' },
  series: [
    {
      label: 'line',
      tone: 'focus',
      shape: 'line',
      points: [
        { x: 1, y: 10 },
        { x: 100, y: 30 },
      ],
    },
    {
      label: 'step',
      tone: 'busy',
      shape: 'step',
      points: [
        { x: 1, y: 1 },
        { x: 50, y: 2 },
      ],
    },
    { label: 'dots', tone: 'io', shape: 'dots', points: [{ x: 10, y: 7, label: 'paper' }] },
  ],
  bounds: [],
  marked: { x: 20, y: 5, label: 'yours' },
};

describe('reading a curve', () => {
  it('stops at every point and at the marked one', () =>
    assert.deepEqual(stopsOf(model), [1, 10, 20, 50, 100]));

  it('interpolates lines as they are drawn, holds steps, and knows dots only where they are', () => {
    const at = (series: number, x: number): number | undefined => valueAt(model.series[series]!, x, model)?.y;
    // The middle of a logarithmic axis from 1 to 100 is 10.
    assert.equal(Math.round(at(0, 10)!), 20);
    assert.equal(at(1, 49), 1);
    assert.equal(at(1, 50), 2);
    assert.equal(at(1, 51), undefined);
    assert.equal(at(2, 10), 7);
    assert.equal(at(2, 11), undefined);
  });

  it('says every series at one place, and which values it estimates', () => {
    assert.equal(sayAt(model, 10), 'At 10 ms: line about 20 %; step 1 %; dots 7 % (paper).');
    assert.equal(sayAt(model, 20), 'At 20 ms: line about 23 %; step 1 %; yours 5 %.');
  });

  it('finds the stop nearest to a place of the axis', () =>
    assert.equal(
      nearestStop([1, 10, 100], (x) => Math.log10(x) / 2, 0.6),
      1,
    ));
});
