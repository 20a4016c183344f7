import assert from 'node:assert/strict';
import { blankTypes, instrumentReturns } from '../../../src/grading/sandbox/typescriptSource.ts';

const blank = (text: string) => blankTypes({ file: 'task.ts', text });

describe('blanking types', () => {
  it('keeps every line and column', () => {
    const text = [
      "import type { SchedulerPolicy, Entry } from 'trapframe';",
      'type Queue = readonly Entry[];',
      'interface State { readonly last?: number }',
      'const state: State = {}; declare const host: unknown; declare enum Erased { a }',
      'export const scheduler: SchedulerPolicy = {',
      '  pickNext<T extends Entry>({ waiting }: { waiting: readonly T[] }): { vcpu: number } | undefined {',
      '    const first = (waiting as Queue)[0]!; // 😀',
      '    return first satisfies unknown as any;',
      '  },',
      '};',
    ].join('\n');
    const blanked = blank(text);
    assert.ok(blanked.ok);
    const lines = blanked.code.split('\n');
    text
      .split('\n')
      .forEach((line, index) => assert.equal(lines[index]!.length, line.length, `line ${index + 1}`));
    for (const word of [
      'const state',
      'scheduler',
      'pickNext',
      '{ waiting }',
      'const first',
      '// 😀',
      'return first',
    ]) {
      assert.equal(blanked.code.indexOf(word), text.indexOf(word), word);
    }
    assert.doesNotMatch(blanked.code, /Queue|interface|unknown|declare|Entry|SchedulerPolicy/);
  });

  it('does not join what types kept apart', () => {
    const blanked = blank(
      'const x = 1 + (1 as number) / 2\ntype T = number\n;[1].map((y): number => y)\nexport const z = <T,>(v: T): T => v',
    );
    assert.ok(blanked.ok);
    assert.match(blanked.code, /1 \+ \(1 {10}\) \/ 2\n/);
  });

  const refused: readonly (readonly [text: string, line: number, column: number, message: string])[] = [
    ['const b: = 2;', 1, 10, 'Syntax error: Type expected.'],
    [
      '\n  const 1a = 2;',
      2,
      10,
      'Syntax error: An identifier or keyword cannot immediately follow a numeric literal.',
    ],
    ['function f() {', 1, 15, "Syntax error: '}' expected."],
    [
      'x = 1;\n enum Kind { a }',
      2,
      2,
      "An enum is code, not only a type, so it cannot be used here. Use a union of strings: type Kind = 'a' | 'b'.",
    ],
    [
      'const enum Kind { a }',
      1,
      1,
      "An enum is code, not only a type, so it cannot be used here. Use a union of strings: type Kind = 'a' | 'b'.",
    ],
    [
      'namespace N { export const x = 1; }',
      1,
      1,
      'A namespace cannot be used here. Put its functions at the top of the file.',
    ],
    [
      'class C {\n  constructor(private readonly x: number) {}\n}',
      2,
      15,
      'A parameter property cannot be used here. Declare the field, and assign it in the constructor.',
    ],
    ['@log\nclass C {}', 1, 1, 'Decorators cannot be used here. Call the function yourself.'],
    [
      "import fs = require('fs');",
      1,
      1,
      "import = cannot be used here. Write: import type { … } from 'trapframe'.",
    ],
    ['export = { x: 1 };', 1, 1, 'export = cannot be used here. Write: export const ….'],
    [
      "import { readFileSync } from 'node:fs';",
      1,
      1,
      "'node:fs' cannot be imported: a task is one file. Only 'trapframe' can be imported; copy what you need into this file.",
    ],
    [
      "import './other.ts';",
      1,
      1,
      "'./other.ts' cannot be imported: a task is one file. Only 'trapframe' can be imported; copy what you need into this file.",
    ],
    [
      "import * as t from 'trapframe';",
      1,
      1,
      "'trapframe' is imported by names. Write: import type { … } from 'trapframe'.",
    ],
    [
      "import { SchedulerPolicy } from 'trapframe';",
      1,
      1,
      "SchedulerPolicy is not a value that 'trapframe' exports. If it is a type, write: import type { SchedulerPolicy } from 'trapframe'.",
    ],
    [
      "export { x } from './x.ts';",
      1,
      1,
      'A task is one file: it cannot export from another module. Write: export const … = { … }.',
    ],
    [
      "const m = await import('node:fs');",
      1,
      17,
      'import() cannot be used here: a task is one file, and nothing else can be loaded.',
    ],
    [
      'const x = <number>1;',
      1,
      11,
      'This TypeScript syntax is more than a type, so it cannot be erased. Write it as plain JavaScript with types.',
    ],
  ];
  for (const [text, line, column, message] of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.deepEqual(blank(text), { ok: false, fault: { kind: 'syntax', message, line, column } });
    });
  }

  it('leaves imports of types and of CallError', () => {
    for (const text of [
      "import { CallError, type Stat } from 'trapframe';",
      "import { CallError as Failed } from 'trapframe';",
      "import type { Anything } from './elsewhere.ts';",
      'export default 1;',
      'export { x as y }; const x = 1;',
    ]) {
      assert.ok(blank(text).ok, text);
    }
  });
});

/** Runs instrumented code of one function `f` here; returns the line whose return was told last. */
function lastLine(code: string, call: string): number | undefined {
  const instrumented = instrumentReturns({ file: 'task.ts', text: code });
  assert.ok(instrumented.ok);
  let last = -1;
  const tell = (value: unknown, marker: number): unknown => {
    last = marker;
    return value;
  };
  // oxlint-disable-next-line typescript/no-implied-eval -- runs the test's own code
  const run = new Function('$trapframeReturned', `${instrumented.code}\n;return ${call};`) as (
    tell: unknown,
  ) => void;
  run(tell);
  return instrumented.returnLines[last];
}

describe('instrumented returns', () => {
  const code = [
    'const inner = (x: number): number =>',
    '  x > 0',
    '    ? (() => { return x; })()',
    '    : -1;',
    'function f(x: number): number | undefined {',
    '  if (x === 1) return;',
    '  if (x === 2) { return inner(x) as number; }',
    '  if (x === 3) return [1, 2].map((y) => y * 2)',
    '    .length;',
    '  if (x === 4) inner(4);',
    '  if (x === 5) return /* a */ (inner(1), inner(2)) /* b */;',
    '}',
    'const object = { get value() { return 1 }, method() { const nested = () => ({ a: 1 }); nested(); }, arrow: () => ({ b: 2 }) };',
    'class C { constructor() { return } static make() { return new C() } }',
  ].join('\n');

  const expected: readonly (readonly [call: string, line: number])[] = [
    ['f(1)', 6],
    ['f(2)', 7],
    ['f(3)', 8],
    ['f(4)', 12],
    ['f(5)', 11],
    ['f(6)', 12],
    ['inner(0)', 2],
    ['object.value', 13],
    ['object.method()', 13],
    ['object.arrow()', 13],
    ['C.make()', 14],
  ];
  for (const [call, line] of expected) {
    it(`tell that ${call} came from line ${line}`, () => assert.equal(lastLine(code, call), line));
  }

  it('keep lines, and refuse what blanking refuses', () => {
    const instrumented = instrumentReturns({ file: 'task.ts', text: code });
    assert.ok(instrumented.ok);
    assert.equal(instrumented.code.split('\n').length, code.split('\n').length);
    assert.deepEqual(instrumentReturns({ file: 'task.ts', text: 'const b: = 2;' }), blank('const b: = 2;'));
  });
});
