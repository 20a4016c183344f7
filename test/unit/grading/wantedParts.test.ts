import assert from 'node:assert/strict';
import { lintPack } from '../../../src/course/lint.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import { isWanted, problemsOfWanted } from '../../../src/grading/verify/wantedParts.ts';
import { goldenWith, lessonMd, otherMd, packYaml, taskYaml } from '../course/goldenPack.ts';
import { scenarios } from '../course/rotationScenario.ts';

/** What is said of some parts of a pack in which a question, its lesson, a task, another lesson and `pack.yaml` each have a mistake. */
async function saidOf(...ids: readonly string[]): Promise<readonly string[]> {
  const { value, problems } = await lintPack(
    goldenWith({
      'pack.yaml': packYaml.replace('other]', 'other, third]'),
      'other/lesson.md': `${otherMd}\n#### Deep\n`,
      'round-robin/lesson.md': `${lessonMd.replace('caption: Four VMs take turns.\n', '')}\n#### Deep\n`,
      'round-robin/tasks/round-robin/task.yaml': taskYaml.replace(/hints: .*\n/, ''),
    }),
    scenarios,
  );
  return problemsOfWanted(value, problems, ids).map((problem) => formatProblem(problem));
}

it('parts are proven that are named, or whose lesson is', async () => {
  const { value } = await lintPack(goldenWith({}), scenarios);
  const named = (...ids: readonly string[]): readonly string[] => {
    const wanted = isWanted(ids);
    return value.lessons.flatMap((lesson) =>
      lesson.parts.flatMap((part) => (part.kind !== 'prose' && wanted(lesson, part) ? [part.id] : [])),
    );
  };
  const all = [
    'figure-1',
    'rr-worst-wait',
    'gains-and-losses',
    'predict-response',
    'shorter-is-better',
    'round-robin',
  ];
  assert.deepEqual(named(), all);
  assert.deepEqual(named('round-robin-latency'), all);
  assert.deepEqual(named('round-robin', 'figure-1'), ['figure-1', 'round-robin']);
  assert.deepEqual(named('other'), []);
});

describe('what lint says of the parts that are proven', () => {
  const figure =
    'round-robin/lesson.md:13:1: warning: This figure has no caption. Add "caption: …" for people who cannot see it.';
  const task =
    'round-robin/tasks/round-robin/task.yaml:1:1: warning: The task round-robin has no hint. Add "hints: […]".';
  const deep = (path: string, line: number, after: number): string =>
    `${path}:${line}:1: warning: A heading of level 4 follows one of level ${after}. Write ${'#'.repeat(after + 1)} here.`;

  it('is everything without a choice', async () => {
    const all = await saidOf();
    assert.equal(all.length, 6);
    assert.match(all[1]!, /^pack\.yaml:/);
  });

  it('is of an exercise or a figure its block, and the folder of its task', async () => {
    assert.deepEqual(await saidOf('figure-1'), [figure]);
    assert.deepEqual(await saidOf('round-robin'), [task]);
    assert.deepEqual(await saidOf('rr-worst-wait'), []);
  });

  it('is of an exercise what stands up to the next one, or to the end of the file', async () => {
    const question = (id: string): string =>
      `\`\`\`question\nid: ${id}\nkind: several\nask: What?\nexplain: So.\noptions:\n  - { text: This., right: true, say: Yes. }\n  - { text: That., say: No. }\n\`\`\`\n`;
    const { value, problems } = await lintPack(
      goldenWith({ 'other/lesson.md': `${otherMd}${question('first')}${question('last')}` }),
      scenarios,
    );
    const said = (id: string): readonly string[] =>
      problemsOfWanted(value, problems, [id]).map((problem) => formatProblem(problem));
    const hintless = (id: string, line: number): string =>
      `other/lesson.md:${line}:1: warning: The question ${id} has no hint. Add "hints: […]".`;
    assert.deepEqual(said('first'), [hintless('first', 8)]);
    assert.deepEqual(said('last'), [hintless('last', 17)]);
  });

  it('is of a lesson all in its folder', async () => {
    const all = await saidOf();
    assert.deepEqual(await saidOf('round-robin-latency'), all.slice(2));
    assert.deepEqual(await saidOf('other'), [deep('other/lesson.md', 9, 1)]);
    assert.deepEqual(await saidOf('other', 'figure-1'), [deep('other/lesson.md', 9, 1), figure]);
  });
});
