import { resolveParameters, type ParameterValue } from '../engine/kernel/parameters.ts';
import { randomStreams } from '../engine/kernel/random.ts';
import { t } from './messages.ts';
import type { OrderExercise } from './model.ts';
import { quantityText } from './quantities.ts';
import { evaluateExpression } from './runExpression.ts';
import { exerciseSeed } from './seeds.ts';
import { scenarioOf, variantOf, type ScenarioTable } from './variants.ts';

/** What the items of an exercise are ranked by, for one learner. */
export type OrderKey =
  | {
      readonly ok: true;
      readonly kind: 'order';
      /** Indexes into the items, first to last. Items of equal value may stand in any order among themselves. */
      readonly right: readonly number[];
      /** Per item; its place where the right order is the author's. */
      readonly values: readonly number[];
      /** Of the exercise, without what an item sets. Empty without a scenario. */
      readonly params: Readonly<Record<string, ParameterValue>>;
    }
  | { readonly ok: false; readonly message: string };

/** The right order, computed by the engine for the learner's own variant, or as the author wrote it. */
export function orderKey(
  exercise: OrderExercise,
  seed: number | undefined,
  scenarios: ScenarioTable,
): OrderKey {
  const { items, scenario: scenarioId } = exercise;
  if (scenarioId === undefined) {
    const inOrder = items.map((_, index) => index);
    return { ok: true, kind: 'order', right: inOrder, values: inOrder, params: {} };
  }
  const scenario = scenarioOf(scenarios, scenarioId);
  if (scenario === undefined) return { ok: false, message: t('There is no scenario {0}.', scenarioId) };
  const own = variantOf(exercise, seed);
  const values: number[] = [];
  for (const { text, set, value } of items) {
    const outcome = scenario.execute({ params: { ...own, ...set } });
    if (!outcome.ok)
      return { ok: false, message: outcome.problems.map((problem) => problem.message).join(' ') };
    const { run } = outcome;
    if (run.end.kind !== 'finished')
      return {
        ok: false,
        message: t('The run of the item "{0}" did not finish ({1}).', text.trim(), run.end.kind),
      };
    const found = evaluateExpression(value!, scenarioId, run.params, run.metrics, scenarios);
    if (!found.ok)
      return { ok: false, message: t('The item "{0}" cannot be ranked. {1}', text.trim(), found.error) };
    values.push(found.value);
  }
  const sign = exercise.first === 'lowest' ? 1 : -1;
  const right = items.map((_, index) => index).toSorted((a, b) => sign * (values[a]! - values[b]!));
  const resolved = resolveParameters(scenario.params, own);
  return { ok: true, kind: 'order', right, values, params: resolved.ok ? resolved.value : {} };
}

type Key = Extract<OrderKey, { readonly ok: true }>;

/** Pairs of neighbours and others that stand the wrong way round in a learner's order. */
export function inversions(
  order: readonly number[],
  { values }: Pick<Key, 'values'>,
  first: OrderExercise['first'],
): readonly (readonly [earlier: number, later: number])[] {
  const sign = first === 'lowest' ? 1 : -1;
  // Doubles of one quantity computed in two ways differ by a few units in the last place.
  const before = (a: number, b: number): boolean =>
    sign * (values[b]! - values[a]!) >= -1e-9 * Math.max(Math.abs(values[a]!), Math.abs(values[b]!));
  return order.flatMap((earlier, place) =>
    order.slice(place + 1).flatMap((later) => (before(earlier, later) ? [] : [[earlier, later] as const])),
  );
}

/** Whether these are all the items, each once. */
export const isWholeOrder = (order: readonly number[], items: number): boolean =>
  order.length === items &&
  new Set(order).size === items &&
  order.every((item) => Number.isInteger(item) && item >= 0 && item < items);

/** About a learner's order. Markdown. */
export function orderFeedback(
  exercise: OrderExercise,
  order: readonly number[],
  key: Key,
): { readonly right: boolean; readonly feedback: string } {
  const wrong = inversions(order, key, exercise.first);
  if (wrong.length === 0)
    return { right: true, feedback: t('That is the order.') + valueList(exercise, order, key) };
  const known = exercise.misconceptions.find((one) => one.order.join() === order.join());
  if (known !== undefined) return { right: false, feedback: known.say };
  const pairs = (order.length * (order.length - 1)) / 2;
  const [earlier, later] = wrong.find(([a, b]) => order.indexOf(b) === order.indexOf(a) + 1) ?? wrong[0]!;
  const text = (item: number): string => exercise.items[item]!.text.trim();
  const count =
    wrong.length === pairs
      ? pairs === 1
        ? t('It is the other way round.')
        : t('It is exactly the other way round.')
      : wrong.length === 1
        ? t('1 of the {0} pairs stands the wrong way round.', pairs)
        : t('{0} of the {1} pairs stand the wrong way round.', wrong.length, pairs);
  const hint =
    wrong.length === pairs ? [] : [t('Look again at *{0}* before *{1}*.', text(earlier), text(later))];
  return { right: false, feedback: [count, ...hint].join(' ') };
}

/** The items in an order, with what they were ranked by. Empty where an author's order has no values. */
export function valueList(exercise: OrderExercise, order: readonly number[], key: Key): string {
  if (exercise.scenario === undefined) return '';
  const lines = order.map(
    (item, place) =>
      `${place + 1}. ${exercise.items[item]!.text.trim()}: ${quantityText(key.values[item]!, exercise.unit)}`,
  );
  return `\n\n${lines.join('\n')}`;
}

/**
 * The order in which items are shown at first: shuffled by the learner's seed, and never the author's own where that is
 * the right one.
 */
export function presentedOrder(exercise: OrderExercise, seed: number | undefined): readonly number[] {
  const inOrder = exercise.items.map((_, index) => index);
  const shuffled = randomStreams(exerciseSeed(seed ?? 0, exercise.id))
    .stream('order')
    .shuffle(inOrder);
  const given = shuffled.every((item, place) => item === place);
  return given && exercise.scenario === undefined ? [...shuffled.slice(1), shuffled[0]!] : shuffled;
}
