import {
  EventEmitter,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  type Event,
  type TreeDataProvider,
} from 'vscode';
import { reviewViewId, type CommandId } from './contributions.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import type { Exercises } from './exercises.ts';
import type { ObservableProgress } from './progressFiles.ts';
import { dueReviews, dueWords, type DueReview } from './review.ts';
import { exerciseTitle } from '../course/exerciseTitle.ts';
import { t } from '../course/messages.ts';

/** The questions that are due to be answered again, and what happens when one is opened. */
export class ReviewTree implements TreeDataProvider<DueReview> {
  readonly #library: CourseLibrary;
  readonly #progress: ObservableProgress;
  readonly #exercises: Exercises;
  readonly #showLesson: (lesson: string, part: string) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<undefined>());
  readonly onDidChangeTreeData: Event<undefined> = this.#changed.event;

  constructor(
    library: CourseLibrary,
    progress: ObservableProgress,
    exercises: Exercises,
    showLesson: (lesson: string, part: string) => Promise<void>,
    onError: (error: unknown) => void,
  ) {
    this.#library = library;
    this.#progress = progress;
    this.#exercises = exercises;
    this.#showLesson = showLesson;
    this.#onError = onError;
    const view = this.#disposables.add(window.createTreeView(reviewViewId, { treeDataProvider: this }));
    const refresh = (): void => this.#changed.fire(undefined);
    this.#disposables.add(progress.onDidChange(refresh));
    // Time passes too: whoever comes back sees what has become due.
    this.#disposables.add(view.onDidChangeVisibility(refresh));
    this.#disposables.add(window.onDidChangeWindowState(({ focused }) => focused && refresh()));
  }

  /** Opens a question in its lesson, with new numbers; without one, what has been due longest. */
  async review(lessonId?: string, exerciseId?: string): Promise<void> {
    const due = await this.#due();
    const chosen = due.find(
      ({ lesson, exercise }) =>
        exerciseId === undefined || (lesson.id === lessonId && exercise.id === exerciseId),
    );
    if (chosen === undefined) {
      void window.showInformationMessage(
        t('Nothing is due for review. Answered questions return after a day.'),
      );
      return;
    }
    const { lesson, exercise, round, begun } = chosen;
    if (!begun) {
      await this.#exercises.record(lesson.id, { kind: 'reviewed', exercise: exercise.id, round: round + 1 });
    }
    await this.#showLesson(lesson.id, exercise.id);
  }

  async getChildren(node?: DueReview): Promise<DueReview[]> {
    if (node !== undefined) return [];
    try {
      return [...(await this.#due())];
    } catch (error) {
      this.#onError(error);
      return [];
    }
  }

  getTreeItem({ lesson, exercise, dueAt }: DueReview): TreeItem {
    const title = exerciseTitle(exercise, lesson);
    const due = dueWords(dueAt, Date.now());
    const item = new TreeItem(title, TreeItemCollapsibleState.None);
    item.id = exercise.id;
    item.description = `${due}, ${lesson.title}`;
    item.iconPath = new ThemeIcon('history');
    item.accessibilityInformation = {
      label: t('{0}, question of the lesson {1}, {2}', title, lesson.title, due),
    };
    item.command = {
      command: 'trapframe.review' satisfies CommandId,
      title: t('Review'),
      arguments: [lesson.id, exercise.id],
    };
    return item;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #due(): Promise<readonly DueReview[]> {
    const [course] = await Promise.all([this.#library.get(), this.#progress.load()]);
    const readable = course.pack.lessons.filter((lesson) => course.problemsIn(lesson).length === 0);
    return dueReviews(readable, (lesson) => this.#progress.of(lesson), Date.now());
  }
}
