import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compileExpression } from '../../../src/course/expression.ts';
import { rotation } from './rotationScenario.ts';

const params = { vms: 4, sliceMs: 30, phase: 'worst' };
const metrics = { worstWaitMs: 90, worstResponseMs: 120, switches: 4 };

function valueOf(text: string, given: Readonly<Record<string, number | string>> = params): number {
  const compiled = compileExpression(text, rotation);
  assert.ok(compiled.ok, `${text}: ${compiled.ok ? '' : compiled.error.message}`);
  const value = compiled.value.evaluate(given, metrics);
  assert.ok(value.ok, text);
  return value.value;
}

/** An expression as text, and the same in JavaScript. */
interface Twin {
  readonly text: string;
  readonly js: (vms: number, sliceMs: number) => number;
}
const twin: fc.Arbitrary<Twin> = fc.letrec<{ any: Twin }>((tie) => {
  const any = tie('any');
  const binary = (op: string, f: (a: number, b: number) => number): fc.Arbitrary<Twin> =>
    fc
      .tuple(any, any)
      .map(([a, b]) => ({ text: `(${a.text} ${op} ${b.text})`, js: (v, s) => f(a.js(v, s), b.js(v, s)) }));
  const call = (name: string, f: (a: number) => number): fc.Arbitrary<Twin> =>
    any.map((a) => ({ text: `${name}(${a.text})`, js: (v, s) => f(a.js(v, s)) }));
  return {
    any: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.oneof(
        fc.constant<Twin>({ text: 'vms', js: (v) => v }),
        fc.constant<Twin>({ text: 'sliceMs', js: (_, s) => s }),
        fc.constant<Twin>({ text: 'metrics.worstWaitMs', js: () => 90 }),
        fc.nat(1000).map((n): Twin => ({ text: String(n), js: () => n })),
        fc.integer({ min: 1, max: 9999 }).map((n): Twin => ({ text: (n / 8).toFixed(3), js: () => n / 8 })),
      ),
      binary('+', (a, b) => a + b),
      binary('-', (a, b) => a - b),
      binary('*', (a, b) => a * b),
      binary('/', (a, b) => a / b),
      binary('%', (a, b) => a % b),
      call('ceil', Math.ceil),
      call('floor', Math.floor),
      call('abs', Math.abs),
      call('-', (a) => -a),
      fc.tuple(any, any).map(([a, b]): Twin => ({
        text: `min(${a.text}, ${b.text})`,
        js: (v, s) => Math.min(a.js(v, s), b.js(v, s)),
      })),
      fc.tuple(any, any).map(([a, b]): Twin => ({
        text: `max(${a.text}, ${b.text})`,
        js: (v, s) => Math.max(a.js(v, s), b.js(v, s)),
      })),
      fc.tuple(any, any, any).map(([a, b, c]): Twin => ({
        text: `(${a.text} < ${b.text} ? ${c.text} : ${a.text})`,
        js: (v, s) => (a.js(v, s) < b.js(v, s) ? c.js(v, s) : a.js(v, s)),
      })),
    ),
  };
}).any;

describe('expression', () => {
  it('computes what the same formula computes in JavaScript', () => {
    fc.assert(
      fc.property(
        twin,
        fc.integer({ min: 1, max: 64 }),
        fc.double({ min: 0.1, max: 1000, noNaN: true }),
        (formula, vms, sliceMs) => {
          const compiled = compileExpression(formula.text, rotation);
          assert.ok(compiled.ok, formula.text);
          const seen = compiled.value.evaluate({ ...params, vms, sliceMs }, metrics);
          const expected = formula.js(vms, sliceMs);
          if (Number.isFinite(expected))
            assert.deepEqual(seen, { ok: true, value: expected === 0 ? 0 : expected });
          else assert.ok(!seen.ok);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('treats whole numbers as numbers', () => {
    assert.equal(valueOf('(vms - 1) * sliceMs'), 90);
    assert.equal(valueOf('1 / 2'), 0.5);
    assert.equal(valueOf('7 % 4'), 3);
  });

  it('rounds halves away from zero', () => {
    assert.deepEqual(
      ['2.5', '-2.5', '0.49999999999999994', '-0.2'].map((x) => valueOf(`round(${x})`)),
      [3, -3, 0, 0],
    );
  });

  it('chooses by a parameter that is a word', () => {
    const text = 'phase == "worst" && vms > 1 ? (vms - 1) * sliceMs : 0';
    assert.equal(valueOf(text), 90);
    assert.equal(valueOf(text, { ...params, phase: 'best' }), 0);
  });

  const refused: readonly (readonly [text: string, offset: number, said: string])[] = [
    ['vmz + 1', 0, 'There is no parameter vmz. Did you mean "vms"?'],
    ['1 + metrics.worstWiatMs', 12, 'There is no metric worstWiatMs. Did you mean "worstWaitMs"?'],
    ['1 + worstWaitMs', 4, 'There is no parameter worstWaitMs. The metric is metrics.worstWaitMs.'],
    ['foo(vms)', 0, 'There is no function foo. Did you mean "floor"?'],
    ['vms = 3', 4, 'A single = compares nothing. Did you mean "=="?'],
    ['vms +', 5, 'The expression ends too early.'],
    ['(vms', 4, 'Expected ), got the end.'],
    ['phase + 1', 0, 'This does not fit together: a text + a number.'],
    ['ceil(phase)', 0, 'This does not fit together: ceil(a text).'],
    ['vms > 1', 0, 'The expression gives true or false, but a number is expected.'],
    ['metrics', 0, 'The expression gives all metrics together, but a number is expected.'],
    [
      '[1, 2].map(x, x)',
      0,
      'Lists, maps and methods are not part of these expressions. Use arithmetic, comparisons, a ? b : c, and ceil, floor, round, abs, min, max.',
    ],
    [
      '"a".matches("(a+)+")',
      0,
      'Lists, maps and methods are not part of these expressions. Use arithmetic, comparisons, a ? b : c, and ceil, floor, round, abs, min, max.',
    ],
    ['vms.constructor', 4, 'Only metrics has parts: metrics.<name>.'],
    [
      'metrics.constructor',
      8,
      'There is no metric constructor. There is: worstWaitMs, worstResponseMs, switches.',
    ],
    [`${'('.repeat(60)}1${')'.repeat(60)}`, 40, 'The expression is too long or too deeply nested.'],
  ];
  for (const [text, offset, said] of refused) {
    it(`refuses ${text.slice(0, 24)}`, () => {
      const compiled = compileExpression(text, rotation);
      assert.ok(!compiled.ok);
      const { message, advice } = compiled.error;
      const next = typeof advice === 'object' ? advice.text : advice;
      assert.equal([message, next].filter(Boolean).join(' '), said);
      assert.equal(compiled.error.offset, offset);
    });
  }

  it('says when the result is no number', () => {
    const compiled = compileExpression('sliceMs / (vms - 4)', rotation);
    assert.ok(compiled.ok);
    assert.deepEqual(compiled.value.evaluate(params, metrics), {
      ok: false,
      error: 'The expression gives no finite number here; does it divide by zero?',
    });
  });

  it('refuses any text or computes a number, and never throws', () => {
    const words = fc.constantFrom(
      'vms',
      'sliceMs',
      'metrics',
      '.worstWaitMs',
      '+',
      '-',
      '*',
      '/',
      '(',
      ')',
      '?',
      ':',
      '1',
      '0.5',
      '"a"',
      '[',
      ']',
      '{',
      '}',
      ',',
      'min(',
      'has(',
      'in',
      '\\',
      '`',
      '$',
      '💥',
      '==',
      '!',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 12 }).map((parts) => parts.join(' ')),
        ),
        (text) => {
          const compiled = compileExpression(text, rotation);
          if (compiled.ok) compiled.value.evaluate(params, metrics);
          else assert.ok(compiled.error.offset >= 0 && compiled.error.offset <= text.length);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
