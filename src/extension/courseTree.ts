import {
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  type Event,
  type TreeDataProvider,
  type TreeView,
} from 'vscode';
import { exerciseTitle } from '../course/exerciseTitle.ts';
import { t } from '../course/messages.ts';
import type { CourseModule, Exercise, Lesson } from '../course/model.ts';
import { courseViewId, workFolderViewId, type CommandId } from './contributions.ts';
import { exercisesOf, type Course } from './course.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { describeExercise, describeLesson, type RowState, type RowText } from './courseRows.ts';
import { DisposableStore } from './disposableStore.ts';
import { exerciseProgress } from './progress.ts';
import type { ProgressStore } from './progressStore.ts';

type Node =
  | { readonly kind: 'module'; readonly module: CourseModule }
  | { readonly kind: 'lesson'; readonly lesson: Lesson }
  | { readonly kind: 'exercise'; readonly lesson: Lesson; readonly exercise: Exercise };

/** Modules, lessons and exercises, with how much of each is done. */
export class CourseTree implements TreeDataProvider<Node> {
  readonly #library: CourseLibrary;
  readonly #progress: ProgressStore;
  readonly #onError: (error: unknown) => void;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<Node | undefined>());
  readonly onDidChangeTreeData: Event<Node | undefined> = this.#changed.event;
  readonly view: TreeView<Node>;
  #course: Course | undefined;
  /** VS Code finds rows by identity. */
  readonly #lessonNodes = new Map<string, Node>();

  constructor(library: CourseLibrary, progress: ProgressStore, onError: (error: unknown) => void) {
    this.#library = library;
    this.#progress = progress;
    this.#onError = onError;
    // Without rows the view shows what the manifest's welcome says.
    this.#disposables.add(
      window.registerTreeDataProvider(workFolderViewId, {
        getChildren: () => [],
        getTreeItem: () => new TreeItem(''),
      }),
    );
    this.view = this.#disposables.add(
      window.createTreeView(courseViewId, { treeDataProvider: this, showCollapseAll: true }),
    );
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  /** Opens and selects a lesson's row, where the view is on screen. */
  async reveal(lessonId: string): Promise<void> {
    const lesson = this.#course?.lesson(lessonId);
    if (lesson === undefined || !this.view.visible) return;
    await this.view.reveal(this.#lessonNode(lesson), { select: true, focus: false, expand: true });
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) return this.#roots();
    const course = this.#course;
    if (course === undefined) return [];
    switch (node.kind) {
      case 'module':
        return course.lessonsOf(node.module.id).map((lesson) => this.#lessonNode(lesson));
      case 'lesson':
        return exercisesOf(node.lesson).map((exercise) => ({
          kind: 'exercise',
          lesson: node.lesson,
          exercise,
        }));
      case 'exercise':
        return [];
    }
  }

  getParent(node: Node): Node | undefined {
    switch (node.kind) {
      case 'exercise':
        return this.#lessonNode(node.lesson);
      case 'lesson': {
        const module = this.#course?.modules.find(({ id }) => id === node.lesson.module);
        return module === undefined ? undefined : { kind: 'module', module };
      }
      case 'module':
        return undefined;
    }
  }

  getTreeItem(node: Node): TreeItem {
    switch (node.kind) {
      case 'module':
        return this.#moduleItem(node.module);
      case 'lesson':
        return this.#lessonItem(node.lesson);
      case 'exercise':
        return this.#exerciseItem(node.lesson, node.exercise);
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #roots(): Promise<Node[]> {
    try {
      const [course] = await Promise.all([this.#library.get(), this.#progress.load()]);
      this.#course = course;
      return course.modules.map((module) => ({ kind: 'module', module }));
    } catch (error) {
      this.#onError(error);
      return []; // and the view's welcome says what to do
    }
  }

  #lessonNode(lesson: Lesson): Node {
    const known = this.#lessonNodes.get(lesson.id);
    if (known?.kind === 'lesson' && known.lesson === lesson) return known;
    const node: Node = { kind: 'lesson', lesson };
    this.#lessonNodes.set(lesson.id, node);
    return node;
  }

  #moduleItem(module: CourseModule): TreeItem {
    const lessons = this.#course!.lessonsOf(module.id);
    const item = new TreeItem(module.title, TreeItemCollapsibleState.Expanded);
    item.id = `module ${module.id}`;
    const done = lessons.filter((lesson) => this.#stateOf(lesson).state === 'done').length;
    item.description = t('{0} of {1}', done, lessons.length);
    item.accessibilityInformation = {
      label: t('{0}, module, {1} of {2} lessons done', module.title, done, lessons.length),
    };
    return item;
  }

  #lessonItem(lesson: Lesson): TreeItem {
    const item = new TreeItem(lesson.title, TreeItemCollapsibleState.Collapsed);
    item.id = `lesson ${lesson.id}`;
    item.tooltip = `${lesson.summary}\n${t('{0} minutes', lesson.minutes)}`;
    item.command = {
      command: 'trapframe.openLesson' satisfies CommandId,
      title: t('Open Lesson'),
      arguments: [lesson.id],
    };
    apply(item, this.#stateOf(lesson));
    return item;
  }

  #exerciseItem(lesson: Lesson, exercise: Exercise): TreeItem {
    const item = new TreeItem(exerciseTitle(exercise, lesson), TreeItemCollapsibleState.None);
    item.id = `exercise ${exercise.id}`;
    if (exercise.kind !== 'task') item.tooltip = new MarkdownString(exercise.ask.replaceAll(/\{\w+\}/g, '…'));
    item.command = {
      command: 'trapframe.openLesson' satisfies CommandId,
      title: t('Open in Lesson'),
      arguments: [lesson.id, exercise.id],
    };
    apply(
      item,
      describeExercise(exercise, lesson, exerciseProgress(this.#progress.of(lesson.id), exercise.id)),
    );
    return item;
  }

  #stateOf(lesson: Lesson): RowText {
    return describeLesson(lesson, this.#progress.of(lesson.id), this.#course!.problemsIn(lesson).length > 0);
  }
}

function apply(item: TreeItem, row: RowText): void {
  item.description = row.description;
  item.accessibilityInformation = { label: row.label };
  item.iconPath = icons[row.state];
}

/** Shape says the state; colour only repeats it. */
const icons: Readonly<Record<RowState, ThemeIcon>> = {
  untouched: new ThemeIcon('circle-large-outline'),
  started: new ThemeIcon('color-mode'),
  done: new ThemeIcon('pass-filled', new ThemeColor('testing.iconPassed')),
  broken: new ThemeIcon('warning', new ThemeColor('list.warningForeground')),
};
