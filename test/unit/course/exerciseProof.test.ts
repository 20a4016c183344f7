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
/** With 2 VMs, one slice is both the key and a misconception. */
const golden = lessonMd.replace('{ vms: { int: [2, 8] }, sliceMs', '{ vms: { int: [3, 8] }, sliceMs');
const proveGolden = (from: string, to: string): Promise<readonly string[]> => {
  assert.ok(golden.includes(from));
  return prove(goldenWith({ 'round-robin/lesson.md': golden.replace(from, () => to) }), testScenarios);
};

describe('proof of an exercise', () => {
  it('holds for the golden lesson', async () => assert.deepEqual(await proveGolden('', ''), []));

  it('finds a closed form that states another model', async () =>
    assert.deepEqual(await proveGolden('(vms - 1) * sliceMs', 'max(vms - 1, 3) * sliceMs'), [
      'round-robin/lesson.md:30:13: error: For vms = 3, sliceMs = 1 the closed form gives 3 ms, but the simulation 2 ms. Find out which of the two is wrong; both may state another model.',
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

  it('finds the variants in which a misconception is right', async () =>
    assert.deepEqual(
      await proveGolden('{ vms: { int: [3, 8] }, sliceMs', '{ vms: { int: [2, 8] }, sliceMs'),
      [
        'round-robin/lesson.md:34:12: warning: In 20 of 101 variants, such as vms = 2, sliceMs = 10, this misconception has the value of the key, and whoever has it is right. Vary so that the two differ.',
      ],
    ));

  it('finds the variants in which one misconception is given the feedback of another', async () =>
    assert.deepEqual(await proveGolden('value: sliceMs\n', 'value: 4 * sliceMs\n'), [
      'round-robin/lesson.md:34:12: warning: In 25 of 101 variants, such as vms = 5, sliceMs = 30, this misconception has the value of the key, and whoever has it is right. Vary so that the two differ.',
      'round-robin/lesson.md:34:12: warning: In 12 of 101 variants, such as vms = 4, sliceMs = 30, this misconception has the value of the one on line 32, whose feedback is given. Vary so that the two differ.',
    ]));

  it('finds a misconception that the tolerance accepts', async () =>
    assert.deepEqual(await proveGolden('misconceptions:\n', 'tolerance: 40\nmisconceptions:\n'), [
      'round-robin/lesson.md:33:12: error: For vms = 4, sliceMs = 30 this misconception is 120 ms, so near the key of 90 ms that it is accepted as right. Lower the tolerance, or vary so that the two are further apart.',
    ]));

  it('finds a misconception without a value', async () =>
    assert.deepEqual(await proveGolden('value: sliceMs\n', 'value: sliceMs / (vms - 5)\n'), [
      'round-robin/lesson.md:34:12: error: For vms = 5, sliceMs = 30 this misconception has no value. The expression gives no finite number here; does it divide by zero?',
    ]));

  it('finds an answer that cannot be marked on the axis', async () => {
    const withAxis = (axis: string): Promise<readonly string[]> =>
      proveGolden('answer: metrics.worstResponseMs', `answer: metrics.worstResponseMs\naxis: ${axis}`);
    assert.deepEqual(await withAxis('[0, 80]'), []);
    const found = await withAxis('[0, 60]');
    assert.equal(found.length, 1);
    assert.match(
      found[0]!,
      /^round-robin\/lesson.md:60:9: error: For sliceMs = 10, vms = [78] the run shows [78]0 ms, which cannot be marked on the axis from 0 ms to 60 ms. Widen the axis.$/,
    );
  });

  it('finds a key that nobody can type', async () =>
    assert.deepEqual(
      await proveGolden('answer: metrics.worstResponseMs', 'unit: 1/s\nanswer: metrics.worstResponseMs'),
      [
        'round-robin/lesson.md:61:9: error: For sliceMs = 10, vms = 4 the key is shown as 40 1/s, and who types that is not right: There is more than one number. Write one alone. Check the unit.',
      ],
    ));

  it('finds a choice in which everything is right', async () =>
    assert.deepEqual(
      await proveGolden('text: "It is always better.",', 'text: "It is always better.", right: true,'),
      [
        'round-robin/lesson.md:43:1: error: Every option of gains-and-losses is right, so nothing is asked. Add an option that is wrong.',
      ],
    ));

  it('finds an option without a word of feedback, and one that stands there twice', async () =>
    assert.deepEqual(
      await proveGolden(
        'text: "More switches.", right: true, say: "Each costs time."',
        'text: "Waits get shorter.", right: true, say: " "',
      ),
      [
        'round-robin/lesson.md:43:1: error: The option "Waits get shorter." of gains-and-losses has no feedback. Add "say: …".',
        'round-robin/lesson.md:43:1: error: gains-and-losses has the option "Waits get shorter." twice. Change one of the two.',
      ],
    ));
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
    assert.deepEqual(await prove(files, scenarios), []));
});
