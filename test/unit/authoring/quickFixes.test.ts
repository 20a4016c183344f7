import assert from 'node:assert/strict';
import { lessonMd, otherMd, packYaml, taskYaml } from '../course/goldenPack.ts';
import { applied, editing, lessonPath, taskPath } from './packUnderTest.ts';

type Changes = Readonly<Record<string, string | undefined>>;
const lesson = (from: string, to: string): Changes => edited(lessonPath, lessonMd, from, to);
const task = (from: string, to: string): Changes => edited(taskPath, taskYaml, from, to);

function edited(path: string, text: string, from: string, to: string): Changes {
  assert.ok(text.includes(from), from);
  return { [path]: text.replace(from, () => to) };
}

/** The one diagnosis whose message contains the words, with the text that it underlines, and its fixes. */
async function found(changes: Changes, words: string, path = Object.keys(changes)[0]!) {
  const { pack, files } = editing(changes);
  const all = (await pack.diagnose()).get(path) ?? [];
  const matching = all.filter(({ message }) => message.includes(words));
  assert.equal(matching.length, 1, `${words}\n${all.map(({ message }) => message).join('\n')}`);
  const [diagnosis] = matching;
  const fixes = (await pack.fixes(path, diagnosis!))
    .filter((fix) => fix.diagnosis.message === diagnosis!.message)
    .map(({ action }) => action);
  return { underlined: files[path]!.slice(diagnosis!.start, diagnosis!.end), fixes, files };
}

describe('quick fixes of a pack', () => {
  const replaced: readonly (readonly [
    what: string,
    changes: Changes,
    words: string,
    seen: string,
    by: string,
  ])[] = [
    ['a misspelt key', lesson('caption:', 'captoin:'), 'no key "captoin"', 'captoin', 'caption'],
    [
      'a misspelt scenario',
      lesson('test.rotation', 'test.rotatoin'),
      'no scenario',
      'test.rotatoin',
      'test.rotation',
    ],
    ['a misspelt parameter', lesson('[vms, sliceMs]', '[vms, slicMs]'), 'no parameter', 'slicMs', 'sliceMs'],
    [
      'a misspelt value in a text',
      lesson('{vms} VMs, {sliceMs}', '{vms} VMs, {slice}'),
      'no value {slice}',
      '{slice}',
      '{sliceMs}',
    ],
    [
      'a misspelt metric in an expression',
      lesson('answer: metrics.worstWaitMs', 'answer: 2 * metrics.worstWiatMs'),
      'no metric worstWiatMs',
      'worstWiatMs',
      'worstWaitMs',
    ],
    ['a single =', lesson('(vms - 1) * sliceMs', '"vms = 3 ? 1 : 2"'), 'A single =', '=', '=='],
    [
      'a number where text belongs',
      lesson('title: Who runs when', 'title: 42'),
      'must be text',
      '42',
      '"42"',
    ],
    [
      'an id in capitals',
      lesson('id: rr-worst-wait', 'id: RrWorstWait'),
      'lower-case words',
      'RrWorstWait',
      'rr-worst-wait',
    ],
    ['a misspelt kind', lesson('kind: number', 'kind: numbr'), 'must be', 'numbr', 'number'],
    ['a link to no lesson', lesson('trapframe:other', 'trapframe:othr'), 'no lesson othr', 'othr', 'other'],
    ['a link to no heading', lesson('(#waiting)', '(#wating)'), 'no heading #wating', 'wating', 'waiting'],
    [
      'a link in a block',
      lesson('explain: All take a turn.', 'explain: "See [it](#waitng)."'),
      'no heading #waitng',
      'waitng',
      'waiting',
    ],
    [
      'a link to no file',
      lesson('(#waiting)', '(../othr/lesson.md)'),
      'no file othr/lesson.md',
      '../othr/lesson.md',
      '../other/lesson.md',
    ],
    ['a heading of the first level', lesson('## Waiting', '# Waiting'), 'only first-level', '#', '##'],
    ['an empty range', task('int: [2, 8]', 'int: [8, 2]'), 'is empty', '8, 2', '2, 8'],
    ['a misspelt check', task('use: maxWait', 'use: maxWiat'), 'no check maxWiat', 'maxWiat', 'maxWait'],
    ['a misspelt argument', task('belowMs', 'belwMs'), 'no argument belwMs', 'belwMs', 'belowMs'],
    [
      'a misspelt earlier check',
      task('after: [rotates]', 'after: [rotate]'),
      'earlier check',
      'rotate',
      'rotates',
    ],
    [
      'a task of another name',
      task('id: round-robin', 'id: round-robbin'),
      'but its folder',
      'round-robbin',
      'round-robin',
    ],
    [
      'a misspelt policy',
      task('policy: scheduler', 'policy: schedulr'),
      'no policy',
      'schedulr',
      'scheduler',
    ],
    [
      'a misspelt module',
      { 'other/lesson.md': otherMd.replace('module: io', 'module: oi') },
      'no module',
      'oi',
      'io',
    ],
    [
      'a misspelt lesson',
      { 'pack.yaml': packYaml.replace(', other]', ', othr]') },
      'no file othr/lesson.md',
      'othr',
      'other',
    ],
  ];
  for (const [what, changes, words, seen, by] of replaced) {
    it(`replaces ${what}, and underlines exactly that`, async () => {
      const path = Object.keys(changes)[0]!;
      const { underlined, fixes, files } = await found(changes, words);
      assert.equal(underlined, seen);
      assert.equal(fixes[0]?.preferred, true);
      const mended = applied(files, fixes[0]);
      const { pack } = editing(mended);
      const left = (await pack.diagnose()).get(path) ?? [];
      assert.deepEqual(
        left.filter(({ message }) => message.includes(words)),
        [],
      );
      assert.ok(mended[path]!.includes(by));
    });
  }

  const added: readonly (readonly [what: string, changes: Changes, words: string, text: string])[] = [
    [
      'a block',
      lesson('title: Who runs when\ncaption: Four VMs take turns.\n', ''),
      'no caption',
      'metrics: [worstWaitMs]\ncaption: ""\n```',
    ],
    [
      'a map of a list',
      lesson('    say: "That counts VM 1\'s own slice as waiting."\n', ''),
      '"say" is missing',
      '- value: vms * sliceMs\n    say: ""\n  - value: sliceMs',
    ],
    ['a map in braces', lesson(', say: "Yes." }', ' }'), '"say" is missing', 'right: true, say: "" }'],
    [
      'front matter',
      { 'other/lesson.md': otherMd.replace('title: Other\n', '') },
      '"title" is missing',
      'format: 1\ntitle: ""\n---',
    ],
    [
      'a block without hints',
      lesson('explain: Waits against switches.', 'explain: Waits against switches. # a trade'),
      'gains-and-losses has no hint',
      '# a trade\nhints: []\n```',
    ],
    [
      'a check',
      task('    scenario: test.rotation\n', ''),
      'must name its scenario',
      'points: 4\n    scenario: \n  - { id: short-waits',
    ],
    [
      'a task',
      task('hints: [Remember who ran last.]\n', ''),
      'round-robin has no hint',
      '"Chance starves somebody." }\nhints: []\n',
    ],
  ];
  for (const [what, changes, words, text] of added) {
    it(`adds a missing key to ${what}`, async () => {
      const { fixes, files } = await found(changes, words);
      assert.equal(fixes.length, 1);
      const mended = applied(files, fixes[0]!)[Object.keys(changes)[0]!]!;
      assert.ok(mended.includes(text), mended);
    });
  }

  it('finds its place among the line ends of Windows', async () => {
    const windows = lessonMd.replace('caption: Four VMs take turns.\n', '').replaceAll('\n', '\r\n');
    const { fixes, files, underlined } = await found({ [lessonPath]: windows }, 'no caption');
    assert.equal(underlined, 'figure');
    // Editors make the line ends of an edit those of the file.
    const mended = applied(files, fixes[0]!)[lessonPath]!.replaceAll(/\r?\n/g, '\n');
    assert.ok(mended.includes('metrics: [worstWaitMs]\ncaption: ""\n```'));
  });

  it('creates a file that a task names, as its learners start', async () => {
    const { fixes, files } = await found(
      task('wrong/random.ts', 'wrong/lottery.ts'),
      'no file round-robin/tasks/round-robin/wrong/lottery.ts',
    );
    const created = applied(files, fixes.at(-1)!)['round-robin/tasks/round-robin/wrong/lottery.ts'];
    assert.equal(created, files['round-robin/tasks/round-robin/starter/scheduler.ts']);
  });

  it('creates a starter of which nothing is there, from the policy', async () => {
    const starter = 'round-robin/tasks/round-robin/starter/scheduler.ts';
    const { fixes, files } = await found(
      { [taskPath]: taskYaml, [starter]: undefined },
      `no file ${starter}`,
      taskPath,
    );
    assert.match(
      applied(files, fixes.at(-1)!)[starter]!,
      /export const scheduler: SchedulerPolicy = \{\n.*pickNext/s,
    );
  });

  it('creates the lesson that pack.yaml lists, and the task that a lesson opens, whole', async () => {
    const listed = await found(
      { 'pack.yaml': packYaml.replace('other]', 'other, queues]') },
      'no file queues/lesson.md',
    );
    const withLesson = applied(listed.files, listed.fixes.at(-1)!);
    const opening = {
      ...withLesson,
      'queues/lesson.md': `${withLesson['queues/lesson.md']}\n\`\`\`task\nid: fair-share\n\`\`\`\n`,
    };
    const opened = await found(opening, 'no file queues/tasks/fair-share/task.yaml', 'queues/lesson.md');
    const { pack } = editing(applied(opened.files, opened.fixes.at(-1)!));
    const errors = (await pack.lint()).problems.filter(({ severity }) => severity === 'error');
    assert.deepEqual(errors, []);
  });

  it('lists a lesson that nobody sees, and opens a task that no lesson opens', async () => {
    const unlisted = await found({ 'pack.yaml': packYaml.replace(', other]', ']') }, 'other is not listed');
    assert.ok(
      applied(unlisted.files, unlisted.fixes[0]!)['pack.yaml']!.includes('lessons: [round-robin, other]'),
    );
    const closed = await found(
      { [lessonPath]: lessonMd.replace('```task\nid: round-robin\n```\n', ''), [taskPath]: taskYaml },
      'No lesson opens',
      taskPath,
    );
    assert.ok(
      applied(closed.files, closed.fixes[0]!)[lessonPath]!.endsWith('\n```task\nid: round-robin\n```\n'),
    );
  });

  it('says the same as lint, at the same places, after any one line is lost', async () => {
    for (const [path, text] of [
      [lessonPath, lessonMd],
      [taskPath, taskYaml],
      ['pack.yaml', packYaml],
    ] as const) {
      const lines = text.split('\n');
      for (let lost = 0; lost < lines.length; lost++) {
        const cut = lines.filter((_, index) => index !== lost).join('\n');
        const { pack } = editing({ [path]: cut });
        const { problems } = await pack.lint();
        const shown = [...(await pack.diagnose())].flatMap(([file, list]) =>
          list.map((one) => ({ file, ...one })),
        );
        assert.equal(shown.length, problems.length);
        for (const { file, start, end } of shown) {
          const whole = file === path ? cut : editing({}).files[file]!;
          assert.ok(
            start >= 0 && start <= end && end <= whole.length,
            `${file} ${start} ${end} without line ${lost + 1}`,
          );
          await pack.fixes(file, { start, end });
        }
      }
    }
  });
});
