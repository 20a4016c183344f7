import assert from 'node:assert/strict';
import { KnownOfRuns } from '../../../src/grading/runMemory.ts';
import type { Scenario } from '../../../src/engine/kernel/scenario.ts';

const scenario = { id: 'a.b' } as Scenario;
const other = { id: 'a.c' } as Scenario;

describe('what is known of runs', () => {
  it('holds for every seed when the run drew nothing, and for its own seed else', () => {
    const known = KnownOfRuns.ofOne<string>(10);
    known.learn(scenario, { params: { n: 1 }, seed: 1 }, false, 'unseeded');
    known.learn(scenario, { params: { n: 2 }, seed: 1 }, true, 'seeded');
    assert.equal(known.of(scenario, { params: { n: 1 }, seed: 99 }), 'unseeded');
    assert.equal(known.of(scenario, { params: { n: 2 }, seed: 1 }), 'seeded');
    assert.equal(known.of(scenario, { params: { n: 2 }, seed: 2 }), undefined);
  });

  it('is of these parameters, this scenario and this order of simultaneous events', () => {
    const known = KnownOfRuns.ofOne<string>(10);
    known.learn(scenario, { params: { n: 1, m: 2 }, seed: 1, ties: 1 }, false, 'known');
    assert.equal(known.of(scenario, { params: { m: 2, n: 1 }, seed: 5, ties: 1 }), 'known');
    assert.equal(known.of(scenario, { params: { m: 2, n: 1 }, seed: 1, ties: 2 }), undefined);
    assert.equal(known.of(scenario, { params: { m: 2, n: 1 }, seed: 1 }), undefined);
    assert.equal(known.of(scenario, { params: { n: 1 }, seed: 1, ties: 1 }), undefined);
    assert.equal(known.of(other, { params: { n: 1, m: 2 }, seed: 1, ties: 1 }), undefined);
  });

  it('is of one submission, and bounded for all together', () => {
    const many = KnownOfRuns.ofMany<string>(2);
    const asked = { params: { n: 1 }, seed: 1 };
    many(1).learn(scenario, asked, false, 'of 1');
    many(2).learn(scenario, asked, false, 'of 2');
    assert.deepEqual([many(1).of(scenario, asked), many(2).of(scenario, asked)], ['of 1', 'of 2']);
    many(3).learn(scenario, asked, false, 'of 3');
    assert.deepEqual([many(1).of(scenario, asked), many(3).of(scenario, asked)], [undefined, 'of 3']);
  });

  it('is bounded: what was learnt first is forgotten', () => {
    const known = KnownOfRuns.ofOne<number>(2);
    const asked = (n: number) => ({ params: { n }, seed: 1 });
    for (const n of [1, 2, 3]) known.learn(scenario, asked(n), true, n);
    assert.deepEqual(
      [1, 2, 3].map((n) => known.of(scenario, asked(n))),
      [undefined, 2, 3],
    );
  });
});

describe('what is known of runs, weighed', () => {
  it('is bounded by its weight, keeps nothing that alone is too heavy, and counts what is learnt again once', () => {
    const known = KnownOfRuns.ofMany<number>(10, (weight) => weight)(0);
    const asked = (n: number) => ({ params: { n }, seed: 1 });
    const kept = () => [1, 2, 3, 4].map((n) => known.of(scenario, asked(n)));
    known.learn(scenario, asked(1), true, 4);
    known.learn(scenario, asked(1), true, 5);
    known.learn(scenario, asked(2), true, 5);
    assert.deepEqual(kept(), [5, 5, undefined, undefined]);
    known.learn(scenario, asked(3), true, 11);
    assert.deepEqual(kept(), [5, 5, undefined, undefined]);
    known.learn(scenario, asked(4), true, 6);
    assert.deepEqual(kept(), [undefined, undefined, undefined, 6]);
  });
});
