import { Range, Uri, WorkspaceEdit, window, workspace, ViewColumn, type TextDocument } from 'vscode';
import type { Task } from '../course/model.ts';
import type { TaskInLesson } from './course.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { HumanError } from './humanError.ts';
import { learnerTsconfig, mayReplaceTsconfig } from '../course/learnerTsconfig.ts';
import type { Learner } from './learner.ts';
import type { WorkFolder, WorkFolders } from './workFolders.ts';
import { exists, isRefused, readText, writeText } from './workspaceFiles.ts';
import { t } from '../course/messages.ts';

/** The learner's files: one folder for each task, `<work folder>/<task id>/<file>`. */
export class TaskFiles {
  readonly #library: CourseLibrary;
  readonly #folders: WorkFolders;
  readonly #learner: Learner;

  constructor(library: CourseLibrary, folders: WorkFolders, learner: Learner) {
    this.#library = library;
    this.#folders = folders;
    this.#learner = learner;
  }

  /** Where the task's file is, or would be; undefined without a work folder. */
  async uriOf(task: Task): Promise<Uri | undefined> {
    const folder = await this.#folders.usable();
    return folder === undefined ? undefined : fileIn(folder, task);
  }

  /** The task's file, when it exists. */
  async existing(task: Task): Promise<Uri | undefined> {
    const uri = await this.uriOf(task);
    return uri !== undefined && (await exists(uri)) ? uri : undefined;
  }

  /** The task that a file belongs to. Loads the course only for files where a task's file could be. */
  async taskOf(uri: Uri): Promise<TaskInLesson | undefined> {
    const folder = await this.#folders.usable();
    if (folder === undefined || uri.scheme !== folder.uri.scheme || uri.authority !== folder.uri.authority)
      return undefined;
    const root = folder.uri.path.replace(/\/$/, '');
    if (!uri.path.startsWith(`${root}/`)) return undefined;
    const [id, ...file] = uri.path.slice(root.length + 1).split('/');
    if (id === undefined || file.length === 0 || id.startsWith('.')) return undefined;
    const found = (await this.#library.get()).task(id);
    return found?.part.task.file === file.join('/') ? found : undefined;
  }

  /**
   * Opens the task's file, writing first what is missing: the starter, the types, and the compiler's settings. Never
   * overwrites what the learner wrote. Undefined when the learner chose no folder.
   */
  async open(task: Task): Promise<TextDocument | undefined> {
    const folder = await this.#folders.currentOrChosen(() => this.#learner.profile());
    if (folder === undefined) return undefined;
    const uri = fileIn(folder, task);
    try {
      if (task.work.kind === 'policies') await this.#writeSupport(folder);
      if (!(await exists(uri))) await writeText(uri, task.starter.text);
    } catch (error) {
      // A file that is there can be read even where nothing may be written.
      if (!isRefused(error) || !(await exists(uri))) throw refused(error, folder.uri);
    }
    const document = await workspace.openTextDocument(uri);
    // Beside a lesson; where files are being edited, among them, so that columns do not pile up.
    const viewColumn = window.activeTextEditor === undefined ? ViewColumn.Beside : ViewColumn.Active;
    await window.showTextDocument(document, { viewColumn, preview: false });
    return document;
  }

  /** Puts the starter back, in open editors too, and keeps what was there. The name of the backup. */
  async reset(task: Task): Promise<string> {
    const uri = await this.existing(task);
    if (uri === undefined) {
      throw new HumanError(
        t('The task "{0}" was not opened yet, so there is nothing to reset.', task.title),
        {
          title: t('Open Task'),
          command: 'trapframe.openTask',
          arguments: [task.id],
        },
      );
    }
    const document = await workspace.openTextDocument(uri);
    try {
      const backup = await freeBackup(uri);
      await writeText(backup, document.getText());
      const edit = new WorkspaceEdit();
      edit.replace(uri, new Range(0, 0, document.lineCount, 0), task.starter.text);
      if (!(await workspace.applyEdit(edit))) throw new Error(`The editor of ${uri.path} took no edit.`);
      await document.save();
      return backup.path.slice(backup.path.lastIndexOf('/') + 1);
    } catch (error) {
      throw refused(error, Uri.joinPath(uri, '..'));
    }
  }

  async #writeSupport({ uri }: WorkFolder): Promise<void> {
    const host = await this.#library.host();
    await replaceWhenDifferent(Uri.joinPath(uri, '.trapframe', 'trapframe.d.ts'), host.learnerDeclarations());
    const config = Uri.joinPath(uri, 'tsconfig.json');
    if (mayReplaceTsconfig(await readText(config))) await replaceWhenDifferent(config, learnerTsconfig);
  }
}

const fileIn = (folder: WorkFolder, task: Task): Uri =>
  Uri.joinPath(folder.uri, task.id, ...task.file.split('/'));

async function replaceWhenDifferent(uri: Uri, text: string): Promise<void> {
  if ((await readText(uri)) !== text) await writeText(uri, text);
}

async function freeBackup(uri: Uri): Promise<Uri> {
  for (let n = 1; ; n++) {
    const backup = uri.with({ path: `${uri.path}.bak-${n}` });
    if (!(await exists(backup))) return backup;
  }
}

/** What to say of a file system that refused to write in a folder; any other error as it is. */
export function refused(error: unknown, folder: Uri): unknown {
  if (!isRefused(error)) return error;
  return new HumanError(
    t(
      'Trapframe may not write in {0} ({1}). Nothing was changed. Choose a folder that you may write to.',
      workspace.asRelativePath(folder, true),
      (error as Error).message,
    ),
    { title: t('Choose Work Folder…'), command: 'trapframe.chooseWorkFolder' },
  );
}
