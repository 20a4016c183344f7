import type { Answerable, Judgement, TextValues } from '../../course/answering.ts';
import type { Lesson, Pack, Task } from '../../course/model.ts';
import { exerciseSeed, learnerSeed } from '../../course/seeds.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { contentHash } from '../../course/contentHash.ts';
import type { GradingRequest } from '../grader.ts';
import type { TaskReport } from '../report.ts';
import type { JudgingRequest } from '../workerMessages.ts';
import type { SubmittedAnswer } from './answersRecord.ts';
import { askedText, optionLetter, withVariant, wrongId, type GradedExercise } from './classItems.ts';
import type { Learner } from './classList.ts';
import { whereIn, type ExerciseResult, type LearnerResult, type SubmissionProblem } from './classReport.ts';
import { findingOf } from './receiptFinding.ts';
import { shown, type ReadSubmission } from './readSubmission.ts';

/** Where a class is graded: workers, each of which can be killed. Neither rejects for what a learner wrote. */
export interface ClassWorkers {
  report(request: GradingRequest): Promise<TaskReport>;
  /** Undefined when the machinery failed. */
  judge(request: JudgingRequest): Promise<readonly Judgement[] | undefined>;
}

/** What all learners of a class share. */
export interface ClassSetup {
  readonly pack: Pack;
  readonly exercises: readonly GradedExercise[];
  readonly courseSeed: number;
  /** Root of the cases of tasks, where learners must not know them. */
  readonly hiddenSeed?: number;
  /** The course seed decides, and not what a submission says of its seed. */
  readonly seedsFromCourse: boolean;
}

/** A learner of the class, and what was handed in. */
export interface HandedIn {
  readonly learner: Learner;
  readonly listed: boolean;
  /** Where the submission lies; absent when there is none. */
  readonly place?: string;
  readonly read?: ReadSubmission;
  /** Found before anything of it was read: a second submission, an unknown learner. */
  readonly problems: readonly SubmissionProblem[];
}

/** Root of a learner's variants. Without a class list, the one that the submission names is as good as any. */
export const seedOf = (setup: ClassSetup, { learner, read }: HandedIn): number =>
  (setup.seedsFromCourse ? undefined : read?.settings?.seed) ?? learnerSeed(setup.courseSeed, learner.id);

/** Says whether a learner has to be graded anew: equal for equal work under equal seeds. */
export function fingerprintOf(setup: ClassSetup, handedIn: HandedIn): string {
  const { read, ...rest } = handedIn;
  const text = canonicalJson({
    ...rest,
    seed: seedOf(setup, handedIn),
    settings: read?.settings,
    found: read?.problems,
    answers: read?.answers === undefined ? undefined : [...read.answers.answers],
    hints: read?.answers === undefined ? undefined : [...read.answers.hints],
    tasks: read === undefined ? undefined : [...read.tasks],
  });
  return contentHash(new Map([['', text]]));
}

/** Grades everything that one learner handed in. */
export async function gradeLearner(
  setup: ClassSetup,
  handedIn: HandedIn,
  workers: ClassWorkers,
): Promise<LearnerResult> {
  const grading = new LearnerGrading(setup, handedIn, workers);
  return grading.grade();
}

class LearnerGrading {
  readonly #setup: ClassSetup;
  readonly #handedIn: HandedIn;
  readonly #workers: ClassWorkers;
  readonly #seed: number;
  readonly #problems: SubmissionProblem[];

  constructor(setup: ClassSetup, handedIn: HandedIn, workers: ClassWorkers) {
    this.#setup = setup;
    this.#handedIn = handedIn;
    this.#workers = workers;
    this.#seed = seedOf(setup, handedIn);
    this.#problems = [...handedIn.problems, ...(handedIn.read?.problems ?? [])];
  }

  async grade(): Promise<LearnerResult> {
    const { learner, listed, place, read } = this.#handedIn;
    if (read !== undefined) this.#compareSettings(read);
    const judgements = await this.#judged();
    const exercises = await Promise.all(
      this.#setup.exercises.map((graded) => this.#exercise(graded, judgements.get(graded.exercise.id))),
    );
    if (read !== undefined) this.#nameMissing(exercises);
    return {
      learner,
      listed,
      seed: this.#seed,
      ...(place === undefined ? {} : { place }),
      points: exercises.reduce((sum, each) => sum + each.points, 0),
      maxPoints: exercises.reduce((sum, each) => sum + each.maxPoints, 0),
      exercises,
      problems: this.#problems,
    };
  }

  get #place(): string {
    return this.#handedIn.place ?? this.#handedIn.learner.id;
  }

  #compareSettings({ settings, answers }: ReadSubmission): void {
    if (settings === undefined) return;
    const where = whereIn(this.#place, 'trapframe.json');
    if (settings.pack !== this.#setup.pack.id) {
      this.#problems.push({
        where,
        what: `is for the pack ${shown(settings.pack)}, but ${this.#setup.pack.id} is graded.`,
        next: 'Name the folder of that pack with --pack, or ask for the right work folder.',
      });
    }
    if (settings.seed !== this.#seed && answers !== undefined && answers.answers.size > 0) {
      this.#problems.push({
        where,
        what: `has the seed ${settings.seed}, but the class list gives ${this.#seed}; answers were judged for the latter's numbers.`,
        next: 'Was the work folder handed out with `trapframe hand-out`? Then it was changed. Else grade without --class and --seed.',
      });
    }
  }

  /** One sentence for all exercises of which nothing was handed in: they are told apart in the table. */
  #nameMissing(exercises: readonly ExerciseResult[]): void {
    const missing = this.#setup.exercises.flatMap(({ exercise }, index) =>
      exercise.kind === 'task' &&
      exercises[index]!.verdict === 'missing' &&
      this.#handedIn.read?.unread.has(exercise.id) !== true
        ? [exercise.task]
        : [],
    );
    if (missing.length === 0) return;
    this.#problems.push({
      where: whereIn(this.#place),
      what: `holds no file for ${missing.length === 1 ? 'the task' : `${missing.length} tasks`}: ${missing.map(({ id, file }) => `${id}/${file}`).join(', ')}.`,
      next: `${missing.length === 1 ? 'It counts' : 'They count'} 0 points, unless handed in.`,
    });
  }

  async #judged(): Promise<ReadonlyMap<string, Judgement | undefined>> {
    const answers = this.#handedIn.read?.answers?.answers;
    const answered = this.#setup.exercises.flatMap(({ exercise }) => {
      const answer = answers?.get(exercise.id);
      return exercise.kind === 'task' || answer === undefined
        ? []
        : [{ exercise, response: answer.response }];
    });
    if (answered.length === 0) return new Map();
    const judgements = await this.#workers.judge({ answered, seed: this.#seed });
    return new Map(answered.map(({ exercise }, index) => [exercise.id, judgements?.[index]]));
  }

  async #exercise(
    { lesson, exercise }: GradedExercise,
    judgement: Judgement | undefined,
  ): Promise<ExerciseResult> {
    if (exercise.kind === 'task') return this.#task(lesson, exercise.task);
    const { id, points: maxPoints } = exercise;
    const answer = this.#handedIn.read?.answers?.answers.get(id);
    const hints = this.#hints(id);
    if (answer === undefined) return { id, verdict: 'missing', points: 0, maxPoints, mistakes: [], ...hints };
    const common = { id, maxPoints, ...hints, response: responseText(answer), ...attemptsOf(answer) };
    if (judgement?.kind !== 'judged') {
      const feedback = judgement?.message ?? 'The checker failed. Grade again.';
      const unusable = judgement?.kind !== 'unreadable';
      return { ...common, verdict: unusable ? 'ungradable' : 'failed', points: 0, feedback, mistakes: [] };
    }
    this.#compareClaim(id, answer, judgement.right);
    const { right, points, values } = judgement;
    const options = (judgement.optionFeedback ?? []).map(({ say }) => say);
    const feedback = [judgement.feedback, ...options].filter((text) => text !== '').join('\n\n');
    return {
      ...common,
      verdict: right ? 'passed' : 'failed',
      points,
      asked: askedText(exercise, values),
      ...shownAnswer(exercise, answer, values),
      feedback: withVariant(feedback, values),
      mistakes: right ? [] : mistakesIn(exercise, answer, judgement),
    };
  }

  /** A learner's own record is right about the same variant, unless somebody changed it. */
  #compareClaim(id: string, answer: SubmittedAnswer, right: boolean): void {
    const sameVariant = this.#handedIn.read?.settings?.seed === this.#seed;
    if (!sameVariant || answer.right !== true || right) return;
    this.#problems.push({
      where: whereIn(this.#place, 'answers.json'),
      what: `says that the answer to ${id} is right, which it is not.`,
      next: 'The file was changed, or the question since; the judgement here counts.',
    });
  }

  async #task(lesson: Lesson, task: Task): Promise<ExerciseResult> {
    const file = this.#handedIn.read?.tasks.get(task.id);
    const maxPoints = task.checks.reduce((sum, check) => sum + check.points, 0);
    const hints = this.#hints(task.id);
    if (file === undefined)
      return { id: task.id, verdict: 'missing', points: 0, maxPoints, mistakes: [], ...hints };
    const { hiddenSeed } = this.#setup;
    const own = exerciseSeed(this.#seed, task.id);
    const seed =
      hiddenSeed === undefined
        ? own
        : exerciseSeed(learnerSeed(hiddenSeed, this.#handedIn.learner.id), task.id);
    const request = { task, source: file.source, seed, lessonHash: lesson.contentHash };
    const report = await this.#workers.report(request);
    const graded = { pack: this.#setup.pack.id, request, report, ownSeed: own };
    const receipt =
      file.receipt === undefined
        ? undefined
        : await findingOf(file.receipt, graded, (again) => this.#workers.report(again));
    if (receipt !== undefined && receipt.state !== 'holds' && receipt.state !== 'other version') {
      this.#problems.push({
        where: whereIn(this.#place, `${shown(file.path)}.receipt.json`),
        what: `${receiptWords[receipt.state]} ${receipt.says.join(' ')}`.trim(),
        next: 'Only what was graded here counts.',
      });
    }
    const mistakes = report.checks.flatMap(({ failure }) =>
      task.wrong.filter(({ say }) => failure?.say === say).map((wrong) => wrongId(wrong.file.path)),
    );
    return {
      id: task.id,
      verdict:
        report.verdict === 'passed' ? 'passed' : report.verdict === 'ungradable' ? 'ungradable' : 'failed',
      points: report.points,
      maxPoints,
      file: file.path,
      mistakes: [...new Set(mistakes)],
      ...hints,
      report,
      ...(receipt === undefined ? {} : { receipt }),
    };
  }

  #hints(id: string): { readonly hints?: number } {
    const hints = this.#handedIn.read?.answers?.hints.get(id);
    return hints === undefined ? {} : { hints };
  }
}

const receiptWords = {
  'older file': 'is for another version of the file than the one beside it.',
  'other learner': 'was made with the seed of another learner.',
  forged: 'does not hold: grading again gives something else.',
  unreadable: 'cannot be repeated.',
} as const;

const attemptsOf = ({ attempts }: SubmittedAnswer): { readonly attempts?: number } =>
  attempts === undefined ? {} : { attempts };

function responseText({ response }: SubmittedAnswer): string {
  switch (response.form) {
    case 'choice':
      return response.chosen.map(optionLetter).join(', ');
    case 'order':
      return response.order.map(optionLetter).join(', ');
    case 'number':
    case 'prediction':
      return response.text;
  }
}

/** The texts of what was chosen, or put into an order. */
function shownAnswer(
  exercise: Answerable,
  { response }: SubmittedAnswer,
  values: TextValues,
): Pick<ExerciseResult, 'chosen' | 'order'> {
  const texts = (from: readonly { readonly text: string }[], indexes: readonly number[]): readonly string[] =>
    indexes.flatMap((index) => (from[index] === undefined ? [] : [withVariant(from[index].text, values)]));
  if (response.form === 'choice' && 'options' in exercise)
    return { chosen: texts(exercise.options, response.chosen) };
  if (response.form === 'order' && 'items' in exercise)
    return { order: texts(exercise.items, response.order) };
  return {};
}

/** The known mistakes that a wrong answer shows. */
function mistakesIn(
  exercise: Answerable,
  { response }: SubmittedAnswer,
  judgement: Extract<Judgement, { kind: 'judged' }>,
): readonly string[] {
  if (response.form === 'choice' && 'options' in exercise) {
    return response.chosen.filter((index) => exercise.options[index]?.right === false).map(optionLetter);
  }
  if (!('misconceptions' in exercise)) return [];
  const known = exercise.misconceptions.findIndex(({ say }) => judgement.feedback.startsWith(say));
  return known === -1 ? [] : [String(known + 1)];
}
