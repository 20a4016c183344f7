import {
  Location,
  MarkdownString,
  Range,
  TestMessage,
  TestRunProfileKind,
  TestRunRequest,
  tests,
  workspace,
  type CancellationToken,
  type TestItem,
  type TestRun,
  type Uri,
} from 'vscode';
import type { Lesson } from '../course/model.ts';
import type { CheckReport, TaskReport } from '../grading/report.ts';
import type { TaskInLesson } from './course.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import { failureSentence, taskFindings } from './taskFindings.ts';
import { findingMarkdown } from './findingMarkdown.ts';
import { exerciseProgress } from './progress.ts';
import type { ProgressStore } from './progressStore.ts';
import type { CheckedTask, TaskChecker } from './taskChecker.ts';
import type { TaskFiles } from './taskFiles.ts';
import { workLine } from './workLine.ts';
import { readText } from './workspaceFiles.ts';
import { said, t } from '../course/messages.ts';

/** The Testing view: lesson, task, check. Every check of a task is shown here, whichever button started it. */
export class TaskTests {
  readonly #library: CourseLibrary;
  readonly #files: TaskFiles;
  readonly #checker: TaskChecker;
  readonly #progress: ProgressStore;
  readonly #onError: (error: unknown) => void;
  readonly #disposables = new DisposableStore();
  readonly #controller = this.#disposables.add(tests.createTestController('trapframe', 'Trapframe'));
  readonly #tasks = new WeakMap<TestItem, TaskInLesson>();
  /** Tasks that are checked whenever they are saved, by the eye of the Testing view. */
  readonly #watched = new Set<string>();
  /** Tasks that a run of the Testing view is checking. */
  readonly #running = new Set<string>();
  /** Runs of checks that something else started, by task. */
  readonly #ownRuns = new Map<string, TestRun>();
  #filled: Promise<void> | undefined;

  constructor(
    library: CourseLibrary,
    files: TaskFiles,
    checker: TaskChecker,
    progress: ProgressStore,
    onError: (error: unknown) => void,
  ) {
    this.#library = library;
    this.#files = files;
    this.#checker = checker;
    this.#progress = progress;
    this.#onError = onError;
    this.#controller.resolveHandler = () => this.#guard(() => this.fill());
    this.#controller.refreshHandler = () => this.#guard(() => this.fill());
    this.#controller.createRunProfile(
      t('Check'),
      TestRunProfileKind.Run,
      (request, token) => this.#guard(() => this.#run(request, token)),
      true,
      undefined,
      true,
    );
    this.#disposables.add(
      checker.onDidStart((task) => {
        if (!this.#running.has(task.part.id)) void this.#guard(() => this.#begin(task));
      }),
    );
    this.#disposables.add(
      checker.onDidCheck((checked) => {
        if (!this.#running.has(checked.part.id)) void this.#guard(() => this.#publish(checked));
      }),
    );
    this.#disposables.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const item = contentChanges.length === 0 ? undefined : this.#itemOfFile(document.uri);
        if (item !== undefined) this.#controller.invalidateTestResults(item);
      }),
    );
  }

  /** True when the Testing view asked to check this task on every save. */
  isWatched(task: string): boolean {
    return this.#watched.has(task);
  }

  /** Makes the items, and shows what earlier windows found. Later calls look for files again. */
  fill(): Promise<void> {
    const before = this.#filled ?? Promise.resolve();
    this.#filled = before.then(() => this.#fill());
    return this.#filled;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #fill(): Promise<void> {
    const course = await this.#library.get();
    await this.#progress.load();
    const first = this.#controller.items.size === 0;
    for (const found of course.tasks()) {
      const uri = await this.#files.existing(found.part.task);
      const lesson = this.#lessonItem(found.lesson);
      const known = lesson.children.get(found.part.id);
      if (known !== undefined && known.uri?.toString() === uri?.toString()) continue;
      lesson.children.add(await this.#taskItem(found, uri));
    }
    if (first) this.#restore(course.tasks());
  }

  #lessonItem(lesson: Lesson): TestItem {
    const known = this.#controller.items.get(lesson.id);
    if (known !== undefined) return known;
    const item = this.#controller.createTestItem(lesson.id, lesson.title);
    this.#controller.items.add(item);
    return item;
  }

  async #taskItem(found: TaskInLesson, uri: Uri | undefined): Promise<TestItem> {
    const { task } = found.part;
    const item = this.#controller.createTestItem(task.id, task.title, uri);
    item.description = uri === undefined ? t('not opened yet') : task.file;
    // The button in the margin stands beside the policy that is checked.
    if (uri !== undefined) item.range = rangeAt(workLine((await readText(uri)) ?? '', task.work) + 1);
    this.#tasks.set(item, found);
    task.checks.forEach((check, index) => {
      const child = this.#controller.createTestItem(check.id, check.title, uri);
      child.sortText = String(index).padStart(3, '0');
      child.description = check.points === 1 ? t('1 point') : t('{0} points', check.points);
      item.children.add(child);
    });
    return item;
  }

  #itemOf(found: TaskInLesson): TestItem | undefined {
    return this.#controller.items.get(found.lesson.id)?.children.get(found.part.id);
  }

  #itemOfFile(uri: Uri): TestItem | undefined {
    let found: TestItem | undefined;
    this.#controller.items.forEach((lesson) =>
      lesson.children.forEach((task) => {
        if (task.uri?.toString() === uri.toString()) found = task;
      }),
    );
    return found;
  }

  /** Results that this VS Code does not know: of earlier windows, and of other profiles' copies of it. */
  #restore(tasks: readonly TaskInLesson[]): void {
    const known = tasks.flatMap((found) => {
      const report = exerciseProgress(this.#progress.of(found.lesson.id), found.part.id).grading?.report;
      const item = this.#itemOf(found);
      return report === undefined || item?.uri === undefined ? [] : [{ item, report, uri: item.uri }];
    });
    if (known.length === 0) return;
    const request = new TestRunRequest(known.map(({ item }) => item));
    const run = this.#controller.createTestRun(request, t('Earlier results'), false);
    try {
      for (const { item, report, uri } of known) writeReport(run, item, report, uri);
    } finally {
      run.end();
    }
  }

  async #run(request: TestRunRequest, token: CancellationToken): Promise<void> {
    await this.fill();
    const wanted = this.#wanted(request);
    if (request.continuous === true) {
      for (const { part } of wanted) this.#watched.add(part.id);
      token.onCancellationRequested(() => wanted.forEach(({ part }) => this.#watched.delete(part.id)));
      return;
    }
    const run = this.#controller.createTestRun(request);
    try {
      for (const found of wanted) {
        if (token.isCancellationRequested) break;
        const item = this.#itemOf(found)!;
        if (item.uri === undefined) {
          run.skipped(item);
          item.children.forEach((check) => run.skipped(check));
          run.appendOutput(
            `${t('{0}: not opened yet. Open the task from its lesson first.', found.part.task.title)}\r\n`,
            undefined,
            item,
          );
          continue;
        }
        const { id } = found.part;
        this.#running.add(id);
        try {
          start(run, item);
          const checked = await this.#checker.check(found);
          writeReport(run, item, checked.result.report, checked.uri);
        } finally {
          this.#running.delete(id);
        }
      }
    } finally {
      run.end();
    }
  }

  /** The tasks that a request includes; a check cannot be run without its task. */
  #wanted(request: TestRunRequest): readonly TaskInLesson[] {
    const wanted = new Map<string, TaskInLesson>();
    const collect = (item: TestItem): void => {
      if (request.exclude?.includes(item) === true) return;
      const own =
        this.#tasks.get(item) ?? (item.parent === undefined ? undefined : this.#tasks.get(item.parent));
      if (own !== undefined) wanted.set(own.part.id, own);
      else item.children.forEach(collect);
    };
    if (request.include === undefined) this.#controller.items.forEach(collect);
    else request.include.forEach(collect);
    return [...wanted.values()];
  }

  /** A check that another button started gets a run of its own, without taking the focus. */
  async #begin(found: TaskInLesson): Promise<void> {
    await this.fill();
    const item = this.#itemOf(found);
    if (item !== undefined) this.#ownRun(item);
  }

  async #publish({ part, lesson, result, uri }: CheckedTask): Promise<void> {
    await this.fill();
    const item = this.#itemOf({ part, lesson });
    if (item === undefined) return;
    const run = this.#ownRun(item);
    const document = await workspace.openTextDocument(uri);
    item.range = rangeAt(workLine(document.getText(), part.task.work) + 1);
    try {
      writeReport(run, item, result.report, uri);
    } finally {
      run.end();
      this.#ownRuns.delete(part.id);
    }
  }

  #ownRun(item: TestItem): TestRun {
    let run = this.#ownRuns.get(item.id);
    if (run === undefined) {
      run = this.#controller.createTestRun(
        new TestRunRequest([item], undefined, undefined, false, true),
        item.label,
      );
      this.#ownRuns.set(item.id, run);
      start(run, item);
    }
    return run;
  }

  async #guard(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#onError(error);
    }
  }
}

function start(run: TestRun, task: TestItem): void {
  run.started(task);
  task.children.forEach((check) => run.started(check));
}

/** Writes a report into a run: wrong is *failed*, what could not be judged is *errored*, what was not tried *skipped*. */
function writeReport(run: TestRun, task: TestItem, report: TaskReport, uri: Uri): void {
  for (const line of report.output) run.appendOutput(`${line}\r\n`, undefined, task);
  if (report.fault !== undefined) {
    const [finding] = taskFindings(report);
    const message = new TestMessage(said(report.fault.message));
    message.location = new Location(uri, rangeAt(finding?.line));
    if (report.verdict === 'failed') run.failed(task, message);
    else run.errored(task, message);
    task.children.forEach((check) => run.skipped(check));
    return;
  }
  for (const check of report.checks) {
    const item = task.children.get(check.id);
    if (item === undefined) continue; // the lesson was edited since
    switch (check.verdict) {
      case 'passed':
        run.passed(item);
        break;
      case 'failed':
        run.failed(item, failureMessage(check, uri));
        break;
      case 'ungradable':
        run.errored(item, failureMessage(check, uri));
        break;
      case 'not reached':
        run.skipped(item);
        break;
    }
  }
  run.appendOutput(
    `${t('{0}: {1} of {2} points', task.label, report.points, report.maxPoints)}\r\n`,
    undefined,
    task,
  );
}

function failureMessage(check: CheckReport, uri: Uri): TestMessage {
  const { failure } = check;
  if (failure === undefined) return new TestMessage(t('{0} could not be checked.', check.title));
  const message = new TestMessage(
    failure.expectedText === undefined
      ? withSchedule(check, failure.actualText)
      : failureSentence(check, failure),
  );
  if (failure.expectedText !== undefined) {
    message.expectedOutput = failure.expectedText.map(said).join('\n');
    message.actualOutput = failure.actualText.map(said).join('\n');
  }
  const line = failure.fault?.line ?? failure.decision?.line;
  message.location = new Location(uri, rangeAt(line));
  message.contextValue = 'trapframe.failure';
  return message;
}

/** Where several schedules are right there is nothing to compare with: the learner's own stands in the message. */
const withSchedule = (check: CheckReport, schedule: readonly string[]): MarkdownString =>
  new MarkdownString(
    [
      findingMarkdown(check),
      t('Your schedule:'),
      schedule.map((line) => `    ${said(line)}`).join('\n'),
    ].join('\n\n'),
  );

const rangeAt = (line: number | undefined): Range => {
  const row = Math.max(0, (line ?? 1) - 1);
  return new Range(row, 0, row, 0);
};
