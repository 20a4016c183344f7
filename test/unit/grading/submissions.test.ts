import assert from 'node:assert/strict';
import { defineDocument, type DocumentReading } from '../../../src/engine/kernel/document.ts';
import { definePolicy } from '../../../src/engine/kernel/policy.ts';
import {
  loadSubmission,
  locating,
  sameWork,
  scenarioFor,
  workOf,
  type Work,
} from '../../../src/grading/submissions.ts';
import { counterFile, countingScenarios } from './countingPack.ts';
import { countingTask, gradingTools } from './testbed.ts';

const reading = (read: (text: string) => DocumentReading): Work => ({
  kind: 'document',
  name: 'plan',
  definition: defineDocument({ doc: '', file: 'plan.yaml', language: 'yaml', builtIn: 'a', read }),
});
const wrong = (malformed: boolean, ...messages: readonly string[]): Work =>
  reading(() => ({
    ok: false,
    malformed,
    problems: messages.map((message, index) => ({
      line: index + 1,
      column: 1,
      message,
      suggestion: 'Mend it.',
    })),
  }));
const sandbox = gradingTools(countingScenarios).then((tools) => tools.sandbox);
const load = async (work: Work, text = 'x') =>
  loadSubmission({ file: 'plan.yaml', text }, work, await sandbox);
const faultOf = async (work: Work) => {
  const outcome = await load(work);
  return outcome.ok ? undefined : outcome.fault;
};

describe('what a file becomes', () => {
  const policy = () => definePolicy({ id: 'p', typeName: 'P', doc: '', decisions: {}, calls: {} });
  const policies = { p: policy() };

  it('is the policies that a task asks for, of all that its scenarios have', async () => {
    const { task } = await countingTask();
    assert.deepEqual(workOf(task, countingScenarios), {
      kind: 'policies',
      policies: { counter: countingScenarios['test.counting']!.policies['counter'] },
    });
    assert.throws(() => scenarioFor(task.checks[0]!, {}), /There is no scenario test\.counting/);
  });

  it('is the same for the same declarations, whatever they are called', () => {
    const plan = wrong(false, 'a');
    assert.ok(plan.kind === 'document');
    assert.ok(sameWork(plan, { ...plan }));
    assert.ok(!sameWork(plan, wrong(false, 'a')));
    assert.ok(!sameWork(plan, { kind: 'policies', policies }));
    assert.ok(!sameWork({ kind: 'policies', policies }, plan));
    assert.ok(sameWork({ kind: 'policies', policies }, { kind: 'policies', policies: { ...policies } }));
    assert.ok(!sameWork({ kind: 'policies', policies }, { kind: 'policies', policies: { p: policy() } }));
    const two = { ...policies, q: policies.p };
    assert.ok(!sameWork({ kind: 'policies', policies: two }, { kind: 'policies', policies }));
    assert.ok(!sameWork({ kind: 'policies', policies }, { kind: 'policies', policies: two }));
    assert.ok(
      !sameWork(
        { kind: 'policies', policies: two },
        { kind: 'policies', policies: { ...policies, q: policy() } },
      ),
    );
  });
});

describe('a document that is submitted', () => {
  it('is given to scenarios under its name, prints nothing, and has notes where there are some', async () => {
    const note = { line: 1, column: 1, message: 'Colors are not simulated.' };
    const read = (notes?: readonly (typeof note)[]) => ({
      value: 7,
      at: () => undefined,
      ...(notes && { notes }),
    });
    for (const [notes, told] of [
      [undefined, undefined],
      [[], undefined],
      [[note], [note]],
    ] as const) {
      const value = read(notes);
      const outcome = await load(reading(() => ({ ok: true, value })));
      assert.ok(outcome.ok);
      const { submission } = outcome;
      assert.deepEqual(submission.documents, { plan: value });
      assert.deepEqual(submission.start({}), {});
      assert.deepEqual(submission.output(), []);
      assert.deepEqual(submission.notes, told);
    }
  });

  it('is at fault with all that is wrong with it, the first in front', async () => {
    assert.deepEqual(await faultOf(wrong(true, 'No YAML.')), {
      kind: 'syntax',
      line: 1,
      column: 1,
      message: 'No YAML. Mend it.',
    });
    assert.deepEqual(await faultOf(wrong(false, 'First.', 'Second.', 'Third.')), {
      kind: 'load',
      line: 1,
      column: 1,
      message: 'First. Mend it.',
      others: [
        { line: 2, column: 1, message: 'Second. Mend it.' },
        { line: 3, column: 1, message: 'Third. Mend it.' },
      ],
    });
  });
});

it('returns are located in what loads with them, and in no document', async () => {
  const { task } = await countingTask();
  const locate = async (work: Work, text: string) =>
    locating({ file: 'counter.ts', text }, work, await sandbox)();
  const counter = workOf(task, countingScenarios);
  assert.equal((await locate(counter, counterFile('return 0;')))?.lastReturnLine(), undefined);
  assert.notEqual(await locate(counter, counterFile('return 0;')), undefined);
  assert.equal(await locate(counter, 'export const counter = '), undefined);
  assert.equal(await locate(wrong(false, 'a'), counterFile('return 0;')), undefined);
});
