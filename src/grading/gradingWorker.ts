import { judge } from '../course/answering.ts';
import { scenarios } from '../engine/scenarios.ts';
import { AuthoredSubmissions } from './authoredSubmissions.ts';
import { gradeTask } from './gradeTask.ts';
import type { GradingTools } from './gradingTools.ts';
import { runSubmission } from './runSubmission.ts';
import { createSandbox } from './sandbox/policySandbox.ts';
import { compileQuickjs } from './sandbox/quickjsModule.ts';
import { provePart } from './verify/provePart.ts';
import { mutantsOf, reviewMutant } from './verify/reviewMutant.ts';
import type { FromGradingWorker, JobName, ToGradingWorker, WorkerJobs } from './workerMessages.ts';

/**
 * The worker that grades, in a browser's `Worker`. In Node, `nodeWorkerScope.ts` gives it the same two functions.
 */
interface WorkerScope {
  postMessage(message: FromGradingWorker): void;
  onmessage: ((event: { readonly data: ToGradingWorker }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
let tools: GradingTools | undefined;

type Jobs = {
  readonly [N in JobName]: (
    request: WorkerJobs[N]['request'],
    tools: GradingTools,
  ) => WorkerJobs[N]['result'] | Promise<WorkerJobs[N]['result']>;
};

const jobs: Jobs = {
  grade: gradeTask,
  report: async (request, given) => (await gradeTask(request, given)).report,
  judge: ({ answered, seed }) =>
    answered.map(({ exercise, response }) => judge(exercise, response, seed, scenarios)),
  run: runSubmission,
  prove: ({ part, learners }) => provePart(part, scenarios, learners),
  mutants: mutantsOf,
  review: reviewMutant,
};

async function answer(message: ToGradingWorker): Promise<FromGradingWorker> {
  if (message.type === 'start') {
    const sandbox = createSandbox(await compileQuickjs(message.wasm));
    await sandbox.prepare();
    const authored = new AuthoredSubmissions(sandbox);
    tools = { scenarios, sandbox, authored, engineVersion: message.engineVersion };
    return { type: 'ready' };
  }
  if (tools === undefined) return { type: 'failed', message: 'the worker was not started' };
  // The messages and the jobs come from one table, which a union of messages does not let TypeScript see.
  const job = jobs[message.type] as (
    request: unknown,
    tools: GradingTools,
  ) => Promise<WorkerJobs[JobName]['result']> | WorkerJobs[JobName]['result'];
  return { type: 'done', result: await job(message.request, tools) };
}

scope.onmessage = ({ data }) => {
  answer(data).then(
    (message) => scope.postMessage(message),
    (error: unknown) => {
      const message = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
      scope.postMessage({ type: 'failed', message });
    },
  );
};
