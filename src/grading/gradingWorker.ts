import { scenarios } from '../engine/scenarios.ts';
import { AuthoredSubmissions } from './authoredSubmissions.ts';
import { gradeTask, type GradingTools } from './gradeTask.ts';
import { runSubmission } from './runSubmission.ts';
import { createSandbox } from './sandbox/policySandbox.ts';
import { compileQuickjs } from './sandbox/quickjsModule.ts';
import type { FromGradingWorker, ToGradingWorker } from './workerMessages.ts';

/**
 * The worker that grades, in a browser's `Worker`. In Node, `nodeWorkerScope.ts` gives it the same two functions.
 */
interface WorkerScope {
  postMessage(message: FromGradingWorker): void;
  onmessage: ((event: { readonly data: ToGradingWorker }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
let tools: GradingTools | undefined;
const notStarted = { type: 'failed', message: 'the worker was not started' } as const;

async function answer(message: ToGradingWorker): Promise<FromGradingWorker> {
  switch (message.type) {
    case 'start': {
      const sandbox = createSandbox(await compileQuickjs(message.wasm));
      await sandbox.prepare();
      const authored = new AuthoredSubmissions(sandbox);
      tools = { scenarios, sandbox, authored, engineVersion: message.engineVersion };
      return { type: 'ready' };
    }
    case 'grade':
      if (tools === undefined) return notStarted;
      return { type: 'graded', result: await gradeTask(message.request, tools) };
    case 'run':
      if (tools === undefined) return notStarted;
      return { type: 'ran', result: await runSubmission(message.request, tools) };
  }
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
