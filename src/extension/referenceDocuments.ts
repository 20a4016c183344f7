import { Uri, commands, workspace, type TextDocumentContentProvider } from 'vscode';
import { t } from '../course/messages.ts';
import { referenceScheme } from './contributions.ts';
import type { TaskInLesson } from './course.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';

/** A task's reference solution as a read-only document, wherever VS Code runs. */
export class ReferenceDocuments implements TextDocumentContentProvider {
  readonly #library: CourseLibrary;
  readonly #disposables = new DisposableStore();

  constructor(library: CourseLibrary) {
    this.#library = library;
    this.#disposables.add(workspace.registerTextDocumentContentProvider(referenceScheme, this));
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const id = uri.path.split('/')[1] ?? '';
    const { part } = await this.#library.task(id);
    return part.task.solution.text;
  }

  async compare({ part: { task } }: TaskInLesson, learnerFile: Uri): Promise<void> {
    const reference = Uri.from({ scheme: referenceScheme, path: `/${task.id}/${task.file}` });
    await commands.executeCommand(
      'vscode.diff',
      learnerFile,
      reference,
      t('{0}: yours and the reference', task.title),
    );
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
