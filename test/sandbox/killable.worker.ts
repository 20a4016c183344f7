import { parentPort, workerData } from 'node:worker_threads';
import { createSandbox } from '../../src/grading/sandbox/policySandbox.ts';
import { schedulerTable, someView } from './schedulerPolicy.ts';

/** What the test gives: the compiled module, and a learner's file that is plain JavaScript already. */
const { module, code } = workerData as { module: WebAssembly.Module; code: string };
const blanked = { ok: true, code } as const;
const sandbox = createSandbox(module, async () => ({
  blankTypes: () => blanked,
  instrumentReturns: () => ({ ...blanked, returnLines: [] }),
}));
const loaded = await sandbox.load({ file: 'scheduler.ts', text: code }, schedulerTable);
if (!loaded.ok) throw new Error(loaded.fault.message);
const { scheduler } = loaded.submission.start({ scheduler: {} });
parentPort!.postMessage('asked');
try {
  parentPort!.postMessage(scheduler!['pickNext']!(someView));
} catch (thrown) {
  parentPort!.postMessage(String(thrown));
}
