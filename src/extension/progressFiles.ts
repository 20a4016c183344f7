import { EventEmitter, RelativePattern, Uri, workspace, type Event } from 'vscode';
import { DisposableStore } from './disposableStore.ts';
import { HumanError } from './humanError.ts';
import { lessonOf, ProgressStore, type CorruptFile, type ProgressChange } from './progressStore.ts';
import { workspaceFileStore } from './workspaceFiles.ts';
import { t } from '../course/messages.ts';

/** The progress store of this window, in `<global storage>/progress`, awake to what other windows save. */
export class ProgressFiles {
  readonly folder: Uri;
  readonly progress: ObservableProgress;
  readonly #onError: (error: unknown) => void;
  readonly #disposables = new DisposableStore();

  constructor(globalStorage: Uri, onError: (error: unknown) => void) {
    this.folder = Uri.joinPath(globalStorage, 'progress');
    this.#onError = onError;
    const changed = this.#disposables.add(new EventEmitter<ProgressChange>());
    const store = new ProgressStore({
      files: workspaceFileStore(this.folder),
      session: crypto.randomUUID().slice(0, 8),
      onChange: (change) => changed.fire(change),
      onCorrupt: (file) => this.#reportCorrupt(file),
      onSaveFailed: (lesson, error) => this.#reportUnsaved(lesson, error),
    });
    this.progress = Object.assign(store, { onDidChange: changed.event });
    const watcher = this.#disposables.add(
      workspace.createFileSystemWatcher(new RelativePattern(this.folder, '*.json')),
    );
    const refresh = (uri: Uri): void => {
      const lesson = lessonOf(uri.path.slice(uri.path.lastIndexOf('/') + 1));
      if (lesson !== undefined)
        store.refresh(lesson).catch((error: unknown) => this.#reportUnsaved(lesson, error));
    };
    this.#disposables.add(watcher.onDidChange(refresh));
    this.#disposables.add(watcher.onDidCreate(refresh));
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #reportCorrupt({ lesson, keptAs, problem }: CorruptFile): void {
    const message = t(
      'The saved progress of the lesson "{0}" {1}. It was kept as {2}, and the lesson starts anew.',
      lesson,
      problem,
      keptAs,
    );
    const show = {
      title: t('Show'),
      command: 'vscode.open',
      arguments: [Uri.joinPath(this.folder, keptAs)],
    } as const;
    this.#onError(new HumanError(message, show));
  }

  #reportUnsaved(lesson: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const message = t(
      'Your progress in "{0}" could not be saved in {1} ({2}). It is kept while this window is open: make room there, or give permission to write, then answer again.',
      lesson,
      this.folder.path,
      reason,
    );
    this.#onError(new HumanError(message, { title: t('Show Log'), command: 'trapframe.showLog' }));
  }
}

export type ObservableProgress = ProgressStore & {
  readonly onDidChange: Event<ProgressChange>;
};
