import assert from 'node:assert/strict';
import { lintPack } from '../../../src/course/lint.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import { goldenWith, lessonMd, taskYaml } from './goldenPack.ts';
import { scenarios } from './rotationScenario.ts';

const lessonPath = 'round-robin/lesson.md';
const taskPath = 'round-robin/tasks/round-robin/task.yaml';
const inTask = (name: string): string => taskPath.replace('task.yaml', name);
const clean = lessonMd.replace('explain: Waits against', 'hints: [Think of both.]\nexplain: Waits against');

async function lint(changes: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  const { problems } = await lintPack(goldenWith({ [lessonPath]: clean, ...changes }), scenarios);
  return problems.map((problem) => formatProblem(problem, 'lessons/'));
}

function edited(from: string | RegExp, to: string): Readonly<Record<string, string>> {
  const text = clean.replace(from, () => to);
  assert.notEqual(text, clean);
  return { [lessonPath]: text };
}

describe('lint', () => {
  it('has nothing to say of a good pack', async () => assert.deepEqual(await lint({}), []));

  it('finds what a generated file leaves to its author, in every kind of file', async () => {
    assert.deepEqual(
      await lint({
        ...edited('caption: Four VMs take turns.', 'caption: "TODO(author): what it shows."'),
        [taskPath]: taskYaml.concat('# TODO(author): add an { example }\n'),
        'round-robin/tasks/round-robin/wrong/random.ts': '// random\n  // TODO(author): draw lots. \n',
      }),
      [
        `lessons/${lessonPath}:16:11: warning: Still to be written: what it shows.`,
        `lessons/${taskPath}:19:3: warning: Still to be written: add an { example }`,
        'lessons/round-robin/tasks/round-robin/wrong/random.ts:2:6: warning: Still to be written: draw lots.',
      ],
    );
  });

  const prose = (text: string): Readonly<Record<string, string>> =>
    edited('A request that just missed', `${text}\n\nA request that just missed`);
  const cases: readonly (readonly [
    what: string,
    changes: Readonly<Record<string, string | undefined>>,
    ...said: string[],
  ])[] = [
    [
      'a link to no heading',
      edited('(#waiting)', '(#wating)'),
      `${lessonPath}:9:1: error: There is no heading #wating. Did you mean "waiting"?`,
    ],
    [
      'a link to no lesson',
      edited('(trapframe:other)', '(trapframe:othr)'),
      `${lessonPath}:9:1: error: There is no lesson othr. Did you mean "other"?`,
    ],
    [
      'a link to no heading of a lesson',
      edited('(trapframe:other)', '(trapframe:other#x)'),
      `${lessonPath}:9:1: error: There is no heading #x.`,
    ],
    [
      'a link to no file',
      prose('Text\n[a](../othr/lesson.md)'),
      `${lessonPath}:22:1: error: There is no file othr/lesson.md. Did you mean "other/lesson.md"?`,
    ],
    [
      'a link out of the pack',
      prose('[a](../../secret.md)'),
      `${lessonPath}:21:1: error: There is no file ../../secret.md. A path may not leave the pack.`,
    ],
    [
      'a link to a command',
      prose('[a](command:x)'),
      `${lessonPath}:21:1: error: The link command:x leads where lessons may not lead. Use https:, trapframe:<lesson>, or a file beside the lesson.`,
    ],
    [
      'a link in a block',
      edited('explain: All take a turn.', 'explain: "[a](#nowhere)"'),
      `${lessonPath}:55:1: error: There is no heading #nowhere. There is: waiting.`,
    ],
    [
      'a picture that is not there',
      prose('![A timeline](pic.png)'),
      `${lessonPath}:21:1: error: There is no picture round-robin/pic.png.`,
    ],
    [
      'a picture of the web',
      prose('![A timeline](https://x.org/a.png)'),
      `${lessonPath}:21:1: error: The picture https://x.org/a.png is not a file of the pack. Put the file beside the lesson.`,
    ],
    [
      'a picture without words',
      { ...prose('![](pic.png)'), 'round-robin/pic.png': '' },
      `${lessonPath}:21:1: warning: The picture pic.png has no text for people who cannot see it. Write it between the brackets: ![…](…).`,
    ],
    [
      'a first-level heading',
      prose('# Big'),
      `${lessonPath}:21:1: warning: The lesson's title is its only first-level heading. Write ## here.`,
    ],
    [
      'a skipped level',
      prose('#### Small'),
      `${lessonPath}:21:1: warning: A heading of level 4 follows one of level 2. Write ### here.`,
    ],
    [
      'a heading twice',
      prose('## Waiting'),
      `${lessonPath}:21:1: warning: A heading with the same words stands on line 11, so links cannot tell them apart. Change one of the two.`,
    ],
    [
      'a figure without a caption',
      edited('caption: Four VMs take turns.\n', ''),
      `${lessonPath}:13:1: warning: This figure has no caption. Add "caption: …" for people who cannot see it.`,
    ],
    [
      'a view that the scenario lacks',
      edited('caption: Four VMs take turns.\n', 'caption: Four VMs take turns.\nview: bars\n'),
      `${lessonPath}:17:7: error: test.rotation has no view "bars". It has none at all: leave "view" out.`,
    ],
    [
      'a start in a view that is not stepped through',
      edited('caption: Four VMs take turns.\n', 'caption: Four VMs take turns.\nstart: 50\n'),
      `${lessonPath}:17:8: error: test.rotation has no view that could start somewhere. Leave "start" out, or choose a view that is stepped through: graph, listing or state.`,
    ],
    [
      'a view of no kind',
      edited('caption: Four VMs take turns.\n', 'caption: Four VMs take turns.\nview: bar\n'),
      `${lessonPath}:17:7: error: view must be timeline, bars, curve, graph, listing or state, but it is "bar". Did you mean "bars"?`,
    ],
    [
      'a second run with a value that is not allowed',
      edited('caption: Four VMs take turns.\n', 'caption: Four VMs take turns.\ncompare: { vms: 65 }\n'),
      `${lessonPath}:17:17: error: vms is 65, but must be a whole number from 1 to 64.`,
    ],
    [
      'a question without a hint',
      edited(/hints:\n.*\n/, ''),
      `${lessonPath}:23:1: warning: The question rr-worst-wait has no hint. Add "hints: […]".`,
    ],
    [
      'a question without a misconception',
      edited(/misconceptions:\n(?: .*\n)*/, ''),
      `${lessonPath}:23:1: warning: The question rr-worst-wait has no misconception. Add the wrong number that learners give most, with its feedback.`,
    ],
    [
      'an exercise without an explanation',
      edited('explain: A switch has a price.\n', ''),
      `${lessonPath}:65:1: warning: The critique shorter-is-better explains nothing. Add "explain: …".`,
    ],
    [
      'a task with few known-wrong solutions',
      {
        [taskPath]: taskYaml.replace(/ {2}- \{ file: wrong\/(?:last|random).*\n/g, ''),
        [inTask('wrong/last-first.ts')]: undefined,
        [inTask('wrong/random.ts')]: undefined,
      },
      `${taskPath}:1:1: warning: The task round-robin has only 1 known-wrong solution. Add at least 3, each with its feedback, to "wrong".`,
    ],
    [
      'a known-wrong solution that nothing tries, and no other file',
      { [inTask('wrong/stops.ts')]: '', [inTask('wrong/notes.md')]: '' },
      `${inTask('wrong/stops.ts')}:1:1: warning: Nothing tries this file, and it has no words for learners: "wrong" in task.yaml does not list it. Add "{ file: wrong/stops.ts, say: …, fails: […] }" there, or delete the file.`,
    ],
    [
      'more cases than there are variants',
      { [taskPath]: taskYaml.replace('    points: 4', '    points: 4\n    cases: 1000') },
      `${taskPath}:7:5: warning: The check rotates has 1000 cases: each grading of each learner waits for them all, and \`trapframe verify\` tries the solution in 1010. There are 101 variants to draw them from: 20 are usual, and more than 101 add nothing.`,
    ],
    [
      'arguments that cannot be computed in some cases, each once',
      {
        [taskPath]: taskYaml
          .replace('belowMs: 500', 'belowMs: 500 / (vms - 5)')
          .replace(
            'points: 3,',
            'points: 3, feedback: [{ use: maxWait, with: { belowMs: vms * 200 }, say: Slow. }],',
          ),
      },
      `${taskPath}:12:55: error: This check cannot be asked of a case with VMs 4. belowMs is -500, but must be a number of milliseconds from 0 to 1000.`,
      `${taskPath}:12:129: error: This check cannot be asked of a case with VMs 6. belowMs is 1200, but must be a number of milliseconds from 0 to 1000.`,
    ],
    [
      'HTML, once a line',
      prose('A line<br>\nand <BR/> one <br /> more, <name>, `<br>`, <https://x.org> and 1 <b.\n'),
      `${lessonPath}:21:1: warning: Lessons show no HTML: learners would read <br> as it stands here. End the line with a backslash, or begin a new paragraph.`,
      `${lessonPath}:22:1: warning: Lessons show no HTML: learners would read <br> as it stands here. End the line with a backslash, or begin a new paragraph.`,
    ],
    [
      'a comment',
      prose('<!-- to do -->\n'),
      `${lessonPath}:21:1: warning: Lessons show no HTML: learners would read <!-- … --> as it stands here. Leave the comment out.`,
    ],
    [
      'HTML in a block',
      edited('explain: All take a turn.', 'explain: All take <kbd>a</kbd> turn.'),
      `${lessonPath}:55:1: warning: Lessons show no HTML: learners would read <kbd> as it stands here. Write it as Markdown, or leave it out.`,
    ],
    [
      'a task without a hint',
      { [taskPath]: taskYaml.replace(/hints: .*\n/, '') },
      `${taskPath}:1:1: warning: The task round-robin has no hint. Add "hints: […]".`,
    ],
    [
      'a task without a brief',
      { [taskPath]: taskYaml.replace(/brief: .*\n/, '') },
      `${taskPath}:1:1: warning: The task round-robin does not say what to do. Add "brief: …".`,
    ],
    [
      "a parameter in braces in a check's sentence, where no value is filled in",
      {
        [taskPath]: taskYaml.replace('points: 3,', 'points: 3, say: "Of `{vms}` VMs one starves.",'),
      },
      `${taskPath}:12:83: warning: Learners read {vms} as it stands: no values are filled in here. Say it in words; a failed check shows the values of its case.`,
    ],
    [
      'other braces in feedback of a task, except in code',
      { [taskPath]: taskYaml.replace('VM 0 keeps', '`{next}` and ``a ` {b}``: VM {first} keeps') },
      `${taskPath}:15:72: warning: Learners read {first} as it stands: no values are filled in here. Say it in words, or put braces that are meant in backticks.`,
    ],
    [
      'braces in a question without a run',
      edited('"Each costs time."', '"Each of {vms} costs time."'),
      `${lessonPath}:49:58: warning: Learners read {vms} as it stands: no values are filled in here. Say it in words, or put braces that are meant in backticks.`,
    ],
    [
      "braces in a classmate's claim",
      edited('the slice to 0.1 ms', 'the slice to {sliceMs} ms'),
      `${lessonPath}:67:27: warning: Learners read {sliceMs} as it stands: no values are filled in here. Say it in words, or put braces that are meant in backticks.`,
    ],
    [
      'a problem of loading',
      edited('worstWaitMs\nclosed', 'worstWait\nclosed'),
      `${lessonPath}:29:17: error: There is no metric worstWait. Did you mean "worstWaitMs"?`,
    ],
  ];
  for (const [what, changes, ...said] of cases) {
    it(`reports ${what}`, async () =>
      assert.deepEqual(
        await lint(changes),
        said.map((line) => `lessons/${line}`),
      ));
  }
});
