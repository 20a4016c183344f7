import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { formatProblem } from '../../../src/course/problemList.ts';
import { loadTask } from '../../../src/course/taskLoader.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';

const folder = 'what-interception-costs/tasks/sentry-performance';

/** The problems of the task whose first check has these parameters, without those of files that are not there. */
async function problemsWith(set: string): Promise<readonly string[]> {
  const path = `${folder}/task.yaml`;
  const text = await readFile(new URL(`../../../lessons/${path}`, import.meta.url), 'utf8');
  const from = '    set: { application: build, platform: file }\n';
  assert.ok(text.includes(from));
  const { problems } = loadTask(folder, new Map([[path, text.replace(from, set)]]), scenarios);
  return problems.map((problem) => formatProblem(problem)).filter((line) => line.includes('The document'));
}

describe('a task that asks for a document', () => {
  it('has parameters with which the document is read', async () => {
    assert.deepEqual(await problemsWith('    set: { application: build, platform: file }\n'), []);
    for (const [set, seen] of [
      ['    set: { application: build }\n', 'systrap'],
      ['    set: { application: build, platform: kvm }\n', 'kvm'],
      ['    set: { platform: file }\n    vary: { platform: { choose: [kvm, systrap] } }\n', 'varied'],
    ] as const) {
      const problems = await problemsWith(set);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(
        problems[0]!,
        new RegExp(
          `error: The document that the learner writes is read only with platform=file; here it is ${seen}\\. Write "platform: file" under "set"\\.$`,
        ),
      );
    }
  });

  it('leaves out the parameters in whose place the document stands', async () => {
    assert.match(
      (await problemsWith('    set: { platform: file, files: directfs }\n')).join('\n'),
      /^[^\n]+ error: The document that the learner writes stands in place of the parameter files\. Leave out "files"\.$/,
    );
  });
});
