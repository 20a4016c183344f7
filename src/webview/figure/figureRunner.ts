import type { FigureReply, FigureRequest, FigureResult } from './figureProtocol.ts';
import { t } from '../page/messages.ts';

type Answer = (result: FigureResult) => void;
export type Question = Omit<FigureRequest, 'request'>;
interface Asked {
  readonly question: Question;
  readonly answer: Answer;
}

const cannotStart = t(
  'The simulation could not be started in this panel. Try again; if that does not help, close and reopen the lesson.',
);

/**
 * Runs figures in one worker, which starts with the first figure. Of several requests under one key only the latest
 * is answered, so that a slider never builds up a queue.
 */
export class FigureRunner {
  readonly #scriptUrl: string;
  readonly #report: (message: string) => void;
  readonly #waiting = new Map<string, Asked>();
  #running: { readonly key: string; readonly request: number; readonly asked: Asked } | undefined;
  #worker: Promise<Worker> | undefined;
  #requests = 0;

  /**
   * @param scriptUrl the figure worker's bundle; fetched and run from a `blob:`, the only kind a webview may start.
   * @param report is told of failures, for the log.
   */
  constructor(scriptUrl: string, report: (message: string) => void) {
    this.#scriptUrl = scriptUrl;
    this.#report = report;
  }

  /** Asks for a run. `answer` is called once, unless a later request under the same key takes its place. */
  run(key: string, question: Question, answer: Answer): void {
    this.#waiting.delete(key);
    this.#waiting.set(key, { question, answer });
    this.#next();
  }

  /** Withdraws what was asked under a key. */
  forget(key: string): void {
    this.#waiting.delete(key);
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const first = this.#waiting.entries().next();
    if (first.done === true) return;
    const [key, asked] = first.value;
    this.#waiting.delete(key);
    const request = ++this.#requests;
    this.#running = { key, request, asked };
    this.#worker ??= this.#start();
    this.#worker.then(
      (worker) => worker.postMessage({ request, ...asked.question } satisfies FigureRequest),
      (error: unknown) => this.#fail(error instanceof Error ? error.message : String(error)),
    );
  }

  async #start(): Promise<Worker> {
    const response = await fetch(this.#scriptUrl);
    if (!response.ok) throw new Error(`${this.#scriptUrl}: ${response.status}`);
    const url = URL.createObjectURL(new Blob([await response.arrayBuffer()], { type: 'text/javascript' }));
    const worker = new Worker(url, { name: 'figures' });
    worker.addEventListener('message', ({ data }: MessageEvent<FigureReply>) => {
      if (data.request === this.#running?.request) this.#finish(data.result);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      worker.terminate();
      this.#fail(event.message || 'The worker did not start.');
    });
    return worker;
  }

  #finish(result: FigureResult): void {
    const running = this.#running!;
    this.#running = undefined;
    if (!this.#waiting.has(running.key)) running.asked.answer(result);
    this.#next();
  }

  /** The worker is gone: the request that met this is told, and the next one starts a new worker. */
  #fail(message: string): void {
    this.#report(`Figure worker: ${message}`);
    this.#worker = undefined;
    if (this.#running !== undefined) this.#finish({ kind: 'failed', message: cannotStart });
  }
}
