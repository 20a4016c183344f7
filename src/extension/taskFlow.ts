import { window, workspace, type TextDocument } from 'vscode';
import type { ActiveTask, ActiveTaskFile } from './activeTask.ts';
import type { SettingId } from './contributions.ts';
import { exercisesOf, type TaskInLesson } from './course.ts';
import type { RunAtEvent } from './clusterSession.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import type { Exercises } from './exercises.ts';
import { saveFailingCase } from './failingCase.ts';
import { HumanError } from './humanError.ts';
import { exerciseProgress } from './progress.ts';
import type { ProgressStore } from './progressStore.ts';
import type { ReferenceDocuments } from './referenceDocuments.ts';
import type { CheckedTask, TaskChecker } from './taskChecker.ts';
import type { TaskDiagnostics } from './taskDiagnostics.ts';
import type { TaskFiles } from './taskFiles.ts';
import type { TaskTests } from './taskTests.ts';
import type { TracePanel } from './tracePanel.ts';
import { t } from '../course/messages.ts';
import { languageOf } from '../course/model.ts';

export interface TaskFlowParts {
  readonly library: CourseLibrary;
  readonly files: TaskFiles;
  readonly checker: TaskChecker;
  readonly exercises: Exercises;
  readonly progress: ProgressStore;
  readonly active: ActiveTask;
  readonly diagnostics: TaskDiagnostics;
  readonly references: ReferenceDocuments;
  readonly tests: TaskTests;
  readonly trace: TracePanel;
  readonly showLesson: (lesson: string, part?: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** What a learner does with a task: open, check, ask for a hint, reset, compare, go on. */
export class TaskFlow {
  readonly #parts: TaskFlowParts;
  readonly #disposables = new DisposableStore();

  constructor(parts: TaskFlowParts) {
    this.#parts = parts;
    this.#disposables.add(
      workspace.onDidSaveTextDocument((document) => this.#guard(() => this.#saved(document))),
    );
    this.#disposables.add(
      parts.active.onDidChange((found) => {
        if (found !== undefined) this.#guard(() => this.#entered(found));
      }),
    );
    this.#disposables.add(parts.checker.onDidCheck((checked) => this.#guard(() => this.#offerNext(checked))));
  }

  async openTask(id?: string): Promise<void> {
    const found = await this.#pick(id, t('Which task do you want to open?'));
    if (found === undefined) return;
    const { files, checker, exercises, tests } = this.#parts;
    const document = await files.open(found.part.task);
    if (document === undefined) return;
    exercises.touched(found.lesson.id, found.part.id);
    await tests.fill();
    // Loaded while the learner reads, so that the first check is quick. A failure shows when something is checked.
    checker.prepare().catch(() => undefined);
  }

  async checkTask(id?: string): Promise<void> {
    const found = await this.#pickActive(id, t('Which task do you want to check?'));
    if (found !== undefined) await this.#parts.checker.check(found);
  }

  async showHint(id?: string): Promise<void> {
    const found = await this.#pickActive(id, t('A hint for which task?'));
    if (found === undefined) return;
    const { lesson, part } = found;
    const hint = await this.#parts.exercises.hint(lesson, part.id);
    if (hint === undefined) {
      const all =
        part.task.hints.length === 0
          ? t('This task has no hints.')
          : t('You have seen all hints of this task. They stand in the lesson.');
      await this.#parts.showLesson(lesson.id, part.id);
      void window.showInformationMessage(all);
      return;
    }
    const more = hint.number < hint.of ? [t('Next Hint')] : [];
    const chosen = window.showInformationMessage(
      t('Hint {0} of {1}: {2}', hint.number, hint.of, plain(hint.text)),
      ...more,
      t('Show in Lesson'),
    );
    void chosen.then((choice) =>
      this.#guard(async () => {
        if (choice === t('Next Hint')) await this.showHint(part.id);
        else if (choice !== undefined) await this.#parts.showLesson(lesson.id, part.id);
      }),
    );
  }

  async resetTask(id?: string): Promise<void> {
    const found = await this.#pickActive(id, t('Which task do you want to reset?'));
    if (found === undefined) return;
    const { task } = found.part;
    const answer = await window.showWarningMessage(
      t('Put the starter of "{0}" back into {1}?', task.title, task.file),
      {
        modal: true,
        detail: t('What you wrote is kept in a backup beside it. Your attempts stay in your progress.'),
      },
      t('Reset'),
    );
    if (answer === t('Reset')) await this.resetNow(found);
  }

  /** Resets without asking. */
  async resetNow(found: TaskInLesson): Promise<void> {
    const backup = await this.#parts.files.reset(found.part.task);
    void window.showInformationMessage(
      t('{0} is the starter again. What you wrote is in {1}.', found.part.task.file, backup),
    );
  }

  async compareWithReference(id?: string): Promise<void> {
    const found = await this.#pickActive(id, t('Which task do you want to compare?'));
    if (found === undefined) return;
    const uri = await this.#parts.files.existing(found.part.task);
    if (uri === undefined) throw notOpened(found);
    await this.#parts.references.compare(found, uri);
  }

  async showLesson(id?: string): Promise<void> {
    const found = await this.#pickActive(id, t('The lesson of which task?'));
    if (found !== undefined) await this.#parts.showLesson(found.lesson.id, found.part.id);
  }

  /** Opens the failing case of a check, or of the first check that fails, in the trace panel. */
  async stepThrough(id?: string, checkId?: string): Promise<void> {
    const found = await this.#pickActive(id, t('A failing case of which task?'));
    if (found === undefined) return;
    const { checker, trace } = this.#parts;
    const { task } = found.part;
    // A verdict of an earlier window has no recordings.
    const recorded = (): CheckedTask | undefined => {
      const latest = checker.latest(task.id);
      return latest !== undefined && Object.keys(latest.result.recordings).length > 0 ? latest : undefined;
    };
    const { report, recordings } = (recorded() ?? (await checker.check(found))).result;
    const check = report.checks.find(
      (each) => (checkId === undefined || each.id === checkId) && each.id in recordings,
    );
    if (check?.failure === undefined) {
      void window.showInformationMessage(t('"{0}" has no failing case to step through.', task.title));
      return;
    }
    const { failure } = check;
    const { actual, expected, decidingEvent } = recordings[check.id]!;
    await trace.show({
      title: check.title,
      language: languageOf(found.part, found.lesson),
      scenario: failure.case.scenario,
      params: failure.case.params,
      seed: failure.case.seed,
      runs: [
        { label: t('Your run'), ...actual },
        ...(expected === undefined
          ? []
          : [
              {
                label: failure.case.ties === undefined ? t('Expected') : t('In the usual order'),
                ...expected,
              },
            ]),
      ],
      failure: {
        decidingEvent,
        expected: failure.expected,
        actual: failure.actual,
        because: failure.because,
      },
    });
  }

  /** The runs of the failing cases of a task's latest check, each at its deciding event. */
  failingRuns(id: string | undefined): readonly RunAtEvent[] {
    const result = id === undefined ? undefined : this.#parts.checker.latest(id)?.result;
    return (result?.report.checks ?? []).flatMap(({ id: check, failure }) => {
      const recording = result?.recordings[check];
      if (failure === undefined || recording === undefined) return [];
      const { scenario, params, seed } = failure.case;
      const { documents } = recording.actual;
      return [
        {
          scenario,
          params,
          seed,
          event: recording.decidingEvent,
          ...(documents === undefined ? {} : { documents }),
        },
      ];
    });
  }

  /** Keeps the failing case of a check, or of one that the learner picks, as a file for the command line. */
  async saveFailingCase(id?: string, checkId?: string): Promise<void> {
    const found = await this.#pickActive(id, t('A failing case of which task?'));
    if (found === undefined) return;
    const { checker } = this.#parts;
    await saveFailingCase(checker.latest(found.part.id) ?? (await checker.check(found)), checkId);
  }

  async goToDecision(id: string, checkId: string): Promise<void> {
    const { library, files, diagnostics, checker } = this.#parts;
    const found = await library.task(id);
    const uri = await files.existing(found.part.task);
    if (uri === undefined) throw notOpened(found);
    if (await diagnostics.reveal(uri, checkId)) return;
    // The file has changed since, or was checked in another window: what decides now?
    await checker.check(found);
    if (await diagnostics.reveal(uri, checkId)) return;
    await window.showTextDocument(uri);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  /** A task's file was opened or returned to: what was known about it is shown again. */
  async #entered(found: ActiveTaskFile): Promise<void> {
    await this.#parts.tests.fill();
    await this.#parts.checker.recall(found, await workspace.openTextDocument(found.uri));
  }

  async #saved(document: TextDocument): Promise<void> {
    const found = await this.#parts.files.taskOf(document.uri);
    if (found === undefined || this.#parts.checker.isSaving(found.part.id)) return;
    const gradeOnSave: SettingId = 'trapframe.gradeOnSave';
    const wanted = workspace.getConfiguration(undefined, document.uri).get<boolean>(gradeOnSave, true);
    if (wanted || this.#parts.tests.isWatched(found.part.id)) await this.#parts.checker.check(found);
  }

  /** Once, at the first pass. */
  async #offerNext(checked: CheckedTask): Promise<void> {
    if (!checked.firstPass) return;
    const { lesson, part } = checked;
    const course = await this.#parts.library.get();
    const progress = this.#parts.progress.of(lesson.id);
    const exercises = exercisesOf(lesson);
    const open = exercises.find(
      (exercise) => exercise.id !== part.id && exerciseProgress(progress, exercise.id).state !== 'done',
    );
    const next = course.next(lesson.id);
    const passed = t('"{0}" passes all checks.', part.task.title);
    if (open === undefined && next === undefined) {
      void window.showInformationMessage(t('{0} That was the last lesson of the course.', passed));
      return;
    }
    const where =
      open === undefined
        ? t('Next is the lesson "{0}".', next!.title)
        : t('Next is what is still open in "{0}".', lesson.title);
    if ((await window.showInformationMessage(`${passed} ${where}`, t('Next'))) === undefined) return;
    if (open === undefined) await this.#parts.showLesson(next!.id);
    else await this.#parts.showLesson(lesson.id, open.id);
  }

  async #pickActive(id: string | undefined, title: string): Promise<TaskInLesson | undefined> {
    return this.#pick(id ?? this.#parts.active.current?.part.id, title);
  }

  async #pick(id: string | undefined, title: string): Promise<TaskInLesson | undefined> {
    const { library } = this.#parts;
    if (id !== undefined) return library.task(id);
    const tasks = (await library.get()).tasks();
    const [only] = tasks;
    if (only === undefined)
      throw new HumanError(t('The course has no task that can be opened. The log says what was found.'));
    if (tasks.length === 1) return only;
    const choices = tasks.map((found) => ({
      label: found.part.task.title,
      description: found.lesson.title,
      found,
    }));
    return (await window.showQuickPick(choices, { title, matchOnDescription: true }))?.found;
  }

  #guard(act: () => Promise<void>): void {
    act().catch(this.#parts.onError);
  }
}

const notOpened = ({ part: { task } }: TaskInLesson): HumanError =>
  new HumanError(
    t(
      'There is no {0} of the task "{1}" in your work folder yet. Open the task first.',
      task.file,
      task.title,
    ),
    {
      title: t('Open Task'),
      command: 'trapframe.openTask',
      arguments: [task.id],
    },
  );

/** Markdown for a notification, which shows text alone. */
const plain = (markdown: string): string => markdown.replaceAll(/[`*_]/g, '').replaceAll(/\s+/g, ' ').trim();
