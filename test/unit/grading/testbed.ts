import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diskFiles } from '../../../src/cli/diskFiles.ts';
import { lintPack } from '../../../src/course/lint.ts';
import { judge } from '../../../src/course/answering.ts';
import type { Lesson, Loaded, Pack, PackFiles, Task } from '../../../src/course/model.ts';
import type { ScenarioTable } from '../../../src/course/variants.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { AuthoredSubmissions } from '../../../src/grading/authoredSubmissions.ts';
import { gradeTask } from '../../../src/grading/gradeTask.ts';
import type { GradingTools } from '../../../src/grading/gradingTools.ts';
import type { CheckFailure, TaskReport } from '../../../src/grading/report.ts';
import { runSubmission } from '../../../src/grading/runSubmission.ts';
import {
  createSandbox,
  type Sandbox,
  type SandboxedSubmission,
} from '../../../src/grading/sandbox/policySandbox.ts';
import { compileQuickjs } from '../../../src/grading/sandbox/quickjsModule.ts';
import { provePart } from '../../../src/grading/verify/provePart.ts';
import { mutantsOf, reviewMutant } from '../../../src/grading/verify/reviewMutant.ts';
import type { Workers } from '../../../src/grading/verify/verification.ts';
import type { WorkerJobs } from '../../../src/grading/workerMessages.ts';
import { packOf } from '../course/goldenPack.ts';
import { countingFiles, countingScenarios } from './countingPack.ts';

const quickjs = compileQuickjs(
  readFileSync(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)),
);

/** Everything that a grading worker has, in this process. */
export async function gradingTools(table: ScenarioTable = scenarios): Promise<GradingTools> {
  const sandbox = createSandbox(await quickjs);
  return { scenarios: table, sandbox, authored: new AuthoredSubmissions(sandbox), engineVersion: '1.2.3' };
}

/** The jobs of a worker, done in this process. */
export function workersHere(tools: GradingTools): Workers {
  const jobs: { readonly [N in keyof WorkerJobs]: (request: never) => unknown } = {
    grade: (request: WorkerJobs['grade']['request']) => gradeTask(request, tools),
    report: async (request: WorkerJobs['report']['request']) => (await gradeTask(request, tools)).report,
    judge: ({ answered, seed }: WorkerJobs['judge']['request']) =>
      answered.map(({ exercise, response }) => judge(exercise, response, seed, tools.scenarios)),
    run: (request: WorkerJobs['run']['request']) => runSubmission(request, tools),
    prove: ({ part, learners }: WorkerJobs['prove']['request']) => provePart(part, tools.scenarios, learners),
    mutants: (request: WorkerJobs['mutants']['request']) => mutantsOf(request, tools),
    review: (request: WorkerJobs['review']['request']) => reviewMutant(request, tools),
  };
  return {
    ask: async (type, request) => ({ ok: true, result: (await jobs[type](request as never)) as never }),
  };
}

export interface TaskInPack {
  readonly lesson: Lesson;
  readonly task: Task;
}

async function taskIn(files: PackFiles, table: ScenarioTable): Promise<TaskInPack> {
  const { value } = await lintPack(files, table);
  for (const lesson of value.lessons) {
    for (const part of lesson.parts) if (part.kind === 'task') return { lesson, task: part.task };
  }
  throw new Error('The pack has no task that can be loaded.');
}

export const roundRobinTask = (): Promise<TaskInPack> =>
  taskIn(diskFiles(fileURLToPath(new URL('../../../lessons', import.meta.url))), scenarios);

export const countingTask = (): Promise<TaskInPack> => taskIn(packOf(countingFiles), countingScenarios);

/** The counting pack with some files changed. */
export const countingPackWith = (changes: Readonly<Record<string, string>>): Promise<Loaded<Pack>> =>
  lintPack(packOf({ ...countingFiles, ...changes }), countingScenarios);

/** Grades a text as a submission of a task. */
export function grading(inPack: Promise<TaskInPack>, tools: Promise<GradingTools>) {
  return async (source: string, seed = 7): Promise<TaskReport> => {
    const { lesson, task } = await inPack;
    const { report } = await gradeTask({ task, source, seed, lessonHash: lesson.contentHash }, await tools);
    return report;
  };
}

/** Why the first check that failed did. */
export const failureOf = ({ checks }: TaskReport): CheckFailure =>
  checks.find((check) => check.failure !== undefined)!.failure!;

/** A sandbox whose submissions are changed after they were loaded. */
export const sandboxWith = (
  plain: Sandbox,
  change: (submission: SandboxedSubmission) => Partial<SandboxedSubmission>,
): Sandbox => ({
  ...plain,
  async load(...given) {
    const outcome = await plain.load(...given);
    if (!outcome.ok) return outcome;
    return { ok: true, submission: { ...outcome.submission, ...change(outcome.submission) } };
  },
});

/** A sandbox that counts runs, and machines that were given back. */
export function countingSandbox(plain: Sandbox): {
  readonly sandbox: Sandbox;
  readonly of: Record<string, number>;
} {
  const of = { started: 0, released: 0 };
  const sandbox = sandboxWith(plain, (submission) => ({
    start: (...given) => {
      of.started++;
      return submission.start(...given);
    },
    release: () => {
      of.released++;
      submission.release();
    },
  }));
  return { sandbox, of };
}
