import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TaskCheck, Variation, Vary } from '../../../src/course/model.ts';
import { exerciseSeed } from '../../../src/course/seeds.ts';
import type { ParameterValue } from '../../../src/engine/kernel/parameters.ts';
import { checkVariants } from '../../../src/course/variants.ts';
import {
  drawCase,
  maxShrinkTries,
  shrinkCase,
  simplerValues,
  type Case,
} from '../../../src/grading/drawnCases.ts';

const checkWith = (vary: Vary, changes: Partial<TaskCheck> = {}): TaskCheck => ({
  id: 'check',
  title: 'Check',
  use: 'finishes',
  with: {},
  scenario: 'test',
  set: {},
  vary,
  drawnAs: 'check',
  cases: 20,
  points: 1,
  after: [],
  anyTies: false,
  feedback: [],
  at: { file: 'task.yaml', line: 1, column: 1 },
  ...changes,
});

const int = (from: number, to: number): Variation => ({ kind: 'int', from, to });
const choose = (...from: readonly ParameterValue[]): Variation => ({ kind: 'choose', from });

const variations = fc.oneof(
  fc.tuple(fc.integer({ min: -20, max: 20 }), fc.nat(60)).map(([from, more]) => int(from, from + more)),
  fc
    .uniqueArray(fc.constantFrom(1, 2, 5, 7.5, 10, 30, 35, 100), { minLength: 1 })
    .map((from) => choose(...from)),
  fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }).map((from) => choose(...from)),
);
const varies: fc.Arbitrary<Vary> = fc
  .array(variations, { minLength: 1, maxLength: 4 })
  .map((all) => Object.fromEntries(all.map((each, index) => [`p${index}`, each])));
const seeds = fc.integer({ min: 0, max: 0xffff_ffff });

describe('a drawn case', () => {
  it('is within what may vary, the same each time, with what is set', () => {
    fc.assert(
      fc.property(varies, seeds, fc.nat(50), (vary, seed, index) => {
        const check = checkWith(vary, { set: { fixed: 3 } });
        const drawn = drawCase(check, index, seed);
        assert.deepEqual(drawCase(check, index, seed), drawn);
        assert.equal(drawn.params['fixed'], 3);
        for (const [name, variation] of Object.entries(vary)) {
          const value = drawn.params[name]!;
          if (variation.kind === 'choose') assert.ok(variation.from.includes(value));
          else {
            assert.ok(Number.isInteger(value));
            assert.ok(Number(value) >= variation.from && Number(value) <= variation.to);
          }
        }
      }),
    );
  });

  it('does not change when more cases are asked for, or when another parameter varies too', () => {
    fc.assert(
      fc.property(varies, seeds, fc.nat(50), (vary, seed, index) => {
        const drawn = drawCase(checkWith(vary), index, seed);
        assert.deepEqual(drawCase(checkWith(vary, { cases: 1000 }), index, seed), drawn);
        const { params, seed: runSeed } = drawCase(checkWith({ ...vary, another: int(1, 9) }), index, seed);
        const { another: _, ...shared } = params;
        assert.deepEqual({ params: shared, seed: runSeed }, drawn);
      }),
    );
  });

  it('differs from case to case and from space to space', () => {
    const vary = { a: int(0, 1_000_000) };
    const drawn = [
      ...Array.from({ length: 150 }, (_, index) => drawCase(checkWith(vary), index, 1)),
      ...Array.from({ length: 150 }, (_, index) => drawCase(checkWith(vary, { drawnAs: 'other' }), index, 1)),
    ];
    assert.equal(new Set(drawn.map(({ seed }) => seed)).size, 300);
    assert.ok(new Set(drawn.map(({ params }) => params['a'])).size >= 299);
  });

  it('is one of 101 variants, which come in an order of each learner', () => {
    const check = checkWith({ a: int(0, 1_000_000) });
    const drawnBy = (learner: number): readonly Case[] =>
      Array.from({ length: checkVariants }, (_, index) =>
        drawCase(check, index, exerciseSeed(learner, 'task')),
      );
    const bySeed = (cases: readonly Case[]): readonly Case[] => cases.toSorted((a, b) => a.seed - b.seed);
    const variants = bySeed(drawnBy(1));
    const firsts = new Set<string>();
    for (let learner = 1; learner <= 200; learner++) {
      const drawn = drawnBy(learner);
      assert.deepEqual(bySeed(drawn), variants);
      firsts.add(JSON.stringify(drawn.slice(0, 3)));
    }
    assert.ok(firsts.size >= 190, `${firsts.size} orders`);
  });
});

describe('simpler values', () => {
  it('are fewer things: the fewest, half of them, one less', () => {
    assert.deepEqual(simplerValues(int(2, 10), 9), [2, 5, 8]);
    assert.deepEqual(simplerValues(int(2, 10), 3), [2]);
    assert.deepEqual(simplerValues(int(2, 10), 2), []);
    assert.deepEqual(simplerValues(int(-3, 3), 0), [-3, -2, -1]);
  });

  it('are rounder numbers, and then smaller ones', () => {
    assert.deepEqual(simplerValues(choose(35, 7.5, 30, 10, 5), 35), [5, 10, 30, 7.5]);
    assert.deepEqual(simplerValues(choose(35, 7.5, 30, 10, 5), 30), [5, 10]);
    assert.deepEqual(simplerValues(choose(35, 7.5, 30, 10, 5), 5), []);
    // Zeros at the ends are no digits, zeros inside are.
    assert.deepEqual(simplerValues(choose(1001, 0.005, 1000, 101, 250), 1001), [0.005, 1000, 250, 101]);
  });

  it('are words in the order of the author', () => {
    assert.deepEqual(simplerValues(choose('plain', 'odd', 'strange'), 'strange'), ['plain', 'odd']);
    assert.deepEqual(simplerValues(choose(true, false), false), [true]);
  });
});

/** Whether a case fails, at random but always the same for one case. */
const randomFailing =
  (share: number, salt: number) =>
  (each: Case): boolean => {
    let hash = salt;
    for (const character of JSON.stringify(each.params))
      hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    return ((hash >>> 8) & 0xff) < share;
  };

describe('shrinking', () => {
  const drawnAndFailing = fc.tuple(varies, seeds, fc.integer({ min: 0, max: 255 }), seeds);

  it('ends in a case that fails, within its tries, without asking twice', () => {
    fc.assert(
      fc.property(drawnAndFailing, fc.nat(100), ([vary, seed, share, salt], mostTries) => {
        const check = checkWith(vary);
        const drawn = drawCase(check, 0, seed);
        const fails = randomFailing(share, salt);
        const asked: string[] = [];
        const smallest = shrinkCase(
          drawn,
          check,
          (candidate) => {
            asked.push(JSON.stringify(candidate));
            return fails(candidate);
          },
          mostTries,
        );
        assert.ok(asked.length <= mostTries);
        assert.equal(new Set(asked).size, asked.length);
        assert.ok(smallest === drawn || fails(smallest));
        assert.equal(smallest.seed, drawn.seed);
      }),
    );
  });

  it('ends where nothing simpler fails, unless it ran out of tries', () => {
    fc.assert(
      fc.property(drawnAndFailing, ([vary, seed, share, salt]) => {
        const check = checkWith(vary);
        const fails = randomFailing(share, salt);
        let asked = 0;
        const smallest = shrinkCase(drawCase(check, 0, seed), check, (candidate) => {
          asked++;
          return fails(candidate);
        });
        assert.ok(asked <= maxShrinkTries);
        if (asked === maxShrinkTries) return;
        for (const [name, variation] of Object.entries(vary)) {
          for (const value of simplerValues(variation, smallest.params[name]!)) {
            const simpler = { ...smallest, params: { ...smallest.params, [name]: value } };
            assert.ok(!fails(simpler), `${JSON.stringify(simpler.params)} is simpler and fails`);
          }
        }
      }),
    );
  });

  it('asks for the simplest case of all first, and no more where that one fails', () => {
    const check = checkWith({ a: int(2, 64), b: choose(12.5, 30, 7), c: int(5, 5) });
    const drawn = { params: { a: 64, b: 12.5, c: 5 }, seed: 1 };
    const asked: unknown[] = [];
    const shrunk = shrinkCase(drawn, check, (candidate) => {
      asked.push(candidate.params);
      return true;
    });
    assert.deepEqual(asked, [{ a: 2, b: 7, c: 5 }]);
    assert.deepEqual(shrunk, { params: { a: 2, b: 7, c: 5 }, seed: 1 });
  });

  it('finds the smallest case of a bound', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 0, max: 40 }),
        seeds,
        (bound, other, seed) => {
          const check = checkWith({ a: int(2, 64), b: int(0, 64) });
          const fails = ({ params }: Case): boolean =>
            (params['a'] as number) >= bound && (params['b'] as number) >= other;
          const drawn = { params: { a: 64, b: 64 }, seed };
          assert.deepEqual(shrinkCase(drawn, check, fails, 200).params, { a: bound, b: other });
        },
      ),
    );
  });
});
