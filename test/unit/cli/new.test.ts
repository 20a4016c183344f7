import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lessonText } from '../../../src/authoring/scaffold/lessonText.ts';
import { packText } from '../../../src/authoring/scaffold/packText.ts';
import { taskFiles } from '../../../src/authoring/scaffold/taskFiles.ts';
import { judge } from '../../../src/course/answering.ts';
import { lintPack } from '../../../src/course/lint.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { packOf } from '../course/goldenPack.ts';
import { filesUnder, temporaryFolder, trapframe, type Ran } from './terminal.ts';

/** A pack with one lesson and, where there is something to write, one task, as `new` makes them. */
function generated(id: string): Readonly<Record<string, string>> {
  const scenario = scenarios[id]!;
  const lesson = lessonText('queues', 'basics', scenario);
  if (Object.keys(scenario.policies).length === 0) {
    return { 'pack.yaml': packText('a-pack', 'queues'), 'queues/lesson.md': lesson };
  }
  const task = [...taskFiles('fair-share', scenario)];
  return {
    'pack.yaml': packText('a-pack', 'queues'),
    'queues/lesson.md': `${lesson}\n\`\`\`task\nid: fair-share\n\`\`\`\n`,
    ...Object.fromEntries(task.map(([path, text]) => [`queues/tasks/fair-share/${path}`, text])),
  };
}

describe('what `new` generates', () => {
  for (const id of Object.keys(scenarios)) {
    it(`loads for ${id}, asks what can be answered, and lacks only what it says`, async () => {
      const { value: pack, problems } = await lintPack(packOf(generated(id)), scenarios);
      const others = problems.filter(({ message }) => !message.startsWith('Still to be written: '));
      assert.deepEqual(
        others.map((problem) => formatProblem(problem)),
        [],
      );
      const numbers = pack.lessons[0]!.parts.filter((part) => part.kind === 'question');
      assert.equal(numbers.length, 1);
      for (const seed of [undefined, 1, 2, 3]) {
        const judgement = judge(numbers[0]!, { form: 'number', text: '-1' }, seed, scenarios);
        assert.equal(judgement.kind, 'judged');
      }
    });
  }
});

describe('the task that `new` generates', () => {
  const scenario = scenarios['scheduling.time-slice']!;

  it('says which checks its wrong solutions fail, and gives less than half of the points for nothing', () => {
    const graded = {
      solution: undefined,
      starterFails: ['little-lost', 'no-false-promise'],
      idleFails: ['little-lost'],
    };
    const text = taskFiles('fair', scenario, graded).get('task.yaml')!;
    assert.deepEqual(
      [...text.matchAll(/id: (.*)\n {4}use.*\n(?: {4}(?!points).*\n)* {4}points: (\d+)/g)].map(
        ([, id, points]) => [id, points],
      ),
      [
        ['little-lost', '2'],
        ['no-false-promise', '1'],
      ],
    );
    assert.deepEqual(text.match(/fails: .*/g), Array(3).fill('fails: [little-lost, no-false-promise]'));
  });
});

describe('trapframe new', () => {
  const folder = temporaryFolder();
  const run = (...argv: readonly string[]): Promise<Ran> => trapframe(folder(), ...argv);
  const read = (path: string): Promise<string> => readFile(join(folder(), path), 'utf8');

  it('starts a pack, a lesson and a task that can be graded', async () => {
    assert.equal((await run('new', 'pack', 'my-pack')).code, 0);
    assert.equal(
      (await run('new', 'lesson', 'queues', '--in', 'my-pack', '--scenario', 'scheduling.host')).code,
      0,
    );
    const { code, out, err } = await run('new', 'task', 'my-pack/queues/fair-share');
    assert.deepEqual([code, err], [0, '']);
    const task = 'my-pack/queues/tasks/fair-share';
    assert.equal(
      out.split('\n\nYours to write')[0],
      [
        'Made:',
        `  ${task}/task.yaml`,
        `  ${task}/starter/scheduler.ts`,
        `  ${task}/solution/scheduler.ts`,
        `  ${task}/wrong/mistake-1.ts`,
        `  ${task}/wrong/mistake-2.ts`,
        `  ${task}/wrong/mistake-3.ts`,
        'Changed: my-pack/queues/lesson.md; its last block opens the task.',
        '',
        'The solution is that of the bundled task "round-robin", which passes these checks.',
      ].join('\n'),
    );
    const next = out.split('\n').slice(-2);
    assert.deepEqual(next, [
      '  trapframe lint my-pack',
      `  trapframe check fair-share ${task}/solution/scheduler.ts --pack my-pack`,
    ]);

    const linted = await run('lint', 'my-pack');
    assert.equal(linted.code, 0);
    const warned = new Set(
      linted.out.split('\n').map((line) => line.replace(/:\d+: warning: Still to be written/, '')),
    );
    const announced = [...out.matchAll(/^ {2}(\S+:\d+: .*)$/gm)].map(([, line]) => line!);
    assert.ok(announced.length > 8);
    for (const line of announced) assert.ok(warned.has(line), line);

    assert.equal((await run(...next[1]!.trim().split(' ').slice(1))).code, 0);
    const starter = await run('check', 'fair-share', `${task}/starter/scheduler.ts`, '--pack', 'my-pack');
    assert.equal(starter.code, 1);
    const proven = await run('verify', 'my-pack', '--only', 'fair-share');
    assert.equal(proven.code, 0, proven.out);
    assert.match(proven.out, /^✓ fair-share {2}task, \d+ cases$/m);
    const mistake = await run('check', 'fair-share', `${task}/wrong/mistake-1.ts`, '--pack', 'my-pack');
    assert.equal(mistake.out, starter.out.replaceAll('starter/scheduler', 'wrong/mistake-1'));
  });

  it('adds to the list of lessons alone, and says in which module the lesson stands', async () => {
    await run('new', 'pack', 'p');
    const head = `# Ours\nid: p\ntitle: P\nmodules: [{ id: io, title: IO }, { id: cpu,   title: CPU }]\nlessons:\n- first-lesson # easy\n`;
    await writeFile(join(folder(), 'p/pack.yaml'), head);
    await writeFile(
      join(folder(), 'p/first-lesson/lesson.md'),
      (await read('p/first-lesson/lesson.md')).replace('basics', 'io'),
    );
    const { out } = await trapframe(join(folder(), 'p/first-lesson'), 'new', 'lesson', 'second');
    assert.equal(await read('p/pack.yaml'), `${head}- second\n`);
    assert.match(out, /\nThe lesson stands in the module io\. There are: io, cpu\.\n/);
    assert.equal((await run('lint', 'p')).code, 0);
  });

  it('leaves a lesson alone in which no block can stand at the end', async () => {
    await run('new', 'pack', 'p');
    const lesson = `${await read('p/first-lesson/lesson.md')}\n~~~~\nnever closed\n`;
    await writeFile(join(folder(), 'p/first-lesson/lesson.md'), lesson);
    const { code, out } = await run('new', 'task', 'p/first-lesson/fair');
    assert.equal(code, 0);
    assert.equal(await read('p/first-lesson/lesson.md'), lesson);
    assert.match(out, /\nAdd a block "task" with "id: fair" to first-lesson\/lesson\.md\.\n/);
  });

  const refused: readonly (readonly [argv: readonly string[], said: string])[] = [
    [[], 'Say what to make: pack, lesson or task, as in: trapframe new pack my-pack'],
    [['lessn', 'x'], 'There is no new "lessn". Did you mean lesson?'],
    [['task'], 'No name was given. Write: trapframe new task run-queues/fair-share'],
    [
      ['pack', 'My Pack'],
      '"My Pack" cannot be a name: it must be lower-case words joined by hyphens. Did you mean my-pack?',
    ],
    [['pack', 'p'], 'p is not empty, and nothing is ever written over. Choose another name.'],
    [['pack', 'file'], 'file is a file, and nothing is ever written over. Choose another name.'],
    [
      ['pack', 'q', '--scenario', 'scheduling.hst'],
      'There is no scenario "scheduling.hst". Did you mean scheduling.host?',
    ],
    [
      ['lesson', 'x'],
      'There is no pack here: neither this folder nor a folder above it has a pack.yaml. Name one with --in, or make one: trapframe new pack <folder>',
    ],
    [
      ['lesson', 'first-lesson', '--in', 'p'],
      'The lesson id first-lesson is already used in first-lesson/lesson.md. Choose another name.',
    ],
    [
      ['task', 'fair', '--in', 'p'],
      'Which lesson does the task belong to? Write one of: first-lesson/fair, second/fair.',
    ],
    [
      ['task', 'second/x/fair', '--in', 'p'],
      'A task stands in the folder of its lesson, not in second/x. Write: trapframe new task second/fair --in {p}',
    ],
    [['task', 'secnd/fair', '--in', 'p'], 'There is no lesson "secnd" in pack.yaml. Did you mean second?'],
    [
      ['task', 'p/second/second-number'],
      'The id second-number is already used in second/lesson.md, line 22. Choose another name.',
    ],
  ];
  it('refuses in words that say what to do, and touches nothing', async () => {
    await run('new', 'pack', 'p');
    await run('new', 'lesson', 'p/second');
    await writeFile(join(folder(), 'file'), '');
    const before = await filesUnder(folder());
    for (const [argv, said] of refused) {
      assert.deepEqual(await run('new', ...argv), {
        code: 2,
        out: '',
        err: `trapframe: ${said.replace('{p}', join(folder(), 'p'))}`,
      });
    }
    assert.deepEqual(await filesUnder(folder()), before);
  });

  it('refuses a lesson outside the pack folder itself, and a pack whose head has a mistake', async () => {
    await run('new', 'pack', 'p');
    await mkdir(join(folder(), 'p/more'));
    assert.match(
      (await run('new', 'lesson', 'p/more/x')).err,
      /^trapframe: A lesson's folder stands beside pack\.yaml, not in /,
    );
    await writeFile(
      join(folder(), 'p/pack.yaml'),
      'id: p\ntitle: P\nmodules: [{ id: io, title: IO }]\nlesson: []\n',
    );
    const { code, err } = await run('new', 'lesson', 'p/x');
    assert.equal(code, 2);
    assert.match(
      err,
      /pack\.yaml:4:1: error: There is no key "lesson" here\. Did you mean "lessons"\?\nMend it first\.$/,
    );
  });
});
