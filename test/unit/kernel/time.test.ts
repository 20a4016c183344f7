import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { fromMs, maxTimeNs, nsPerMs, roundToNs, TimeError, toMs } from '../../../src/engine/kernel/time.ts';

describe('simulated time', () => {
  it('rounds to the nearest nanosecond, halves up', () => {
    assert.deepEqual([1.4, 1.5, 2.5, -1.5].map(roundToNs), [1, 2, 3, -1]);
    assert.equal(fromMs(0.0000014), 1);
  });

  it('brings every whole number of milliseconds there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Math.floor(maxTimeNs / nsPerMs) }), (ms) => {
        assert.equal(fromMs(ms), ms * 1_000_000);
        assert.equal(toMs(fromMs(ms)), ms);
      }),
    );
  });

  for (const ns of [NaN, Infinity, -Infinity, 2 ** 53]) {
    it(`has no time for ${ns} ns`, () => assert.throws(() => roundToNs(ns), TimeError));
  }
});
