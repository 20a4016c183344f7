import assert from 'node:assert/strict';
import { LatestResults } from '../../../src/engine/kernel/latestResults.ts';

describe('latest results', () => {
  const counted = (most: number) => {
    const results = new LatestResults<{ readonly square: number }>(most);
    const computed: number[] = [];
    const squareOf = (value: number) =>
      results.of({ value }, () => {
        computed.push(value);
        return { square: value * value };
      });
    return { squareOf, computed };
  };

  it('are computed once for the same inputs', () => {
    const { squareOf, computed } = counted(2);
    assert.deepEqual([squareOf(2), squareOf(3), squareOf(2)], [{ square: 4 }, { square: 9 }, { square: 4 }]);
    assert.deepEqual(computed, [2, 3]);
  });

  it('forget what was computed first', () => {
    const { squareOf, computed } = counted(2);
    for (const value of [1, 2, 3, 3, 2, 1]) squareOf(value);
    assert.deepEqual(computed, [1, 2, 3, 1]);
  });

  it('keep nothing of a computation that throws', () => {
    const results = new LatestResults<number>(2);
    const fail = () => {
      throw new RangeError('not today');
    };
    assert.throws(() => results.of([1], fail), RangeError);
    assert.equal(
      results.of([1], () => 5),
      5,
    );
  });
});
