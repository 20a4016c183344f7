import { commands, type ExtensionContext, type TreeView } from 'vscode';
import { courseViewId } from './contributions.ts';
import type { CourseCommands } from './courseCommands.ts';
import { DisposableStore } from './disposableStore.ts';
import type { WorkFolders } from './workFolders.ts';

export interface FirstStartParts {
  readonly context: ExtensionContext;
  readonly course: CourseCommands;
  readonly folders: WorkFolders;
  readonly tree: TreeView<unknown>;
  readonly onError: (error: unknown) => void;
}

const greetedKey = 'greeted';

/**
 * The first time that a learner opens a work folder or the course view, the course view, the walkthrough and the first
 * lesson open. Never again after that.
 */
export class FirstStart {
  readonly #parts: FirstStartParts;
  readonly #disposables = new DisposableStore();

  constructor(parts: FirstStartParts) {
    this.#parts = parts;
    if (parts.context.globalState.get(greetedKey) === true) return;
    this.#disposables.add(
      parts.tree.onDidChangeVisibility(({ visible }) => {
        if (visible) this.#greet();
      }),
    );
    parts.folders.usable().then((folder) => {
      if (folder !== undefined || parts.tree.visible) this.#greet();
    }, parts.onError);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #greet(): void {
    if (this.#disposables.disposed) return;
    this.#disposables.dispose();
    this.#open().catch(this.#parts.onError);
  }

  async #open(): Promise<void> {
    const { context, course } = this.#parts;
    await context.globalState.update(greetedKey, true);
    await commands.executeCommand(`${courseViewId}.focus`);
    await course.openWalkthrough();
    await course.openFirstLesson();
  }
}
