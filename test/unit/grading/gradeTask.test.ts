import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PolicyFault } from '../../../src/engine/kernel/policy.ts';
import { drawCase } from '../../../src/grading/drawnCases.ts';
import { gradeTask } from '../../../src/grading/gradeTask.ts';
import type { TaskReport } from '../../../src/grading/report.ts';
import { reportText } from '../../../src/grading/reportText.ts';
import type { Sandbox } from '../../../src/grading/sandbox/policySandbox.ts';
import { counterFile, countingScenarios } from './countingPack.ts';
import {
  countingSandbox,
  countingTask,
  failureOf,
  grading,
  gradingTools,
  roundRobinTask,
  sandboxWith,
} from './testbed.ts';

const tools = gradingTools();
const roundRobin = roundRobinTask();
const schedule = grading(roundRobin, tools);
const countingTools = gradingTools(countingScenarios);
const counting = countingTask();
const count = grading(counting, countingTools);

const scheduler = (body: string, above = ''): string =>
  `${above}export const scheduler = {\n  pickNext({ waiting, sliceMs }) {\n    ${body}\n  },\n};\n`;

const verdicts = ({ checks }: TaskReport): readonly string[] =>
  checks.map(({ id, verdict }) => `${id} ${verdict}`);

describe('grading', () => {
  it('gives the solution all points', async () => {
    const { task } = await roundRobin;
    const report = await schedule(task.solution.text);
    assert.deepEqual([report.verdict, report.points, report.maxPoints], ['passed', 10, 10]);
    assert.deepEqual(
      report.checks.map(({ casesRun }) => casesRun),
      task.checks.map(({ cases }) => cases),
    );
  });

  it('tells the starter what it does wrong, in the smallest case, at its line', async () => {
    const { task } = await roundRobin;
    const report = await schedule(task.starter.text);
    assert.deepEqual(verdicts(report), [
      'rotates failed',
      'full-slices passed',
      'never-idle not reached',
      'wakes-at-tail not reached',
    ]);
    const failure = failureOf(report);
    assert.equal(failure.case.words, '2 VMs, 5 ms slices');
    assert.equal(failure.expected, 'VM 2, which has waited longest (since 0 ms)');
    assert.equal(failure.actual, 'VM 1');
    assert.equal(failure.atNs, 5e6);
    assert.match(failure.say!, /^Your scheduler always takes the waiting VM with the lowest number\./);
    const line = task.starter.text.split('\n').findIndex((text) => text.includes('return {')) + 1;
    assert.equal(failure.decision!.line, line);
    assert.equal(failure.decision!.output, '{ vcpu: 1, runForMs: 5 }');
    // As it was when it was given: the host takes the chosen vCPU out of its list right after.
    assert.match(failure.decision!.input, /^\{ nowMs: 5, cpu: 0,.* waiting: \[\{ vcpu: 1.*\{ vcpu: 2/);
    assert.equal(report.checks[0]!.casesRun, 1);
    assert.ok(failure.expectedText!.length > 0);
    assert.notDeepEqual(failure.actualText, failure.expectedText);
  });

  it('gives a proof that asks for verdicts alone the same ones, and explains none', async () => {
    const { lesson, task } = await roundRobin;
    const request = { task, source: task.starter.text, seed: 7, lessonHash: lesson.contentHash };
    const proven = async (proof: 'explained' | 'verdicts'): Promise<TaskReport> =>
      (await gradeTask({ ...request, proof }, await tools)).report;
    const [explained, short] = [await proven('explained'), await proven('verdicts')];
    assert.equal(explained.checks[0]!.failure!.case.words, '2 VMs, 5 ms slices');
    assert.deepEqual(short, {
      ...explained,
      checks: explained.checks.map(({ failure: _, ...check }) => check),
    });
  });

  it('fails an empty file with no points and one sentence', async () => {
    const report = await schedule('');
    assert.deepEqual([report.verdict, report.points], ['failed', 0]);
    assert.match(report.fault!.message, /^scheduler\.ts does not export scheduler\./);
    assert.ok(report.checks.every(({ verdict }) => verdict === 'not reached'));
  });

  it('reports a syntax error and nothing else', async () => {
    const report = await schedule('export const scheduler = {\n  pickNext( {\n};\n');
    assert.equal(report.verdict, 'ungradable');
    assert.equal(report.fault!.kind, 'syntax');
    assert.equal(report.fault!.line, 3);
    assert.ok(report.checks.every(({ verdict, casesRun }) => verdict === 'ungradable' && casesRun === 0));
    assert.equal(
      reportText(report, 'my.ts'),
      `my.ts:3:${report.fault!.column}: ${report.fault!.message}\n\nround-robin: ungradable, 0 of 10 points`,
    );
  });

  it('says which method is missing', async () => {
    const report = await schedule('export const scheduler = { picknext() {} };');
    assert.equal(report.verdict, 'failed');
    assert.match(report.fault!.message, /no method pickNext/);
  });

  const misbehaviours: readonly (readonly [
    what: string,
    body: string,
    kind: string,
    message: RegExp,
    above?: string,
  ])[] = [
    ['throws', 'throw new Error("no idea")', 'throw', /^pickNext threw Error: no idea\./],
    [
      'reads what is not there',
      'return { vcpu: waiting[99].vcpu, runForMs: 1 }',
      'throw',
      /^pickNext threw TypeError/,
    ],
    [
      'returns nonsense',
      'return { vcpu: "first", runForMs: sliceMs }',
      'value',
      /^pickNext returned \{ vcpu: 'first'/,
    ],
    [
      'writes to its inputs',
      'waiting[0].vcpu = 2; return { vcpu: 2, runForMs: sliceMs }',
      'throw',
      /^pickNext threw TypeError: inputs are read-only: you cannot set "vcpu"\. Work on a copy/,
    ],
    ['never ends', 'for (;;);', 'steps', /^pickNext took too many steps\./],
    [
      'fills the memory',
      'const all = []; for (;;) all.push(new Uint8Array(1e6).fill(1));',
      'memory',
      /^pickNext needed more than 48 MiB of memory\./,
    ],
  ];
  for (const [what, body, kind, message] of misbehaviours) {
    it(`fails a policy that ${what}, and grades on afterwards`, async () => {
      const report = await schedule(scheduler(body));
      assert.equal(report.verdict, 'failed', JSON.stringify(report.fault));
      const { fault, actual, decision } = failureOf(report);
      assert.equal(fault!.kind, kind);
      assert.match(fault!.message, message);
      assert.equal(actual, fault!.message);
      assert.equal(decision?.line ?? fault!.line, kind === 'steps' ? 2 : 3);
      // The inputs of the decision are shown, but for one that would take long to ask again.
      if (kind === 'steps') assert.equal(decision, undefined);
      else {
        assert.match(decision!.input, /^\{ nowMs: 0, cpu: 0, cpus: 1, sliceMs: 5, waiting: \[\{ vcpu: 1/);
        assert.equal(decision!.output, undefined);
      }
      const { task } = await roundRobin;
      assert.equal((await schedule(task.solution.text)).verdict, 'passed');
    });
  }

  it('fails a file that never ends while it loads', async () => {
    const report = await schedule('for (;;);\nexport const scheduler = {};');
    assert.deepEqual([report.verdict, report.fault!.kind, report.fault!.line], ['failed', 'steps', 1]);
  });

  it('says which vCPU cannot run, and why', async () => {
    const nonexistent = failureOf(await schedule(scheduler('return { vcpu: 60, runForMs: sliceMs };')));
    assert.deepEqual(
      [nonexistent.expected, nonexistent.actual, nonexistent.because],
      ['one of the vCPUs that wait: VM 1, VM 2', 'VM 60, which does not exist', 'The host has no such vCPU.'],
    );
    assert.equal(nonexistent.decision!.line, 3);
    const blocked = await schedule(
      scheduler(
        'const v = queue.shift() ?? 1; if (waiting.length === 1 && ++turns > 3) return { vcpu: 1, runForMs: sliceMs }; return { vcpu: v, runForMs: sliceMs };',
        'const queue = []; let turns = 0;\n',
      ).replace('pickNext', 'enqueue({ vcpu }) { queue.push(vcpu); },\n  pickNext'),
    );
    assert.match(blocked.checks.map((check) => check.failure?.actual).join(), /VM 1, which is blocked/);
  });

  it('prints what the code printed, and no more than it may', async () => {
    const report = await schedule(
      scheduler('console.log("free"); return { vcpu: waiting[0].vcpu, runForMs: sliceMs };'),
    );
    assert.ok(report.output.length > 0 && report.output.length <= 200);
    assert.ok(report.output.every((line) => line === 'free'));
  });

  it('gives the same bytes twice, also with nothing kept from before', async () => {
    const { task } = await roundRobin;
    for (const source of [task.starter.text, ...task.wrong.map((wrong) => wrong.file.text)]) {
      const once = JSON.stringify(await schedule(source, 3));
      assert.equal(JSON.stringify(await schedule(source, 3)), once);
      assert.equal(JSON.stringify(await grading(roundRobin, gradingTools())(source, 3)), once);
    }
  });

  it('draws other cases for another seed', async () => {
    const { task } = await roundRobin;
    const wrong = task.wrong.find(({ file }) => file.path.endsWith('sorts-by-time.ts'))!;
    const reports = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => schedule(wrong.file.text, seed)));
    assert.ok(new Set(reports.map((report) => failureOf(report).case.seed)).size > 1);
    assert.ok(reports.every((report) => report.verdict === 'failed'));
  });

  it('runs an endless policy only a few times, and gives back every machine', async () => {
    const { lesson, task } = await roundRobin;
    const plain = await tools;
    const { sandbox, of } = countingSandbox(plain.sandbox);
    // What one run tells of several checks is another matter.
    const checks = task.checks.filter(({ id, drawnAs }) => id === drawnAs);
    const request = { task: { ...task, checks }, seed: 7, lessonHash: lesson.contentHash };
    const endless = task.solution.text.replace(
      'pickNext({ sliceMs }) {',
      'pickNext({ sliceMs, waiting }) {\n if (waiting.length > 2 && sliceMs > 5) for (;;);',
    );
    assert.notEqual(endless, task.solution.text);
    const { report } = await gradeTask({ ...request, source: endless }, { ...plain, sandbox });
    const failed = report.checks.filter(({ verdict }) => verdict === 'failed').length;
    const drawn = report.checks.reduce((sum, { casesRun }) => sum + casesRun, 0);
    assert.equal(of['started'], drawn + 3 * failed);
    await gradeTask({ ...request, source: task.starter.text }, { ...plain, sandbox });
    assert.equal(of['released'], of['started']);
  });

  it('draws pictures of a failing check, and none of one that passed', async () => {
    const { lesson, task } = await roundRobin;
    const request = { task, source: task.starter.text, seed: 7, lessonHash: lesson.contentHash };
    const { pictures } = await gradeTask(request, await tools);
    assert.deepEqual(Object.keys(pictures), ['rotates']);
    const { actual, expected, decidingNs } = pictures['rotates']!;
    assert.ok(actual.kind === 'timeline' && expected?.kind === 'timeline');
    assert.ok(actual.spans.startNs.length > 0 && expected.spans.startNs.length > 0);
    assert.equal(decidingNs, 5e6);
  });

  it('keeps both runs of a failing case, to be stepped through from where they part', async () => {
    const { lesson, task } = await roundRobin;
    const request = { task, source: task.starter.text, seed: 7, lessonHash: lesson.contentHash };
    const { recordings } = await gradeTask(request, await tools);
    assert.deepEqual(Object.keys(recordings), ['rotates']);
    const { actual, expected, decidingEvent } = recordings['rotates']!;
    assert.equal(actual.columns.timeNs[decidingEvent], 5e6);
    assert.equal(actual.documents, undefined);
    assert.notDeepEqual(actual.columns, expected!.columns);
  });

  it('explains a failure without its line where instrumented code does not load', async () => {
    const { lesson, task } = await roundRobin;
    const plain = await tools;
    const sandbox: Sandbox = {
      ...plain.sandbox,
      loadToLocate: async () => ({ ok: false, fault: { kind: 'load', message: 'It does not load.' } }),
    };
    const request = { task, source: task.starter.text, seed: 7, lessonHash: lesson.contentHash };
    const failure = failureOf((await gradeTask(request, { ...plain, sandbox })).report);
    assert.equal(failure.actual, 'VM 1');
    assert.equal(failure.decision, undefined);
  });
});

describe('grading a task of another subject', () => {
  it('needs nothing but its declarations', async () => {
    const { task } = await counting;
    const report = await count(task.solution.text);
    assert.deepEqual([report.verdict, report.points], ['passed', 6]);
  });

  it('runs each check in its own scenario, which need not have what another one is asked', async () => {
    const { lesson, task } = await counting;
    const [first, , last] = task.checks;
    const other = { ...countingScenarios['test.counting']!, id: 'test.other', checks: {} };
    const checks = [first!, { ...last!, scenario: other.id, drawnAs: last!.id }];
    const request = { source: task.solution.text, seed: 7, lessonHash: lesson.contentHash };
    const table = { ...countingScenarios, [other.id]: other };
    const { report } = await gradeTask({ ...request, task: { ...task, checks } }, await gradingTools(table));
    assert.deepEqual(verdicts(report), ['goes-up passed', 'ends passed']);
  });

  it('asks the built-in policies for what the file does not have', async () => {
    const file = counterFile('if (doubled) throw new Error("doubled"); return last + 1;');
    const { fault, decision, case: failing } = failureOf(await count(file));
    assert.equal(fault!.message, 'next threw Error: doubled.');
    assert.deepEqual(failing.params, { turns: 2, doubleFrom: 0 });
    // The decision before it was the referee's.
    assert.deepEqual([decision!.policy, decision!.ordinal], ['counter', 1]);
    assert.equal(decision!.input, '{ last: 0, doubled: true }');
  });

  it('runs a case once for all checks that ask for it', async () => {
    const { lesson, task } = await counting;
    const plain = await countingTools;
    const { sandbox, of } = countingSandbox(plain.sandbox);
    const request = { task, source: task.solution.text, seed: 7, lessonHash: lesson.contentHash };
    const { report } = await gradeTask(request, { ...plain, sandbox });
    const [first] = report.checks;
    const drawn = Array.from({ length: first!.casesRun }, (_, index) => drawCase(task.checks[0]!, index, 7));
    assert.equal(of['started'], new Set(drawn.map(({ params }) => JSON.stringify(params))).size);
    assert.deepEqual(
      report.checks.map(({ casesRun }) => casesRun),
      task.checks.map(({ cases }) => cases),
    );
  });

  it('cannot grade what breaks the sandbox, and gives no points', async () => {
    const { lesson, task } = await counting;
    const plain = await countingTools;
    const sandbox = sandboxWith(plain.sandbox, () => ({
      start: () => {
        throw new PolicyFault({ kind: 'crash', message: 'The sandbox broke.' });
      },
    }));
    const request = { task, source: task.solution.text, seed: 7, lessonHash: lesson.contentHash };
    const { report } = await gradeTask(request, { ...plain, sandbox });
    assert.deepEqual([report.verdict, report.points], ['ungradable', 0]);
    assert.deepEqual(verdicts(report), ['goes-up ungradable', 'stays-small ungradable', 'ends not reached']);
  });

  it('shows what a built-in policy decided, at no line of the learner’s file', async () => {
    const { lesson, task } = await counting;
    const small = task.checks.find(({ id }) => id === 'stays-small')!;
    const source = 'export const referee = {\n  doubles() {\n    return true;\n  },\n};\n';
    const asked = {
      ...task,
      work: { kind: 'policies', policies: ['referee'] },
      wrong: [],
      checks: [{ ...small, with: { limit: 10 } }],
    } as const;
    const request = { task: asked, source, seed: 7, lessonHash: lesson.contentHash };
    const { decision } = failureOf((await gradeTask(request, await countingTools)).report);
    assert.deepEqual(decision, {
      policy: 'counter',
      decision: 'next',
      ordinal: 9,
      input: '{ last: 8, doubled: true }',
      output: '10',
    });
  });

  it('goes on with checks that do not depend on a failed one', async () => {
    assert.deepEqual(verdicts(await count(counterFile('return 5;'))), [
      'goes-up failed',
      'stays-small passed',
      'ends not reached',
    ]);
    assert.deepEqual(verdicts(await count(counterFile('return last + 10;'))), [
      'goes-up passed',
      'stays-small failed',
      'ends passed',
    ]);
  });

  it('does not reach a check that comes after a failed one, whichever that is', async () => {
    const { lesson, task } = await counting;
    const checks = task.checks.map((check) =>
      check.id === 'ends' ? { ...check, after: ['stays-small'] } : check,
    );
    const source = counterFile('return last + 10;');
    const request = { task: { ...task, checks }, source, seed: 7, lessonHash: lesson.contentHash };
    assert.deepEqual(verdicts((await gradeTask(request, await countingTools)).report), [
      'goes-up passed',
      'stays-small failed',
      'ends not reached',
    ]);
  });

  it('explains by the decision behind the witness where several answers are right', async () => {
    const failure = failureOf(await count(counterFile('return last < 2 ? last + 1 : last;')));
    assert.deepEqual(
      [failure.expected, failure.actual, failure.because, failure.decision?.line, failure.expectedText],
      ['more than 2', '2', 'A count goes up.', 3, undefined],
    );
    assert.equal(failure.case.words, '3 turns, doubled from 0');
  });

  it('says that a refused run was refused, and by which decision', async () => {
    const failure = failureOf(await count(counterFile('return -1;')));
    assert.deepEqual([failure.expected, failure.actual], ['a number from 0 on', '-1']);
    assert.equal(failure.decision!.output, '-1');
  });

  it('adds whole points, and gives none for less than a whole check', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('last + 1', '0', 'last + 10', 'last + 2', '-1'),
        fc.nat(),
        async (next, seed) => {
          const report = await count(counterFile(`return ${next};`), seed);
          assert.equal(report.maxPoints, 6);
          assert.equal(
            report.points,
            report.checks.reduce((sum, check) => sum + check.points, 0),
          );
          for (const check of report.checks) {
            assert.equal(check.points, check.verdict === 'passed' ? check.maxPoints : 0);
            assert.equal(check.failure !== undefined, check.verdict === 'failed');
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
