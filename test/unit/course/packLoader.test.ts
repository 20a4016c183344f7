import assert from 'node:assert/strict';
import { contentHash } from '../../../src/course/contentHash.ts';
import type { PackFiles } from '../../../src/course/model.ts';
import { loadPack } from '../../../src/course/packLoader.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import { goldenFiles, goldenWith, lessonMd, otherMd, packOf, packYaml, taskYaml } from './goldenPack.ts';
import { scenarios } from './rotationScenario.ts';

const taskPath = 'round-robin/tasks/round-robin/task.yaml';

async function load(files: PackFiles) {
  const { value, problems } = await loadPack(files, scenarios);
  return { pack: value, lines: problems.map((problem) => formatProblem(problem)) };
}
const hashOf = async (changes: Readonly<Record<string, string | undefined>>): Promise<string> =>
  (await load(goldenWith(changes))).pack.lessons[0]!.contentHash;

function changed(text: string, from: string, to: string): string {
  assert.ok(text.includes(from), `no "${from}"`);
  return text.replace(from, () => to);
}

describe('pack', () => {
  it('has its lessons in the order of pack.yaml', async () => {
    const { pack, lines } = await load(
      goldenWith({ 'pack.yaml': packYaml.replace('round-robin, other', 'other, round-robin') }),
    );
    assert.deepEqual(lines, []);
    assert.deepEqual(
      pack.lessons.map(({ id }) => id),
      ['other', 'round-robin-latency'],
    );
    assert.deepEqual(pack.modules, [{ id: 'io', title: 'I/O and scheduling' }]);
  });

  it('is there without pack.yaml', async () => {
    const { pack, lines } = await load(goldenWith({ 'pack.yaml': undefined }));
    assert.deepEqual(
      pack.lessons.map(({ id }) => id),
      ['other', 'round-robin-latency'],
    );
    assert.deepEqual(lines, [
      'pack.yaml:1:1: error: There is no file pack.yaml. Add one with id, title, modules and lessons.',
    ]);
  });

  it('is empty when nothing can be read', async () => {
    const { pack, lines } = await load({
      list: () => Promise.reject(new Error('EACCES: permission denied')),
      read: () => Promise.reject(new Error('no')),
    });
    assert.deepEqual(pack.lessons, []);
    assert.equal(
      lines[0],
      'pack.yaml:1:1: error: The files of the pack cannot be listed: EACCES: permission denied. Check that the folder exists and may be read.',
    );
  });

  it('keeps the rest when one file cannot be read', async () => {
    const files = goldenWith({});
    const { pack, lines } = await load({
      list: files.list,
      read: (path) => (path === 'other/lesson.md' ? Promise.reject(new Error('EIO')) : files.read(path)),
    });
    assert.deepEqual(
      pack.lessons.map(({ id }) => id),
      ['round-robin-latency'],
    );
    assert.ok(
      lines.includes(
        'other/lesson.md:1:1: error: The file cannot be read: EIO. Check that it exists and may be read.',
      ),
    );
  });

  const packMessages: readonly (readonly [what: string, from: string, to: string, said: string])[] = [
    [
      'a missing lesson',
      '[round-robin, other]',
      '[round-robbin, other]',
      '5:11: error: There is no file round-robbin/lesson.md. Did you mean "round-robin"?',
    ],
    [
      'a lesson that nobody sees',
      '[round-robin, other]',
      '[round-robin]',
      '5:1: warning: The lesson other is not listed, so nobody sees it. Add "other" to lessons.',
    ],
    [
      'a lesson twice',
      '[round-robin, other]',
      '[round-robin, other, other]',
      '5:31: error: The lesson other is listed twice. Keep one of the two.',
    ],
    ['a key', 'modules:', 'module:', '3:1: error: There is no key "module" here. Did you mean "modules"?'],
  ];
  for (const [what, from, to, said] of packMessages) {
    it(`says what is wrong: ${what}`, async () => {
      const { lines } = await load(goldenWith({ 'pack.yaml': changed(packYaml, from, to) }));
      assert.equal(lines[0], `pack.yaml:${said}`);
    });
  }

  it('keeps the first of two exercises with one id', async () => {
    const question =
      '\n```question\nid: gains-and-losses\nkind: one\nask: A?\noptions:\n  - { text: a, right: true, say: b }\n  - { text: c, say: d }\n```\n';
    const { pack, lines } = await load(goldenWith({ 'other/lesson.md': otherMd + question }));
    assert.deepEqual(lines, [
      'other/lesson.md:9:1: error: The id gains-and-losses is already used in round-robin/lesson.md, line 43. Give each an id of its own.',
    ]);
    assert.deepEqual(
      pack.lessons[1]!.parts.map((part) => part.kind),
      ['prose', 'prose'],
    );
  });

  it('keeps the first of two lessons with one id', async () => {
    const { pack, lines } = await load(
      goldenWith({ 'other/lesson.md': otherMd.replace('id: other', 'id: round-robin-latency') }),
    );
    assert.equal(pack.lessons.length, 1);
    assert.deepEqual(lines, [
      'other/lesson.md:1:1: error: The lesson id round-robin-latency is already used in round-robin/lesson.md. Give each lesson an id of its own.',
    ]);
  });
});

describe('task', () => {
  it('fills in what may be left out', async () => {
    const { pack } = await load(goldenWith({}));
    const part = pack.lessons[0]!.parts.find((candidate) => candidate.kind === 'task');
    assert.ok(part?.kind === 'task');
    assert.deepEqual(
      part.task.checks.map(({ id, title, scenario, cases, points, vary }) => [
        id,
        title,
        scenario,
        cases,
        points,
        Object.keys(vary),
      ]),
      [
        ['rotates', 'Rotates', 'test.rotation', 20, 4, ['vms']],
        ['short-waits', 'Waits are short', 'test.rotation', 20, 3, ['vms']],
        ['ends', 'Every run finishes', 'test.rotation', 20, 1, ['vms']],
      ],
    );
    assert.deepEqual(part.task.work, { kind: 'policies', policies: ['scheduler'] });
    assert.equal(part.task.starter.path, 'round-robin/tasks/round-robin/starter/scheduler.ts');
    assert.equal(part.task.solution.text, 'export const scheduler = {};\n');
  });

  const messages: readonly (readonly [what: string, from: string, to: string, said: string])[] = [
    [
      'a check',
      'use: strictRotation',
      'use: strictRotatoin',
      '8:10: error: There is no check strictRotatoin. Did you mean "strictRotation"?',
    ],
    [
      'an argument',
      'belowMs: 500',
      'below: 500',
      '12:46: error: There is no argument below. Did you mean "belowMs"?',
    ],
    [
      'an argument out of range',
      'belowMs: 500',
      'belowMs: -1',
      '12:55: error: belowMs is -1, but must be a number of milliseconds from 0 to 1000.',
    ],
    [
      'arguments that the check does not take',
      'use: finishes',
      'use: finishes, with: { belowMs: 1 }',
      '13:40: error: There is no argument belowMs.',
    ],
    [
      'a later check in after',
      'after: [rotates]',
      'after: [ends]',
      '12:81: error: There is no earlier check ends. There is: rotates.',
    ],
    [
      'a check twice',
      'id: ends',
      'id: rotates',
      '13:11: error: There are two checks rotates. Give each an id of its own.',
    ],
    [
      'no scenario',
      '    scenario: test.rotation\n',
      '',
      '7:5: error: The first check must name its scenario. Add "scenario: …".',
    ],
    [
      'a policy',
      'policy: scheduler',
      'policy: sheduler',
      '3:9: error: There is no policy sheduler. Did you mean "scheduler"?',
    ],
    [
      'no policy',
      'policy: scheduler\n',
      '',
      '1:1: error: A task names what the learner writes, once. Write "policy: …", "policies: […]" for several, or "document: …".',
    ],
    [
      'an id unlike the folder',
      'id: round-robin',
      'id: rr',
      '1:5: error: The task is called rr, but its folder round-robin. Give both the same name.',
    ],
    [
      'a known-wrong file',
      'wrong/never-rotates.ts',
      'wrong/never-rotate.ts',
      '15:13: error: There is no file round-robin/tasks/round-robin/wrong/never-rotate.ts. Did you mean "wrong/never-rotates.ts"?',
    ],
    [
      'a starter',
      'file: scheduler.ts',
      'file: schedular.ts',
      '4:7: error: There is no file round-robin/tasks/round-robin/starter/schedular.ts. Did you mean "starter/scheduler.ts"?',
    ],
    [
      'a file outside',
      'wrong/never-rotates.ts',
      '../../secret.ts',
      '15:13: error: wrong[0].file must be a path inside this folder, with forward slashes, but it is "../../secret.ts".',
    ],
    [
      'a check that must fail',
      'fails: [rotates]',
      'fails: [rotate]',
      '15:73: error: There is no check rotate. Did you mean "rotates"?',
    ],
    [
      'points that are no whole number',
      'points: 4',
      'points: 4.5',
      '11:13: error: checks[0].points must be a whole number, but it is 4.5.',
    ],
    [
      'negative points',
      'points: 4',
      'points: -4',
      '11:13: error: checks[0].points must be at least 0, but it is -4.',
    ],
  ];
  for (const [what, from, to, said] of messages) {
    it(`says what is wrong: ${what}`, async () => {
      const { pack, lines } = await load(goldenWith({ [taskPath]: changed(taskYaml, from, to) }));
      assert.ok(lines.includes(`${taskPath}:${said}`), lines.join('\n'));
      assert.ok(
        lines.includes(
          'round-robin/lesson.md:74:5: error: The task round-robin cannot be read. Mend its task.yaml first.',
        ),
      );
      assert.ok(pack.lessons[0]!.parts.every((part) => part.kind !== 'task'));
    });
  }

  it('that no lesson opens is reported', async () => {
    const { lines } = await load(
      goldenWith({ 'round-robin/lesson.md': lessonMd.replace('```task\nid: round-robin\n```\n', '') }),
    );
    assert.deepEqual(lines, [
      `${taskPath}:1:1: warning: No lesson opens the task round-robin. Add a block "task" with "id: round-robin" to round-robin/lesson.md.`,
    ]);
  });
});

describe('content hash', () => {
  it('changes with every file of the lesson, and with no other', async () => {
    const before = await hashOf({});
    for (const [path, text] of Object.entries(goldenFiles)) {
      const after = await hashOf({ [path]: text.replace(/\n$/, ' \n') });
      assert.equal(after !== before, path.startsWith('round-robin/'), path);
    }
    assert.notEqual(await hashOf({ 'round-robin/tasks/round-robin/wrong/more.ts': '' }), before);
  });

  it('does not change with the line ends of Windows or a byte order mark', async () => {
    const windows = Object.fromEntries(
      Object.entries(goldenFiles).map(([path, text]) => [path, `\uFEFF${text.replaceAll('\n', '\r\n')}`]),
    );
    assert.equal((await load(packOf(windows))).pack.lessons[0]!.contentHash, await hashOf({}));
  });

  it('does not change with the order in which files are listed', async () => {
    const files = goldenWith({});
    const reversed: PackFiles = { list: async () => (await files.list()).toReversed(), read: files.read };
    assert.equal((await load(reversed)).pack.lessons[0]!.contentHash, await hashOf({}));
  });

  it('does not change when text moves to another lesson folder', async () => {
    const moved = Object.fromEntries(
      Object.entries(goldenFiles).map(([path, text]) => [
        path.replace(/^round-robin\//, 'moved/'),
        text.replace('[round-robin,', '[moved,'),
      ]),
    );
    assert.equal((await load(packOf(moved))).pack.lessons[0]!.contentHash, await hashOf({}));
  });

  it('tells apart what joined texts would not', () => {
    const hashes = [
      [['a', 'bc']],
      [['ab', 'c']],
      [
        ['a', 'b'],
        ['c', ''],
      ],
      [
        ['a', ''],
        ['bc', ''],
      ],
      [['a', '1:b']],
    ].map((files) => contentHash(new Map(files as [string, string][])));
    assert.equal(new Set(hashes).size, hashes.length);
  });

  it('is SHA-256 over lengths, paths and texts', () => {
    // printf '1:a3:x\ny' | sha256sum
    assert.equal(
      contentHash(new Map([['a', 'x\r\ny']])),
      'e365743181757d5b880dc4064c10262b68f94032803ce5f76f87d1b83385ee52',
    );
  });
});
