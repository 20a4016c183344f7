import assert from 'node:assert/strict';
import fc from 'fast-check';
import { correlation, itemStatistics } from '../../../../src/grading/class/itemStatistics.ts';

const near = (actual: number | undefined, expected: number): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

describe('item statistics', () => {
  /** Point-biserial of a 0/1 item by its textbook formula: (M1 − M0) / s · √(p q). */
  function pointBiserial(item: readonly number[], scores: readonly number[]): number {
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const ones = scores.filter((_, index) => item[index] === 1);
    const zeros = scores.filter((_, index) => item[index] === 0);
    const deviation = Math.sqrt(mean(scores.map((score) => (score - mean(scores)) ** 2)));
    const p = ones.length / item.length;
    return ((mean(ones) - mean(zeros)) / deviation) * Math.sqrt(p * (1 - p));
  }

  it('are the point-biserial correlation with the other exercises', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0, 1), fc.nat(10), fc.nat(10)), { minLength: 3, maxLength: 40 }),
        (rows) => {
          const [item, b, c] = [0, 1, 2].map((column) => rows.map((row) => row[column]!));
          const rest = rows.map((_, index) => b![index]! + c![index]!);
          fc.pre(new Set(item).size === 2 && new Set(rest).size > 1);
          const [first] = itemStatistics([item!, b!, c!], [1, 10, 10]);
          assert.ok(Math.abs(first!.itemRest! - pointBiserial(item!, rest)) < 1e-9);
        },
      ),
    );
  });

  it('compare the best 27 % with the worst', () => {
    // 11 learners: groups of 3. The best three have 1, 1, 0 and the worst 0, 0, 1 points of the item.
    const item = [1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1];
    const other = [10, 20, 30, 40, 50, 60, 70, 80, 91, 100, 110];
    const [first] = itemStatistics([item, other], [1, 110]);
    near(first!.upperLower, 2 / 3 - 1 / 3);
    near(first!.mean, 6 / 11);
  });

  it('share the places of a group among those who tie, so that no order among them matters', () => {
    const item = [1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1];
    const other = item.map((each) => 5 - each);
    // Everybody has 5 points in all: both groups are the whole class.
    near(itemStatistics([item, other], [1, 5])[0]!.upperLower, 0);
  });

  it('say nothing where nothing varies, or where there are too few', () => {
    assert.equal(correlation([1, 1, 1], [1, 2, 3]), undefined);
    assert.equal(correlation([1], [1]), undefined);
    assert.equal(itemStatistics([[1, 0]], [1])[0]!.upperLower, undefined);
    assert.equal(itemStatistics([[]], [1])[0]!.mean, undefined);
  });
});
