import { judge, textValues } from '../course/answering.ts';
import { renderMarkdown, type PictureAddress } from '../course/markdown.ts';
import type { Exercise, Lesson, Pack, TaskPart } from '../course/model.ts';
import { exerciseSeed } from '../course/seeds.ts';
import type { ScenarioTable } from '../course/variants.ts';
import type { GradingRequest, GradingResult } from '../grading/grader.ts';
import { gradedTask, translatedReport } from '../grading/translatedReport.ts';
import type { AnswerSheet, ExerciseResponse, ExerciseState, LessonPage } from '../protocol/lessonPanel.ts';
import { answerSheet } from './answerSheet.ts';
import { exercisesOf } from './course.ts';
import { answeredState, hintsOf, taskState } from './exerciseState.ts';
import { lessonPage } from './lessonPage.ts';
import { noProgress, withEvent, type LessonProgress } from './progress.ts';

/** What an author tried of one exercise. Nothing of it is recorded. */
interface Tried {
  readonly response?: ExerciseResponse;
  readonly attempts: number;
  readonly hints: number;
  readonly checking?: true;
  /** A task's, with the file of the pack that was graded. */
  readonly graded?: { readonly path: string; readonly result: GradingResult };
}

const untried: Tried = { attempts: 0, hints: 0 };

/** The seed of whom a lesson is graded for where nobody is known. */
const anybody = 1;

/** A lesson as one learner sees it, played by its author: answers are judged anew with every change of the text. */
export class PreviewSession {
  readonly #scenarios: ScenarioTable;
  readonly #tried = new Map<string, Tried>();
  /** Sheets by exercise and variant: computing one runs simulations. */
  #sheets = new Map<string, AnswerSheet>();
  #pack: Pack | undefined;
  #lesson: Lesson | undefined;
  #seed: number | undefined;

  constructor(scenarios: ScenarioTable, seed: number | undefined) {
    this.#scenarios = scenarios;
    this.#seed = seed;
  }

  get lesson(): Lesson | undefined {
    return this.#lesson;
  }

  get seed(): number | undefined {
    return this.#seed;
  }

  /** The text changed, or another lesson is previewed. */
  show(pack: Pack, lesson: Lesson): void {
    if (this.#lesson?.id !== lesson.id) this.#tried.clear();
    this.#pack = pack;
    this.#lesson = lesson;
  }

  /** @param seed without one the homework's own values */
  choose(seed: number | undefined): void {
    this.#seed = seed;
    this.#tried.clear();
  }

  page(pictureAddress: PictureAddress): LessonPage {
    const { next: _, ...page } = lessonPage(this.#pack!, this.#lesson!, {
      seed: this.#seed,
      roundOf: () => 0,
      scenarios: this.#scenarios,
      pictureAddress,
    });
    return page;
  }

  states(): Readonly<Record<string, ExerciseState>> {
    return Object.fromEntries(
      exercisesOf(this.#lesson!).map((exercise) => [exercise.id, this.#stateOf(exercise)]),
    );
  }

  state(id: string): ExerciseState | undefined {
    const exercise = this.exercise(id);
    return exercise === undefined ? undefined : this.#stateOf(exercise);
  }

  exercise(id: string): Exercise | undefined {
    return this.#lesson === undefined ? undefined : exercisesOf(this.#lesson).find((each) => each.id === id);
  }

  answer(id: string, response: ExerciseResponse): void {
    this.#change(id, ({ attempts }) => ({ response, attempts: attempts + 1 }));
  }

  retry(id: string): void {
    const { response: _, ...left } = this.#tried.get(id) ?? untried;
    this.#tried.set(id, left);
  }

  hint(id: string): void {
    this.#change(id, ({ hints }) => ({ hints: hints + 1 }));
  }

  /** What grading a text as a learner's file takes; undefined for what is no task. */
  gradingOf(id: string, source: string): GradingRequest | undefined {
    const exercise = this.exercise(id);
    if (exercise?.kind !== 'task') return undefined;
    const seed = exerciseSeed(this.#seed ?? anybody, exercise.id);
    return { task: gradedTask(exercise), source, seed, lessonHash: this.#lesson!.contentHash };
  }

  checking(id: string): void {
    this.#change(id, () => ({ checking: true }));
  }

  graded(id: string, path: string, result: GradingResult): void {
    const { checking: _, ...left } = this.#tried.get(id) ?? untried;
    const exercise = this.exercise(id);
    const report = exercise?.kind === 'task' ? translatedReport(exercise, result.report) : result.report;
    this.#tried.set(id, { ...left, graded: { path, result: { ...result, report } } });
  }

  /** The file of the pack whose verdict a task shows, with the verdict. */
  gradedFile(id: string): Tried['graded'] {
    return this.#tried.get(id)?.graded;
  }

  forget(id: string): void {
    this.#tried.delete(id);
  }

  /** Undefined when there is no such exercise any more. */
  sheet(id: string): AnswerSheet | undefined {
    const exercise = this.exercise(id);
    if (exercise === undefined) return undefined;
    const key = `${this.#seed} ${JSON.stringify(exercise, withoutPlaces)}`;
    const sheet = this.#sheets.get(key) ?? answerSheet(exercise, this.#seed, this.#scenarios);
    // An hour of typing makes thousands; what is on the page is soon there again.
    if (this.#sheets.size > 500) this.#sheets = new Map();
    this.#sheets.set(key, sheet);
    return sheet;
  }

  #change(id: string, change: (tried: Tried) => Partial<Tried>): void {
    const tried = this.#tried.get(id) ?? untried;
    this.#tried.set(id, { ...tried, ...change(tried) });
  }

  #stateOf(exercise: Exercise): ExerciseState {
    const tried = this.#tried.get(exercise.id) ?? untried;
    if (exercise.kind === 'task') return this.#taskState(exercise, tried);
    const hints = hintsOf(exercise).slice(0, tried.hints);
    const values = textValues(exercise, this.#seed, this.#scenarios);
    const hintsHtml = hints.map((hint) => renderMarkdown(hint, values));
    const { response, attempts } = tried;
    if (response === undefined) return { kind: 'unanswered', hintsHtml };
    const judgement = judge(exercise, response, this.#seed, this.#scenarios);
    if (judgement.kind !== 'judged')
      return { kind: 'unreadable', response, message: judgement.message, hintsHtml };
    return answeredState(judgement, response, attempts, hintsHtml);
  }

  #taskState(part: TaskPart, { graded, hints, checking }: Tried): ExerciseState {
    let progress: LessonProgress = noProgress(this.#lesson!.id);
    const common = { at: 0, exercise: part.id };
    for (let shown = 0; shown < hints; shown++)
      progress = withEvent(progress, { ...common, id: `hint ${shown}`, kind: 'hinted' });
    if (graded !== undefined) {
      const { report } = graded.result;
      const { verdict, points, maxPoints, provenance } = report;
      const { seed, submissionHash } = provenance;
      const verdictOf = { seed, verdict, points, maxPoints, submissionHash, report };
      progress = withEvent(progress, { ...common, id: 'graded', kind: 'graded', ...verdictOf });
    }
    return taskState(
      part,
      progress,
      { opened: true, checking: checking === true, pictures: graded?.result.pictures ?? {} },
      this.#scenarios,
    );
  }
}

/** Typing above an exercise moves it, and changes nothing in it. */
const withoutPlaces = (key: string, value: unknown): unknown =>
  key === 'at' && typeof value === 'object' ? undefined : value;
