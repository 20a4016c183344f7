import assert from 'node:assert/strict';
import { documentChanges } from '../../../src/grading/verify/documentMutants.ts';
import { briefChange, changedLines, type Change } from '../../../src/grading/verify/mutant.ts';
import {
  reviewText,
  suggestMisconceptions,
  type MisconceptionReview,
} from '../../../src/grading/verify/suggestMisconceptions.ts';
import { typescriptChanges } from '../../../src/grading/verify/typescriptMutants.ts';
import { countingFiles, countingScenarios } from './countingPack.ts';
import { countingPackWith, gradingTools, workersHere } from './testbed.ts';

const taskFile = 'count/tasks/count-up/task.yaml';

/** Each changed text, with what was done to it. */
const applied = (text: string, changes: readonly Change[]): readonly string[] =>
  changes.map(({ kind, start, end, by }) => `${kind}: ${text.slice(0, start)}${by}${text.slice(end)}`);

describe('mutants of a reference', () => {
  it('make the mistakes that learners make in TypeScript, and leave types alone', () => {
    const text = 'const f = (a: 1 | 2): number => { if (a < 1) g(); return a - q.shift(); };';
    assert.deepEqual(applied(text, typescriptChanges('f.ts', text)), [
      'drops-a-statement: const f = (a: 1 | 2): number => {  return a - q.shift(); };',
      'moves-a-boundary: const f = (a: 1 | 2): number => { if (a <= 1) g(); return a - q.shift(); };',
      'flips-a-comparison: const f = (a: 1 | 2): number => { if (a > 1) g(); return a - q.shift(); };',
      'is-off-by-one: const f = (a: 1 | 2): number => { if (a < 2) g(); return a - q.shift(); };',
      'is-off-by-one: const f = (a: 1 | 2): number => { if (a < 0) g(); return a - q.shift(); };',
      'takes-another-operator: const f = (a: 1 | 2): number => { if (a < 1) g(); return a + q.shift(); };',
      'swaps-operands: const f = (a: 1 | 2): number => { if (a < 1) g(); return q.shift() - a; };',
      'takes-the-other-end: const f = (a: 1 | 2): number => { if (a < 1) g(); return a - q.pop(); };',
    ]);
  });

  it('take another operator, method or truth value, and leave alone what has no other', () => {
    const becomes = (expression: string): readonly string[] =>
      typescriptChanges('f.ts', `x = ${expression};`).map(({ kind, start, end, by }) => {
        const text = `x = ${expression};`;
        return `${kind} ${(text.slice(0, start) + by + text.slice(end)).slice(4, -1)}`;
      });
    assert.deepEqual(becomes('a <= b'), ['moves-a-boundary a < b', 'flips-a-comparison a >= b']);
    assert.deepEqual(becomes('a > b'), ['moves-a-boundary a >= b', 'flips-a-comparison a < b']);
    assert.deepEqual(becomes('a >= b'), ['moves-a-boundary a > b', 'flips-a-comparison a <= b']);
    assert.deepEqual(becomes('a === b'), ['flips-a-comparison a !== b']);
    assert.deepEqual(becomes('a !== b'), ['flips-a-comparison a === b']);
    assert.deepEqual(becomes('a + b'), ['takes-another-operator a - b']);
    assert.deepEqual(becomes('a * b'), ['takes-another-operator a / b']);
    assert.deepEqual(becomes('a / b'), ['takes-another-operator a * b', 'swaps-operands b / a']);
    assert.deepEqual(becomes('a && b'), ['takes-another-operator a || b']);
    assert.deepEqual(becomes('a || b'), ['takes-another-operator a && b']);
    assert.deepEqual(becomes('(a += b)'), ['takes-another-operator (a -= b)']);
    assert.deepEqual(becomes('(a -= b)'), ['takes-another-operator (a += b)']);
    assert.deepEqual(becomes('a.push(b)'), ['takes-the-other-end a.unshift(b)']);
    assert.deepEqual(becomes('a.unshift(b)'), ['takes-the-other-end a.push(b)']);
    assert.deepEqual(becomes('a.pop()'), ['takes-the-other-end a.shift()']);
    assert.deepEqual(becomes('Math.min(a)'), ['takes-the-other-extreme Math.max(a)']);
    assert.deepEqual(becomes('Math.max(a)'), ['takes-the-other-extreme Math.min(a)']);
    assert.deepEqual(becomes('Math.floor(a)'), ['takes-the-other-extreme Math.ceil(a)']);
    assert.deepEqual(becomes('Math.ceil(a)'), ['takes-the-other-extreme Math.floor(a)']);
    assert.deepEqual(becomes('true'), ['flips-a-truth-value false']);
    assert.deepEqual(becomes('false'), ['flips-a-truth-value true']);
    assert.deepEqual(becomes('!a'), ['flips-a-truth-value a']);
    assert.deepEqual(becomes('0'), ['is-off-by-one 1']);
    for (const alone of ['a.sort()', '-a', 'a % b', "'1 < 2'"]) assert.deepEqual(becomes(alone), []);
    assert.deepEqual(typescriptChanges('f.ts', 'x = ('), []);
  });

  it('leave an only key, an only item, words and a number without an end as they are', () => {
    const yaml = 'a:\n  - { b: 0 }\n';
    assert.deepEqual(applied(yaml, documentChanges('yaml', yaml)), ['changes-a-value: a:\n  - { b: 1 }\n']);
    assert.deepEqual(documentChanges('yaml', 'a: .inf\n'), []);
    assert.deepEqual(documentChanges('yaml', 'a: word\n'), []);
    assert.deepEqual(documentChanges('yaml', ''), []);
  });

  it('drop keys and items of a document and change its values', () => {
    const json = '{"a": 1, "b": [true, "x"]}';
    assert.deepEqual(applied(json, documentChanges('json', json)), [
      'drops-a-key: {"b": [true, "x"]}',
      'changes-a-value: {"a": 2, "b": [true, "x"]}',
      'changes-a-value: {"a": 0, "b": [true, "x"]}',
      'drops-a-key: {"a": 1}',
      'changes-a-value: {"a": 1, "b": [false, "x"]}',
      'drops-an-item: {"a": 1, "b": ["x"]}',
      'drops-an-item: {"a": 1, "b": [true]}',
    ]);
    const yaml = 'a:\n  - x\n  - y\nb: no\n';
    assert.deepEqual(applied(yaml, documentChanges('yaml', yaml)), [
      'drops-a-key: b: no\n',
      'drops-an-item: a:\n  - y\nb: no\n',
      'drops-an-item: a:\n  - x\nb: no\n',
      'drops-a-key: a:\n  - x\n  - y\n',
    ]);
  });

  it('leave out a line of assembly, but no label and no comment', () => {
    assert.deepEqual(documentChanges('asm', '# go\n  # on\nhere: \n'), []);
    assert.deepEqual(
      applied('go:\n  li a0, 1\n  ret\n', documentChanges('asm', 'go:\n  li a0, 1\n  ret\n')),
      ['drops-a-line: go:\n  ret\n', 'drops-a-line: go:\n  li a0, 1\n'],
    );
  });

  it('are shown by the lines that differ', () => {
    assert.deepEqual(changedLines('a\nb\nc\n', 'a\nx\ny\nc\n'), ['- b', '+ x', '+ y']);
    // Lines that look alike count once each.
    assert.deepEqual(changedLines('a\na\n', 'a\n'), ['- a']);
    assert.deepEqual(changedLines('a\n', 'a\na\n'), ['+ a']);
    assert.deepEqual(changedLines('a\n', 'a\n'), []);
  });

  it('says on one line what a change is, around the place where it is', () => {
    const line = (hundred: string): string =>
      `  const sliceMs = Math.max(lostMs, (lostMs * ${hundred}) / lossPercent);`;
    assert.equal(
      briefChange([`- ${line('100')}`, `+ ${line('101')}`]),
      '…Ms, (lostMs * 100) / lossPercent)… → …Ms, (lostMs * 101) / lossPercent)…',
    );
    assert.equal(briefChange(['- return a;', '+ return b;']), 'return a; → return b;');
    assert.equal(briefChange(['- aa', '+ a']), 'aa → a');
    assert.equal(briefChange(['-   gone();']), '- gone();');
    assert.equal(briefChange(['- go(a,   b);', '- on();']), '- go(a, b);  - on();');
    assert.equal(briefChange(['- a;', '- b;', '+ b;']), '- a;  - b;  + b;');
  });
});

describe('suggesting misconceptions', () => {
  const tools = gradingTools(countingScenarios);

  async function review(
    changes: Readonly<Record<string, string>>,
  ): Promise<readonly [MisconceptionReview, string]> {
    const { value } = await countingPackWith(changes);
    const lesson = value.lessons[0]!;
    const part = lesson.parts.find(({ kind }) => kind === 'task');
    assert.ok(part?.kind === 'task');
    const found = await suggestMisconceptions(lesson, part.task, workersHere(await tools));
    return [found!, reviewText(found!, part.task, 'pack')];
  }
  const reference = (body: string): Readonly<Record<string, string>> => ({
    'count/tasks/count-up/solution/counter.ts': `export const counter = {\n  next({ last, doubled }) {\n    ${body}\n  },\n};\n`,
  });

  it('names a mutant that passes every check though it behaves differently', async () => {
    const [found, text] = await review({
      ...reference('return last + 1 + Number(doubled);'),
      [taskFile]: countingFiles[taskFile]!.replace('limit: 30', 'limit: 300'),
    });
    const accepted = found.suggestions.filter(({ verdict }) => verdict.kind === 'accepted');
    assert.ok(accepted.length > 0, text);
    assert.match(text, /the checks do not reject this\. With .*: total is \d+, and \d+ with the reference\./);
    assert.match(text, /\n {6}- {5}return last \+ 1 \+ Number\(doubled\);\n {6}\+ /);
  });

  it('names a mistake that fails without words of its own', async () => {
    const silent = countingFiles[taskFile]!.replace(/\nwrong:[^]*$/, '\n');
    const [found, text] = await review({
      ...reference('if (doubled) return last + 2;\n    return last + 1;'),
      [taskFile]: silent,
    });
    assert.ok(found.counts.unnamed > 0, text);
    assert.match(text, /no known-wrong solution makes this mistake\. It fails goes-up/);
  });

  it('counts every mutant once, and gives the same bytes twice', async () => {
    const [first] = await review({});
    const { broken, same, known, accepted, unnamed } = first.counts;
    assert.equal(broken + same + known + accepted + unnamed, first.tried);
    assert.ok(first.tried > 0);
    assert.equal(JSON.stringify((await review({}))[0]), JSON.stringify(first));
  });
});
