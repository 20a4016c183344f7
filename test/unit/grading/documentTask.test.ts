import assert from 'node:assert/strict';
import { count } from '../../../src/engine/kernel/parameters.ts';
import { defineDocument } from '../../../src/engine/kernel/document.ts';
import { defineScenario } from '../../../src/engine/kernel/scenario.ts';
import { readYamlDocument } from '../../../src/engine/kernel/structuredDocument.ts';
import { defineEvents } from '../../../src/engine/kernel/trace.ts';
import { gradeTask } from '../../../src/grading/gradeTask.ts';
import { reportText } from '../../../src/grading/reportText.ts';
import { runSubmission } from '../../../src/grading/runSubmission.ts';
import { verifyTask } from '../../../src/grading/verify/verifyTask.ts';
import { taskFindings } from '../../../src/extension/taskFindings.ts';
import { packOf } from '../course/goldenPack.ts';
import { lintPack } from '../../../src/course/lint.ts';
import { gradingTools, workersHere } from './testbed.ts';

/** A subject whose learners write a file: shelves with a limit, onto which boxes are put. */
const shelves = defineScenario({
  id: 'test.shelves',
  title: 'Shelves',
  doc: 'Boxes are put on shelves.',
  params: { boxes: count({ label: 'Boxes', doc: 'How many.', min: 0, max: 20, default: 4 }) },
  metrics: { fallen: { doc: 'Boxes that fell.', label: 'Fallen', better: 'lower' } },
  events: defineEvents({
    put: {
      doc: 'A box is put on a shelf.',
      fields: ['shelf', 'holds'],
      texts: ['shelf'],
      say: ({ holds }, { shelf }) => `box ${holds} is put on ${shelf}`,
    },
  }),
  policies: {},
  builtIn: {},
  documents: {
    plan: defineDocument({
      doc: 'Which shelf holds how many boxes.',
      file: 'plan.yaml',
      language: 'yaml',
      builtIn: 'shelves:\n  - { name: top, holds: 20 }\n',
      read: (text) =>
        readYamlDocument(text, (yaml, problems) => {
          const list = (yaml.value as { shelves?: unknown }).shelves;
          if (!Array.isArray(list)) {
            problems.value(['shelves'], 'There is no list of shelves.', 'Write "shelves:".');
            return undefined;
          }
          list.forEach((shelf: { holds?: unknown }, index) => {
            if (typeof shelf.holds !== 'number') problems.value(['shelves', index], 'It holds no number.');
            if ('color' in shelf) problems.note(['shelves', index, 'color'], 'Colors are not simulated.');
          });
          return list as { name?: string; holds: number }[];
        }),
    }),
  },
  checks: {
    nothingFalls: {
      title: 'Nothing falls',
      doc: 'No shelf gets more boxes than it holds.',
      args: {},
      violated: ({ trace, metrics }) =>
        metrics.fallen === 0
          ? undefined
          : {
              event: trace.length - 1,
              expected: 'a shelf with room',
              actual: 'a full shelf',
              because: 'A full shelf drops its boxes.',
            },
    },
    shortName: {
      title: 'The name is short',
      doc: 'The first shelf has a name of one letter.',
      args: {},
      violated: ({ documents }) =>
        documents.plan.value[0]!.name?.length === 1
          ? undefined
          : {
              event: -1,
              expected: 'a name of one letter',
              actual: 'none, or a longer one',
              because: 'It is to fit on the shelf.',
              place: '/shelves/0/name',
            },
    },
  },
  views: {},
  oracle: 'arithmetic',
  stepBudget: 1000,
  run({ params, trace, documents, start }) {
    start({});
    const { value } = documents.plan;
    for (let box = 1; box <= params.boxes; box++) {
      const shelf = value[0]!;
      const row = trace.append(trace.codes.put, box, -1, trace.text(shelf.name ?? 'a shelf'), box);
      trace.setPlace(row, '/shelves/0/holds');
    }
    return { fallen: Math.max(0, params.boxes - value[0]!.holds) };
  },
});

const files = {
  'pack.yaml': 'id: p\ntitle: P\nmodules: [{ id: m, title: M }]\nlessons: [l]\n',
  'l/lesson.md':
    '---\nid: l\ntitle: L\nmodule: m\nsummary: S.\nminutes: 1\nformat: 1\n---\nText.\n\n```task\nid: plan\n```\n',
  'l/tasks/plan/task.yaml': `id: plan
title: Plan
brief: Plan.
document: plan
file: plan.yaml
hints: [Count.]
checks:
  - { id: falls, use: nothingFalls, scenario: test.shelves, vary: { boxes: { int: [3, 9] } }, points: 2 }
  - id: few
    use: metric
    with: { metric: fallen, atMost: boxes / 9 }
    say: Too many fall.
    feedback: [{ use: metric, with: { metric: fallen, atMost: "2" }, say: "Far too many fall." }]
  - { id: names, use: shortName, scenario: test.shelves, set: { boxes: 0 } }
  - { id: empty, use: metric, with: { metric: fallen, atMost: 0 }, scenario: test.shelves, set: { boxes: 0 } }
wrong:
  - { file: wrong/small.yaml, fails: [falls, few], say: Small. }
  - { file: wrong/none.yaml, fails: [falls, few], say: None. }
  - { file: wrong/one.yaml, fails: [falls, few], say: One. }
`,
  'l/tasks/plan/solution/plan.yaml': 'shelves: [{ name: a, holds: 9 }]\n',
  'l/tasks/plan/starter/plan.yaml': 'shelves: [{ name: s, holds: 0 }]\n',
  'l/tasks/plan/wrong/small.yaml': 'shelves: [{ name: b, holds: 1 }]\n',
  'l/tasks/plan/wrong/none.yaml': 'shelves: [{ name: n, holds: 0 }]\n',
  'l/tasks/plan/wrong/one.yaml': 'shelves: [{ name: o, holds: 1 }]\n',
};
const table = { [shelves.id]: shelves };

async function planTask() {
  const { value, problems } = await lintPack(packOf(files), table);
  assert.deepEqual(problems, []);
  const part = value.lessons[0]!.parts.find((each) => each.kind === 'task');
  return part!.task;
}

async function graded(source: string) {
  const task = await planTask();
  return gradeTask({ task, source, seed: 3, lessonHash: 'h' }, await gradingTools(table));
}
const grade = async (source: string) => (await graded(source)).report;

describe('a task whose submission is a document', () => {
  it('is passed by a right file', async () => {
    assert.equal((await grade(files['l/tasks/plan/solution/plan.yaml'])).verdict, 'passed');
  });

  it('fails at the place of the document that led to it, in the smallest case', async () => {
    const report = await grade('shelves:\n  - name: mine\n    holds: 2\n');
    const failure = report.checks[0]!.failure!;
    assert.equal(failure.case.words, 'boxes 3');
    assert.deepEqual(failure.place, {
      pointer: '/shelves/0/holds',
      line: 3,
      column: 12,
      endLine: 3,
      endColumn: 13,
    });
    assert.match(reportText(report, 'plan.yaml'), /decided at plan\.yaml:3:12 \(\/shelves\/0\/holds\)/);
    assert.equal(taskFindings(report)[0]!.line, 3);
  });

  it('fails at the place that the check names, and at none where nothing says which', async () => {
    const failing = async (source: string) =>
      (await grade(source)).checks.flatMap(({ id, failure }) =>
        failure === undefined ? [] : [[id, failure.place?.pointer]],
      );
    assert.deepEqual(await failing('shelves: [{ name: long, holds: 9 }]'), [['names', '/shelves/0/name']]);
    const [names] = (await grade('shelves: [{ name: long, holds: 9 }]')).checks.slice(2);
    assert.equal(names!.failure!.atNs, 0);
    // The document does not have what is missing in it.
    assert.deepEqual(await failing('shelves: [{ holds: 9 }]'), [['names', undefined]]);
    assert.deepEqual((await failing('shelves: [{ name: a, holds: -1 }]')).at(-1), ['empty', undefined]);
  });

  it('is kept with the runs of a failing case, and so is the reference', async () => {
    const mine = 'shelves: [{ name: x, holds: 2 }]';
    const { recordings } = await graded(mine);
    assert.deepEqual(Object.keys(recordings), ['falls', 'few']);
    const { actual, expected } = recordings['falls']!;
    assert.deepEqual([actual.documents, expected], [{ plan: mine }, undefined]);
  });

  it('is ungradable when it is not of its language, and lists all that is wrong otherwise', async () => {
    const malformed = await grade('shelves: [');
    assert.equal(malformed.verdict, 'ungradable');
    const wrong = await grade('shelves:\n  - name: a\n  - { holds: 3 }\n  - name: b\n');
    assert.equal(wrong.verdict, 'failed');
    assert.deepEqual(
      taskFindings(wrong).map(({ line, message }) => [line, message]),
      [
        [2, 'It holds no number.'],
        [4, 'It holds no number.'],
      ],
    );
    assert.match(reportText(wrong, 'plan.yaml'), /^plan\.yaml:2:5: .*\nplan\.yaml:4:5: /);
  });

  it('is told what is no mistake, but has no effect', async () => {
    const report = await grade('shelves: [{ name: x, holds: 9, color: red }]');
    assert.equal(report.verdict, 'passed');
    assert.match(reportText(report, 'plan.yaml'), /^plan\.yaml:1:\d+: note: Colors are not simulated\.$/m);
    assert.equal((await grade('shelves: [{ name: x, holds: 9 }]')).notes, undefined);
  });

  it('is told what its kind of failure is', async () => {
    const said = async (holds: number) =>
      (await grade(`shelves: [{ name: x, holds: ${holds} }]`)).checks[1]!.failure?.say;
    assert.equal(await said(7), 'Too many fall.');
    assert.equal(await said(0), 'Far too many fall.');
  });

  it('is proven like any other', async () => {
    const tools = await gradingTools(table);
    const { findings } = await verifyTask(await planTask(), 'h', workersHere(tools));
    assert.deepEqual(findings, []);
  });

  it('runs once, judged by nothing', async () => {
    const tools = await gradingTools(table);
    const run = (text: string) =>
      runSubmission(
        {
          scenario: shelves.id,
          case: { params: { boxes: 6 }, seed: 1 },
          source: { file: 'p.yaml', text },
          document: 'plan',
        },
        tools,
      );
    const ran = await run('shelves: [{ name: x, holds: 2 }]');
    assert.ok(ran.ok);
    assert.equal(ran.run.metrics['fallen'], 4);
    const refused = await run('');
    assert.ok(!refused.ok);
    assert.equal(refused.fault.message, 'The file is empty. Write a plan.yaml into it.');
  });
});
