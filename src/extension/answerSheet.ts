import { answerKey, textValues, type Answerable, type TextValues } from '../course/answering.ts';
import { renderInlineMarkdown, renderMarkdown } from '../course/markdown.ts';
import { t } from '../course/messages.ts';
import type {
  ChoiceOption,
  Exercise,
  Expression,
  KnownWrong,
  NumberPrediction,
  NumberQuestion,
  OrderExercise,
  Task,
} from '../course/model.ts';
import { quantityText } from '../course/quantities.ts';
import { evaluateExpression } from '../course/runExpression.ts';
import { scenarioOf, variantOf, type ScenarioTable } from '../course/variants.ts';
import { caseWords } from '../engine/kernel/caseWords.ts';
import type { AnswerSheet, SheetAnswer } from '../protocol/lessonPanel.ts';
import { hintsOf } from './exerciseState.ts';

/**
 * What the author of an exercise sees beside it: the key for this variant, and every answer that has words of its own with
 * those words, as a learner would read them.
 * @param seed the learner's; without one the homework's own values
 */
export function answerSheet(
  exercise: Exercise,
  seed: number | undefined,
  scenarios: ScenarioTable,
): AnswerSheet {
  if (exercise.kind === 'task') return taskSheet(exercise.task);
  const values = textValues(exercise, seed, scenarios);
  return {
    ...variantWords(exercise, seed, scenarios),
    ...(exercise.kind === 'critique' || exercise.form === 'choice'
      ? choiceSheet(exercise.options)
      : exercise.form === 'order'
        ? orderSheet(exercise, seed, scenarios)
        : numberSheet(exercise, seed, values, scenarios)),
    ...explained(exercise.explain, values, exercise, seed, scenarios),
    hintsHtml: hintsOf(exercise).map((hint) => renderMarkdown(hint, values)),
  };
}

type Sheet = Pick<AnswerSheet, 'key' | 'problem' | 'formulas' | 'answers'>;

function variantWords(
  exercise: Answerable,
  seed: number | undefined,
  scenarios: ScenarioTable,
): Pick<AnswerSheet, 'variant'> {
  if (!('scenario' in exercise) || exercise.scenario === undefined) return {};
  const scenario = scenarioOf(scenarios, exercise.scenario);
  return scenario === undefined
    ? {}
    : { variant: caseWords(scenario, { params: variantOf(exercise, seed) }) };
}

function explained(
  explain: string,
  values: TextValues,
  exercise: Answerable,
  seed: number | undefined,
  scenarios: ScenarioTable,
): Pick<AnswerSheet, 'explainHtml'> {
  if (explain === '') return {};
  const key = answerKey(exercise, seed, scenarios);
  const known = key.ok && key.kind === 'number' ? { ...values, answer: key.value } : values;
  return { explainHtml: renderMarkdown(explain, known) };
}

function numberSheet(
  exercise: NumberQuestion | NumberPrediction,
  seed: number | undefined,
  values: TextValues,
  scenarios: ScenarioTable,
): Sheet {
  const key = answerKey(exercise, seed, scenarios);
  if (!key.ok) return { problem: key.message, formulas: [], answers: [] };
  if (key.kind !== 'number') throw new Error('A number exercise has another kind of key.');
  const { unit, tolerance } = exercise;
  const found = (expression: Expression): number | string => {
    const value = evaluateExpression(expression, exercise.scenario, key.params, key.metrics, scenarios);
    return value.ok ? value.value : value.error;
  };
  const shown = (value: number | string): string =>
    typeof value === 'number' ? quantityText(value, unit) : value;
  const isKey = (value: number | string): boolean =>
    typeof value === 'number' && Math.abs(value - key.value) <= tolerance + 1e-9 * Math.abs(key.value);
  const question = exercise.kind === 'question' ? exercise : undefined;
  return {
    key: `${quantityText(key.value, unit)}${tolerance === 0 ? '' : ` ± ${quantityText(tolerance, unit)}`}`,
    formulas: [
      { label: t('Answer'), text: exercise.answer.text },
      ...(question?.closedForm === undefined
        ? []
        : [
            {
              label: t('By hand'),
              text: `${question.closedForm.text} = ${shown(found(question.closedForm))}`,
            },
          ]),
    ],
    answers: (question?.misconceptions ?? []).map(({ value, say }) => {
      const number = found(value);
      return {
        answerHtml: renderInlineMarkdown(shown(number)),
        right: isKey(number),
        sayHtml: renderMarkdown(say, values),
        note: value.text,
      };
    }),
  };
}

const choiceSheet = (options: readonly ChoiceOption[]): Sheet => ({
  formulas: [],
  answers: options.map(({ text, right, say }) => ({
    answerHtml: renderInlineMarkdown(text),
    right,
    sayHtml: renderMarkdown(say),
  })),
});

function orderSheet(exercise: OrderExercise, seed: number | undefined, scenarios: ScenarioTable): Sheet {
  const key = answerKey(exercise, seed, scenarios);
  if (!key.ok) return { problem: key.message, formulas: [], answers: [] };
  if (key.kind !== 'order') throw new Error('An order exercise has another kind of key.');
  const list = (order: readonly number[]): string =>
    order.map((item) => exercise.items[item]!.text.trim()).join(' → ');
  return {
    formulas: key.right.map((item) => ({
      label: exercise.items[item]!.text.trim(),
      text:
        exercise.scenario === undefined
          ? `${key.right.indexOf(item) + 1}.`
          : quantityText(key.values[item]!, exercise.unit),
    })),
    key: list(key.right),
    answers: exercise.misconceptions.map(({ order, say }) => ({
      answerHtml: renderInlineMarkdown(list(order)),
      right: false,
      sayHtml: renderMarkdown(say),
    })),
  };
}

function taskSheet(task: Task): AnswerSheet {
  const name = (path: string): string => path.slice(task.path.length + 1);
  const file = (path: string, right: boolean, say: string, note: string): SheetAnswer => ({
    answerHtml: renderInlineMarkdown(`\`${name(path)}\``),
    right,
    sayHtml: renderMarkdown(say),
    note,
    path,
  });
  return {
    formulas: task.checks.map(({ id, use, points }) => ({
      label: id,
      text: `${use}, ${points === 1 ? t('1 point') : t('{0} points', points)}`,
    })),
    answers: [
      file(task.solution.path, true, '', t('the reference')),
      file(task.starter.path, false, '', t('the starter')),
      ...task.wrong.map((known) => file(known.file.path, false, known.say, failing(known))),
    ],
    hintsHtml: task.hints.map((hint) => renderMarkdown(hint)),
  };
}

const failing = ({ fails }: KnownWrong): string =>
  fails.length === 0 ? t('known to be wrong') : t('fails {0}', fails.join(', '));
