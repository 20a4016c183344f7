import type { ParameterInput } from '../../../src/engine/kernel/parameters.ts';
import { caseWords } from '../../../src/engine/kernel/caseWords.ts';
import type { Run, Scenario, Witness } from '../../../src/engine/kernel/scenario.ts';
import { modelOf, viewsOf } from '../../../src/engine/kernel/views.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { notWaiting, nothingToPreempt } from '../../../src/engine/scheduling/hostRefusals.ts';
import { decidingEvent } from '../../../src/grading/explainFailure.ts';
import { gradeTask } from '../../../src/grading/gradeTask.ts';
import type { CheckReport, TaskReport } from '../../../src/grading/report.ts';
import { faultOf } from '../../../src/grading/notRun.ts';
import { gradedTask } from '../../../src/grading/translatedReport.ts';
import { checksOf } from '../../../src/course/checks.ts';
import { violationOf } from '../../../src/grading/violation.ts';
import type { Task, TaskPart } from '../../../src/course/model.ts';
import { runFigure } from '../../../src/webview/figure/runFigure.ts';
import { engineTexts } from '../../../src/webview/page/spokenTexts.ts';
import { gradingTools } from '../grading/testbed.ts';
import { bundledCourse } from './bundledCourse.ts';
import { faultSentences } from './faultSentences.ts';

/** What the engine and grading say in the lessons that are in German, in English: events, reasons, cases, faults, states. */
export async function sentencesOfGermanLessons(): Promise<ReadonlySet<string>> {
  const { pack } = await bundledCourse('de');
  const parts = pack.lessons.filter(({ path }) => path.endsWith('.de.md')).flatMap((lesson) => lesson.parts);
  const tasks = parts.filter((part): part is TaskPart => part.kind === 'task');
  const used = new Set([
    ...tasks.flatMap(({ task }) => task.checks.map((check) => check.scenario)),
    ...parts.flatMap((part) => (part.kind === 'figure' ? [part.scenario] : [])),
  ]);
  const graded = await Promise.all(
    tasks.map((part, index) => sentencesOfTask(gradedTask(part), index === 0 ? brokenFiles : wrongSlices)),
  );
  const texts = [
    ...graded.flat(),
    ...[...used].flatMap((id) => sentencesOfScenario(scenarios[id]!)),
    ...refusals(),
    ...explanations(),
    ...workerFailures(),
    ...figureFailures(),
    ...faultSentences(),
  ];
  return new Set(texts.filter((text) => text !== ''));
}

/** What learners mistype most, and last what TypeScript's words are kept for. */
const syntaxErrors: readonly string[] = [
  'const = 3;',
  'f(1;',
  'try { }',
  'const const a = 3;',
  'const a = ;',
  'const x = [;',
  'a[];',
  '3a;',
  'f(,);',
  '}',
  '{} = 3;',
  'a.',
  'function f(const) {}',
  'const a = §;',
  'const a = { ; };',
  'const { ; } = x;',
  'type A = { 1! };',
  'let a: ;',
  'foo bar;',
  'class A { constructor { } }',
  'retrun x;',
  'const a = /x',
  'const a = "x',
  'const a = `x',
  'const a = 08;',
];

/** Mistakes of every kind that grading has words for; each is a whole file. */
const brokenFiles = (policy: string, decision: string): readonly string[] => [
  'export const nothing = 1;',
  `export const ${policy}s = {};`,
  `export default {};`,
  `export const ${policy} = 3;`,
  `export const ${policy} = {};`,
  `export const ${policy} = { ${decision}() { throw new Error('no idea'); } };`,
  `export const ${policy} = { ${decision}() { throw 'no idea'; } };`,
  `export const ${policy} = { ${decision}() { return 5; } };`,
  `export const ${policy} = { ${decision}() { return 'now'; } };`,
  `export const ${policy} = { async ${decision}() { return undefined; } };`,
  `export const ${policy} = { ${decision}() { return { vcpu: 1.5, runForMs: 'long', sliceMs: -1 }; } };`,
  `export const ${policy} = { ${decision}() { return { vcpu: 900, runForMs: 0 }; } };`,
  `export const ${policy} = { ${decision}() { return { vcpu: 60, runForMs: 10, sliceMs: 0.01 }; } };`,
  `export const ${policy} = { ${decision}() { for (;;); } };`,
  `export const ${policy} = { ${decision}() { const all = []; for (;;) all.push(new Array(100000).fill(1)); } };`,
  `const again = () => again() + 1; export const ${policy} = { ${decision}() { return again(); } };`,
  `export const ${policy} = { ${decision}(input) { input.nowMs = 3; input.vms = 3; } };`,
  `export const ${policy} = { ${decision}(input) { input.waiting.push(3); } };`,
  `await new Promise(() => {}); export const ${policy} = {};`,
  `throw new Error('no idea');`,
  `for (;;);`,
  `enum Kind { A }`,
  `namespace Mine { export const one = 1; }`,
  `import fs from 'fs';`,
  `import trapframe from 'trapframe';`,
  `import { Wrong } from 'trapframe';`,
  `export * from 'other';`,
  `import('x');`,
  `class Field { constructor(private one: number) {} }`,
  `import x = require('x');`,
  `export = 3;`,
  `@sealed class Field {}`,
  `const x = <any>3;`,
  ...syntaxErrors,
  `export const ${policy} = { ${decision}({ waiting }) { return { vcpu: waiting[0].vcpu, runForMs: 1 }; } };`,
];

/** Values of another kind of policy. */
const wrongSlices: typeof brokenFiles = (policy, decision) =>
  [-1, 0.01].map(
    (sliceMs) => `export const ${policy} = { ${decision}() { return { sliceMs: ${sliceMs} }; } };`,
  );

async function sentencesOfTask(task: Task, broken: typeof brokenFiles): Promise<readonly string[]> {
  const tools = await gradingTools();
  const decision = Object.keys(policyOf(task).decisions).find((name) => name !== 'enqueue')!;
  const files = [
    task.starter.text,
    ...task.wrong.map(({ file }) => file.text),
    ...broken(policyIdOf(task), decision),
  ];
  const said: string[] = [];
  for (const [index, source] of files.entries()) {
    const { report, recordings } = await gradeTask({ task, source, seed: index, lessonHash: '' }, tools);
    said.push(...sentencesOfReport(report));
    for (const check of report.checks) {
      const recording = recordings[check.id];
      if (recording === undefined || check.failure === undefined) continue;
      said.push(...check.failure.actualText, ...(check.failure.expectedText ?? []));
    }
  }
  return said;
}

/** The policy that learners write. */
const policyIdOf = (task: Task): string => Object.keys(scenarios[task.checks[0]!.scenario]!.policies)[0]!;

const policyOf = (task: Task) =>
  scenarios[task.checks[0]!.scenario]!.policies[policyIdOf(task)] as unknown as {
    readonly decisions: Readonly<Record<string, unknown>>;
  };

/** What readers are shown of a report beyond what the lesson's author wrote. */
const sentencesOfReport = ({ fault, checks }: TaskReport): readonly string[] => [
  ...(fault === undefined ? [] : [fault.message]),
  ...checks.flatMap(sentencesOfCheck),
];

const sentencesOfCheck = ({ failure }: CheckReport): readonly string[] =>
  failure === undefined
    ? []
    : [
        failure.expected,
        failure.actual,
        failure.because,
        failure.case.words,
        ...(failure.fault === undefined ? [] : [failure.fault.message]),
      ];

/** Events with all that their fields can make of their sentences, cases, and states along a run. */
function sentencesOfScenario(scenario: Scenario): readonly string[] {
  const events = Object.values(scenario.events).flatMap(({ say, fields }) =>
    say === undefined
      ? []
      : combinations(fields).map((values) => say(values, {}).replace('undefined', 'blocked')),
  );
  const states = somePolicies(scenario).flatMap((params) => {
    const outcome = scenario.execute({ params });
    if (!outcome.ok) return [];
    const { trace } = outcome.run;
    const rows = Array.from({ length: Math.min(trace.length, 200) }, (_, row) => row);
    return rows.flatMap((row) => engineTexts(modelOf(scenario, 'state', outcome.run, row)));
  });
  const docs = viewsOf(scenario).map((kind) => scenario.views[kind]!.doc);
  return [...events, ...states, ...docs, ...casesOf(scenario), ...witnessesOf(scenario)];
}

/** What checks say of the scenario's own policies, where they do not satisfy them. */
function witnessesOf(scenario: Scenario): readonly string[] {
  const several = ['vms', 'sliceMs'].every((name) => Object.hasOwn(scenario.params, name));
  const slices = [0.5, 2, 30].map((sliceMs) => (several ? { vms: 4, sliceMs } : {}));
  return slices.flatMap((params) => {
    const outcome = scenario.execute({ params });
    if (!outcome.ok) return [];
    return Object.keys(scenario.checks).flatMap((use) => {
      const names = Object.keys(checksOf(scenario)[use]!.args);
      const strict = Object.fromEntries(names.map((name) => [name, 1]));
      const violation = violationOf(scenario, { use, with: strict }, outcome.run);
      return violation?.kind === 'witness' ? sentencesOfWitness(violation.witness) : [];
    });
  });
}

const sentencesOfWitness = ({
  expected,
  actual,
  because,
}: Pick<Witness, 'expected' | 'actual' | 'because'>) => [expected, actual, because];

/** A run in which time stands still, and one that parts from the reference before it goes wrong. */
function explanations(): readonly string[] {
  const scenario = scenarios['scheduling.round-robin']!;
  const runWith = (vms: number): Run => {
    const outcome = scenario.execute({ params: { vms } });
    if (!outcome.ok) throw new Error('The example does not run.');
    return outcome.run;
  };
  const [run, reference] = [runWith(3), runWith(4)];
  const check = { use: 'strictRotation', with: {} };
  const stuck = violationOf(scenario, check, { ...run, end: { kind: 'steps', steps: 100 } });
  const witness = {
    event: run.trace.length - 1,
    expected: 'VM 1',
    actual: 'VM 2',
    because: 'The host has no such vCPU.',
  };
  const violation = { kind: 'witness', witness } as const;
  const parted = decidingEvent({ scenario, run, reference, violation, case: { params: {}, seed: 1 } });
  return [
    ...(stuck?.kind === 'witness' ? sentencesOfWitness(stuck.witness) : []),
    ...sentencesOfWitness(parted),
    // These lessons have no mistake that leads to one of these.
    'the end of the run',
    'It works when the events of this instant come in the usual order, and not in another one. Nothing tells which comes first on a real machine. The host has no such vCPU.',
  ];
}

/** Every choice of each choice parameter, on its own. */
function somePolicies(scenario: Scenario): readonly ParameterInput[] {
  const choices = Object.entries(scenario.params).flatMap(([name, parameter]) =>
    parameter.kind === 'choice' ? Object.keys(parameter.values).map((value) => ({ [name]: value })) : [],
  );
  return [{}, { switchCostUs: 500, coldStartUs: 500 }, ...choices];
}

/** Every parameter at its ends and in between. */
const casesOf = (scenario: Scenario): readonly string[] =>
  Object.entries(scenario.params).flatMap(([name, parameter]) => {
    const values =
      parameter.kind === 'choice'
        ? Object.keys(parameter.values)
        : parameter.kind === 'flag'
          ? [true, false]
          : [0, 1, 7, 0.5];
    return values.map((value) => caseWords(scenario, { params: { [name]: value } }));
  });

/** All ways to put 0 to 3 into fields. */
function combinations(fields: readonly string[]): readonly Readonly<Record<string, number>>[] {
  const [first, ...rest] = fields;
  if (first === undefined) return [{}];
  return combinations(rest).flatMap((others) => [0, 1, 2, 3].map((value) => ({ ...others, [first]: value })));
}

/** What a host refuses, and witnesses that no mistake of these lessons leads to. */
function refusals(): readonly string[] {
  const vcpu = (id: number, state: 'running' | 'waiting' | 'blocked') => ({ id, state });
  const waiting = [vcpu(1, 'waiting'), vcpu(3, 'waiting')];
  const witnesses = [
    notWaiting(0, 2, vcpu(2, 'running'), waiting),
    notWaiting(0, 2, vcpu(2, 'blocked'), waiting),
    notWaiting(0, 9, undefined, waiting),
    nothingToPreempt(0, 5, [{ cpu: 0 }, { cpu: 1 }]),
  ];
  return witnesses.flatMap(sentencesOfWitness);
}

const workerFailures = (): readonly string[] =>
  (
    [
      { reason: 'wall', wallMs: 10_000 },
      { reason: 'crash', detail: 'out of memory' },
      { reason: 'start', detail: 'no such file' },
      { reason: 'closed' },
    ] as const
  ).map((failure) => faultOf({ ok: false, ...failure } as never).message);

/** What a figure says where it cannot run as its reader asks. */
function figureFailures(): readonly string[] {
  const figure = (scenario: string, params: ParameterInput): readonly string[] => {
    const result = runFigure(scenarios, { request: 1, scenario, params });
    if (result.kind === 'refused') return result.problems.map(({ message }) => message);
    return result.kind === 'failed' ? [result.message] : result.stopped === undefined ? [] : [result.stopped];
  };
  return [
    ...figure('scheduling.other', {}),
    ...figure('scheduling.round-robin', { vms: 0.5, sliceMs: 0, arrivalPhase: 400, model: 'bussy' }),
    ...figure('scheduling.round-robin', { model: 'something else' }),
    ...figure('scheduling.round-robin', { slices: 4 }),
    ...figure('scheduling.round-robin', { something: 4 }),
    ...figure('scheduling.round-robin', { sliceMs: 1, switchCostUs: 1000, switchCharge: 'slice' }),
    ...figure('scheduling.time-slice', { withinMs: -1 }),
    'The simulation stopped with an error: no memory',
    'The run did not finish in 1000 steps. Choose smaller values.',
  ];
}
