import type { Grader, GradingRequest, GradingResult } from './grader.ts';
import { KillableWorker, type WorkerOptions } from './killableWorker.ts';
import type { RunRequest, RunResult } from './runSubmission.ts';
import { faultOf, notRun } from './notRun.ts';

type Waiting =
  | { readonly type: 'grade'; request: GradingRequest; readonly settle: ((result: GradingResult) => void)[] }
  | { readonly type: 'run'; readonly request: RunRequest; readonly settle: (result: RunResult) => void };

/**
 * Grades in one worker, one thing at a time. A later request for the same task takes the place of one that still waits,
 * and both get the later result.
 */
export class WorkerGrader implements Grader {
  readonly #worker: KillableWorker;
  readonly #engineVersion: string;
  readonly #waiting: Waiting[] = [];
  #busy = false;

  constructor(options: WorkerOptions) {
    this.#worker = new KillableWorker(options);
    this.#engineVersion = options.engineVersion;
  }

  prepare(): Promise<void> {
    return this.#worker.prepare();
  }

  grade(request: GradingRequest): Promise<GradingResult> {
    return new Promise((resolve) => {
      const same = this.#waiting.find((each) => each.type === 'grade' && sameTask(each.request, request));
      if (same?.type !== 'grade') this.#waiting.push({ type: 'grade', request, settle: [resolve] });
      else {
        same.request = request;
        same.settle.push(resolve);
      }
      void this.#next();
    });
  }

  /** Runs a learner's module once, under the same kill switch. */
  run(request: RunRequest): Promise<RunResult> {
    return new Promise((settle) => {
      this.#waiting.push({ type: 'run', request, settle });
      void this.#next();
    });
  }

  /** Requests that wait or are under way, and later ones, are ungradable. */
  dispose(): void {
    this.#worker.dispose();
  }

  async #next(): Promise<void> {
    if (this.#busy) return;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    this.#busy = true;
    await this.#do(waiting);
    this.#busy = false;
    void this.#next();
  }

  async #do(waiting: Waiting): Promise<void> {
    if (waiting.type === 'run') {
      const outcome = await this.#worker.ask('run', waiting.request);
      waiting.settle(outcome.ok ? outcome.result : { ok: false, fault: faultOf(outcome) });
      return;
    }
    const { request, settle } = waiting;
    const outcome = await this.#worker.ask('grade', request);
    const result = outcome.ok ? outcome.result : notRun(request, faultOf(outcome), this.#engineVersion);
    for (const each of settle) each(result);
  }
}

/** Packs may have tasks of one id. */
const sameTask = (a: GradingRequest, b: GradingRequest): boolean =>
  a.task.id === b.task.id && a.lessonHash === b.lessonHash;
