import { Uri, workspace } from 'vscode';
import type { Grader } from '../grading/grader.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import type { Platform } from './platform.ts';

/** A check may use one built-in operation for this long; only operations that never count a step reach it. */
const wallMs = 10_000;

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

  dispose(): void {
    void this.#grader?.then(
      (grader) => grader.dispose(),
      () => undefined,
    );
  }

  async #create(): Promise<Grader> {
    const host = await this.#library.host();
    return host.newGrader({
      spawn: () => this.#platform.spawnGradingWorker(),
      wasm: async () => workspace.fs.readFile(Uri.joinPath(this.#extensionUri, 'dist', 'quickjs.wasm')),
      startTimer: (milliseconds, expired) => {
        const timer = setTimeout(expired, milliseconds);
        return () => clearTimeout(timer);
      },
      wallMs,
    });
  }
}
