import {
  Uri,
  commands,
  env,
  version,
  window,
  workspace,
  type ExtensionContext,
  type LogOutputChannel,
} from 'vscode';
import { walkthroughId } from './contributions.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { HumanError } from './humanError.ts';
import type { Learner } from './learner.ts';
import type { LessonPanel } from './lessonPanel.ts';
import { serializeProgressExport } from './progressExport.ts';
import type { ProgressStore } from './progressStore.ts';
import type { WorkFolders } from './workFolders.ts';
import { isRefused, writeText } from './workspaceFiles.ts';
import { t } from '../course/messages.ts';

export interface CourseCommandParts {
  readonly context: ExtensionContext;
  readonly library: CourseLibrary;
  readonly panel: LessonPanel;
  readonly progress: ProgressStore;
  readonly folders: WorkFolders;
  readonly learner: Learner;
  readonly log: LogOutputChannel;
}

/** Commands about the course as a whole. */
export class CourseCommands {
  readonly #parts: CourseCommandParts;

  constructor(parts: CourseCommandParts) {
    this.#parts = parts;
  }

  async openFirstLesson(): Promise<void> {
    const first = (await this.#parts.library.get()).first();
    if (first === undefined) {
      throw new HumanError(t('The course has no lesson that can be shown. The log says what was found.'), {
        title: t('Show Log'),
        command: 'trapframe.showLog',
      });
    }
    await this.#parts.panel.show(first.id);
  }

  async openLesson(id?: string, part?: string): Promise<void> {
    const lesson = id ?? (await this.#pickLesson());
    if (lesson !== undefined) await this.#parts.panel.show(lesson, part);
  }

  /** @param uri the folder, where the caller knows it already */
  async chooseWorkFolder(uri?: Uri): Promise<void> {
    const { folders, learner } = this.#parts;
    const identity = () => learner.profile();
    const folder = await (uri === undefined ? folders.choose(identity) : folders.use(uri, identity));
    if (folder === undefined) return;
    const shown = workspace.asRelativePath(folder.uri, true);
    void window.showInformationMessage(t('Your task files and answers will be in {0}.', shown));
  }

  async openWalkthrough(): Promise<void> {
    await commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${this.#parts.context.extension.id}#${walkthroughId}`,
      false,
    );
  }

  async exportProgress(): Promise<void> {
    const { progress } = this.#parts;
    await progress.load();
    const folder = await this.#parts.folders.usable();
    const base = folder?.uri ?? workspace.workspaceFolders?.[0]?.uri;
    const target = await window.showSaveDialog({
      title: t('Export Progress'),
      saveLabel: t('Export'),
      filters: { JSON: ['json'] },
      ...(base === undefined ? {} : { defaultUri: Uri.joinPath(base, 'trapframe-progress.json') }),
    });
    if (target === undefined) return;
    try {
      await writeText(target, serializeProgressExport(progress.lessons()));
    } catch (error) {
      if (!isRefused(error)) throw error;
      throw new HumanError(
        t('{0} cannot be written: {1}. Choose another place.', target.path, (error as Error).message),
        {
          title: t('Export Progress…'),
          command: 'trapframe.exportProgress',
        },
      );
    }
    const chosen = window.showInformationMessage(t('Your progress was exported.'), t('Show'));
    void chosen.then((choice) => (choice === undefined ? undefined : window.showTextDocument(target)));
  }

  async resetProgress(): Promise<void> {
    const { library, progress } = this.#parts;
    const course = await library.get();
    await progress.load();
    const begun = progress.lessons().filter(({ events }) => events.length > 0);
    if (begun.length === 0) {
      void window.showInformationMessage(t('There is no progress to reset: no lesson was opened yet.'));
      return;
    }
    const choices = begun.map(({ lesson, events }) => ({
      label: course.lesson(lesson)?.title ?? lesson,
      description: events.length === 1 ? t('1 entry') : t('{0} entries', events.length),
      lesson,
    }));
    const picked = await window.showQuickPick(choices, {
      canPickMany: true,
      title: t('Reset the progress of which lessons?'),
      placeHolder: t('Answers, attempts and hints of these lessons are forgotten. Your files stay.'),
    });
    if (picked === undefined || picked.length === 0) return;
    const answer = await window.showWarningMessage(
      picked.length === 1
        ? t('Forget your progress in "{0}"?', picked[0]!.label)
        : t('Forget your progress in {0} lessons?', picked.length),
      {
        modal: true,
        detail: t(
          'This cannot be undone, but you can export your progress first. Files in your work folder stay.',
        ),
      },
      t('Forget'),
    );
    if (answer !== t('Forget')) return;
    for (const { lesson } of picked) await progress.reset(lesson);
    void window.showInformationMessage(
      picked.length === 1 ? t('The lesson starts anew.') : t('{0} lessons start anew.', picked.length),
    );
  }

  /** Opens VS Code's own form, which shows everything before it leaves the machine. */
  async reportIssue(): Promise<void> {
    const { context, log } = this.#parts;
    const manifest = context.extension.packageJSON as {
      readonly version: string;
      readonly bugs?: { readonly url?: string };
    };
    log.info(`Reported with Trapframe ${manifest.version} in VS Code ${version} (${env.appHost})`);
    await commands.executeCommand('workbench.action.openIssueReporter', {
      extensionId: context.extension.id,
      issueTitle: '',
      issueBody: `${t('What did you do, what did you expect, and what happened?')}\n\n${t('The log (Trapframe: Show Log) may help; read it before you paste it.')}\n`,
    });
  }

  async #pickLesson(): Promise<string | undefined> {
    const course = await this.#parts.library.get();
    const choices = course.modules.flatMap((module) =>
      course.lessonsOf(module.id).map((lesson) => ({
        label: lesson.title,
        description: module.title,
        detail: lesson.summary,
        id: lesson.id,
      })),
    );
    if (choices.length === 0) {
      await this.openFirstLesson(); // and it says what is wrong
      return undefined;
    }
    const picked = await window.showQuickPick(choices, {
      title: t('Open which lesson?'),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    return picked?.id;
  }
}
