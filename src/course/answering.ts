import { resolveParameters, type ParameterValue } from '../engine/kernel/parameters.ts';
import type {
  ChoiceOption,
  ChoiceQuestion,
  CritiquePart,
  Exercise,
  NumberQuestion,
  NumberPrediction,
  OrderExercise,
  TaskPart,
} from './model.ts';
import { t } from './messages.ts';
import { isWholeOrder, orderFeedback, orderKey, valueList, type OrderKey } from './ordering.ts';
import { quantityText, readQuantity, type Reading } from './quantities.ts';
import { evaluateExpression } from './runExpression.ts';
import { scenarioOf, variantOf, type ScenarioTable } from './variants.ts';

/** Exercises that are answered in the lesson. Tasks are graded by `src/grading`. */
export type Answerable = Exclude<Exercise, TaskPart>;

export type Response =
  | { readonly form: 'number'; readonly text: string }
  /** Indexes into the options. */
  | { readonly form: 'choice'; readonly chosen: readonly number[] }
  | { readonly form: 'prediction'; readonly text: string; readonly confidence: Confidence }
  /** Indexes into the items, first to last; with how sure the learner is, for a prediction. */
  | { readonly form: 'order'; readonly order: readonly number[]; readonly confidence?: Confidence };

/** How sure the learner is, in percent. */
export type Confidence = 50 | 70 | 90;

/** Values that `{name}` stands for in an exercise's Markdown. */
export type TextValues = Readonly<Record<string, ParameterValue>>;

export type AnswerKey =
  | {
      readonly ok: true;
      readonly kind: 'number';
      readonly value: number;
      readonly unit: string;
      /** All parameters of the run that gives the key. Its seed is 1, a run's default. */
      readonly params: TextValues;
      readonly metrics: Readonly<Record<string, number>>;
    }
  | { readonly ok: true; readonly kind: 'options'; readonly right: readonly number[] }
  | Extract<OrderKey, { readonly ok: true }>
  /** The author's mistake: the exercise has no key. */
  | { readonly ok: false; readonly message: string };

export type Judgement =
  /** The response is no answer (`abc` for a number): costs nothing. Plain text. */
  | { readonly kind: 'unreadable'; readonly message: string }
  /** The exercise itself is broken: costs nothing. Plain text. */
  | { readonly kind: 'ungradable'; readonly message: string }
  | {
      readonly kind: 'judged';
      readonly right: boolean;
      /** Points earned: all or none. */
      readonly points: number;
      /** About this very answer. Markdown with `{name}`. */
      readonly feedback: string;
      /** Per chosen option. Markdown. */
      readonly optionFeedback?: readonly {
        readonly option: number;
        readonly right: boolean;
        readonly say: string;
      }[];
      /** Markdown with `{name}`; with a right answer, and with a committed prediction. Empty when the author wrote none. */
      readonly explain?: string;
      /** What `{name}` stands for in these texts. */
      readonly values: TextValues;
      /** The number that was read, in the exercise's unit. */
      readonly value?: number;
      /** The number that the run shows: for predictions alone. */
      readonly actual?: number;
    };

/** Parameters of the exercise's run for this learner, for `{name}` in its texts. Empty when it has no scenario. */
export function textValues(
  exercise: Answerable,
  seed: number | undefined,
  scenarios: ScenarioTable,
): TextValues {
  if (!('scenario' in exercise) || exercise.scenario === undefined) return {};
  const scenario = scenarioOf(scenarios, exercise.scenario);
  if (scenario === undefined) return {};
  const resolved = resolveParameters(scenario.params, variantOf(exercise, seed));
  return resolved.ok ? resolved.value : {};
}

/**
 * The key of an exercise, computed by the engine for the learner's own variant.
 * @param seed the learner's; without one the homework's own values
 */
export function answerKey(
  exercise: Answerable,
  seed: number | undefined,
  scenarios: ScenarioTable,
): AnswerKey {
  if (hasRun(exercise)) return runKey(exercise, seed, scenarios);
  if (isOrder(exercise)) return orderKey(exercise, seed, scenarios);
  const right = exercise.options.flatMap((option, index) => (option.right ? [index] : []));
  return { ok: true, kind: 'options', right };
}

/** Says whether a response is right, and why not, for exactly that response. */
export function judge(
  exercise: Answerable,
  response: Response,
  seed: number | undefined,
  scenarios: ScenarioTable,
): Judgement {
  if (isOrder(exercise)) {
    if (response.form !== 'order' || !isWholeOrder(response.order, exercise.items.length))
      return { kind: 'unreadable', message: t('Put all items into an order.') };
    return judgeOrder(exercise, response.order, orderKey(exercise, seed, scenarios));
  }
  if (!hasRun(exercise)) {
    if (response.form !== 'choice') return { kind: 'unreadable', message: t('Choose from the options.') };
    return judgeChoice(exercise, response.chosen);
  }
  if (response.form === 'choice' || response.form === 'order')
    return { kind: 'unreadable', message: t('Write a number.') };
  const key = runKey(exercise, seed, scenarios);
  if (!key.ok) return { kind: 'ungradable', message: key.message };
  const reading = readQuantity(response.text, exercise.unit);
  if (!reading.ok) return { kind: 'unreadable', message: reading.message };
  return exercise.kind === 'prediction'
    ? judgePrediction(exercise, reading, key)
    : judgeNumber(exercise, reading, key, scenarios);
}

type RunExercise = NumberQuestion | NumberPrediction;
const hasRun = (exercise: Answerable): exercise is RunExercise =>
  exercise.kind !== 'critique' && exercise.form === 'number';
const isOrder = (exercise: Answerable): exercise is OrderExercise =>
  exercise.kind !== 'critique' && exercise.form === 'order';

type NumberKey = Extract<AnswerKey, { readonly kind: 'number' }>;
type ReadNumber = Extract<Reading, { readonly ok: true }>;

function runKey(
  exercise: RunExercise,
  seed: number | undefined,
  scenarios: ScenarioTable,
): NumberKey | { readonly ok: false; readonly message: string } {
  const scenario = scenarioOf(scenarios, exercise.scenario);
  if (scenario === undefined)
    return { ok: false, message: t('There is no scenario {0}.', exercise.scenario) };
  const outcome = scenario.execute({ params: variantOf(exercise, seed) });
  if (!outcome.ok)
    return { ok: false, message: outcome.problems.map((problem) => problem.message).join(' ') };
  const { run } = outcome;
  if (run.end.kind !== 'finished')
    return { ok: false, message: t('The run of this exercise did not finish ({0}).', run.end.kind) };
  const key = evaluateExpression(exercise.answer, exercise.scenario, run.params, run.metrics, scenarios);
  if (!key.ok)
    return { ok: false, message: t('The key of this exercise cannot be computed. {0}', key.error) };
  return {
    ok: true,
    kind: 'number',
    value: key.value,
    unit: exercise.unit,
    params: run.params,
    metrics: run.metrics,
  };
}

function judgeNumber(
  question: NumberQuestion,
  reading: ReadNumber,
  key: NumberKey,
  scenarios: ScenarioTable,
): Judgement {
  const note = reading.note === undefined ? '' : ` ${reading.note}`;
  const shown = quantityText(reading.value, question.unit);
  const common = { kind: 'judged', values: key.params, value: reading.value } as const;
  const right: Judgement = {
    ...common,
    right: true,
    points: question.points,
    feedback: t('{0} is right.', shown) + note,
    explain: question.explain,
    values: { ...key.params, answer: key.value },
  };
  const wrong = (feedback: string): Judgement => ({
    ...common,
    right: false,
    points: 0,
    feedback: feedback + note,
  });

  const known = question.misconceptions.flatMap((misconception) => {
    const value = evaluateExpression(
      misconception.value,
      question.scenario,
      key.params,
      key.metrics,
      scenarios,
    );
    return value.ok ? [{ say: misconception.say, value: value.value }] : [];
  });
  // Exact matches before rounded ones: a misconception near the key keeps its own feedback.
  if (isWithin(reading.value, key.value, question.tolerance)) return right;
  for (const { say, value } of known) if (isWithin(reading.value, value, 0)) return wrong(say);
  if (question.tolerance === 0 && isRounded(reading, key.value)) return right;
  for (const { say, value } of known) if (isRounded(reading, value)) return wrong(say);
  return wrong(distanceText(shown, reading.value, key.value));
}

function judgePrediction(prediction: NumberPrediction, reading: ReadNumber, key: NumberKey): Judgement {
  const right =
    isWithin(reading.value, key.value, prediction.tolerance) ||
    (prediction.tolerance === 0 && isRounded(reading, key.value));
  const predicted = quantityText(reading.value, prediction.unit);
  const actual = quantityText(key.value, prediction.unit);
  const note = reading.note === undefined ? '' : ` ${reading.note}`;
  return {
    kind: 'judged',
    right,
    points: right ? prediction.points : 0,
    feedback:
      (right
        ? t('You predicted {0}, and the run shows {1}.', predicted, actual)
        : t('You predicted {0}; the run shows {1}.', predicted, actual)) + note,
    explain: prediction.explain,
    values: { ...key.params, answer: key.value },
    value: reading.value,
    actual: key.value,
  };
}

/** Doubles of one quantity computed in two ways differ by a few units in the last place. */
const relativeSlack = 1e-9;

const isWithin = (value: number, key: number, tolerance: number): boolean =>
  Math.abs(value - key) <= tolerance + relativeSlack * Math.abs(key);

/** The key, rounded to the digits that were typed; at least three, so that a coarse guess does not pass. */
const isRounded = (reading: ReadNumber, key: number): boolean =>
  reading.digits >= 3 && Math.abs(reading.value - key) <= reading.halfDigit * (1 + relativeSlack);

/** How far a number is from the key, without saying the key. */
function distanceText(shown: string, value: number, key: number): string {
  const large = value > key;
  if (key < 0 !== value < 0)
    return value < 0
      ? t('{0} is negative, but the value is not.', shown)
      : t('{0} is not negative, but the value is.', shown);
  const plain = large ? t('{0} is too large.', shown) : t('{0} is too small.', shown);
  if (key === 0 || value === 0) return plain;
  const ratio = value / key;
  const isOffBy = (power: number): boolean =>
    Math.abs(ratio / power - 1) < 1e-6 || Math.abs(ratio * power - 1) < 1e-6;
  if (isOffBy(1e3)) return t('{0} is off by a factor of a thousand. Which unit is asked for?', shown);
  if (isOffBy(1e6)) return t('{0} is off by a factor of a million. Which unit is asked for?', shown);
  if (ratio >= 3 || ratio <= 1 / 3)
    return large ? t('{0} is far too large.', shown) : t('{0} is far too small.', shown);
  if (Math.abs(ratio - 1) < 0.05)
    return large
      ? t('{0} is close, but a little too large.', shown)
      : t('{0} is close, but a little too small.', shown);
  return plain;
}

function judgeOrder(exercise: OrderExercise, order: readonly number[], key: OrderKey): Judgement {
  if (!key.ok) return { kind: 'ungradable', message: key.message };
  const { right, feedback } = orderFeedback(exercise, order, key);
  const predicted = exercise.kind === 'prediction';
  const shown = right || !predicted ? '' : `\n\n${t('The run shows:')}${valueList(exercise, key.right, key)}`;
  return {
    kind: 'judged',
    right,
    points: right ? exercise.points : 0,
    feedback: feedback + shown,
    ...(right || predicted ? { explain: exercise.explain } : {}),
    values: key.params,
  };
}

function judgeChoice(exercise: ChoiceQuestion | CritiquePart, given: readonly number[]): Judgement {
  const chosen = [...new Set(given)].toSorted((a, b) => a - b);
  const pickOne = exercise.kind === 'critique' || exercise.pick === 'one';
  if (chosen.length === 0) return { kind: 'unreadable', message: t('Nothing is chosen yet.') };
  if (pickOne && chosen.length > 1) return { kind: 'unreadable', message: t('Choose one option only.') };
  if (chosen.some((index) => exercise.options[index] === undefined)) {
    return { kind: 'unreadable', message: t('One of the chosen options is no longer there. Choose again.') };
  }
  const options = chosen.map((index) => ({ option: index, ...(exercise.options[index] as ChoiceOption) }));
  const rightChosen = options.filter((option) => option.right).length;
  const rightInAll = exercise.options.filter((option) => option.right).length;
  const right = rightChosen === rightInAll && rightChosen === chosen.length;
  return {
    kind: 'judged',
    right,
    points: right ? exercise.points : 0,
    feedback: choiceFeedback(right, pickOne, chosen.length, rightChosen, rightInAll),
    optionFeedback: options.map(({ option, right: isRight, say }) => ({ option, right: isRight, say })),
    ...(right ? { explain: exercise.explain } : {}),
    values: {},
  };
}

function choiceFeedback(
  right: boolean,
  pickOne: boolean,
  chosen: number,
  rightChosen: number,
  rightInAll: number,
): string {
  if (right) return pickOne ? t('That is right.') : t('Exactly these are right.');
  if (pickOne) return t('That is not it.');
  if (rightChosen === chosen)
    return rightInAll - rightChosen === 1
      ? t('What you chose is right, but one more is right too.')
      : t('What you chose is right, but more are right too.');
  if (rightChosen === 0) return t('None of what you chose is right.');
  const wrong = chosen - rightChosen;
  if (rightChosen < rightInAll)
    return wrong === 1
      ? t('1 of your {0} choices is wrong, and something right is missing.', chosen)
      : t('{0} of your {1} choices are wrong, and something right is missing.', wrong, chosen);
  return wrong === 1
    ? t('1 of your {0} choices is wrong.', chosen)
    : t('{0} of your {1} choices are wrong.', wrong, chosen);
}
