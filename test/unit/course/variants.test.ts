import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Vary } from '../../../src/course/model.ts';
import { drawVary, endsOf, variantOf } from '../../../src/course/variants.ts';

const vary: Vary = {
  vms: { kind: 'int', from: 2, to: 8 },
  sliceMs: { kind: 'choose', from: [1, 5, 10, 30] },
};
const exercise = { id: 'rr-worst-wait', set: { sliceMs: 30, phase: 'worst' }, vary };
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('variants', () => {
  it('are the same for the same learner and exercise, and within their ranges', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const drawn = variantOf(exercise, seed);
        assert.deepEqual(variantOf(exercise, seed), drawn);
        assert.ok(
          Number.isInteger(drawn['vms']) && (drawn['vms'] as number) >= 2 && (drawn['vms'] as number) <= 8,
        );
        assert.ok([1, 5, 10, 30].includes(drawn['sliceMs'] as number));
        assert.equal(drawn['phase'], 'worst');
      }),
    );
  });

  it("are the homework's own values without a seed", () => {
    assert.deepEqual(variantOf(exercise, undefined), { sliceMs: 30, phase: 'worst' });
  });

  it('reach every value', () => {
    const seen = new Set(Array.from({ length: 300 }, (_, seed) => JSON.stringify(variantOf(exercise, seed))));
    assert.equal(seen.size, 7 * 4);
  });

  it('differ between exercises of one learner', () => {
    const differing = Array.from({ length: 100 }, (_, seed) => seed).filter(
      (seed) =>
        JSON.stringify(variantOf(exercise, seed)) !==
        JSON.stringify(variantOf({ ...exercise, id: 'other' }, seed)),
    );
    assert.ok(differing.length > 80);
  });

  it('do not change when another parameter is varied too', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const more = drawVary({ first: { kind: 'int', from: 0, to: 9 }, ...vary }, seed);
        const { first: _, ...rest } = more;
        assert.deepEqual(rest, drawVary(vary, seed));
      }),
    );
  });

  it('end at the bounds of a range, and at each of the values to choose from', () => {
    assert.deepEqual(endsOf(vary['vms']!), [2, 8]);
    assert.deepEqual(endsOf(vary['sliceMs']!), [1, 5, 10, 30]);
  });

  it('stay as they are: learners have answered them', () => {
    assert.deepEqual(
      [1, 2, 3, 4].map((seed) => drawVary(vary, seed)),
      [
        { vms: 6, sliceMs: 10 },
        { vms: 3, sliceMs: 30 },
        { vms: 4, sliceMs: 10 },
        { vms: 2, sliceMs: 1 },
      ],
    );
  });
});
