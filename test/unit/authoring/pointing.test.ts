import assert from 'node:assert/strict';
import { lessonMd, otherMd, packYaml, taskYaml } from '../course/goldenPack.ts';
import { cursorIn, editing, lessonPath, taskPath } from './packUnderTest.ts';

const sources: Readonly<Record<string, string>> = {
  [lessonPath]: lessonMd,
  [taskPath]: taskYaml,
  'pack.yaml': packYaml,
  'other/lesson.md': otherMd.replace('Go on.', 'Go [back](trapframe:round-robin-latency#waiting).'),
};

/** The golden pack, and the offset of `¦` in a piece of one of its files. */
function pointing(path: string, marked: string) {
  const { text, offset } = cursorIn(marked);
  const start = sources[path]!.indexOf(text);
  assert.ok(start >= 0, `${path} has no ${text}`);
  return { ...editing(sources), offset: start + offset };
}

describe('hovers in a pack', () => {
  const hovers: readonly (readonly [
    what: string,
    path: string,
    marked: string,
    over: string,
    said: RegExp,
  ])[] = [
    [
      'a block',
      lessonPath,
      '```fig¦ure',
      'figure',
      /^A live simulation.*- `scenario` \(required\): Id of a scenario/s,
    ],
    ['a key', lessonPath, 'capt¦ion: Four', 'caption', /^`caption`: What the figure shows/],
    [
      'a scenario',
      lessonPath,
      'scenario: test.rot¦ation',
      'test.rotation',
      /^\*\*Rotation\*\* \(`test\.rotation`\)\n\nVMs take turns\.$/,
    ],
    [
      'a parameter',
      lessonPath,
      '[vms, slice¦Ms]',
      'sliceMs',
      /^`sliceMs`: 0\.1 to 1000 ms, default 30\n\nA slice\.$/,
    ],
    ['a parameter that is set', lessonPath, 'set: { sl¦iceMs: 10 }', 'sliceMs', /^`sliceMs`: 0\.1/],
    ['the value of a parameter', lessonPath, 'set: { sliceMs: 1¦0 }', '10', /^`sliceMs`: 0\.1/],
    [
      'a parameter that varies',
      lessonPath,
      'vary: { v¦ms: { int: [2, 8] }, sliceMs',
      'vms',
      /^`vms`: 1 to 64, default 4/,
    ],
    [
      'a metric',
      lessonPath,
      'metrics: [worst¦WaitMs]',
      'worstWaitMs',
      /^`metrics\.worstWaitMs`: Wait, lower is better\n\nUntil it runs\.$/,
    ],
    [
      'a metric in an expression',
      lessonPath,
      'answer: metrics.worstWait¦Ms',
      'worstWaitMs',
      /^`metrics\.worstWaitMs`/,
    ],
    ['a parameter in an expression', lessonPath, '(vms - 1) * sli¦ceMs', 'sliceMs', /^`sliceMs`/],
    ['a parameter in a text', lessonPath, 'ended. {v¦ms} VMs', 'vms', /^`vms`/],
    ['a kind', lessonPath, 'kind: num¦ber', 'number', /^The answer is a number/],
    [
      'a task',
      lessonPath,
      '```task\nid: round-¦robin',
      'round-robin',
      /^\*\*Write the scheduler\*\*\n\nLet the VMs take turns\.$/,
    ],
    [
      'a link to a lesson',
      lessonPath,
      '(trapframe:ot¦her)',
      'trapframe:other',
      /^\*\*Other\*\*\n\nNothing to do here\.$/,
    ],
    ['a module', lessonPath, 'module: i¦o', 'io', /^\*\*I\/O and scheduling\*\*$/],
    [
      'a check',
      taskPath,
      'use: max¦Wait',
      'maxWait',
      /^`maxWait`: Waits are short\n\nBelow a bound\.\n\nArguments, in `with`:\n\n- `belowMs`: 0 to 1000 ms, default 100\. Bound\.$/,
    ],
    ['an argument', taskPath, 'with: { below¦Ms', 'belowMs', /^`belowMs`: 0 to 1000 ms/],
    [
      'a policy',
      taskPath,
      'policy: sche¦duler',
      'scheduler',
      /^`scheduler`: SchedulerPolicy\n\nSays who runs next\.\n\n- `pickNext`: Asked/,
    ],
    [
      'an earlier check',
      taskPath,
      'after: [rot¦ates]',
      'rotates',
      /^The check `rotates`, which uses `strictRotation`\.$/,
    ],
    [
      'a listed lesson',
      'pack.yaml',
      'round-¦robin, other',
      'round-robin',
      /^\*\*Round robin and I\/O latency\*\*/,
    ],
  ];
  for (const [what, path, marked, over, said] of hovers) {
    it(`say what ${what} is`, async () => {
      const { pack, files, offset } = pointing(path, marked);
      const found = await pack.hover(path, offset);
      assert.ok(found);
      assert.match(found.text, said);
      assert.equal(files[path]!.slice(found.range.start, found.range.end), over);
    });
  }

  it('say nothing of prose', async () => {
    const { pack, offset } = pointing(lessonPath, 'A request that ¦just');
    assert.equal(await pack.hover(lessonPath, offset), undefined);
  });
});

describe('definitions in a pack', () => {
  const inFiles: readonly (readonly [
    what: string,
    path: string,
    marked: string,
    file: string,
    at: string,
  ])[] = [
    ['a task block', lessonPath, '```task\nid: round-¦robin', taskPath, ''],
    ['the id of a task', taskPath, 'id: round-¦robin', lessonPath, 'round-robin'],
    [
      'a known-wrong solution',
      taskPath,
      'wrong/last¦-first.ts',
      'round-robin/tasks/round-robin/wrong/last-first.ts',
      '',
    ],
    [
      "the learner's file",
      taskPath,
      'file: sched¦uler.ts',
      'round-robin/tasks/round-robin/starter/scheduler.ts',
      '',
    ],
    ['a check that must pass first', taskPath, 'after: [rot¦ates]', taskPath, 'rotates'],
    ['a module', lessonPath, 'module: i¦o', 'pack.yaml', 'io'],
    ['a listed lesson', 'pack.yaml', 'robin, oth¦er]', 'other/lesson.md', ''],
    ['a link to a heading of the lesson', lessonPath, '(#wait¦ing)', lessonPath, '## Waiting'],
    ['a link to a lesson', lessonPath, '(trapframe:ot¦her)', 'other/lesson.md', ''],
    [
      'a link to a heading of another lesson',
      'other/lesson.md',
      'latency#wait¦ing',
      lessonPath,
      '## Waiting',
    ],
  ];
  for (const [what, path, marked, file, at] of inFiles) {
    it(`lead from ${what}`, async () => {
      const { pack, files, offset } = pointing(path, marked);
      const found = await pack.definition(path, offset);
      assert.ok(found?.to.kind === 'file');
      assert.equal(found.to.path, file);
      assert.equal(files[file]!.slice(found.to.range.start, found.to.range.end), at);
      if (file === path) assert.ok(found.to.range.start !== found.from.start);
    });
  }

  const inReference: readonly (readonly [what: string, path: string, marked: string, line: string])[] = [
    ['a scenario', lessonPath, 'scenario: test.rot¦ation', '# Rotation'],
    ['a parameter', lessonPath, '[vms, slice¦Ms]', '`sliceMs`: 0.1 to 1000 ms, default 30'],
    ['a parameter of an expression', lessonPath, '(v¦ms - 1)', '`vms`: 1 to 64, default 4'],
    [
      'a metric of an expression',
      lessonPath,
      'answer: metrics.worstWait¦Ms',
      '`metrics.worstWaitMs`: Wait, lower is better',
    ],
    ['a check', taskPath, 'use: max¦Wait', '`maxWait`: Waits are short'],
    ['an argument', taskPath, 'with: { below¦Ms', '`maxWait`: Waits are short'],
    ['a policy', taskPath, 'policy: sche¦duler', '`scheduler`: SchedulerPolicy'],
    ['a block', lessonPath, '```predic¦tion', '# prediction'],
  ];
  for (const [what, path, marked, line] of inReference) {
    it(`lead from ${what} to the reference`, async () => {
      const { pack, offset } = pointing(path, marked);
      const found = await pack.definition(path, offset);
      assert.ok(found !== undefined && found.to.kind === 'reference');
      const { text, line: at } = pack.reference(found.to.page, found.to.name);
      assert.equal(text.split('\n')[at], line);
    });
  }
});

describe('renaming in a pack', () => {
  const renamed = async (path: string, marked: string, name: string) => {
    const { pack, files, offset } = pointing(path, marked);
    const outcome = await pack.rename(path, offset, name);
    assert.ok(outcome.ok, outcome.ok ? '' : outcome.error);
    const { edits, folder } = outcome.value;
    const seen = edits.map(({ path: file, edit }) => [
      file,
      files[file]!.slice(edit.range.start, edit.range.end),
    ]);
    return { seen, folder };
  };

  it('gives a task another id in its lesson, its file and its folder', async () => {
    for (const [path, marked] of [
      [lessonPath, '```task\nid: round-¦robin'],
      [taskPath, 'id: rou¦nd-robin'],
    ] as const) {
      const { seen, folder } = await renamed(path, marked, 'take-turns');
      assert.deepEqual(seen, [
        [lessonPath, 'round-robin'],
        [taskPath, 'round-robin'],
      ]);
      assert.deepEqual(folder, { from: 'round-robin/tasks/round-robin', to: 'round-robin/tasks/take-turns' });
    }
  });

  it('gives a question, a check, a module and a lesson another id wherever it is named', async () => {
    assert.deepEqual((await renamed(lessonPath, 'id: rr-worst-¦wait', 'worst-wait')).seen, [
      [lessonPath, 'rr-worst-wait'],
    ]);
    assert.deepEqual((await renamed(taskPath, 'after: [rot¦ates]', 'turns')).seen, [
      [taskPath, 'rotates'],
      [taskPath, 'rotates'],
      [taskPath, 'rotates'],
    ]);
    assert.deepEqual((await renamed('pack.yaml', 'id: i¦o', 'in-and-out')).seen, [
      ['other/lesson.md', 'io'],
      ['pack.yaml', 'io'],
      [lessonPath, 'io'],
    ]);
    assert.deepEqual((await renamed(lessonPath, 'id: round-robin-lat¦ency', 'rotation')).seen, [
      [lessonPath, 'round-robin-latency'],
      ['other/lesson.md', 'round-robin-latency'],
    ]);
  });

  it('refuses a name that is taken or is none, and what is no id', async () => {
    const refused = async (path: string, marked: string, name: string): Promise<string> => {
      const { pack, offset } = pointing(path, marked);
      const outcome = await pack.rename(path, offset, name);
      assert.ok(!outcome.ok);
      return outcome.error;
    };
    assert.equal(
      await refused(lessonPath, 'id: rr-worst-¦wait', 'round-robin'),
      'There is a task round-robin in round-robin/lesson.md already. Choose another name.',
    );
    assert.match(await refused(taskPath, 'id: rota¦tes', 'ends'), /There is a check ends/);
    assert.match(await refused(lessonPath, 'id: rr-worst-¦wait', 'Worst Wait'), /Did you mean worst-wait\?$/);
    assert.match(await refused(lessonPath, 'title: Who ¦runs', 'x'), /^Only ids of /);
  });
});
