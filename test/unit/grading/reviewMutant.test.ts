import assert from 'node:assert/strict';
import type { Task } from '../../../src/course/model.ts';
import type { ScenarioTable } from '../../../src/course/variants.ts';
import { defineDocument } from '../../../src/engine/kernel/document.ts';
import type { DocumentLanguage } from '../../../src/engine/kernel/document.ts';
import type { GradingTools } from '../../../src/grading/gradingTools.ts';
import { mostMutants, mutantsOf, reviewMutant } from '../../../src/grading/verify/reviewMutant.ts';
import { counterFile, countingFiles, countingScenarios } from './countingPack.ts';
import { countingPackWith, gradingTools } from './testbed.ts';

const counting = countingScenarios['test.counting']!;
const tools = gradingTools(countingScenarios);
const taskFile = 'count/tasks/count-up/task.yaml';

/** The counting task, with one text in its `task.yaml` replaced. */
async function taskWith(from = '', to = ''): Promise<Task> {
  const text = countingFiles[taskFile]!;
  assert.ok(text.includes(from), from);
  const { value } = await countingPackWith({ [taskFile]: text.replace(from, () => to) });
  const part = value.lessons[0]!.parts.find(({ kind }) => kind === 'task');
  assert.ok(part?.kind === 'task');
  return part.task;
}
const withSolution = (task: Task, text: string): Task => ({ ...task, solution: { ...task.solution, text } });

describe('the mutants of a reference', () => {
  const made = async (text: string) =>
    (await mutantsOf({ task: withSolution(await taskWith(), text) }, await tools)).map(
      ({ kind, line, column, text: changed }) => [`${kind} ${line}:${column}`, changed],
    );

  it('are told by their place, each text once, and none that changes nothing', async () =>
    assert.deepEqual(await made('x = a - a;\ny = b > b;\n'), [
      ['takes-another-operator 1:7', 'x = a + a;\ny = b > b;\n'],
      ['moves-a-boundary 2:7', 'x = a - a;\ny = b >= b;\n'],
      ['flips-a-comparison 2:7', 'x = a - a;\ny = b < b;\n'],
    ]));

  it('leave no line empty from which a statement was taken', async () => {
    const dropped = async (text: string) =>
      (await made(text))
        .filter(([what]) => what!.startsWith('drops-a-statement'))
        .map(([, changed]) => changed);
    assert.deepEqual(await dropped('for (;;) {\n  g();\n  if (x) { h(); }\n}\nfor (;;) {\n  i(); }'), [
      'for (;;) {\n  if (x) { h(); }\n}\nfor (;;) {\n  i(); }',
      'for (;;) {\n  g();\n}\nfor (;;) {\n  i(); }',
      'for (;;) {\n  g();\n  if (x) {  }\n}\nfor (;;) {\n  i(); }',
      'for (;;) {\n  g();\n  if (x) { h(); }\n}\nfor (;;) {\n   }',
    ]);
  });

  const linesDropped = async (count: number): Promise<readonly number[]> => {
    const text = Array.from({ length: count }, (_, index) => `  li a0, ${index}\n`).join('');
    const [documentTask, table] = await documentOf('asm');
    const mutants = await mutantsOf(
      { task: withSolution(documentTask, text) },
      { ...(await tools), scenarios: table },
    );
    return mutants.map(({ line }) => line);
  };
  async function documentOf(language: DocumentLanguage): Promise<readonly [Task, ScenarioTable]> {
    const task = await taskWith();
    const read = () => ({ ok: true, value: { value: 0, at: () => undefined } }) as const;
    const plan = defineDocument({ doc: '', file: 'plan', language, builtIn: '-', read });
    return [
      { ...task, work: { kind: 'document', document: 'plan' } },
      { [counting.id]: { ...counting, documents: { plan } } },
    ];
  }

  it('are of a document those of its language', async () => assert.deepEqual(await linesDropped(2), [1, 2]));

  it('are so many at most, from the whole text', async () => {
    assert.equal(mostMutants, 60);
    const inSteps = (step: number): readonly number[] =>
      Array.from({ length: 60 }, (_, index) => 1 + index * step);
    assert.deepEqual(await linesDropped(60), inSteps(1));
    assert.deepEqual(await linesDropped(180), inSteps(3));
  });
});

describe('a mutant', () => {
  async function verdict(body: string, task?: Task, given?: Partial<GradingTools>) {
    const text = body.startsWith('export') ? body : counterFile(body);
    const mutant = { kind: 'flips-a-comparison', line: 1, column: 1, text } as const;
    const request = { task: task ?? (await taskWith()), lessonHash: 'h', mutant };
    return reviewMutant(request, { ...(await tools), ...given });
  }
  const lax = taskWith('limit: 30', 'limit: 300');

  it('that does not load, has no policy or throws is broken', async () => {
    for (const text of ['export const counter =', 'export const other = {};', 'throw new Error(`${last}`);'])
      assert.deepEqual(await verdict(text), { kind: 'broken' }, text);
  });

  it('that throws in one check is broken, though another one rejects what it does', async () => {
    const task = await taskWith(
      'use: finishes\n    points: 1\n    after: [goes-up]',
      'use: finishes\n    scenario: test.counting\n    set: { turns: 30 }',
    );
    const mutant = `export const counter = (() => {
  let asked = 0;
  return {
    next({ last }) {
      if (++asked > 20) throw new Error('far');
      return asked === 2 ? last : last + 1;
    },
  };
})();`;
    assert.deepEqual(await verdict(mutant, task), { kind: 'broken' });
  });

  it('that does what the reference does is the same', async () =>
    assert.deepEqual(await verdict('return doubled ? last + 2 : 1 + last;'), { kind: 'same' }));

  it('that makes a known mistake, or has the feedback of a property, is known', async () => {
    assert.deepEqual(await verdict('return 1;'), { kind: 'known' });
    const task = await taskWith(
      '    say: Too large.',
      '    say: Too large.\n    feedback: [{ use: endsBelow, with: { limit: 100 }, say: Far too large. }]',
    );
    assert.deepEqual(await verdict('return last + 60;', task), { kind: 'known' });
    assert.deepEqual(await verdict('return 140;', task), { kind: 'known' });
    assert.equal((await verdict('return last + 7;', task)).kind, 'unnamed');
  });

  it('that fails otherwise is unnamed, with the first failure, whatever the check says in general', async () => {
    assert.deepEqual(await verdict('return last + 7;'), {
      kind: 'unnamed',
      fails: ['stays-small'],
      words: '5 turns, doubled from 0',
      expected: 'less than 30',
      seen: '35',
    });
    assert.deepEqual(await verdict('return 40;'), {
      kind: 'unnamed',
      fails: ['goes-up', 'stays-small'],
      words: '2 turns, doubled from 0',
      expected: 'more than 40',
      seen: '40',
    });
  });

  it('that passes though it does something else is accepted, with what differs', async () => {
    assert.deepEqual(await verdict('return last + (doubled ? 3 : 1);', await lax), {
      kind: 'accepted',
      check: 'goes-up',
      words: '9 turns, doubled from 2',
      seen: 'total is 23, and 16 with the reference',
    });
    assert.deepEqual(
      await verdict(
        `export const counter = (() => {
  let first = false;
  return { next: ({ last, doubled }) => {
    if (last === 0) { first = doubled; return 1; }
    return last === 1 && first ? 4 : last + (doubled ? 2 : 1);
  } };
})();`,
        await lax,
      ),
      {
        kind: 'accepted',
        check: 'goes-up',
        words: '11 turns, doubled from 0',
        seen: 'other events, with the same measures',
      },
    );
  });

  it('differs from a reference that is refused in how its run ends', async () => {
    const task = withSolution(await lax, counterFile('return last < 2 ? last + 1 : -1;'));
    assert.deepEqual(await verdict('return last + (doubled ? 2 : 1);', task), {
      kind: 'accepted',
      check: 'goes-up',
      words: '8 turns, doubled from 9',
      seen: 'the run ends otherwise: finished',
    });
  });

  it('is no mistake of a reference that does not load', async () => {
    const task = withSolution(await lax, 'export const counter =');
    assert.deepEqual(await verdict('return last + (doubled ? 2 : 1);', task), { kind: 'broken' });
  });

  it('is told by three measures at most, as far as they can be told apart', async () => {
    const measuring: ScenarioTable = {
      [counting.id]: {
        ...counting,
        execute: (input) => {
          const outcome = counting.execute(input);
          if (!outcome.ok) return outcome;
          const total = outcome.run.metrics['total']!;
          const metrics = { total, same: 1, near: 1 + total / 1e9, third: total / 3, more: -total };
          return { ...outcome, run: { ...outcome.run, metrics } };
        },
      },
    };
    assert.deepEqual(await verdict('return last + (doubled ? 3 : 1);', await lax, { scenarios: measuring }), {
      kind: 'accepted',
      check: 'goes-up',
      words: '9 turns, doubled from 2',
      seen: 'total is 23, and 16 with the reference; near is 1.000000023, and 1.000000016 with the reference; third is 7.66667, and 5.33333 with the reference',
    });
  });
});
