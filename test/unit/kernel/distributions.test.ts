import { strict as assert } from 'node:assert';
import {
  deterministic,
  erlang,
  exponential,
  hyperexponential,
  uniform,
  type Distribution,
} from '../../../src/engine/kernel/distributions.ts';
import { RandomStream } from '../../../src/engine/kernel/random.ts';
import { Moments } from '../../../src/engine/kernel/statistics.ts';

const draws = 200_000;

describe('distributions', () => {
  const cases: Readonly<Record<string, Distribution>> = {
    'exponential(3)': exponential(3),
    'uniform(2, 6)': uniform(2, 6),
    'erlang(4, 8)': erlang(4, 8),
    'hyperexponential(5, 4)': hyperexponential(5, 4),
    'hyperexponential(5, 1)': hyperexponential(5, 1),
  };
  for (const [name, distribution] of Object.entries(cases)) {
    it(`${name} has the mean and variation that it states`, () => {
      const random = new RandomStream(3, 1, 4);
      const values = new Moments();
      const squares = new Moments();
      for (let draw = 0; draw < draws; draw++) {
        const value = distribution.sample(random);
        values.add(value);
        squares.add((value - distribution.mean) ** 2);
      }
      const standardError = values.standardDeviation / Math.sqrt(draws);
      assert.ok(Math.abs(values.mean - distribution.mean) < 4 * standardError, `mean ${values.mean}`);
      const variance = distribution.scv * distribution.mean ** 2;
      assert.ok(
        Math.abs(squares.mean - variance) < (4 * squares.standardDeviation) / Math.sqrt(draws),
        `variance ${squares.mean}`,
      );
      assert.ok(values.min >= 0);
    });
  }

  const tails: Readonly<
    Record<string, { readonly of: Distribution; readonly beyond: (x: number) => number }>
  > = {
    exponential: { of: exponential(1), beyond: (x) => Math.exp(-x) },
    uniform: { of: uniform(0, 4), beyond: (x) => Math.max(0, 1 - x / 4) },
    'erlang of 2 stages': { of: erlang(2, 1), beyond: (x) => Math.exp(-2 * x) * (1 + 2 * x) },
    // scv 3 with balanced means: the short branch has the share (1 + sqrt(1/2)) / 2.
    hyperexponential: {
      of: hyperexponential(1, 3),
      beyond: (x) => {
        const share = (1 + Math.SQRT1_2) / 2;
        return share * Math.exp(-2 * share * x) + (1 - share) * Math.exp(-2 * (1 - share) * x);
      },
    },
  };
  for (const [name, { of, beyond }] of Object.entries(tails)) {
    it(`${name} has the shape of its closed form (Kolmogorov–Smirnov at 99.9 %)`, () => {
      const random = new RandomStream(2, 7, 1);
      const sorted = Float64Array.from({ length: 200_000 }, () => of.sample(random)).toSorted();
      let distance = 0;
      sorted.forEach((x, index) => {
        const below = 1 - beyond(x);
        distance = Math.max(distance, below - index / sorted.length, (index + 1) / sorted.length - below);
      });
      assert.ok(distance * Math.sqrt(sorted.length) < 1.9495, `distance ${distance}`);
    });
  }

  it('gives the constant itself, without drawing', () => {
    const random = new RandomStream(1, 1, 1);
    const untouched = new RandomStream(1, 1, 1);
    assert.equal(deterministic(4.5).sample(random), 4.5);
    assert.equal(random.uint32(), untouched.uint32());
  });

  it('has the exponential’s tail beyond the layers of the sampler: as often as it should be, and without memory', () => {
    const random = new RandomStream(1, 6, 1);
    const from = 7.697;
    const excess = new Moments();
    for (let draw = 0; draw < 1e6; draw++) {
      const value = exponential(1).sample(random);
      if (value > from) excess.add(value - from);
    }
    const expected = 1e6 * Math.exp(-from);
    assert.ok(
      Math.abs(excess.count - expected) < 4 * Math.sqrt(expected),
      `${excess.count}, expected ${expected}`,
    );
    assert.ok(Math.abs(excess.mean - 1) < 4 / Math.sqrt(expected), `mean excess ${excess.mean}`);
    assert.ok(excess.max > 3, `the largest is ${from + excess.max}`);
  });
});
