import { Uri } from 'vscode';
import { answersOf, mergeAnswers, serializeAnswers } from './answers.ts';
import { DisposableStore } from './disposableStore.ts';
import { HumanError } from './humanError.ts';
import type { ObservableProgress } from './progressFiles.ts';
import { answersFile } from '../course/workSettings.ts';
import type { WorkFolders } from './workFolders.ts';
import { isRefused, readText, writeText } from './workspaceFiles.ts';
import { t } from '../course/messages.ts';

/** Mirrors the learner's answers into `answers.json` of the work folder, where a grader and the learner can read them. */
export class AnswersFile {
  readonly #folders: WorkFolders;
  readonly #progress: ObservableProgress;
  readonly #disposables = new DisposableStore();
  #writing = Promise.resolve();
  #refusedIn: string | undefined;

  constructor(folders: WorkFolders, progress: ObservableProgress, onError: (error: unknown) => void) {
    this.#folders = folders;
    this.#progress = progress;
    const write = (): void => {
      this.#writing = this.#writing.then(() => this.#write()).catch(onError);
    };
    this.#disposables.add(progress.onDidChange(write));
    this.#disposables.add(folders.onDidChange(write));
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #write(): Promise<void> {
    const folder = await this.#folders.usable();
    if (folder === undefined) return;
    await this.#progress.load();
    const answers = answersOf(this.#progress.lessons(), folder.settings.seed);
    const uri = Uri.joinPath(folder.uri, answersFile);
    const saved = await readText(uri);
    const merged = mergeAnswers(saved, answers);
    if (merged === undefined || Object.keys(merged.answers).length === 0) return;
    const text = serializeAnswers(merged);
    if (text === saved) return;
    try {
      await writeText(uri, text);
      this.#refusedIn = undefined;
    } catch (error) {
      if (!isRefused(error)) throw error;
      // Said once for each folder: the answer itself is safe in the progress.
      if (this.#refusedIn === folder.uri.toString()) return;
      this.#refusedIn = folder.uri.toString();
      throw new HumanError(
        t(
          'Your answers are saved, but cannot be copied to {0} in your work folder: {1}. Choose a folder that you may write to.',
          answersFile,
          (error as Error).message,
        ),
        { title: t('Choose Work Folder…'), command: 'trapframe.chooseWorkFolder' },
      );
    }
  }
}
