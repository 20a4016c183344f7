import { EventEmitter, type Event } from 'vscode';
import type { Exercise, Lesson, TaskPart } from '../course/model.ts';
import { roundSeed } from '../course/seeds.ts';
import { pinKey } from '../grading/pinnedCase.ts';
import type { ExerciseResponse, ExerciseState, LessonPage } from '../protocol/lessonPanel.ts';
import { exercisesOf, type Course } from './course.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import type { TaskMoment } from './exerciseState.ts';
import type { Learner } from './learner.ts';
import { exerciseProgress, type ExerciseEvent, type ProgressEvent } from './progress.ts';
import type { ObservableProgress } from './progressFiles.ts';

export interface ExerciseChange {
  readonly lesson: string;
  readonly exercise: string;
  /** What to show at once; without it, what the record says. */
  readonly state?: ExerciseState;
}

type WithoutIdentity<E> = E extends unknown ? Omit<E, 'id' | 'at'> : never;

/** Judges answers, records them, and says what every exercise looks like now. */
export class Exercises {
  readonly #course: CourseLibrary;
  readonly #progress: ObservableProgress;
  readonly #learner: Learner;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<ExerciseChange>());
  readonly onDidChange: Event<ExerciseChange> = this.#changed.event;
  readonly #asked = this.#disposables.add(new EventEmitter<string>());
  /** A question of a lesson, by the lesson's id, is asked with other numbers than its page was made with. */
  readonly onDidAskAnew: Event<string> = this.#asked.event;
  /** By exercise, the round that its page was made with. */
  readonly #shownRounds = new Map<string, number>();
  #taskMoment: (task: string) => Promise<TaskMoment> = () =>
    Promise.resolve({ opened: false, checking: false, pictures: {} });

  constructor(course: CourseLibrary, progress: ObservableProgress, learner: Learner) {
    this.#course = course;
    this.#progress = progress;
    this.#learner = learner;
    this.#disposables.add(
      progress.onDidChange(({ lesson, exercises }) => {
        for (const exercise of exercises) this.#changed.fire({ lesson, exercise });
        if (exercises.some((id) => this.#round(lesson, id) !== (this.#shownRounds.get(id) ?? 0)))
          this.#asked.fire(lesson);
      }),
    );
  }

  /** Tasks know more than their record: whether the file exists, and what the latest run looked like. */
  provideTaskMoments(moment: (task: string) => Promise<TaskMoment>): void {
    this.#taskMoment = moment;
  }

  async page(lesson: Lesson, pictureAddress: (path: string) => string): Promise<LessonPage> {
    const course = await this.#course.get();
    const { seed } = await this.#learner.identity();
    await this.#progress.load();
    for (const { id } of exercisesOf(lesson)) this.#shownRounds.set(id, this.#round(lesson.id, id));
    const roundOf = (id: string): number => this.#shownRounds.get(id) ?? 0;
    return course.host.pageOf(course.pack, lesson, seed, pictureAddress, roundOf);
  }

  async states(lesson: Lesson): Promise<Record<string, ExerciseState>> {
    const course = await this.#course.get();
    const entries = exercisesOf(lesson).map(
      async (exercise) => [exercise.id, await this.#state(course, lesson, exercise)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }

  async state(lesson: Lesson, exerciseId: string): Promise<ExerciseState | undefined> {
    const exercise = find(lesson, exerciseId);
    return exercise === undefined ? undefined : this.#state(await this.#course.get(), lesson, exercise);
  }

  async answer(lesson: Lesson, exerciseId: string, response: ExerciseResponse): Promise<void> {
    const exercise = find(lesson, exerciseId);
    if (exercise === undefined || exercise.kind === 'task') return;
    const course = await this.#course.get();
    const { seed } = await this.#learner.identity();
    await this.#progress.load();
    const round = this.#round(lesson.id, exerciseId);
    const judgement = course.host.judgeAnswer(exercise, response, roundSeed(seed, round));
    if (judgement.kind !== 'judged') {
      const hintsHtml = (await this.#state(course, lesson, exercise)).hintsHtml;
      const { message } = judgement;
      this.#changed.fire({
        lesson: lesson.id,
        exercise: exerciseId,
        state: { kind: 'unreadable', response, message, hintsHtml },
      });
      return;
    }
    const { right, points } = judgement;
    const inRound = round === 0 ? {} : { round };
    const mark = course.host.exerciseMark(exercise);
    const answer = { kind: 'answered', exercise: exerciseId, response, seed, right, points, mark } as const;
    await this.record(lesson.id, { ...answer, ...inRound });
  }

  async retry(lesson: Lesson, exerciseId: string): Promise<void> {
    await this.record(lesson.id, { kind: 'retried', exercise: exerciseId });
  }

  /** Shows one more hint. The number that is shown now and the text; undefined when all are shown. */
  async hint(
    lesson: Lesson,
    exerciseId: string,
  ): Promise<{ number: number; of: number; text: string } | undefined> {
    const exercise = find(lesson, exerciseId);
    if (exercise === undefined) return undefined;
    const { host } = await this.#course.get();
    const hints = host.hintsOf(exercise);
    await this.#progress.load();
    const shown = exerciseProgress(this.#progress.of(lesson.id), exerciseId).hintsShown;
    const text = hints[shown];
    if (text === undefined) return undefined;
    await this.record(lesson.id, { kind: 'hinted', exercise: exerciseId });
    return { number: shown + 1, of: hints.length, text };
  }

  /** Keeps the failing case of a check, as the latest report has it. */
  async pin(lesson: Lesson, task: string, checkId: string): Promise<void> {
    await this.#progress.load();
    const { grading } = exerciseProgress(this.#progress.of(lesson.id), task);
    const failure = grading?.report?.checks.find(({ id }) => id === checkId)?.failure;
    if (failure === undefined) return;
    const { words: _, ...kept } = failure.case;
    await this.record(lesson.id, { kind: 'pinned', exercise: task, pin: { check: checkId, ...kept } });
  }

  async unpin(lesson: Lesson, task: string, key: string): Promise<void> {
    await this.#progress.load();
    const { pinned } = exerciseProgress(this.#progress.of(lesson.id), task);
    const pin = pinned.find((each) => pinKey(each) === key);
    if (pin !== undefined) await this.record(lesson.id, { kind: 'unpinned', exercise: task, pin });
  }

  async opened(lesson: Lesson): Promise<void> {
    await this.#progress.load();
    if (this.#progress.of(lesson.id).events.some(({ kind }) => kind === 'opened')) return;
    await this.#progress.record(lesson.id, stamped({ kind: 'opened' }));
  }

  /** What an answer or a verdict records of the exercise that it is about. */
  async markOf(exercise: Exercise): Promise<string> {
    return (await this.#course.get()).host.exerciseMark(exercise);
  }

  /** Shown at once; the promise waits until it is saved. */
  async record(lesson: string, event: WithoutIdentity<ExerciseEvent>): Promise<void> {
    await this.#progress.record(lesson, stamped(event));
  }

  /** Something outside the record changed: a check began, a file appeared. */
  touched(lesson: string, exercise: string): void {
    this.#changed.fire({ lesson, exercise });
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #round(lesson: string, exercise: string): number {
    return exerciseProgress(this.#progress.of(lesson), exercise).round;
  }

  async #state(course: Course, lesson: Lesson, exercise: Exercise): Promise<ExerciseState> {
    await this.#progress.load();
    const progress = this.#progress.of(lesson.id);
    if (exercise.kind === 'task') return this.#taskState(course, exercise, lesson);
    const { seed } = await this.#learner.identity();
    return course.host.answerStateOf(exercise, progress, seed);
  }

  async #taskState(course: Course, part: TaskPart, lesson: Lesson): Promise<ExerciseState> {
    const moment = await this.#taskMoment(part.id);
    return course.host.taskState(part, this.#progress.of(lesson.id), moment);
  }
}

const find = (lesson: Lesson, id: string): Exercise | undefined =>
  exercisesOf(lesson).find((exercise) => exercise.id === id);

function stamped<E extends WithoutIdentity<ProgressEvent>>(event: E): E & { id: string; at: number } {
  return { id: crypto.randomUUID(), at: Date.now(), ...event };
}
