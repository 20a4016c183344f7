import { KillableWorker, type WorkerOptions, type WorkerOutcome } from './killableWorker.ts';
import type { JobName, WorkerJobs } from './workerMessages.ts';

/** Several grading workers that share one queue: for whole packs and classes. Workers start as they are needed. */
export class WorkerPool {
  readonly #workers: readonly KillableWorker[];
  readonly #idle: KillableWorker[];
  readonly #queue: ((worker: KillableWorker) => void)[] = [];

  /** @param size how many jobs may be under way at once, at least 1 */
  constructor(options: WorkerOptions, size: number) {
    this.#workers = Array.from({ length: size }, () => new KillableWorker(options));
    this.#idle = this.#workers.toReversed();
  }

  /** Does a job when a worker is free, first come, first served. Never rejects. */
  async ask<N extends JobName>(type: N, request: WorkerJobs[N]['request']): Promise<WorkerOutcome<N>> {
    const worker = this.#idle.pop() ?? (await new Promise<KillableWorker>((free) => this.#queue.push(free)));
    const outcome = await worker.ask(type, request);
    const next = this.#queue.shift();
    if (next === undefined) this.#idle.push(worker);
    else next(worker);
    return outcome;
  }

  /** Ends every worker; jobs that wait or are under way fail. */
  dispose(): void {
    for (const worker of this.#workers) worker.dispose();
  }
}
