import { EventEmitter, workspace, type Event, type TextDocument, type Uri } from 'vscode';
import { exerciseSeed } from '../course/seeds.ts';
import type { Grader, GradingResult } from '../grading/grader.ts';
import type { TaskReport } from '../grading/report.ts';
import type { TaskInLesson } from './course.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import type { Exercises } from './exercises.ts';
import { HumanError } from './humanError.ts';
import type { Learner } from './learner.ts';
import type { CourseHost } from './platform.ts';
import { exerciseProgress } from './progress.ts';
import type { ProgressStore } from './progressStore.ts';
import type { TaskFiles } from './taskFiles.ts';
import { t } from '../course/messages.ts';

export interface CheckedTask extends TaskInLesson {
  readonly uri: Uri;
  /** Of the document when it was checked. */
  readonly version: number;
  readonly result: GradingResult;
  /** Passed for the first time ever. */
  readonly firstPass: boolean;
}

/** Grades the learner's files, records verdicts, and tells everybody who shows them. */
export class TaskChecker {
  readonly #host: () => Promise<CourseHost>;
  readonly #graderOf: () => Promise<Grader>;
  readonly #files: TaskFiles;
  readonly #exercises: Exercises;
  readonly #progress: ProgressStore;
  readonly #learner: Learner;
  readonly #disposables = new DisposableStore();
  readonly #started = this.#disposables.add(new EventEmitter<TaskInLesson>());
  readonly #checked = this.#disposables.add(new EventEmitter<CheckedTask>());
  readonly #learned = this.#disposables.add(new EventEmitter<CheckedTask>());
  /** A check began; {@link onDidCheck} follows, unless grading itself broke. */
  readonly onDidStart: Event<TaskInLesson> = this.#started.event;
  readonly onDidCheck: Event<CheckedTask> = this.#checked.event;
  /** What is known about a file changed: it was checked, or the record of an earlier window still holds for it. */
  readonly onDidLearn: Event<CheckedTask> = this.#learned.event;
  readonly #checking = new Map<string, number>();
  readonly #latest = new Map<string, CheckedTask>();
  /** Tasks that were checked in this window, and not only recalled. */
  readonly #checkedHere = new Set<string>();
  /** Tasks whose file this class is saving: the save is part of a check that is under way. */
  readonly #saving = new Set<string>();

  constructor(
    library: CourseLibrary,
    grader: () => Promise<Grader>,
    files: TaskFiles,
    exercises: Exercises,
    progress: ProgressStore,
    learner: Learner,
  ) {
    this.#host = () => library.host();
    this.#graderOf = grader;
    this.#files = files;
    this.#exercises = exercises;
    this.#progress = progress;
    this.#learner = learner;
    exercises.provideTaskMoments(async (id) => ({
      opened: (await files.existing((await library.task(id)).part.task)) !== undefined,
      checking: this.#checking.has(id),
      pictures: this.#latest.get(id)?.result.pictures ?? {},
      recalled: !this.#checkedHere.has(id),
    }));
  }

  /** The result of the latest check in this window. */
  latest(task: string): CheckedTask | undefined {
    return this.#latest.get(task);
  }

  isChecking(task: string): boolean {
    return this.#checking.has(task);
  }

  /** Starts the grader's worker, so that the first check is quick. */
  async prepare(): Promise<void> {
    await (await this.#graderOf()).prepare();
  }

  isSaving(task: string): boolean {
    return this.#saving.has(task);
  }

  /** Takes up the verdict of an earlier window, when the file is still the one that it was about. */
  async recall(found: TaskInLesson, document: TextDocument): Promise<void> {
    const { lesson, part } = found;
    if (this.#latest.has(part.id) || this.#checking.has(part.id)) return;
    await this.#progress.load();
    const report = exerciseProgress(this.#progress.of(lesson.id), part.id).grading?.report;
    if (report === undefined || report.provenance.submissionHash !== (await sha256(document.getText())))
      return;
    if (this.#latest.has(part.id) || this.#checking.has(part.id)) return; // checked meanwhile
    const { translatedReport } = await this.#host();
    const result: GradingResult = { report: translatedReport(part, report), pictures: {}, recordings: {} };
    const recalled: CheckedTask = {
      ...found,
      uri: document.uri,
      version: document.version,
      result,
      firstPass: false,
    };
    this.#latest.set(part.id, recalled);
    this.#learned.fire(recalled);
  }

  /** Saves the task's file where it has unsaved changes, and grades it. */
  async check(found: TaskInLesson): Promise<CheckedTask> {
    const { task } = found.part;
    const document = await this.#document(found);
    if (document.isDirty) {
      this.#saving.add(task.id);
      try {
        await document.save();
      } finally {
        this.#saving.delete(task.id);
      }
    }
    return this.#grade(found, document);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #document({ part: { task } }: TaskInLesson): Promise<TextDocument> {
    const uri = await this.#files.existing(task);
    if (uri === undefined) {
      throw new HumanError(
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
    }
    return workspace.openTextDocument(uri);
  }

  async #grade(found: TaskInLesson, document: TextDocument): Promise<CheckedTask> {
    const { lesson, part } = found;
    this.#began(found);
    try {
      const { seed: learnerSeed } = await this.#learner.identity();
      const seed = exerciseSeed(learnerSeed, part.id);
      const version = document.version;
      const grader = await this.#graderOf();
      const source = document.getText();
      await this.#progress.load();
      const { pinned } = exerciseProgress(this.#progress.of(lesson.id), part.id);
      const { contentHash: lessonHash } = lesson;
      const { gradedTask, translatedReport } = await this.#host();
      const graded = await grader.grade({ task: gradedTask(part), source, seed, lessonHash, pinned });
      const result = { ...graded, report: translatedReport(part, graded.report) };
      const before = exerciseProgress(this.#progress.of(lesson.id), part.id);
      const firstPass = result.report.verdict === 'passed' && before.state !== 'done';
      const checked: CheckedTask = { ...found, uri: document.uri, version, result, firstPass };
      this.#latest.set(part.id, checked);
      this.#checkedHere.add(part.id);
      this.#ended(found);
      await this.#record(checked, graded.report, learnerSeed);
      this.#learned.fire(checked);
      this.#checked.fire(checked);
      return checked;
    } catch (error) {
      this.#ended(found);
      throw error;
    }
  }

  /** What is kept is in the language that the task was written in. */
  async #record({ lesson, part }: TaskInLesson, report: TaskReport, seed: number): Promise<void> {
    const { grading } = exerciseProgress(this.#progress.of(lesson.id), part.id);
    const known = grading?.report?.provenance;
    const { provenance, verdict, points, maxPoints } = report;
    const same =
      known !== undefined &&
      known.submissionHash === provenance.submissionHash &&
      known.lessonHash === provenance.lessonHash &&
      known.engineVersion === provenance.engineVersion &&
      known.seed === provenance.seed &&
      JSON.stringify(known.pinned) === JSON.stringify(provenance.pinned) &&
      grading?.verdict === verdict;
    // Saving the same file again is not another attempt.
    if (same) {
      this.#exercises.touched(lesson.id, part.id);
      return;
    }
    const { submissionHash } = provenance;
    await this.#exercises.record(lesson.id, {
      kind: 'graded',
      exercise: part.id,
      seed,
      verdict,
      points,
      maxPoints,
      submissionHash,
      mark: await this.#exercises.markOf(part),
      report,
    });
  }

  #began(found: TaskInLesson): void {
    const { id } = found.part;
    this.#checking.set(id, (this.#checking.get(id) ?? 0) + 1);
    this.#exercises.touched(found.lesson.id, id);
    this.#started.fire(found);
  }

  #ended(found: TaskInLesson): void {
    const { id } = found.part;
    const left = (this.#checking.get(id) ?? 1) - 1;
    if (left > 0) this.#checking.set(id, left);
    else this.#checking.delete(id);
    this.#exercises.touched(found.lesson.id, id);
  }
}

/** Of the text as UTF-8, in hex: a report names its submission so. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
