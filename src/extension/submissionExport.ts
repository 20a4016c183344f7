import { ProgressLocation, Uri, window, workspace, type TextDocument } from 'vscode';
import { answersFile, serializeWorkSettings, workSettingsFile } from '../course/workSettings.ts';
import type { Course, TaskInLesson } from './course.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { HumanError } from './humanError.ts';
import { exerciseProgress } from './progress.ts';
import type { ProgressStore } from './progressStore.ts';
import type { SubmittedTask } from './submissionArchive.ts';
import type { TaskChecker } from './taskChecker.ts';
import type { TaskFiles } from './taskFiles.ts';
import type { WorkFolder, WorkFolders } from './workFolders.ts';
import { isRefused, readText } from './workspaceFiles.ts';
import { t } from '../course/messages.ts';

export interface SubmissionExportParts {
  readonly library: CourseLibrary;
  readonly folders: WorkFolders;
  readonly files: TaskFiles;
  readonly checker: TaskChecker;
  readonly progress: ProgressStore;
}

/** *Export Submission*: the work folder in one zip archive, with a receipt for each checked task. */
export class SubmissionExport {
  readonly #parts: SubmissionExportParts;

  constructor(parts: SubmissionExportParts) {
    this.#parts = parts;
  }

  async run(): Promise<void> {
    const folder = await this.#parts.folders.current();
    if (folder === undefined) {
      throw new HumanError(t('There is nothing to export yet: you have chosen no folder for your work.'), {
        title: t('Choose Work Folder…'),
        command: 'trapframe.chooseWorkFolder',
      });
    }
    const course = await this.#parts.library.get();
    const tasks = await window.withProgress(
      { location: ProgressLocation.Notification, title: t('Checking what you hand in') },
      () => this.#tasks(course, folder),
    );
    const answers = await savedText(Uri.joinPath(folder.uri, answersFile));
    if (tasks.every(({ report }) => report === undefined) && answers === undefined) {
      throw new HumanError(
        tasks.length === 0
          ? t(
              'There is nothing to export yet: your work folder holds no answer and no task file. Open a task first.',
            )
          : t(
              'There is nothing to export yet: no task was checked, and no question answered. Check a task first.',
            ),
        tasks.length === 0
          ? { title: t('Open Task…'), command: 'trapframe.openTask' }
          : { title: t('Check'), command: 'trapframe.checkTask' },
      );
    }
    const target = await window.showSaveDialog({
      title: t('Export Submission'),
      saveLabel: t('Export'),
      filters: { [t('Zip archive')]: ['zip'] },
      defaultUri: Uri.joinPath(folder.uri, `submission-${fileWord(folder.settings.learner)}.zip`),
    });
    if (target === undefined) return;
    const settings =
      (await savedText(Uri.joinPath(folder.uri, workSettingsFile))) ?? serializeWorkSettings(folder.settings);
    const submission = {
      pack: course.pack.id,
      settings,
      ...(answers === undefined ? {} : { answers }),
      tasks,
    };
    try {
      await workspace.fs.writeFile(target, course.host.submissionArchive(submission));
    } catch (error) {
      if (!isRefused(error)) throw error;
      throw new HumanError(
        t('{0} cannot be written: {1}. Choose another place.', target.path, (error as Error).message),
        { title: t('Export Submission…'), command: 'trapframe.exportSubmission' },
      );
    }
    this.#tell(target, tasks, answers !== undefined);
  }

  /** Every task whose file exists. One that was ever checked is checked again, so that its receipt is about this file. */
  async #tasks(course: Course, folder: WorkFolder): Promise<readonly SubmittedTask[]> {
    const submitted: SubmittedTask[] = [];
    const root = `${folder.uri.path.replace(/\/$/, '')}/`;
    await this.#parts.progress.load();
    for (const found of course.tasks()) {
      const uri = await this.#parts.files.existing(found.part.task);
      if (uri === undefined) continue;
      const path = uri.path.slice(root.length);
      const report = this.#wasChecked(found)
        ? (await this.#parts.checker.check(found)).result.report
        : undefined;
      const document = await workspace.openTextDocument(uri);
      await save(document);
      const source = document.getText();
      submitted.push({ path, source, ...(report === undefined ? {} : { report }) });
    }
    return submitted;
  }

  #wasChecked({ lesson, part }: TaskInLesson): boolean {
    return exerciseProgress(this.#parts.progress.of(lesson.id), part.id).grading !== undefined;
  }

  #tell(target: Uri, tasks: readonly SubmittedTask[], answered: boolean): void {
    const unchecked = tasks.filter(({ report }) => report === undefined).map(({ path }) => path);
    const checked = tasks.flatMap(({ report }) => (report === undefined ? [] : [report]));
    const points = checked.reduce((sum, report) => sum + report.points, 0);
    const graded =
      checked.length === 1
        ? t('1 checked task ({0} points)', points)
        : t('{0} checked tasks ({1} points)', checked.length, points);
    const name = nameOf(target);
    const exported =
      checked.length === 0
        ? t('Exported your answers to {0}.', name)
        : answered
          ? t('Exported your answers and {0} to {1}.', graded, name)
          : t('Exported {0} to {1}.', graded, name);
    const without =
      unchecked.length === 0 ? [] : [t('Never checked, so without a receipt: {0}.', unchecked.join(', '))];
    void window.showInformationMessage([exported, ...without].join(' '));
  }
}

/** A file's text; what an editor holds of it is saved first. */
async function savedText(uri: Uri): Promise<string | undefined> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) await save(open);
  return readText(uri);
}

async function save(document: TextDocument): Promise<void> {
  if (!document.isDirty || (await document.save())) return;
  throw new HumanError(
    t('{0} has changes that could not be saved. Save it, and export again.', nameOf(document.uri)),
  );
}

const nameOf = (uri: Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);

const fileWord = (text: string): string => text.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');
