import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from './killableWorker.ts';
import { WorkerGrader } from './workerGrader.ts';
import type { FromGradingWorker, WorkerPort } from './workerMessages.ts';
import { WorkerPool } from './workerPool.ts';

/** How long a worker may be silent over one submission before it is killed, while somebody waits for it. */
const wallMs = 20_000;
/**
 * The same where nobody waits, as for a class or a proof: far more than the step budgets take on a machine that is busy
 * with other things, so that only what escapes them ends by it.
 */
const patientWallMs = 120_000;

/**
 * How grading workers are started on Node's worker threads.
 * @param dist the folder of the bundles: `gradingWorker.mjs` and `quickjs.wasm` are read from it
 */
export const nodeWorkerOptions = (dist: string, engineVersion: string): WorkerOptions => ({
  spawn: () => spawnNodeWorker(join(dist, 'gradingWorker.mjs')),
  wasm: () => readFile(join(dist, 'quickjs.wasm')),
  engineVersion,
  wallMs,
  startTimer: (milliseconds, expired) => {
    const timer = setTimeout(expired, milliseconds);
    return () => clearTimeout(timer);
  },
});

export const nodeGrader = (dist: string, engineVersion: string): WorkerGrader =>
  new WorkerGrader(nodeWorkerOptions(dist, engineVersion));

/** @param size how many submissions are graded at once */
export const nodeWorkerPool = (dist: string, engineVersion: string, size: number): WorkerPool =>
  new WorkerPool({ ...nodeWorkerOptions(dist, engineVersion), wallMs: patientWallMs }, size);

export function spawnNodeWorker(file: string): WorkerPort {
  // Nothing of the host's environment or arguments is the business of a grading worker.
  const worker = new Worker(file, { env: {}, argv: [], execArgv: [] });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listen) => void worker.on('message', (message: FromGradingWorker) => listen(message)),
    onError: (listen) => {
      worker.on('error', (error: Error) => listen(error.message));
      worker.on('exit', (code) => listen(`the worker ended with code ${code}`));
    },
    terminate: () => void worker.terminate(),
  };
}
