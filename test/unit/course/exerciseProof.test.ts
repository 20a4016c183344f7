import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { diskFiles } from '../../../src/cli/diskFiles.ts';
import { proveExercise } from '../../../src/course/exerciseProof.ts';
import { lintPack } from '../../../src/course/lint.ts';
import type { PackFiles } from '../../../src/course/model.ts';
import { loadPack } from '../../../src/course/packLoader.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import type { ScenarioTable } from '../../../src/course/variants.ts';
import { goldenWith, lessonMd } from './goldenPack.ts';
import { scenarios as testScenarios } from './rotationScenario.ts';

async function prove(files: PackFiles, table: ScenarioTable): Promise<readonly string[]> {
  const { value } = await loadPack(files, table);
  return value.lessons
    .flatMap((lesson) => lesson.parts)
    .flatMap((part) =>
      part.kind === 'question' || part.kind === 'prediction' || part.kind === 'critique'
        ? proveExercise(part, table, 100)
        : [],
    )
    .map((problem) => formatProblem(problem));
}
const proveGolden = (from: string, to: string): Promise<readonly string[]> => {
  assert.ok(lessonMd.includes(from));
  return prove(goldenWith({ 'round-robin/lesson.md': lessonMd.replace(from, () => to) }), testScenarios);
};

describe('proof of an exercise', () => {
  it('holds for the golden lesson', async () =>
    assert.deepEqual(await prove(goldenWith({}), testScenarios), []));

  it('finds a closed form that states another model', async () =>
    assert.deepEqual(await proveGolden('(vms - 1) * sliceMs', 'max(vms - 1, 3) * sliceMs'), [
      'round-robin/lesson.md:30:13: error: For vms = 3, sliceMs = 30 the closed form gives 90 ms, but the simulation 60 ms. Find out which of the two is wrong; both may state another model.',
    ]));

  it('finds a variant without a key', async () =>
    assert.deepEqual(
      await proveGolden(
        'answer: metrics.worstWaitMs\nclosedForm: (vms - 1) * sliceMs',
        'answer: metrics.worstWaitMs / (vms - 4)',
      ),
      [
        "round-robin/lesson.md:29:9: error: There is no key for the homework's own values: The key of this exercise cannot be computed. The expression gives no finite number here; does it divide by zero?",
      ],
    ));

  it('finds a misconception that is none', async () =>
    assert.deepEqual(await proveGolden('value: vms * sliceMs', 'value: vms * sliceMs - sliceMs'), [
      'round-robin/lesson.md:32:12: warning: This misconception has the value of the key in every variant, so nobody sees its feedback. Change the formula, or vary more.',
    ]));
});

describe('the bundled course', () => {
  const files = diskFiles(fileURLToPath(new URL('../../../lessons', import.meta.url)));

  it('has no problem', async () => {
    const { value, problems } = await lintPack(files, scenarios);
    assert.deepEqual(
      problems.map((problem) => formatProblem(problem, 'lessons')),
      [],
    );
    assert.ok(value.lessons.length > 0);
  });

  it('has keys that agree with their closed forms for 100 learners', async () =>
    assert.deepEqual(await prove(files, scenarios), [])).timeout(60_000);
});
