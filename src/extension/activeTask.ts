import {
  EventEmitter,
  commands,
  window,
  type Event,
  type LogOutputChannel,
  type TextEditor,
  type Uri,
} from 'vscode';
import type { ContextKey } from './contributions.ts';
import type { TaskInLesson } from './course.ts';
import { DisposableStore } from './disposableStore.ts';
import type { TaskFiles } from './taskFiles.ts';

export interface ActiveTaskFile extends TaskInLesson {
  readonly uri: Uri;
}

/** The task whose file the active editor shows, or showed before the focus went to something that is no editor. */
export class ActiveTask {
  readonly #files: TaskFiles;
  readonly #log: LogOutputChannel;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<ActiveTaskFile | undefined>());
  readonly onDidChange: Event<ActiveTaskFile | undefined> = this.#changed.event;
  #current: ActiveTaskFile | undefined;
  #asked = 0;

  constructor(files: TaskFiles, log: LogOutputChannel) {
    this.#files = files;
    this.#log = log;
    this.#disposables.add(window.onDidChangeActiveTextEditor((editor) => void this.#update(editor)));
    this.#disposables.add(
      window.onDidChangeVisibleTextEditors(() => void this.#update(window.activeTextEditor)),
    );
  }

  get current(): ActiveTaskFile | undefined {
    return this.#current;
  }

  /** Looks again: at the start, and when the work folder changed. */
  refresh(): Promise<void> {
    return this.#update(window.activeTextEditor);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #update(active: TextEditor | undefined): Promise<void> {
    // A lesson beside the file takes the focus; what is being worked on stays the same while it is on screen.
    const editor =
      active ?? window.visibleTextEditors.find(({ document }) => isSame(document.uri, this.#current?.uri));
    const asked = ++this.#asked;
    const found = editor === undefined ? undefined : await this.#taskOf(editor.document.uri);
    if (asked !== this.#asked) return; // a later editor was asked about meanwhile
    this.#current = found;
    void commands.executeCommand(
      'setContext',
      'trapframe.activeTask' satisfies ContextKey,
      found !== undefined,
    );
    this.#changed.fire(found);
  }

  async #taskOf(uri: Uri): Promise<ActiveTaskFile | undefined> {
    try {
      const found = await this.#files.taskOf(uri);
      return found === undefined ? undefined : { ...found, uri };
    } catch (error) {
      this.#log.warn(`Which task ${uri.path} belongs to: ${(error as Error).message}`);
      return undefined;
    }
  }
}

const isSame = (a: Uri, b: Uri | undefined): boolean => a.toString() === b?.toString();
