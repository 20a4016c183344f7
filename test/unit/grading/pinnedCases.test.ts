import assert from 'node:assert/strict';
import {
  exerciseProgress,
  noProgress,
  parseProgress,
  serializeProgress,
  withEvent,
} from '../../../src/extension/progress.ts';
import { gradeTask } from '../../../src/grading/gradeTask.ts';
import { isPinnedCase, pinnedCasesOf, type PinnedCase } from '../../../src/grading/pinnedCase.ts';
import {
  parseReceipt,
  receiptDifferences,
  receiptOf,
  requestBehind,
  serializeReceipt,
} from '../../../src/grading/receipt.ts';
import { reportText } from '../../../src/grading/reportText.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { gradingTools, roundRobinTask } from './testbed.ts';

const tools = gradingTools();
const roundRobin = roundRobinTask();
const pin = (params: PinnedCase['params'], check = 'rotates'): PinnedCase => ({
  check,
  scenario: 'scheduling.round-robin',
  params,
  seed: 3,
});
const kept = pin({ vms: 3, sliceMs: 10 });
const graded = async (source: 'solution' | 'starter', pinned: readonly PinnedCase[]) => {
  const { lesson, task } = await roundRobin;
  const request = { task, source: task[source].text, seed: 7, lessonHash: lesson.contentHash, pinned };
  return { request, report: (await gradeTask(request, await tools)).report };
};

describe('pinned cases', () => {
  it('run first, as they are, and the first that fails is the one that is shown', async () => {
    const { report } = await graded('starter', [kept, pin({ vms: 5, sliceMs: 1 })]);
    const [rotates] = report.checks;
    const { words: _, ...shown } = rotates!.failure!.case;
    assert.deepEqual({ check: 'rotates', ...shown }, kept);
    assert.equal(rotates!.casesRun, 1);
    assert.deepEqual(
      rotates!.pinned!.map(({ case: { words }, verdict }) => `${words}: ${verdict}`),
      ['3 VMs, 10 ms slices: failed', '5 VMs, 1 ms slices: not reached'],
    );
    assert.match(reportText(report, 'scheduler.ts'), /^ {4}pinned ✗ 3 VMs, 10 ms slices$/m);
    // The feedback for the mistake is recognized from a pinned case too.
    assert.match(rotates!.failure!.say!, /lowest number/);
  });

  it('are named with what holds, and give no points', async () => {
    const without = (await graded('solution', [])).report;
    const { report } = await graded('solution', [kept]);
    assert.deepEqual(
      report.checks.map(
        ({ points, pinned }) => `${points} ${pinned?.map(({ verdict }) => verdict).join() ?? '-'}`,
      ),
      without.checks.map(({ points }, index) => `${points} ${index === 0 ? 'passed' : '-'}`),
    );
    assert.equal(report.checks[0]!.casesRun, without.checks[0]!.casesRun + 1);
    assert.equal(without.provenance.pinned, undefined);
  });

  it('that nothing can run any more are left out', async () => {
    const others = [
      pin({ vms: 3 }, 'no-such-check'),
      { ...kept, scenario: 'scheduling.host' },
      pin({ vms: 1000 }),
      pin({ noSuchParameter: 1 }),
    ];
    const { report } = await graded('solution', others);
    assert.equal(report.verdict, 'passed');
    assert.ok(report.checks.every(({ pinned }) => pinned === undefined));
  });

  it('stand in the receipt, so that re-execution agrees to the byte, and differs without them', async () => {
    const { request, report } = await graded('starter', [kept]);
    const text = serializeReceipt(receiptOf('trapframe', request.source, report));
    const read = parseReceipt(text);
    assert.ok(read.ok);
    const again = await gradeTask(requestBehind(read.value, request), await tools);
    assert.deepEqual(
      receiptDifferences(text, read.value, receiptOf('trapframe', request.source, again.report)),
      [],
    );
    const { pinned: _, ...unpinned } = request;
    const other = await gradeTask(unpinned, await tools);
    assert.notDeepEqual(
      receiptDifferences(text, read.value, receiptOf('trapframe', request.source, other.report)),
      [],
    );
    for (const bad of ['1', '[{}]', '[{"check":"a","scenario":"b","params":{"x":[]},"seed":1}]']) {
      const damaged = text.replace(/"pinned":\[.*?\](?=,"seed")/, `"pinned":${bad}`);
      assert.notEqual(damaged, text);
      assert.equal(parseReceipt(damaged).ok, false);
    }
  });

  it('are kept in the learner’s record, each once, until they are let go', () => {
    const event = (id: number, kind: 'pinned' | 'unpinned', of: PinnedCase) =>
      ({ id: `e${id}`, at: id, kind, exercise: 'round-robin', pin: of }) as const;
    const second = pin({ vms: 5 });
    const progress = [
      event(1, 'pinned', kept),
      event(2, 'pinned', second),
      event(3, 'pinned', { ...kept, params: { sliceMs: 10, vms: 3 } }),
      event(4, 'unpinned', second),
    ].reduce(withEvent, noProgress('l'));
    const read = parseProgress(serializeProgress(progress), 'l');
    assert.ok(read.ok);
    assert.deepEqual(exerciseProgress(read.value, 'round-robin').pinned, [
      { ...kept, params: { sliceMs: 10, vms: 3 } },
    ]);
    const many = Array.from({ length: 12 }, (_, index) => event(index, 'pinned', pin({ vms: index + 1 })));
    const newest = exerciseProgress(many.reduce(withEvent, noProgress('l')), 'round-robin').pinned;
    assert.deepEqual([newest.length, newest.at(-1)!.params['vms']], [10, 12]);
    const damaged = serializeProgress(progress).replace('"seed": 3', '"seed": "3"');
    assert.equal(parseProgress(damaged, 'l').ok, false);
  });
});

it('a case in a file is pinned if it has all that such a case has, each of its kind', () => {
  const full = { ...kept, params: { vms: 3, phase: 'worst', shared: true }, ties: 4 };
  assert.ok(isPinnedCase(full));
  assert.ok(isPinnedCase(kept));
  for (const other of [undefined, null, 7, 'kept', []]) assert.ok(!isPinnedCase(other), String(other));
  const wrong: Readonly<Record<keyof PinnedCase, readonly unknown[]>> = {
    check: [undefined, 1],
    scenario: [undefined, 1],
    params: [undefined, null, [], 'vms', { vms: 3, sliceMs: null }],
    seed: [undefined, 0.5, '3'],
    ties: [null, 0.5, '3'],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values)
      assert.ok(!isPinnedCase({ ...full, [name]: value }), `${name}: ${JSON.stringify(value)}`);
  }
});

it('a check runs those pinned cases that are its own and still possible, in their order of simultaneous events', async () => {
  const { task } = await roundRobin;
  const check = task.checks.find(({ id }) => id === 'rotates')!;
  const scenario = scenarios[check.scenario]!;
  const { params } = kept;
  assert.deepEqual(
    pinnedCasesOf(check, scenario, [
      kept,
      { ...kept, ties: 0 },
      pin(params, 'full-slices'),
      { ...kept, scenario: 'scheduling.host' },
      pin({ vms: -1 }),
    ]),
    [
      { params, seed: 3 },
      { params, seed: 3, ties: 0 },
    ],
  );
  assert.deepEqual(pinnedCasesOf(check, scenario), []);
});
