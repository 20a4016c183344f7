import type { PolicyFaultDetail } from '../engine/kernel/policy.ts';
import type { Grader, GradingRequest, GradingResult } from './grader.ts';
import type { RunRequest, RunResult } from './runSubmission.ts';
import { ungradable } from './ungradable.ts';
import type { FromGradingWorker, ToGradingWorker, WorkerPort } from './workerMessages.ts';

export interface WorkerGraderOptions {
  readonly spawn: () => WorkerPort | Promise<WorkerPort>;
  /** The bytes of `quickjs.wasm`. */
  readonly wasm: () => Promise<Uint8Array>;
  readonly engineVersion: string;
  /** Calls `expired` after that many milliseconds of real time; returns how to call it off. */
  readonly startTimer: (milliseconds: number, expired: () => void) => () => void;
  /** When a worker that does not answer is killed. Only built-ins that never count a step take that long. */
  readonly wallMs: number;
}

type Waiting =
  | { readonly type: 'grade'; request: GradingRequest; readonly settle: ((result: GradingResult) => void)[] }
  | { readonly type: 'run'; readonly request: RunRequest; readonly settle: ((result: RunResult) => void)[] };

/**
 * Grades in a worker, which is the kill switch: whatever runs in it, ending the worker ends it. A later request for the
 * same task takes the place of one that still waits, and both get the later result.
 */
export class WorkerGrader implements Grader {
  readonly #options: WorkerGraderOptions;
  readonly #waiting: Waiting[] = [];
  #worker: Promise<StartedWorker> | undefined;
  #busy = false;
  #disposed = false;

  constructor(options: WorkerGraderOptions) {
    this.#options = options;
  }

  async prepare(): Promise<void> {
    await this.#started();
  }

  grade(request: GradingRequest): Promise<GradingResult> {
    return new Promise((resolve) => {
      const same = this.#waiting.find(
        (each) => each.type === 'grade' && each.request.task.id === request.task.id,
      );
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
    return new Promise((resolve) => {
      this.#waiting.push({ type: 'run', request, settle: [resolve] });
      void this.#next();
    });
  }

  dispose(): void {
    this.#disposed = true;
    void this.#worker?.then(
      (worker) => worker.port.terminate(),
      () => undefined,
    );
    for (const waiting of this.#waiting.splice(0))
      this.#refuse(waiting, { kind: 'crash', message: 'The grader was closed. Check again.' });
  }

  async #next(): Promise<void> {
    if (this.#busy || this.#disposed) return;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    this.#busy = true;
    try {
      const worker = await this.#started();
      const answer = await worker.ask(waiting, this.#options.wallMs, this.#options.startTimer);
      if (waiting.type === 'grade' && answer.type === 'graded') {
        for (const settle of waiting.settle) settle(answer.result);
      } else if (waiting.type === 'run' && answer.type === 'ran') {
        for (const settle of waiting.settle) settle(answer.result);
      } else {
        // A worker that failed or hangs is never used again.
        worker.port.terminate();
        this.#worker = undefined;
        this.#refuse(waiting, faultBehind(answer, this.#options.wallMs));
      }
    } catch (error) {
      this.#worker = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      this.#refuse(waiting, {
        kind: 'crash',
        message: `The grader could not start: ${reason}. Reload the window and check again.`,
      });
    }
    this.#busy = false;
    void this.#next();
  }

  #refuse(waiting: Waiting, fault: PolicyFaultDetail): void {
    if (waiting.type === 'grade') {
      const result = ungradable(waiting.request, fault, this.#options.engineVersion);
      for (const settle of waiting.settle) settle(result);
    } else for (const settle of waiting.settle) settle({ ok: false, fault });
  }

  #started(): Promise<StartedWorker> {
    this.#worker ??= this.#start();
    return this.#worker;
  }

  async #start(): Promise<StartedWorker> {
    const [port, wasm] = await Promise.all([this.#options.spawn(), this.#options.wasm()]);
    const worker = new StartedWorker(port);
    const ready = worker.next();
    port.post({ type: 'start', wasm, engineVersion: this.#options.engineVersion });
    const message = await ready;
    if (message.type === 'ready') return worker;
    port.terminate();
    throw new Error(message.type === 'failed' ? message.message : 'the worker answered out of turn');
  }
}

type Answer = FromGradingWorker | { readonly type: 'expired' };

/** Why there is no result, for the learner. */
function faultBehind(answer: Answer, wallMs: number): PolicyFaultDetail {
  if (answer.type === 'expired') {
    return {
      kind: 'wall',
      message: `Your code kept the checker busy for ${wallMs / 1000} s inside one built-in operation, so it was stopped and not graded. Look for an operation on something enormous, such as a sparse array of billions of items.`,
    };
  }
  const reason = answer.type === 'failed' ? answer.message : 'it answered out of turn';
  return {
    kind: 'crash',
    message: `The checker failed: ${reason}. This is not your code's fault; check again.`,
  };
}

class StartedWorker {
  readonly port: WorkerPort;
  #listener: ((message: FromGradingWorker) => void) | undefined;

  constructor(port: WorkerPort) {
    this.port = port;
    port.onMessage((message) => this.#listener?.(message));
    port.onError((message) => this.#listener?.({ type: 'failed', message }));
  }

  next(): Promise<FromGradingWorker> {
    return new Promise((resolve) => {
      this.#listener = resolve;
    });
  }

  async ask(
    { type, request }: Waiting,
    wallMs: number,
    startTimer: WorkerGraderOptions['startTimer'],
  ): Promise<Answer> {
    let cancel = (): void => undefined;
    const expired = new Promise<Answer>((resolve) => {
      cancel = startTimer(wallMs, () => resolve({ type: 'expired' }));
    });
    const answer = this.next();
    this.port.post({ type, request } as ToGradingWorker);
    const first = await Promise.race([answer, expired]);
    cancel();
    return first;
  }
}
