import { judge, textValues, type Answerable, type Judgement } from '../course/answering.ts';
import { exerciseMark } from '../course/exerciseMark.ts';
import { renderMarkdown } from '../course/markdown.ts';
import type { Exercise, TaskPart } from '../course/model.ts';
import { roundSeed } from '../course/seeds.ts';
import { scenarioOf, type ScenarioTable } from '../course/variants.ts';
import { caseWords } from '../engine/kernel/caseWords.ts';
import { pinKey, type PinnedCase } from '../grading/pinnedCase.ts';
import type { FailurePictures, TaskReport } from '../grading/report.ts';
import { translatedReport } from '../grading/translatedReport.ts';
import type { ExerciseResponse, ExerciseState, PinnedShown } from '../protocol/lessonPanel.ts';
import { exerciseProgress, type LessonProgress } from './progress.ts';

/** What a task's state has beyond its record. */
export interface TaskMoment {
  readonly opened: boolean;
  readonly checking: boolean;
  /** Of the latest check in this window; they are drawn, never saved. */
  readonly pictures: Readonly<Record<string, FailurePictures>>;
  /** The latest verdict is of an earlier window. */
  readonly recalled?: boolean;
}

/** A question, prediction or critique as its lesson shows it: the answer that stands, judged again. */
export function answerState(
  exercise: Answerable,
  progress: LessonProgress,
  seed: number,
  scenarios: ScenarioTable,
): ExerciseState {
  const { answer, attempts, hintsShown, round } = exerciseProgress(progress, exercise.id, seed);
  const variant = roundSeed(seed, round);
  const hintsHtml = shownHints(exercise, hintsShown, textValues(exercise, variant, scenarios));
  if (answer === undefined) return { kind: 'unanswered', hintsHtml };
  const judgement = judge(exercise, answer.response, variant, scenarios);
  // The lesson was edited since: the old answer is kept in the record, and the question is open again.
  if (judgement.kind !== 'judged') return { kind: 'unanswered', hintsHtml };
  const state = answeredState(judgement, answer.response, attempts, hintsHtml);
  return hasChanged(exercise, answer) ? { ...state, changed: true } : state;
}

const hasChanged = (exercise: Exercise, { mark }: { readonly mark?: string }): boolean =>
  mark !== undefined && mark !== exerciseMark(exercise);

export function answeredState(
  judgement: Extract<Judgement, { kind: 'judged' }>,
  response: ExerciseResponse,
  attempts: number,
  hintsHtml: readonly string[],
): Extract<ExerciseState, { kind: 'answered' }> {
  const html = (markdown: string): string => renderMarkdown(markdown, judgement.values);
  return {
    kind: 'answered',
    response,
    right: judgement.right,
    points: judgement.points,
    feedbackHtml: html(judgement.feedback),
    ...(judgement.optionFeedback === undefined
      ? {}
      : {
          optionFeedback: judgement.optionFeedback.map(({ option, right, say }) => ({
            option,
            right,
            html: html(say),
          })),
        }),
    ...(judgement.explain === undefined || judgement.explain === ''
      ? {}
      : { explainHtml: html(judgement.explain) }),
    attempts,
    ...(judgement.actual === undefined ? {} : { actual: judgement.actual }),
    hintsHtml,
  };
}

export function taskState(
  part: TaskPart,
  progress: LessonProgress,
  moment: TaskMoment,
  scenarios: ScenarioTable,
): ExerciseState {
  const { grading, hintsShown, pinned } = exerciseProgress(progress, part.id);
  const report = grading?.report && translatedReport(part, grading.report);
  const says = (report?.checks ?? []).flatMap(({ id, failure }) =>
    failure?.say === undefined ? [] : [[id, renderMarkdown(failure.say)] as const],
  );
  return {
    kind: 'task',
    opened: moment.opened,
    checking: moment.checking,
    ...(report === undefined ? {} : { report }),
    ...(grading !== undefined && hasChanged(part, grading) ? { changed: true as const } : {}),
    sayHtml: Object.fromEntries(says),
    ...(moment.recalled === true && report?.verdict === 'failed' ? { undrawn: true as const } : {}),
    pinned: pinned.map((pin) => shownPin(pin, report, scenarios)),
    pictures: moment.pictures,
    hintsHtml: shownHints(part, hintsShown, {}),
  };
}

function shownPin(pin: PinnedCase, report: TaskReport | undefined, scenarios: ScenarioTable): PinnedShown {
  const key = pinKey(pin);
  const scenario = scenarioOf(scenarios, pin.scenario);
  const outcome = report?.checks
    .find(({ id }) => id === pin.check)
    ?.pinned?.find(({ case: { words: _, ...kept } }) => pinKey({ check: pin.check, ...kept }) === key);
  return {
    key,
    checkId: pin.check,
    words: scenario === undefined ? pin.scenario : caseWords(scenario, pin),
    ...(outcome === undefined ? {} : { verdict: outcome.verdict }),
  };
}

export const hintsOf = (exercise: Exercise): readonly string[] =>
  exercise.kind === 'task' ? exercise.task.hints : exercise.kind === 'question' ? exercise.hints : [];

const shownHints = (
  exercise: Exercise,
  shown: number,
  values: Parameters<typeof renderMarkdown>[1],
): readonly string[] =>
  hintsOf(exercise)
    .slice(0, shown)
    .map((hint) => renderMarkdown(hint, values));
