import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inlineValues } from '../../../src/extension/inlineValues.ts';
import type { DecisionEvidence } from '../../../src/grading/report.ts';

const decision = (line: number, input = '{ sliceMs: 10 }', output = '{ vcpu: 0 }'): DecisionEvidence => ({
  policy: 'scheduler',
  decision: 'pickNext',
  ordinal: 0,
  line,
  input,
  output,
});

/** The text as the editor shows it. */
function shown(text: string, evidence: DecisionEvidence): string {
  return inlineValues(text, evidence)
    .toSorted((a, b) => b.offset - a.offset)
    .reduce((seen, { offset, label }) => `${seen.slice(0, offset)}«${label}»${seen.slice(offset)}`, text);
}

describe('values beside the decision that made a check fail', () => {
  it('stand at the parameters and behind the return, however the method is written', () => {
    const heads = [
      ['pickNext({ waiting }) {', 'pickNext({ waiting }« = { sliceMs: 10 }») {'],
      [
        'pickNext(state: State, ): { vcpu: number } {',
        'pickNext(state: State« = { sliceMs: 10 }», ): { vcpu: number } {',
      ],
      ['pickNext() {', 'pickNext(«{ sliceMs: 10 }») {'],
      ['pickNext: (state) => {', 'pickNext: (state« = { sliceMs: 10 }») => {'],
      ['pickNext: state => {', 'pickNext: state« = { sliceMs: 10 }» => {'],
      ['pickNext: function named({\n a,\n}) {', 'pickNext: function named({\n a,\n}« = { sliceMs: 10 }») {'],
      ['function pickNext(s = { a: [1] }) {', 'function pickNext(s = { a: [1] }« = { sliceMs: 10 }») {'],
    ] as const;
    for (const [head, expected] of heads) {
      const before = `// pickNext(now), which self.pickNext(x) calls\n${head}`;
      const line = before.split('\n').length + 1;
      assert.equal(
        shown(`${before}\n  return a;  \n}`, decision(line)),
        `// pickNext(now), which self.pickNext(x) calls\n${expected}\n  return a;«→ { vcpu: 0 }»  \n}`,
      );
    }
  });

  it('are cut where they are long, and kept whole beside', () => {
    const long = `[${'1, '.repeat(50)}1]`;
    const values = inlineValues('pickNext(s) {\r\n return a;\r\n}', decision(2, long, long));
    assert.deepEqual(
      values.map(({ label, whole }) => [label.endsWith('…') && label.length <= 64, whole]),
      [
        [true, long],
        [true, long],
      ],
    );
    assert.equal(values[1]!.offset, 'pickNext(s) {\r\n return a;'.length);
  });

  it('are only the result where the method cannot be found, and nothing where no line decided', () => {
    assert.equal(shown('const a = make();', decision(1)), 'const a = make();«→ { vcpu: 0 }»');
    assert.deepEqual(inlineValues('pickNext() {', decision(2)), []);
    const { line: _, ...nowhere } = decision(1);
    assert.deepEqual(inlineValues('pickNext() {}', nowhere), []);
  });

  it('stand inside the text, whatever it is', () => {
    const piece = fc.constantFrom(
      'pickNext',
      '(',
      ')',
      '{',
      '}',
      '=>',
      ' ',
      '\n',
      '\r\n',
      ':',
      'x',
      '"',
      '/*',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (pieces, line) => {
        const text = pieces.join('');
        for (const { offset } of inlineValues(text, decision(line))) {
          assert.ok(offset >= 0 && offset <= text.length);
        }
      }),
    );
  });
});
