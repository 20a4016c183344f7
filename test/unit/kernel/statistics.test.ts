import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { BatchMeans, studentT } from '../../../src/engine/kernel/confidence.ts';
import { Conservation } from '../../../src/engine/kernel/conservation.ts';
import { exponential } from '../../../src/engine/kernel/distributions.ts';
import { RandomStream } from '../../../src/engine/kernel/random.ts';
import { Moments, percentile, TimeWeighted } from '../../../src/engine/kernel/statistics.ts';

const near = (actual: number, expected: number, scale = Math.abs(expected)): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.max(1, scale), `${actual}, expected ${expected}`);
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe('Moments', () => {
  it('agrees with the two-pass formulas', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2 }), (values) => {
        const moments = new Moments();
        for (const value of values) moments.add(value);
        const mean = sumOf(values) / values.length;
        near(moments.mean, mean, 1e6);
        near(moments.variance, sumOf(values.map((value) => (value - mean) ** 2)) / (values.length - 1), 1e12);
        assert.deepEqual(
          [moments.count, moments.min, moments.max],
          [values.length, Math.min(...values), Math.max(...values)],
        );
      }),
    );
  });

  it('keeps a small deviation beside a large mean', () => {
    const moments = new Moments();
    for (const value of [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]) moments.add(value);
    assert.equal(moments.variance, 30);
  });

  it('says NaN, not zero, where there is nothing to say', () => {
    const moments = new Moments();
    assert.deepEqual([moments.mean, moments.variance], [NaN, NaN]);
    moments.add(3);
    assert.deepEqual([moments.mean, moments.variance], [3, NaN]);
  });
});

describe('TimeWeighted', () => {
  it('averages each value by how long it held', () => {
    const changes = fc.array(fc.record({ afterNs: fc.nat(50), value: fc.integer({ min: -9, max: 9 }) }));
    fc.assert(
      fc.property(
        fc.nat(99),
        fc.integer({ min: -9, max: 9 }),
        changes,
        fc.nat(50),
        (startNs, first, list, restNs) => {
          const average = new TimeWeighted(startNs, first);
          const held: number[] = [];
          let now = startNs;
          let value = first;
          for (const change of list) {
            held.push(...Array.from({ length: change.afterNs }, () => value));
            now += change.afterNs;
            value = change.value;
            average.set(now, value);
          }
          held.push(...Array.from({ length: restNs }, () => value));
          near(average.average(now + restNs), held.length === 0 ? value : sumOf(held) / held.length);
          assert.equal(average.value, value);
          assert.equal(average.max, Math.max(first, ...list.map((change) => change.value)));
        },
      ),
    );
  });
});

describe('percentile', () => {
  it('is the smallest observation that at least that share does not exceed', () => {
    const tenths = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 120 }),
        tenths,
        (values, tenth) => {
          const sorted = values.toSorted((x, y) => x - y);
          const expected = sorted.find(
            (value) => values.filter((other) => other <= value).length * 1000 >= tenth * values.length,
          );
          assert.equal(percentile(sorted, tenth / 10), expected);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('agrees with the example of the definition', () => {
    // en.wikipedia.org/wiki/Percentile, "The nearest-rank method", first worked example.
    const scores = [15, 20, 35, 40, 50];
    assert.deepEqual(
      [5, 30, 40, 50, 100].map((percent) => percentile(scores, percent)),
      [15, 20, 20, 35, 50],
    );
  });

  it('refuses an empty list and a share outside (0, 100]', () => {
    assert.throws(() => percentile([], 50), RangeError);
    for (const percent of [0, -1, 100.1, NaN]) assert.throws(() => percentile([1], percent), RangeError);
  });
});

describe('studentT', () => {
  /** P(|T| < t) by Simpson's rule on the density; the gamma functions by recursion from Γ(1) and Γ(1/2). */
  const between = (degrees: number, t: number): number => {
    const gamma = (x: number): number =>
      x === 1 ? 1 : x === 0.5 ? Math.sqrt(Math.PI) : (x - 1) * gamma(x - 1);
    const scale = gamma((degrees + 1) / 2) / (Math.sqrt(degrees * Math.PI) * gamma(degrees / 2));
    const density = (x: number): number => scale * (1 + (x * x) / degrees) ** (-(degrees + 1) / 2);
    const steps = 2000;
    let sum = 0;
    for (let step = 0; step <= steps; step++) {
      sum += density((step * t) / steps) * (step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2);
    }
    return (2 * sum * t) / steps / 3;
  };

  for (const confidence of [0.9, 0.95, 0.99] as const) {
    it(`leaves ${confidence} of the density between ±t, to the table's three decimals`, () => {
      for (let degrees = 9; degrees <= 30; degrees++) {
        const t = studentT(degrees, confidence);
        assert.ok(
          between(degrees, t - 0.00051) < confidence && confidence < between(degrees, t + 0.00051),
          `${degrees}: ${t}`,
        );
      }
    });
  }

  it('refuses degrees outside its table', () => {
    for (const degrees of [8, 31, 9.5]) assert.throws(() => studentT(degrees, 0.95), RangeError);
  });
});

describe('BatchMeans', () => {
  it('is Student’s interval over the means of equal batches, without what is left over', () => {
    const random = new RandomStream(8, 8, 8);
    const series = Array.from({ length: 1007 }, () => random.uniform());
    const means = Array.from(
      { length: 20 },
      (_, batch) => sumOf(series.slice(batch * 50, batch * 50 + 50)) / 50,
    );
    const mean = sumOf(means) / 20;
    const deviation = Math.sqrt(sumOf(means.map((each) => (each - mean) ** 2)) / 19);
    const batches = new BatchMeans(series.length, 20);
    for (const value of series) batches.add(value);
    const interval = batches.interval(0.9);
    near(interval.mean, mean);
    near(interval.halfWidth, (1.729 * deviation) / Math.sqrt(20));
    assert.equal(interval.confidence, 0.9);
  });

  it('covers the true mean as often as it claims', () => {
    const random = new RandomStream(4, 4, 4);
    let covered = 0;
    for (let run = 0; run < 1000; run++) {
      const batches = new BatchMeans(600);
      for (let draw = 0; draw < 600; draw++) batches.add(exponential(1).sample(random));
      const { mean, halfWidth } = batches.interval();
      if (Math.abs(mean - 1) <= halfWidth) covered++;
    }
    assert.ok(covered > 925 && covered < 970, `${covered} of 1000 intervals of 95 % covered the mean`);
  });

  it('refuses to speak from batches that are not full', () => {
    assert.throws(() => new BatchMeans(9, 10), /9 observations do not fill 10 batches/);
    const batches = new BatchMeans(20, 10);
    for (let value = 0; value < 19; value++) batches.add(value);
    assert.throws(() => batches.interval(), /9 of 10 batches are full/);
  });
});

describe('Conservation', () => {
  it('holds when every one that was generated is accounted for, and else counts what is seen', () => {
    const balance = new Conservation();
    Object.assign(balance, { generated: 10, completed: 4, rejected: 2, failed: 1 });
    assert.equal(balance.violation(3), undefined);
    assert.equal(
      balance.violation(2),
      '10 were generated, but 9 are accounted for: 4 completed, 2 rejected, 1 failed, 2 in flight.',
    );
  });
});
