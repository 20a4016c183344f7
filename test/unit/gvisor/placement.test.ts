import assert from 'node:assert/strict';
import fc from 'fast-check';
import { boundaryNames } from '../../../src/engine/gvisor/boundaries.ts';
import { choosing } from '../../../src/engine/gvisor/choosingScenario.ts';
import { placementDocument } from '../../../src/engine/gvisor/placementDocument.ts';

/** By hand, from the brief of the task `choose-isolation`: what will do for each request. */
const willDo: Readonly<Record<string, readonly string[]>> = {
  cache: ['container'],
  scripts: ['container'],
  builds: ['vm'],
  videos: ['gvisor'],
  models: ['gvisor'],
  functions: ['gvisor', 'vm'],
  gateway: ['vm'],
};
const ids = Object.keys(willDo);
const requirements = ['runs', 'isolates', 'fast', 'starts', 'fits'];

const fileOf = (placement: Readonly<Record<string, string>>): string =>
  `placement:\n${Object.entries(placement)
    .map(([id, boundary]) => `  ${id}: ${boundary}\n`)
    .join('')}`;

function run(text: string) {
  const read = placementDocument.read(text);
  assert.ok(read.ok);
  const outcome = choosing.execute({
    submission: { ...choosing.builtInSubmission, documents: { placement: read.value } },
  });
  assert.ok(outcome.ok);
  return outcome.run;
}

describe('a placement', () => {
  it('meets all requirements exactly where each request has a boundary that will do', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...(boundaryNames as readonly string[])), {
          minLength: ids.length,
          maxLength: ids.length,
        }),
        (chosen) => {
          const placement = Object.fromEntries(ids.map((id, index) => [id, chosen[index]!]));
          const ran = run(fileOf(placement));
          const missed = requirements.filter(
            (requirement) => choosing.checks['meets']!.violated(ran, { requirement } as never) !== undefined,
          );
          const right = Object.entries(placement).every(([id, boundary]) => willDo[id]!.includes(boundary));
          assert.equal(missed.length === 0, right);
          assert.equal(ran.metrics['misses'] === 0, right);
        },
      ),
      { numRuns: 100 },
    );
  });

  const bad: readonly (readonly [string, RegExp])[] = [
    ['', /The file has only comments/],
    [
      fileOf({ ...Object.fromEntries(Object.keys(willDo).map((id) => [id, 'vm'])), cashe: 'vm' }),
      /There is no request "cashe"/,
    ],
    [fileOf({ cache: 'kvm' }), /"cache" is "kvm", which is no boundary/],
    [fileOf({ cache: 'vm' }), /says nothing of scripts, builds/],
    ['placement: [vm]\n', /There is no "placement"/],
  ];
  for (const [text, expected] of bad) {
    it(`is refused with a word: ${JSON.stringify(text.slice(0, 40))}`, () => {
      const read = placementDocument.read(text);
      assert.ok(!read.ok);
      assert.match(read.problems.map(({ message }) => message).join(' '), expected);
    });
  }
});
