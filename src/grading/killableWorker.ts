import type {
  FromGradingWorker,
  JobName,
  ToGradingWorker,
  WorkerJobs,
  WorkerPort,
} from './workerMessages.ts';

export interface WorkerOptions {
  readonly spawn: () => WorkerPort | Promise<WorkerPort>;
  /** The bytes of `quickjs.wasm`. */
  readonly wasm: () => Promise<Uint8Array>;
  readonly engineVersion: string;
  /** Calls `expired` after that many milliseconds of real time; returns how to call it off. */
  readonly startTimer: (milliseconds: number, expired: () => void) => () => void;
  /** When a worker that does not answer is killed. Only built-ins that never count a step take that long. */
  readonly wallMs: number;
}

export type WorkerOutcome<N extends JobName> =
  { readonly ok: true; readonly result: WorkerJobs[N]['result'] } | WorkerFailure;

/** Why a job has no result. */
export type WorkerFailure =
  | { readonly ok: false; readonly reason: 'closed' }
  | { readonly ok: false; readonly reason: 'start' | 'crash'; readonly detail: string }
  | { readonly ok: false; readonly reason: 'wall'; readonly wallMs: number };

const closed = { ok: false, reason: 'closed' } as const;

/** Starting parses megabytes of code; on a machine that has much to do it may take this long. */
const startLimitMs = 60_000;

/**
 * A grading worker that is started at first use, killed when it is silent for too long, and started anew after it
 * failed. The worker is the kill switch: whatever runs in it, ending the worker ends it.
 */
export class KillableWorker {
  readonly #options: WorkerOptions;
  #conversation: Promise<Conversation | WorkerFailure> | undefined;
  #current: Conversation | undefined;
  #disposed = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Starts the worker, so that the first job does not wait for it. A worker that cannot start fails that job. */
  async prepare(): Promise<void> {
    await this.#started();
  }

  /** Does one job. Ask only when the one before is over. Never rejects. */
  async ask<N extends JobName>(type: N, request: WorkerJobs[N]['request']): Promise<WorkerOutcome<N>> {
    const started = await this.#started();
    if (!(started instanceof Conversation)) return this.#disposed ? closed : started;
    const answer = await started.exchange(
      { type, request } as ToGradingWorker,
      this.#options.wallMs,
      this.#options.startTimer,
    );
    if (answer.type === 'done') return { ok: true, result: answer.result };
    // A worker that failed or hangs is never used again.
    started.end('it was ended');
    if (this.#disposed) return closed;
    if (answer.type === 'silent') return { ok: false, reason: 'wall', wallMs: this.#options.wallMs };
    const detail = answer.type === 'failed' ? answer.message : 'it answered out of turn';
    return { ok: false, reason: 'crash', detail };
  }

  /** Ends the worker; a job that is under way fails. */
  dispose(): void {
    this.#disposed = true;
    this.#current?.end('it was closed');
  }

  async #started(): Promise<Conversation | WorkerFailure> {
    if (this.#disposed) return closed;
    if (this.#current?.over === true) this.#conversation = undefined;
    const conversation = (this.#conversation ??= this.#start());
    const started = await conversation;
    // The next job tries again.
    if (!(started instanceof Conversation) && this.#conversation === conversation)
      this.#conversation = undefined;
    return started;
  }

  async #start(): Promise<Conversation | WorkerFailure> {
    const { spawn, wasm: readWasm, engineVersion, startTimer } = this.#options;
    this.#current = undefined;
    try {
      const wasm = await readWasm();
      const conversation = new Conversation(await spawn());
      this.#current = conversation;
      if (this.#disposed) conversation.end('it was closed');
      const answer = await conversation.exchange(
        { type: 'start', wasm, engineVersion },
        startLimitMs,
        startTimer,
      );
      if (answer.type === 'ready') return conversation;
      conversation.end('it was ended');
      return { ok: false, reason: 'start', detail: startProblem(answer) };
    } catch (error) {
      return { ok: false, reason: 'start', detail: error instanceof Error ? error.message : String(error) };
    }
  }
}

type Answer = FromGradingWorker | { readonly type: 'silent' };

function startProblem(answer: Answer): string {
  switch (answer.type) {
    case 'failed':
      return answer.message;
    case 'silent':
      return `it did not start within ${startLimitMs / 1000} s`;
    case 'ready':
    case 'done':
      return 'it answered out of turn';
  }
}

/** One worker's life: messages in turn, until it ends. */
class Conversation {
  readonly #port: WorkerPort;
  #ended: string | undefined;
  #hear: ((answer: Answer) => void) | undefined;

  constructor(port: WorkerPort) {
    this.#port = port;
    port.onMessage((message) => this.#hear?.(message));
    port.onError((message) => this.end(message));
  }

  get over(): boolean {
    return this.#ended !== undefined;
  }

  end(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#port.terminate();
    this.#hear?.({ type: 'failed', message: reason });
  }

  exchange(
    message: ToGradingWorker,
    limitMs: number,
    startTimer: WorkerOptions['startTimer'],
  ): Promise<Answer> {
    if (this.#ended !== undefined) return Promise.resolve({ type: 'failed', message: this.#ended });
    return new Promise((resolve) => {
      const hear = (answer: Answer): void => {
        cancel();
        this.#hear = undefined;
        resolve(answer);
      };
      const cancel = startTimer(limitMs, () => hear({ type: 'silent' }));
      this.#hear = hear;
      this.#port.post(message);
    });
  }
}
