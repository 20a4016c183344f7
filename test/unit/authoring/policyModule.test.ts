import assert from 'node:assert/strict';
import ts from 'typescript';
import { policyModule } from '../../../src/authoring/scaffold/policyModule.ts';
import type { PolicyTable } from '../../../src/engine/kernel/policy.ts';
import { schedulerPolicies } from '../../../src/engine/scheduling/schedulerPolicy.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { learnerTypes } from '../../../src/grading/sandbox/learnerTypes.ts';
import { ServerPolicy, testSandbox } from '../../sandbox/testbed.ts';

const tables: Readonly<Record<string, PolicyTable>> = {
  ...Object.fromEntries(Object.values(scenarios).map(({ id, policies }) => [id, policies])),
  'every kind of value, with calls': { server: ServerPolicy },
  'several policies': { ...schedulerPolicies, server: ServerPolicy },
};

/** What the learner's editor says of a module. */
function complaints(module: string, policies: PolicyTable): readonly string[] {
  const files: Readonly<Record<string, string>> = {
    '/task.ts': module,
    '/trapframe.d.ts': learnerTypes(policies),
  };
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: [],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    noEmit: true,
    erasableSyntaxOnly: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, version) =>
    name in files
      ? ts.createSourceFile(name, files[name]!, version)
      : getSourceFile.call(host, name, version);
  host.fileExists = (name) => name in files || fileExists.call(host, name);
  const program = ts.createProgram(Object.keys(files), options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('a generated policy module', () => {
  for (const [name, policies] of Object.entries(tables)) {
    it(`compiles against its types, and loads in the sandbox: ${name}`, async () => {
      const module = policyModule(policies, ['A remark.']);
      assert.deepEqual(complaints(module, policies), []);
      const loaded = await (await testSandbox()).load({ file: 'task.ts', text: module }, policies);
      assert.ok(loaded.ok, loaded.ok ? '' : loaded.fault.message);
      for (const line of module.split('\n')) assert.ok(line.length <= 110, line);
    });
  }

  it('is seen to be wrong when it is', () => {
    const module = policyModule({ server: ServerPolicy }, []).replace("verdict: 'done'", "verdict: 'maybe'");
    assert.equal(complaints(module, { server: ServerPolicy }).length, 1);
  });

  it('documents every decision, its inputs and its calls, and answers the least that is allowed', () => {
    assert.equal(
      policyModule({ server: ServerPolicy }, ['First remark.', 'Second remark.']),
      `import type { ServerPolicy } from 'trapframe';

// First remark.
// Second remark.

// Answers requests for files.
// While it decides it may ask:
// calls.readBlock: Reads from the disk.
// calls.stat: Looks a file up.
export const server: ServerPolicy = {
  // Answers one request.
  // Given: input.path, input.mode, input.payload, input.tags, input.owner.
  answer(input, calls) {
    return { verdict: 'done', body: '', data: new Uint8Array(), sizes: [], share: 0, note: undefined };
  },

  // Tells that the connection is closed.
  // Given: input.atNs.
  closed(input, calls) {},
};
`,
    );
  });
});
