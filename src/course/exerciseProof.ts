import { answerKey, evaluateExpression, type Answerable } from './answering.ts';
import { ProblemList } from './problemList.ts';
import type { NumberQuestion, PredictionPart, Problem } from './model.ts';
import { quantityText } from './quantities.ts';
import type { ScenarioTable } from './variants.ts';

/**
 * Proves an exercise's key by computing it for the homework's own values and for many learners: every variant has a
 * key, and a closed form agrees with the simulation. Says also which misconceptions can never be recognized.
 * @param learners how many learners' seeds to try
 */
export function proveExercise(
  exercise: Answerable,
  scenarios: ScenarioTable,
  learners: number,
): readonly Problem[] {
  if (exercise.kind === 'critique' || (exercise.kind === 'question' && exercise.form === 'choice')) return [];
  const found = new ProblemList();
  const seeds = [undefined, ...Array.from({ length: learners }, (_, index) => index)];
  const distinct = new Set<number>();
  for (const seed of seeds) {
    const shown = proveVariant(exercise, seed, scenarios, found, distinct);
    // One counterexample is what a person needs.
    if (!shown) return found.problems;
  }
  if (exercise.kind === 'question') {
    exercise.misconceptions.forEach((misconception, index) => {
      if (distinct.has(index)) return;
      found.warning(
        misconception.value.at,
        'This misconception has the value of the key in every variant, so nobody sees its feedback.',
        'Change the formula, or vary more.',
      );
    });
  }
  return found.problems;
}

function proveVariant(
  exercise: NumberQuestion | PredictionPart,
  seed: number | undefined,
  scenarios: ScenarioTable,
  found: ProblemList,
  distinct: Set<number>,
): boolean {
  const key = answerKey(exercise, seed, scenarios);
  const variant = seed === undefined ? "the homework's own values" : `the variant of seed ${seed}`;
  if (!key.ok) {
    found.error(exercise.answer.at, `There is no key for ${variant}: ${key.message}`);
    return false;
  }
  if (key.kind !== 'number' || exercise.kind !== 'question') return true;
  const differs = (value: number): boolean => Math.abs(value - key.value) > 1e-9 * Math.abs(key.value);
  exercise.misconceptions.forEach(({ value }, index) => {
    const seen = evaluateExpression(value, exercise.scenario, key.params, key.metrics, scenarios);
    if (seen.ok && differs(seen.value)) distinct.add(index);
  });
  if (exercise.closedForm === undefined) return true;
  const byHand = evaluateExpression(
    exercise.closedForm,
    exercise.scenario,
    key.params,
    key.metrics,
    scenarios,
  );
  if (byHand.ok && !differs(byHand.value)) return true;
  const varied = Object.keys({ ...exercise.set, ...exercise.vary });
  const values = varied.map((name) => `${name} = ${key.params[name]}`).join(', ');
  found.error(
    exercise.closedForm.at,
    `For ${values === '' ? variant : values} the closed form gives ${byHand.ok ? quantityText(byHand.value, key.unit) : `no number (${byHand.error})`}, but the simulation ${quantityText(key.value, key.unit)}.`,
    'Find out which of the two is wrong; both may state another model.',
  );
  return false;
}
