import assert from 'node:assert/strict';
import type {
  ClassHeader,
  ExerciseResult,
  LearnerResult,
} from '../../../../src/grading/class/classReport.ts';
import { parseCsv } from '../../../../src/grading/class/csv.ts';
import { fileWord } from '../../../../src/grading/class/fileWord.ts';
import { canvasGradebook } from '../../../../src/grading/class/reports/canvasGradebook.ts';
import { classJson, parseClassReport } from '../../../../src/grading/class/reports/classJson.ts';
import { gradescopeResults } from '../../../../src/grading/class/reports/gradescope.ts';
import {
  classroomReport,
  type ClassroomResult,
} from '../../../../src/grading/class/reports/githubClassroom.ts';
import { junitXml, xmlText } from '../../../../src/grading/class/reports/junit.ts';
import { plainCsv } from '../../../../src/grading/class/reports/plainCsv.ts';
import { prairieLearnResults } from '../../../../src/grading/class/reports/prairieLearn.ts';
import { studentReport } from '../../../../src/grading/class/reports/studentReport.ts';
import type { CheckReport, TaskReport, Verdict } from '../../../../src/grading/report.ts';
import { parseClassList } from '../../../../src/grading/class/classList.ts';

const header: ClassHeader = {
  format: 1,
  kind: 'trapframe class report',
  pack: { id: 'p', title: 'A pack', contentHash: 'h' },
  engineVersion: '1.2.3',
  courseSeed: 1,
  lessons: [{ id: 'l', title: 'A lesson' }],
  items: [
    { id: 'q', kind: 'question', title: 'How long?', lesson: 'l', maxPoints: 2, mistakes: [] },
    {
      id: 't',
      kind: 'task',
      title: 'Write it',
      lesson: 'l',
      maxPoints: 5,
      checks: [
        { id: 'a-b', title: 'One', maxPoints: 3 },
        { id: 'ab', title: 'Two', maxPoints: 2 },
      ],
      mistakes: [],
    },
  ],
  problems: [],
};

const check = (id: string, verdict: Verdict, points: number, maxPoints: number): CheckReport => ({
  id,
  title: id,
  verdict,
  points,
  maxPoints,
  casesRun: 1,
});
const task = (verdict: Verdict, ...checks: CheckReport[]): TaskReport => ({
  task: 't',
  verdict,
  points: checks.reduce((sum, each) => sum + each.points, 0),
  maxPoints: 5,
  checks,
  ...(verdict === 'ungradable'
    ? { fault: { kind: 'syntax' as const, message: 'No brace.', line: 3, column: 4 } }
    : {}),
  output: [],
  provenance: { lessonHash: 'h', engineVersion: '1.2.3', seed: 1, submissionHash: 's' },
});

const half = task('failed', check('a-b', 'passed', 3, 3), check('ab', 'failed', 0, 2));
const broken = task('ungradable', check('a-b', 'ungradable', 0, 3), check('ab', 'ungradable', 0, 2));
const nasty = '=HYPERLINK("x")\u0007,"<&]]>\nnext';

function result(id: string, report: TaskReport | undefined, answer = true): LearnerResult {
  const points = (report?.points ?? 0) + (answer ? 2 : 0);
  return {
    learner: { id, name: nasty, aliases: [] },
    listed: true,
    seed: 1,
    ...(report === undefined && !answer ? {} : { place: id }),
    points,
    maxPoints: 7,
    exercises: [
      answer
        ? {
            id: 'q',
            verdict: 'passed',
            points: 2,
            maxPoints: 2,
            response: nasty,
            feedback: 'Right.',
            mistakes: [],
          }
        : { id: 'q', verdict: 'missing', points: 0, maxPoints: 2, mistakes: [] },
      report === undefined
        ? { id: 't', verdict: 'missing', points: 0, maxPoints: 5, mistakes: [] }
        : {
            id: 't',
            verdict: report.verdict === 'not reached' ? 'failed' : report.verdict,
            points: report.points,
            maxPoints: 5,
            file: 't/scheduler.ts',
            mistakes: [],
            report,
          },
    ],
    problems: [
      { where: nasty, what: 'is odd.', next: 'Look.' },
      { where: 'x.ts', what: 'was not read.', next: 'Hand it in again.', toLearner: true },
    ],
  };
}

/** A question that was answered from options. */
const asked: LearnerResult = {
  ...result('x', half),
  exercises: [
    {
      id: 'q',
      verdict: 'failed',
      points: 0,
      maxPoints: 2,
      asked: 'With **3** VMs, how long?',
      response: 'a, b, c',
      chosen: ['2 ms', 'the *other*\none', 'or `not`'],
      feedback: 'Not *that*.',
      mistakes: [],
    },
    result('x', half).exercises[1]!,
  ],
};

async function* several(...results: LearnerResult[]): AsyncIterable<LearnerResult> {
  yield* results;
}
async function text(parts: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const part of parts) all += part;
  return all;
}

describe('reports for other systems', () => {
  it('Gradescope: tests sum to the score, and every value is one that its specification lists', () => {
    for (const each of [result('x', half), result('x', broken), result('x', undefined, false)]) {
      const { score, tests, visibility, output, output_format } = gradescopeResults(header.items, each);
      assert.equal(score, each.points);
      assert.equal(
        tests.reduce((sum, test) => sum + test.score, 0),
        score,
      );
      assert.equal(
        tests.reduce((sum, test) => sum + test.max_score, 0),
        7,
      );
      assert.deepEqual(
        tests.map(({ number, name, visibility: seen = 'as the whole' }) => [number, name, seen]),
        [
          ['1', 'How long?', 'as the whole'],
          ['2.1', 'Write it: One', 'as the whole'],
          ['2.2', 'Write it: Two', 'as the whole'],
          ['3', 'For instructors: to look at', 'hidden'],
        ],
      );
      assert.match(tests[3]!.output, /is odd\. Look\.$/);
      assert.match(output, /^\d of 7 points\.\nx\.ts: was not read\. Hand it in again\.$/);
      assert.ok(tests.every(({ status }) => status === 'passed' || status === 'failed'));
      assert.deepEqual([visibility, output_format], ['visible', 'text']);
    }
    const [question] = gradescopeResults(header.items, asked).tests;
    assert.equal(
      question!.output,
      'Answered: 2 ms; the *other* one; or `not`\n\nNot that.\n\nThe question: With 3 VMs, how long?'.replaceAll(
        '*',
        '',
      ),
    );
    const untold = { ...result('x', half), problems: [] };
    assert.equal(gradescopeResults(header.items, untold).tests.length, 3);
    assert.match(
      gradescopeResults(header.items, result('x', broken)).tests[1]!.output,
      /scheduler\.ts:3:4: No brace/,
    );
  });

  it('PrairieLearn: a share of 1, or not gradable, and less than a mebibyte', () => {
    const results = prairieLearnResults(header.items, result('x', half));
    assert.ok(results.gradable);
    assert.equal(results.score, 5 / 7);
    assert.equal(results.tests.reduce((sum, { points }) => sum + points, 0) / 7, results.score);
    const bad = prairieLearnResults(header.items, result('x', broken, false));
    assert.ok(!bad.gradable && !('score' in bad));
    assert.match(bad.format_errors[0]!, /No brace/);
    assert.equal(results.message, '5 of 7 points.\nx.ts: was not read. Hand it in again.');
    assert.equal(bad.format_errors.length, 2, 'and nothing that is for instructors');
    const long = result('x', half);
    const huge = {
      ...long,
      exercises: [{ ...long.exercises[0]!, feedback: 'é'.repeat(3_000_000) }, long.exercises[1]!],
    };
    assert.ok(Buffer.byteLength(JSON.stringify(prairieLearnResults(header.items, huge))) < 1 << 20);
  });

  it('GitHub Classroom: what its reporter decodes gives the points in both of its ways', () => {
    const { runners, env, points } = classroomReport(header.items, result('x', half));
    assert.match(runners, /^([a-zA-Z0-9]+,)*[a-zA-Z0-9]+$/);
    const decoded = runners
      .split(',')
      .map(
        (runner) =>
          JSON.parse(
            Buffer.from(env[`${runner.toUpperCase()}_RESULTS`]!, 'base64').toString('utf8'),
          ) as ClassroomResult,
      );
    assert.equal(decoded.length, 3, 'a-b and ab are two runners');
    const bySum = decoded.flatMap(({ tests }) => tests).reduce((sum, { score }) => sum + score, 0);
    const byShare = decoded.reduce(
      (sum, { tests, max_score }) =>
        sum + (tests.filter(({ status }) => status === 'pass').length / tests.length) * max_score,
      0,
    );
    assert.deepEqual([bySum, byShare], [points, points]);
  });

  it('JUnit: counts agree with the cases, and no character is one that XML forbids', async () => {
    const xml = await text(
      junitXml(header, several(result(nasty, half), result('y', broken), result('z', undefined, false))),
    );
    for (const suite of xml.split('<testsuite ').slice(1)) {
      const count = (name: string): number => Number(new RegExp(`${name}="(\\d+)"`).exec(suite)![1]);
      const seen = (tag: string): number => suite.split(`<${tag}`).length - 1;
      assert.equal(count('tests'), seen('testcase '));
      assert.equal(count('failures'), seen('failure '));
      assert.equal(count('errors'), seen('error '));
      assert.equal(count('skipped'), seen('skipped/>'));
    }
    assert.equal(
      [...xml].some((char) => char < ' ' && char !== '\n'),
      false,
    );
    assert.equal(/&(?!amp;|lt;|gt;|quot;|#\d+;)/.test(xml), false);
    assert.match(xml, /<property name="points" value="5"\/>/);
    assert.equal(xmlText('a\ud800b\u0000'), 'a\ufffdb\ufffd');
  });

  it('Canvas: its importer recognizes the header, and its own class list comes back', async () => {
    const canvas = { student: '=2+3', id: '12', sisUserId: 's', sisLoginId: 'jane', section: 'M, 2' };
    const jane = { ...result('jane', half), learner: { id: 'jane', aliases: [], canvas } };
    const stranger = { ...result('who', half), listed: false };
    const csv = await text(
      canvasGradebook(header, several(jane, result('plain', undefined, false), stranger), 'Lab 1 (4711)'),
    );
    const [head, points, first, second, ...rest] = parseCsv(csv);
    // gradebook_importer.rb: cell 0 has Student, cell 1 has ID, the last column about students has Section.
    assert.deepEqual(head, ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'Lab 1 (4711)']);
    assert.deepEqual(points, ['    Points Possible', '', '', '', '', '7.00']);
    assert.deepEqual(first, ['="=2+3"', '12', 's', 'jane', 'M, 2', '5.00']);
    assert.deepEqual([second![3], second![5]], ['plain', ''], 'nothing handed in leaves the grade alone');
    assert.deepEqual(rest, []);
    const list = parseClassList(csv);
    assert.ok(list.ok);
    assert.deepEqual(
      list.value.learners.map(({ id }) => id),
      ['jane', 'plain'],
    );
  });

  it('CSV and JSON: what is read back is what was graded', async () => {
    const results = [result('a', half), result(nasty, broken), result('z', undefined, false)];
    const [head, ...rows] = parseCsv(await text(plainCsv(header, several(...results))));
    assert.deepEqual(head!.slice(5, 9), ['points', 'max_points', 'q', 't']);
    assert.deepEqual(
      rows.map((row) => row.slice(5, 9)),
      [
        ['5', '7', '2', '3'],
        ['2', '7', '2', '0'],
        ['0', '7', '', ''],
      ],
    );
    const read = parseClassReport(await text(classJson(header, several(...results))));
    assert.ok(read.ok);
    assert.deepEqual(read.value, { ...header, learners: results });
  });

  it('JSON: what is no whole report is told with its place, whatever is missing or something else', async () => {
    const whole = JSON.parse(
      await text(classJson(header, several(result('a', half), result('b', broken)))),
    ) as object;
    const problemOf = (change: (report: Record<string, unknown>) => void): string => {
      const changed = structuredClone(whole) as Record<string, unknown>;
      change(changed);
      const read = parseClassReport(JSON.stringify(changed));
      return read.ok ? 'none' : read.problem;
    };
    const told = (seen: string): string =>
      `${seen}: it is damaged, or another version of Trapframe wrote it. Make it anew with trapframe grade, in the way in which it was made.`;
    for (const name of Object.keys(whole).filter((key) => key !== 'kind' && key !== 'format')) {
      assert.equal(
        problemOf((report) => delete report[name]),
        told(`lacks ${name}`),
      );
      assert.equal(
        problemOf((report) => (report[name] = null)),
        told(`has something else in ${name} than Trapframe writes there`),
      );
    }
    assert.equal(
      problemOf((report) => (report['later'] = 1)),
      'none',
      'a key of a later version',
    );
    assert.equal(
      problemOf((report) => (report['shard'] = { index: 1, of: 1e9 })),
      told('has something else in shard.of than Trapframe writes there'),
    );
    assert.equal(
      problemOf((report) => (report['items'] = [])),
      told('has something else in learners[0].exercises than Trapframe writes there'),
    );
    assert.equal(
      problemOf(({ learners }) => {
        const [first] = learners as { exercises: { report?: { checks?: unknown } }[] }[];
        delete first!.exercises[1]!.report!.checks;
      }),
      told('has something else in learners[0].exercises[1].report than Trapframe writes there'),
    );
  });

  it('for learners: what they wrote means nothing in Markdown', () => {
    const markdown = studentReport(header, {
      ...result('x', half),
      exercises: [
        { id: 'q', verdict: 'failed', points: 0, maxPoints: 2, response: '``` <script>\n# x', mistakes: [] },
        result('x', half).exercises[1]!,
      ],
    });
    assert.ok(markdown.includes('```` ``` <script> # x ````'));
    assert.match(markdown, /\*\*5 of 7 points\*\*/);
  });

  it('for learners: titles in the table, what was asked and answered below, and of problems those with their files', () => {
    const { learner } = asked;
    const markdown = studentReport(header, { ...asked, learner: { ...learner, name: 'Ann' } });
    const [start] = markdown.split('### Write it');
    assert.equal(
      start,
      `# A pack: Ann

**5 of 7 points**

- x.ts: was not read. Hand it in again.

| Exercise | Points | |
| --- | ---: | --- |
| **A lesson** | **3 of 7** | |
| How long? | 0 of 2 | ✗ not right |
| Write it | 3 of 5 | ✗ partly right |

## A lesson

### How long?: 0 of 2

With **3** VMs, how long?

Your answer:

- 2 ms
- the *other* one
- or \`not\`

Not *that*.

`,
    );
    const [{ chosen, ...ordered }, ...rest] = asked.exercises as [ExerciseResult, ExerciseResult];
    const inOrder = studentReport(header, { ...asked, exercises: [{ ...ordered, order: chosen! }, ...rest] });
    assert.match(inOrder, /Your answer:\n\n1\. 2 ms\n2\. the \*other\* one\n3\. or `not`\n/);
    const [typed] = studentReport(header, {
      ...asked,
      exercises: [{ ...ordered, response: '35 ms' }, ...rest],
    }).match(/Your answer.*/)!;
    assert.equal(typed, 'Your answer: `35 ms`');
  });

  it('file names are safe, and no two learners get one', () => {
    const ids = ['ann', 'Ann', '../x', '', '.', 'con', 'a/b', 'a b', 'é', 'x'.repeat(300), 'a\u0000'];
    const words = ids.map(fileWord);
    assert.equal(new Set(words.map((word) => word.toLowerCase())).size, ids.length);
    for (const word of words) assert.match(word, /^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$/);
  });
});
