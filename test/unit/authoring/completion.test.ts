import assert from 'node:assert/strict';
import { blockSnippets } from '../../../src/authoring/blockSnippets.ts';
import { plainText } from '../../../src/authoring/snippetText.ts';
import { withEdits } from '../../../src/authoring/textRange.ts';
import { lintPack } from '../../../src/course/lint.ts';
import { lessonMd, otherMd, packYaml, taskYaml } from '../course/goldenPack.ts';
import { scenarios } from '../course/rotationScenario.ts';
import { goldenWith } from '../course/goldenPack.ts';
import { cursorIn, editing, lessonPath, taskPath } from './packUnderTest.ts';

const sources: Readonly<Record<string, string>> = {
  [lessonPath]: lessonMd,
  [taskPath]: taskYaml,
  'pack.yaml': packYaml,
  'other/lesson.md': otherMd,
};

/** What is offered at `¦` in the text that replaces another, and the file with the first offer taken. */
async function offered(path: string, from: string, to: string) {
  const source = sources[path]!;
  assert.ok(source.includes(from), from);
  const { text, offset } = cursorIn(source.replace(from, () => to));
  const { pack, files } = editing({ [path]: text });
  const offers = await pack.complete(path, offset);
  const take = (label: string): string => {
    const offer = offers.find((each) => each.label === label);
    assert.ok(offer, `${label} among ${offers.map((each) => each.label).join(' ')}`);
    assert.ok(offer.range.start <= offset && offer.range.end >= offset);
    return withEdits(files[path]!, [{ range: offer.range, text: plainText(offer.insert) }]);
  };
  return { labels: offers.map(({ label }) => label), offers, take };
}

describe('completion in a pack', () => {
  const exact: readonly (readonly [
    what: string,
    path: string,
    from: string,
    to: string,
    labels: readonly string[],
  ])[] = [
    ['scenarios', lessonPath, 'scenario: test.rotation', 'scenario: ¦', ['test.rotation']],
    ['a scenario half written', lessonPath, 'scenario: test.rotation', 'scenario: te¦', ['test.rotation']],
    ['a scenario in quotes', lessonPath, 'scenario: test.rotation', 'scenario: "t¦"', ['test.rotation']],
    [
      'parameters that a figure does not control yet',
      lessonPath,
      '[vms, sliceMs]',
      '[vms, ¦]',
      ['sliceMs', 'phase'],
    ],
    [
      'parameters in a list of lines',
      lessonPath,
      'controls: [vms, sliceMs]',
      'controls:\n  - vms\n  - ¦',
      ['sliceMs', 'phase'],
    ],
    ['metrics', lessonPath, '[worstWaitMs]', '[worstWaitMs, sw¦]', ['worstResponseMs', 'switches']],
    ['keys of set', lessonPath, 'set: { sliceMs: 10 }', 'set: { sliceMs: 10, ¦ }', ['vms', 'phase']],
    [
      'keys of set on lines',
      lessonPath,
      'set: { sliceMs: 10 }',
      'set:\n  sliceMs: 10\n  ¦',
      ['vms', 'phase'],
    ],
    [
      'the first key of set on a line',
      lessonPath,
      'set: { sliceMs: 10 }',
      'set:\n  ph¦',
      ['vms', 'sliceMs', 'phase'],
    ],
    [
      'keys of vary',
      lessonPath,
      'vary: { vms: { int: [2, 8] } }',
      'vary: { v¦ }',
      ['vms', 'sliceMs', 'phase'],
    ],
    ['values of a choice', lessonPath, 'set: { sliceMs: 10 }', 'set: { phase: ¦ }', ['worst', 'best']],
    [
      'values of a choice to draw',
      lessonPath,
      'set: { sliceMs: 10 }',
      'vary: { phase: { choose: [worst, ¦] } }',
      ['worst', 'best'],
    ],
    ['how a parameter varies', lessonPath, '{ vms: { int: [2, 8] } }', '{ vms: { ¦ } }', ['int', 'choose']],
    [
      'metrics in an expression',
      lessonPath,
      'answer: metrics.worstWaitMs',
      'answer: metrics.¦',
      ['worstWaitMs', 'worstResponseMs', 'switches'],
    ],
    [
      'metrics in an expression in quotes',
      lessonPath,
      'answer: metrics.worstWaitMs',
      'answer: "2 * metrics.wo¦"',
      ['worstWaitMs', 'worstResponseMs', 'switches'],
    ],
    [
      'names in an expression',
      lessonPath,
      'closedForm: (vms - 1) * sliceMs',
      'closedForm: (vms - 1) * sl¦',
      ['vms', 'sliceMs', 'phase', 'metrics', 'ceil', 'floor', 'round', 'abs', 'min', 'max'],
    ],
    [
      'names of a text',
      lessonPath,
      'explain: All take a turn.',
      'explain: "All {v¦ take a turn."',
      ['vms', 'sliceMs', 'phase', 'answer'],
    ],
    [
      'nothing in the words of a text',
      lessonPath,
      'explain: All take a turn.',
      'explain: "All v¦ take a turn."',
      [],
    ],
    [
      'nothing behind a brace that stands for itself',
      lessonPath,
      'explain: All take a turn.',
      'explain: "All {{v¦ take a turn."',
      [],
    ],
    ['kinds of questions', lessonPath, 'kind: number', 'kind: ¦', ['number', 'order', 'one', 'several']],
    ['true and false', lessonPath, 'right: true', 'right: ¦', ['true', 'false']],
    ['modules', lessonPath, 'module: io', 'module: ¦', ['io']],
    ['tasks', lessonPath, '```task\nid: round-robin', '```task\nid: ¦', ['round-robin']],
    [
      'keys of a figure',
      lessonPath,
      'caption: Four VMs take turns.',
      'c¦',
      ['id', 'caption', 'view', 'set', 'compare', 'start'],
    ],
    ['the only key of a task block', lessonPath, '```task\nid: round-robin', '```task\n¦', ['id']],
    [
      'keys of an option',
      lessonPath,
      '{ text: "The wait grows.", say: "No, it shrinks." }',
      '{ text: "The wait grows.", ¦ }',
      ['right', 'say'],
    ],
    ['keys of front matter', lessonPath, 'minutes: 25', '¦', ['minutes']],
    [
      'checks',
      taskPath,
      'use: strictRotation',
      'use: ¦',
      ['strictRotation', 'maxWait', 'finishes', 'metric'],
    ],
    [
      'checks of the scenario before',
      taskPath,
      'use: maxWait',
      'use: m¦',
      ['strictRotation', 'maxWait', 'finishes', 'metric'],
    ],
    ['arguments of a check', taskPath, 'with: { belowMs: 500 }', 'with: { ¦ }', ['belowMs']],
    [
      'names in an argument',
      taskPath,
      'belowMs: 500',
      'belowMs: (v¦',
      ['vms', 'sliceMs', 'phase', 'ceil', 'floor', 'round', 'abs', 'min', 'max'],
    ],
    [
      'metrics of a bound',
      taskPath,
      'use: maxWait, with: { belowMs: 500 }',
      'use: metric, with: { metric: ¦ }',
      ['worstWaitMs', 'worstResponseMs', 'switches'],
    ],
    ['earlier checks', taskPath, 'after: [rotates]', 'after: [¦]', ['rotates']],
    [
      'checks that a wrong solution fails',
      taskPath,
      'fails: [rotates]',
      'fails: [¦]',
      ['rotates', 'short-waits', 'ends'],
    ],
    [
      'files of the task',
      taskPath,
      'file: wrong/random.ts',
      'file: wrong/¦',
      [
        'solution/scheduler.ts',
        'starter/scheduler.ts',
        'wrong/last-first.ts',
        'wrong/never-rotates.ts',
        'wrong/random.ts',
      ],
    ],
    ['policies', taskPath, 'policy: scheduler', 'policy: ¦', ['scheduler']],
    [
      'keys of feedback',
      taskPath,
      '    points: 4',
      '    points: 4\n    feedback:\n      - use: maxWait\n        ¦',
      ['with', 'say'],
    ],
    ['lessons that are not listed', 'pack.yaml', 'other]', '¦]', ['other']],
    [
      'lessons that a link may lead to',
      lessonPath,
      '(trapframe:other)',
      '(trapframe:¦)',
      ['#waiting', 'trapframe:other'],
    ],
    ['headings of this lesson', lessonPath, '(#waiting)', '(#¦)', ['#waiting', 'trapframe:other']],
    [
      'headings of another lesson',
      'other/lesson.md',
      'Go on.',
      'Go [on](trapframe:round-robin-latency#¦',
      ['trapframe:round-robin-latency#waiting'],
    ],
    ['nothing in prose', lessonPath, 'A request that just', 'A request t¦ just', []],
    ['nothing in a comment', lessonPath, 'title: Who runs when', 'title: Who # sc¦', []],
    ['nothing inside code', lessonPath, 'const notABlock = true;', '¦', []],
  ];
  for (const [what, path, from, to, labels] of exact) {
    it(`offers ${what}`, async () => assert.deepEqual((await offered(path, from, to)).labels, labels));
  }

  it('says units, ranges and defaults of a parameter', async () => {
    const { offers } = await offered(lessonPath, 'set: { sliceMs: 10 }', 'set: { ¦ }');
    assert.deepEqual(
      offers.map(({ label, detail }) => [label, detail]),
      [
        ['vms', '1 to 64, default 4'],
        ['sliceMs', '0.1 to 1000 ms, default 30'],
        ['phase', 'worst | best, default worst'],
      ],
    );
    assert.match(offers[2]!.doc!, /- `worst`: Just missed\./);
  });

  const taken: readonly (readonly [
    what: string,
    path: string,
    from: string,
    to: string,
    label: string,
    text: string,
  ])[] = [
    [
      'a key with its value',
      lessonPath,
      'caption: Four VMs take turns.',
      'cap¦',
      'caption',
      'title: Who runs when\ncaption: ""\ncontrols',
    ],
    ['a key before its value', lessonPath, 'caption: Four', 'cap¦: Four', 'caption', '\ncaption: Four VMs'],
    [
      'a parameter with its default',
      lessonPath,
      'set: { sliceMs: 10 }',
      'set: { v¦ }',
      'vms',
      'set: { vms: 4 }',
    ],
    [
      'a variation of a count',
      lessonPath,
      'vary: { vms: { int: [2, 8] } }',
      'vary: { v¦ }',
      'vms',
      'vary: { vms: { int: [2, 8] } }',
    ],
    [
      'a variation of a choice',
      lessonPath,
      'vary: { vms: { int: [2, 8] } }',
      'vary: { p¦ }',
      'phase',
      'vary: { phase: { choose: [worst, best] } }',
    ],
    [
      'a name with its brace',
      lessonPath,
      'explain: All take',
      'explain: "{sl¦',
      'sliceMs',
      'explain: "{sliceMs} a turn.',
    ],
    ['a name before its brace', lessonPath, '{vms} VMs,', '{v¦} VMs,', 'vms', 'ended. {vms} VMs,'],
    [
      'a list of maps with what each needs',
      taskPath,
      '    points: 4',
      '    points: 4\n    feed¦',
      'feedback',
      '    feedback:\n  - use: \n    say: ""\n',
    ],
  ];
  for (const [what, path, from, to, label, text] of taken) {
    it(`writes ${what}`, async () => {
      const written = (await offered(path, from, to)).take(label);
      assert.ok(written.includes(text), written);
    });
  }

  it('offers no key twice', async () => {
    for (const [from, to] of [
      ['caption: Four VMs take turns.', '¦'],
      ['kind: several', 'kind: several\n¦'],
    ] as const) {
      const { labels } = await offered(lessonPath, from, to);
      assert.equal(new Set(labels).size, labels.length);
      assert.ok(!labels.includes('kind') && !labels.includes('controls'));
    }
  });

  it('offers keys of the kind of question alone', async () => {
    const { labels } = await offered(lessonPath, 'kind: several', 'kind: several\n¦');
    assert.deepEqual(labels, ['title', 'hints', 'points']);
  });

  it('offers blocks at the start of a line, also behind its backticks, and nowhere else', async () => {
    const blocks = [
      'figure',
      'question: number',
      'question: one',
      'question: several',
      'question: order',
      'prediction',
      'critique',
      'task',
    ];
    assert.deepEqual(
      (await offered(lessonPath, 'A request that just', '¦\n\nA request that just')).labels,
      blocks,
    );
    assert.deepEqual(
      (await offered(lessonPath, 'A request that just', '```qu¦\n\nA request that just')).labels,
      blocks,
    );
    assert.deepEqual((await offered(lessonPath, 'const notABlock = true;\n```', 'x\n``¦')).labels, []);
    assert.deepEqual((await offered(lessonPath, 'A request that just', 'A `¦')).labels, []);
  });

  for (const { label, snippet } of blockSnippets(scenarios, undefined)) {
    it(`offers the block ${label}, which loads as it stands`, async () => {
      if (label === 'task') return assert.match(snippet, /^```task\nid: \$1\n```\n\$0$/);
      const text = `${otherMd}\n${plainText(snippet)}`;
      const { problems } = await lintPack(goldenWith({ 'other/lesson.md': text }), scenarios);
      assert.deepEqual(
        problems.filter(({ at }) => at.file === 'other/lesson.md').map(({ message }) => message),
        [],
      );
    });
  }

  it('never fails, wherever the cursor is and whatever is cut off behind it', async () => {
    for (const [path, text] of Object.entries(sources)) {
      for (let offset = 0; offset <= text.length; offset += 3) {
        const { pack } = editing({ [path]: text.slice(0, offset) });
        for (const { range } of await pack.complete(path, offset))
          assert.ok(range.start <= offset && range.end >= offset);
        await pack.hover(path, Math.max(0, offset - 2));
      }
    }
  });
});
