import { Uri, workspace } from 'vscode';
import type { Grader } from '../grading/grader.ts';
import type { WorkerOptions } from '../grading/killableWorker.ts';
import type { WorkerPool } from '../grading/workerPool.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import type { Platform } from './platform.ts';

/** A check may use one built-in operation for this long; only operations that never count a step reach it. */
const wallMs = 10_000;
/** A proof tries the variants of many learners in one job. */
const proofWallMs = 120_000;

/** The one grader of this window, started at first use. */
export class GradingService {
  readonly #platform: Platform;
  readonly #library: CourseLibrary;
  readonly #extensionUri: Uri;
  #grader: Promise<Grader> | undefined;

  constructor(platform: Platform, library: CourseLibrary, extensionUri: Uri) {
    this.#platform = platform;
    this.#library = library;
    this.#extensionUri = extensionUri;
  }

  grader(): Promise<Grader> {
    this.#grader ??= this.#create();
    return this.#grader;
  }

  /**
   * A worker of its own for the proof of a pack, so that no learner's check waits for it. Whoever asks disposes it, and may do
   * so at any time.
   */
  async newProver(): Promise<WorkerPool> {
    const host = await this.#library.host();
    return host.newWorkerPool(this.#options(proofWallMs), 1);
  }

  dispose(): void {
    void this.#grader?.then(
      (grader) => grader.dispose(),
      () => undefined,
    );
  }

  async #create(): Promise<Grader> {
    const host = await this.#library.host();
    return host.newGrader(this.#options(wallMs));
  }

  #options(limitMs: number): Omit<WorkerOptions, 'engineVersion'> {
    return {
      spawn: () => this.#platform.spawnGradingWorker(),
      wasm: async () => workspace.fs.readFile(Uri.joinPath(this.#extensionUri, 'dist', 'quickjs.wasm')),
      startTimer: (milliseconds, expired) => {
        const timer = setTimeout(expired, milliseconds);
        return () => clearTimeout(timer);
      },
      wallMs: limitMs,
    };
  }
}
