import assert from 'node:assert/strict';
import ts from 'typescript';
import { learnerTypes } from '../../../src/grading/sandbox/learnerTypes.ts';
import { int, record } from '../../../src/engine/kernel/codec.ts';
import { definePolicy } from '../../../src/engine/kernel/policy.ts';
import { schedulerTable } from '../../sandbox/schedulerPolicy.ts';
import { serverTable } from '../../sandbox/testbed.ts';

const declarations = learnerTypes({ ...schedulerTable, ...serverTable });

/** The compiler's messages about a learner's file, as an editor would show them. */
function problems(text: string): string[] {
  const files: Record<string, string> = {
    '/task/task.ts': text,
    '/task/.trapframe/trapframe.d.ts': declarations,
  };
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: [],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => files[name] ?? readFile(name);
  host.fileExists = (name) => name in files || fileExists(name);
  host.getSourceFile = (name, language) =>
    name in files ? ts.createSourceFile(name, files[name]!, language) : getSourceFile(name, language);
  const program = ts.createProgram(Object.keys(files), options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, ' '));
}

const good = `
import { CallError, type FileReply, type SchedulerPolicy, type ServerPolicy, type ServerPolicyCalls, type WaitingVcpu } from 'trapframe';
export const scheduler: SchedulerPolicy = {
  pickNext({ waiting, nowNs }) {
    console.log('waiting', waiting.length);
    const longest = waiting.toSorted((a: WaitingVcpu, b) => b.waitedNs - a.waitedNs)[0];
    return { vcpu: longest?.boosted === true ? longest.vcpu : nowNs % 2 };
  },
};
const refused = (note: string): FileReply => ({ verdict: 'refused', body: '', data: new Uint8Array(), sizes: [], share: 0, note });
function size(calls: ServerPolicyCalls, path: string): number {
  try {
    return calls.stat({ path })?.size ?? 0;
  } catch (error) {
    if (error instanceof CallError && error.errno === 'EACCES') return -1;
    throw error;
  }
}
export const server: ServerPolicy = {
  answer({ path, mode, owner, tags }, calls) {
    if (mode === 'write' || owner === 0) return refused(tags.join());
    return { verdict: 'done', body: path, data: calls.readBlock({ block: 1 }), sizes: [size(calls, path)], share: 1 };
  },
};`;

describe('the types that a learner works with', () => {
  it('accept a program that uses all of them', () => {
    assert.deepEqual(problems(good), []);
  });

  const wrong: readonly (readonly [text: string, problem: RegExp])[] = [
    [
      'export const scheduler: SchedulerPolicy = { pickNext: () => 3 };',
      /^Type 'number' is not assignable to type 'Choice'/,
    ],
    ['export const scheduler: SchedulerPolicy = {};', /^Property 'pickNext' is missing/],
    [
      'export const scheduler: SchedulerPolicy = { pickNext({ waiting }) { waiting.sort(); return { vcpu: 1 } } };',
      /^Property 'sort' does not exist on type 'readonly WaitingVcpu\[\]'/,
    ],
    [
      'export const scheduler: SchedulerPolicy = { pickNext(input) { input.nowNs = 3; return { vcpu: 1 } } };',
      /^Cannot assign to 'nowNs' because it is a read-only property/,
    ],
    ['export const scheduler: SchedulerPolicy = { async pickNext() { return { vcpu: 1 } } };', /Promise/],
    [
      'export const server: ServerPolicy = { answer: (input, calls) => { calls.readBlock({ blok: 1 }); throw 1 } };',
      /'blok' does not exist in type 'BlockAddress'/,
    ],
    [
      "export const reply = (): ReturnType<ServerPolicy['answer']> => ({ verdict: 'Done', body: '', data: new Uint8Array(), sizes: [], share: 0 });",
      /^Type '"Done"' is not assignable to type '"done" \| "refused"'/,
    ],
    ['enum Kind { a } export const x: Kind = Kind.a;', /erasableSyntaxOnly/],
    ['setTimeout(() => {}, 1);', /Cannot find name 'setTimeout'/],
  ];
  for (const [text, problem] of wrong) {
    it(`refuse ${text}`, () => {
      const seen = problems(`import type { SchedulerPolicy, ServerPolicy } from 'trapframe';\n${text}`);
      assert.ok(
        seen.some((message) => problem.test(message)),
        seen.join('\n'),
      );
    });
  }

  it('carry documentation, bounds and errors', () => {
    for (const text of [
      '/** How long it has waited, in nanoseconds. A whole number, at least 0. */\n    readonly waitedNs: number;',
      '/** The vCPU to run. A whole number from 0 to 63. */',
      '/** A message for the caller. At most 48 bytes of UTF-8. */',
      '@throws {CallError} whose `errno` is `EIO` or `ENXIO`.',
      'closed?(input: Closing, calls: ServerPolicyCalls): void;',
      'readonly note?: string | undefined;',
      "readonly mode: 'read' | 'write';",
      'readonly tags: readonly string[];',
    ]) {
      assert.ok(declarations.includes(text), `${text} in\n${declarations}`);
    }
  });

  it('refuse two different records of one name', () => {
    const decision = (max: number) => ({
      doc: '',
      input: record('', 'Same', { x: int('', { min: 0, max }) }),
      output: int('', { min: 0, max: 1 }),
    });
    const clash = definePolicy({
      id: 'p',
      typeName: 'P',
      doc: '',
      decisions: { a: decision(1), b: decision(2) },
      calls: {},
    });
    assert.throws(() => learnerTypes({ p: clash }), /Two different records are called Same/);
  });
});
