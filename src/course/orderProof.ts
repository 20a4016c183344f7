import type { OrderExercise } from './model.ts';
import { inversions, orderKey } from './ordering.ts';
import type { ProblemList } from './problemList.ts';
import { quantityText } from './quantities.ts';
import type { ScenarioTable } from './variants.ts';

/**
 * Proves of an order that every variant has one, that no two items are always of equal value, and that no misconception is
 * a right order.
 */
export function proveOrder(
  exercise: OrderExercise,
  scenarios: ScenarioTable,
  learners: number,
  found: ProblemList,
): void {
  const { items, misconceptions, at, id, first, unit } = exercise;
  const text = (item: number): string => items[item]!.text.trim();
  /** In how many variants two items are of equal value. */
  const equal = new Map<
    string,
    { count: number; readonly pair: readonly [number, number]; readonly value: string }
  >();
  const variants = exercise.scenario === undefined ? 1 : learners + 1;
  for (let learner = -1; learner < variants - 1; learner++) {
    const variant = learner < 0 ? "the homework's own values" : `the variant of seed ${learner}`;
    const key = orderKey(exercise, learner < 0 ? undefined : learner, scenarios);
    if (!key.ok) {
      found.error(at, `There is no order for ${variant}: ${key.message}`);
      return;
    }
    const odd = key.values.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0) {
      found.error(at, `For ${variant} the item "${text(odd)}" has the value ${key.values[odd]}.`);
      return;
    }
    for (const { order, say } of misconceptions) {
      if (inversions(order, key, first).length > 0) continue;
      found.error(
        at,
        `For ${variant} the misconception "${say.trim().slice(0, 40)}" of ${id} is the right order.`,
        'Change its order, or vary less.',
      );
      return;
    }
    key.right.slice(1).forEach((item, place) => {
      const before = key.right[place]!;
      if (key.values[item] !== key.values[before]) return;
      const pair = [Math.min(before, item), Math.max(before, item)] as const;
      const seen = equal.get(pair.join());
      if (seen === undefined) {
        equal.set(pair.join(), { count: 1, pair, value: quantityText(key.values[item]!, unit) });
      } else seen.count++;
    });
  }
  for (const { count, pair, value } of equal.values()) {
    found.warning(
      at,
      `In ${count} of ${variants} variants "${text(pair[0])}" and "${text(pair[1])}" of ${id} have one value, such as ${value}, and either may come first.`,
      'Vary so that they differ, if that is not meant.',
    );
  }
}
