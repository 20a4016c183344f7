import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCaseFile, serializeCaseFile, type CaseFile } from '../../../src/course/caseFile.ts';

const read = (text: string): unknown => parseCaseFile(text);
const problem = (text: string): string => {
  const result = parseCaseFile(text);
  assert.ok(!result.ok);
  return result.problem;
};

describe('a case file', () => {
  it('reads back what was written, for every case', () => {
    const cases: fc.Arbitrary<CaseFile> = fc.record(
      {
        format: fc.constant(1 as const),
        scenario: fc.string({ minLength: 1 }),
        params: fc.dictionary(
          fc.string().filter((name) => name !== '__proto__'),
          fc.oneof(
            fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0),
            fc.string(),
            fc.boolean(),
          ),
          { noNullPrototype: true },
        ),
        seed: fc.maxSafeInteger(),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(cases, (value) => assert.deepEqual(read(serializeCaseFile(value)), { ok: true, value })),
    );
  });

  it('needs a format and a scenario; without the rest it is the usual run', () => {
    assert.deepEqual(read('\uFEFF{ "format": 1, "scenario": "a.b" }'), {
      ok: true,
      value: { format: 1, scenario: 'a.b', params: {}, seed: 1 },
    });
  });

  const shape =
    'A case file looks like this: { "format": 1, "scenario": "scheduling.host", "params": { "vms": 2 }, "seed": 1 }';
  const bad: readonly (readonly [text: string, said: string])[] = [
    ['[]', `is not a JSON object. ${shape}`],
    ['null', `is not a JSON object. ${shape}`],
    ['{}', 'does not say its format. Add "format": 1.'],
    ['{"format":"1","scenario":"a"}', 'has the format "1". Write "format": 1.'],
    ['{"format":2,"scenario":"a","new":1}', 'has format 2, which a newer Trapframe wrote. Update Trapframe.'],
    ['{"format":1}', 'names no scenario. Add "scenario" with one that `trapframe scenarios` lists.'],
    ['{"format":1,"senario":"a"}', 'has an unknown member "senario". Did you mean "scenario"?'],
    [
      '{"format":1,"scenario":"a","vms":2}',
      'has an unknown member "vms". It may have: format, scenario, params, seed, ties.',
    ],
    [
      '{"format":1,"scenario":"a","params":[2]}',
      'has "params" that are not an object. Write them by name, as in "params": { "vms": 2 }, or leave them out.',
    ],
    [
      '{"format":1,"scenario":"a","params":{"vms":{"int":[2,8]}}}',
      'gives the parameter vms as {"int":[2,8]}. It must be a number, a text, or true or false.',
    ],
    ['{"format":1,"scenario":"a","seed":1.5}', 'has the seed 1.5. It must be a whole number within ±2^53.'],
    ['{"format":1,"scenario":"a","seed":"1"}', 'has the seed "1". It must be a whole number within ±2^53.'],
  ];
  for (const [text, said] of bad) it(`refuses ${text}`, () => assert.equal(problem(text), said));

  it('refuses what is not JSON, in the words of the parser', () =>
    assert.match(problem('scenario: a'), /^is not JSON: .+\. A case file looks like this: \{ "format": 1/));
});
