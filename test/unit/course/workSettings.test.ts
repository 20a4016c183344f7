import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseWorkSettings, serializeWorkSettings } from '../../../src/course/workSettings.ts';

describe('trapframe.json', () => {
  it('is read back as it was written', () => {
    const settings = fc.record(
      {
        format: fc.constant(1 as const),
        pack: fc.string({ minLength: 1 }),
        learner: fc.string({ minLength: 1 }),
        seed: fc.nat(2 ** 32 - 1),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(settings, (value) => {
        assert.deepEqual(parseWorkSettings(serializeWorkSettings(value)), { ok: true, value });
      }),
    );
  });

  const whole = { format: 1, pack: 'trapframe', learner: 'ada', seed: 7 };
  const broken: readonly (readonly [string, unknown, RegExp])[] = [
    ['no JSON', '{ "format": 1,', /^trapframe\.json is not JSON: .+ Correct it, or delete it/],
    ['no object', [], /is not a JSON object\. It needs the members format, pack, learner and seed\.$/],
    [
      'no format',
      { ...whole, format: undefined },
      /has the format undefined, but must have "format": 1\. Correct it\.$/,
    ],
    [
      'a later format',
      { ...whole, format: 2 },
      /has format 2, which a newer Trapframe wrote\. Update Trapframe\.$/,
    ],
    ['no pack', { ...whole, pack: '' }, /names no pack\. Add "pack": "trapframe"\.$/],
    ['no learner', { ...whole, learner: 5 }, /names no learner\. Add "learner"/],
    [
      'a seed that is text',
      { ...whole, seed: '7' },
      /has the seed "7"\. It must be a whole number from 0 to 4294967295/,
    ],
    ['a seed that is too large', { ...whole, seed: 2 ** 32 }, /has the seed 4294967296\./],
  ];
  for (const [what, value, expected] of broken) {
    it(`says what is wrong and what to do: ${what}`, () => {
      const read = parseWorkSettings(typeof value === 'string' ? value : JSON.stringify(value));
      assert.ok(!read.ok);
      assert.match(read.problem, expected);
    });
  }
});
