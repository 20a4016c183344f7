import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { learnerDeclarations } from '../../../src/extension/courseHost.ts';
import { learnerTsconfig, mayReplaceTsconfig } from '../../../src/course/learnerTsconfig.ts';
import { bundledCourse } from './bundledCourse.ts';

describe('a work folder', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'trapframe-work-'));
    mkdirSync(join(folder, '.trapframe'));
    writeFileSync(join(folder, 'tsconfig.json'), learnerTsconfig);
    writeFileSync(join(folder, '.trapframe', 'trapframe.d.ts'), learnerDeclarations());
  });
  after(() => rmSync(folder, { recursive: true }));

  /** What the editor would underline. */
  const problemsOf = (files: Record<string, string>): string[] => {
    mkdirSync(join(folder, 'task'), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'task', name), text);
    const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile) as {
      config: object;
    };
    const parsed = ts.parseJsonConfigFileContent(config, ts.sys, folder);
    const program = ts.createProgram(parsed.fileNames, parsed.options);
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    rmSync(join(folder, 'task'), { recursive: true });
    return problems;
  };

  it("type-checks every bundled task's starter and solution", async () => {
    const course = await bundledCourse();
    const tasks = course.tasks();
    assert.ok(tasks.length > 0);
    for (const { part } of tasks) {
      assert.deepEqual(problemsOf({ [part.task.file]: part.task.starter.text }), [], `${part.id}: starter`);
      assert.deepEqual(problemsOf({ [part.task.file]: part.task.solution.text }), [], `${part.id}: solution`);
    }
  });

  it('underlines what the sandbox cannot run', () => {
    assert.match(problemsOf({ 'a.ts': 'export enum E { A }' }).join(), /erasableSyntaxOnly/);
    assert.match(
      problemsOf({ 'a.ts': `import fs from 'node:fs'; fs;` }).join(),
      /Cannot find module 'node:fs'/,
    );
    assert.match(problemsOf({ 'a.ts': 'document.title;' }).join(), /Cannot find name 'document'/);
  });

  it('keeps settings that the learner made their own', () => {
    assert.equal(mayReplaceTsconfig(undefined), true);
    assert.equal(mayReplaceTsconfig(learnerTsconfig), true);
    assert.equal(mayReplaceTsconfig('{}'), false);
  });
});
