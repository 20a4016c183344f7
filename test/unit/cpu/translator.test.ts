import assert from 'node:assert/strict';
import { referenceTranslator } from '../../../src/engine/cpu/binaryTranslation/referenceTranslator.ts';
import {
  translatorPolicies,
  type TranslatorPolicy,
} from '../../../src/engine/cpu/binaryTranslation/translatorPolicy.ts';
import type { Infer } from '../../../src/engine/kernel/codec.ts';
import type { AnySubmission } from '../../../src/engine/kernel/policy.ts';
import { submissionOf, type Run } from '../../../src/engine/kernel/scenario.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';

type Translate = (typeof TranslatorPolicy)['decisions']['translateBlock'];
type Block = Infer<Translate['input']>;
type Operation = Infer<Translate['output']>[number];
const scenario = scenarios['cpu.leaky']!;

/** The reference, with its translations changed. */
function run(change: (operations: readonly Operation[], block: Block) => readonly Operation[]): Run {
  const submission = submissionOf(translatorPolicies, {
    translator: () => {
      const reference = referenceTranslator();
      return {
        ...reference,
        translateBlock: (block, calls) => change(reference.translateBlock(block, calls), block),
      };
    },
  }) as unknown as AnySubmission;
  const outcome = scenario.execute({ params: { technique: 'binary-translation' }, submission });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.run;
}
const refusal = (of: Run): string => {
  assert.ok(of.end.kind === 'refused', of.end.kind);
  return `${of.end.witness.expected}; ${of.end.witness.actual}`;
};
const bare = { rd: undefined, value: undefined, target: undefined };

describe('a translation that cannot work', () => {
  it('goes round in a circle for ever', () => {
    const circle = run((_operations, { pc }) => [{ ...bare, op: 'goto', at: pc, target: pc }]);
    assert.match(refusal(circle), /switches itself off after about \d+ ticks/);
  });
  it('goes on where nothing is', () => {
    const wild = run((_operations, { pc }) => [{ ...bare, op: 'goto', at: pc, target: 0x1234_5678 }]);
    assert.equal(
      refusal(wild),
      'the guest gets past this instruction; 64 exits in a row, and no instruction in between: instruction access fault at 0x00000000',
    );
    assert.ok(wild.end.kind === 'refused');
    assert.match(wild.end.witness.because, /It was entered for: instruction access fault at 0x12345678\.$/);
  });
  it('is empty, or does not say where to go on', () => {
    assert.match(refusal(run(() => [])), /ends with goto, jump or emulate; it is empty/);
    const open = run((_operations, { instructions }) =>
      instructions.map(({ pc }) => ({ ...bare, op: 'set', at: pc, rd: 5, value: 1 })),
    );
    assert.match(refusal(open), /it ends with set for 0x8000/);
  });
  it('stands for an instruction of another block', () => {
    const other = run((operations) => operations.map((each) => ({ ...each, at: 0x8000_0ff0 })));
    assert.match(
      refusal(other),
      /an instruction of the block, 0x80000000 to 0x[0-9a-f]{8}; \w+ at 0x80000ff0/,
    );
  });
  it('lacks what its operation needs', () => {
    const [first] = ['goto', 'set'].map((op) =>
      refusal(run((_operations, { pc }) => [{ ...bare, op: op as Operation['op'], at: pc }])),
    );
    assert.match(first!, /"goto" has a target; it has none/);
  });
  it('copies a branch', () => {
    const copied = run((operations) =>
      operations.map((each) => (each.op === 'branch' ? { ...each, op: 'copy', target: undefined } : each)),
    );
    assert.match(
      refusal(copied),
      /the copied jump leads to 0xffe[0-9a-f]{5}, somewhere in the translation cache/,
    );
  });
});
