import { answerKey, judge, type Answerable, type AnswerKey } from './answering.ts';
import type { ChoiceQuestion, CritiquePart, NumberPrediction, NumberQuestion, Problem } from './model.ts';
import { proveOrder } from './orderProof.ts';
import { ProblemList } from './problemList.ts';
import { quantityText } from './quantities.ts';
import { evaluateExpression } from './runExpression.ts';
import type { ScenarioTable } from './variants.ts';

/**
 * Proves what an exercise promises, for the homework's own values and for many learners: every variant has a key, a
 * closed form agrees with the simulation, the key is judged right as it is shown, and each misconception gets its own
 * feedback. Of a choice it proves that there is something to choose, with words for each option.
 * @param learners how many learners' seeds to try
 */
export function proveExercise(
  exercise: Answerable,
  scenarios: ScenarioTable,
  learners: number,
): readonly Problem[] {
  const found = new ProblemList();
  if (exercise.kind === 'critique' || (exercise.kind === 'question' && exercise.form === 'choice')) {
    proveOptions(exercise, found);
    return found.problems;
  }
  if (exercise.form === 'order') {
    proveOrder(exercise, keepingLastRun(scenarios), learners, found);
    return found.problems;
  }
  const proof = new NumberProof(exercise, keepingLastRun(scenarios), found);
  for (let learner = -1; learner < learners; learner++) {
    // One counterexample is what a person needs.
    if (!proof.tryVariant(learner < 0 ? undefined : learner)) return found.problems;
  }
  proof.summarize();
  return found.problems;
}

function proveOptions(exercise: ChoiceQuestion | CritiquePart, found: ProblemList): void {
  const { options, at, id } = exercise;
  if (options.every((option) => option.right))
    found.error(at, `Every option of ${id} is right, so nothing is asked.`, 'Add an option that is wrong.');
  if (!options.some((option) => option.right))
    found.error(at, `No option of ${id} is right.`, 'Add "right: true" to the right one.');
  options.forEach(({ text, say }, index) => {
    if (say.trim() === '') {
      found.error(at, `The option "${text.trim()}" of ${id} has no feedback.`, 'Add "say: …".');
    }
    if (options.findIndex((other) => other.text.trim() === text.trim()) < index) {
      found.error(at, `${id} has the option "${text.trim()}" twice.`, 'Change one of the two.');
    }
  });
}

type NumberKey = Extract<AnswerKey, { readonly kind: 'number' }>;

/** In how many variants something was seen, and the first of them in words. */
interface Sightings {
  count: number;
  readonly first: string;
}

class NumberProof {
  readonly #exercise: NumberQuestion | NumberPrediction;
  readonly #scenarios: ScenarioTable;
  readonly #found: ProblemList;
  readonly #likeKey = new Map<number, Sightings>();
  /** By the misconception, and the earlier one whose feedback is given in its stead. */
  readonly #likeOther = new Map<string, Sightings & { readonly index: number; readonly other: number }>();
  #variants = 0;

  constructor(exercise: NumberQuestion | NumberPrediction, scenarios: ScenarioTable, found: ProblemList) {
    this.#exercise = exercise;
    this.#scenarios = scenarios;
    this.#found = found;
  }

  /** False when an error was found. */
  tryVariant(seed: number | undefined): boolean {
    const exercise = this.#exercise;
    const errors = this.#found.errorCount;
    const key = answerKey(exercise, seed, this.#scenarios);
    if (!key.ok || key.kind !== 'number') {
      const variant = seed === undefined ? "the homework's own values" : `the variant of seed ${seed}`;
      const reason = key.ok ? 'the exercise is no number.' : key.message;
      this.#found.error(exercise.answer.at, `There is no key for ${variant}: ${reason}`);
      return false;
    }
    this.#variants++;
    this.#proveClosedForm(key);
    this.#proveKeyIsRight(key, seed);
    if (exercise.kind === 'prediction' && exercise.axis !== undefined) this.#proveAxis(exercise.axis, key);
    if (exercise.kind === 'question') this.#tryMisconceptions(exercise, key, seed);
    return this.#found.errorCount === errors;
  }

  /** What shows only over all variants. */
  summarize(): void {
    if (this.#exercise.kind !== 'question') return;
    const { misconceptions } = this.#exercise;
    const often = ({ count, first }: Sightings): string =>
      `In ${count} of ${this.#variants} variants, such as ${first},`;
    for (const [index, seen] of this.#likeKey) {
      const { at } = misconceptions[index]!.value;
      if (seen.count === this.#variants) {
        this.#found.warning(
          at,
          'This misconception has the value of the key in every variant, so nobody sees its feedback.',
          'Change the formula, or vary more.',
        );
      } else {
        this.#found.warning(
          at,
          `${often(seen)} this misconception has the value of the key, and whoever has it is right.`,
          'Vary so that the two differ.',
        );
      }
    }
    for (const { index, other, ...seen } of this.#likeOther.values()) {
      this.#found.warning(
        misconceptions[index]!.value.at,
        `${often(seen)} this misconception has the value of the one on line ${misconceptions[other]!.value.at.line}, whose feedback is given.`,
        'Vary so that the two differ.',
      );
    }
  }

  #proveClosedForm(key: NumberKey): void {
    const exercise = this.#exercise;
    if (exercise.kind !== 'question' || exercise.closedForm === undefined) return;
    const byHand = this.#evaluate(exercise.closedForm.text, key);
    if (byHand.ok && !differs(byHand.value, key.value)) return;
    this.#found.error(
      exercise.closedForm.at,
      `For ${this.#variant(key)} the closed form gives ${byHand.ok ? quantityText(byHand.value, key.unit) : `no number (${byHand.error})`}, but the simulation ${quantityText(key.value, key.unit)}.`,
      'Find out which of the two is wrong; both may state another model.',
    );
  }

  #proveKeyIsRight(key: NumberKey, seed: number | undefined): void {
    const shown = quantityText(key.value, key.unit);
    const judgement = this.#judge(shown, seed);
    if (judgement.kind === 'judged' && judgement.right) return;
    this.#found.error(
      this.#exercise.answer.at,
      `For ${this.#variant(key)} the key is shown as ${shown}, and who types that is not right: ${judgement.kind === 'judged' ? judgement.feedback : judgement.message}`,
      'Check the unit.',
    );
  }

  #proveAxis([from, to]: readonly [number, number], key: NumberKey): void {
    if (from <= key.value && key.value <= to) return;
    this.#found.error(
      this.#exercise.answer.at,
      `For ${this.#variant(key)} the run shows ${quantityText(key.value, key.unit)}, which cannot be marked on the axis from ${quantityText(from, key.unit)} to ${quantityText(to, key.unit)}.`,
      'Widen the axis.',
    );
  }

  #tryMisconceptions({ misconceptions }: NumberQuestion, key: NumberKey, seed: number | undefined): void {
    misconceptions.forEach(({ value: { text, at } }, index) => {
      const value = this.#evaluate(text, key);
      if (!value.ok) {
        this.#found.error(at, `For ${this.#variant(key)} this misconception has no value. ${value.error}`);
        return;
      }
      const judgement = this.#judge(quantityText(value.value, key.unit), seed);
      if (judgement.kind !== 'judged') {
        const shown = quantityText(value.value, key.unit);
        this.#found.error(
          at,
          `For ${this.#variant(key)} this misconception is ${shown}, which cannot be read. ${judgement.message}`,
        );
      } else if (!differs(value.value, key.value)) {
        this.#count(this.#likeKey, index, key);
      } else if (judgement.right) {
        this.#found.error(
          at,
          `For ${this.#variant(key)} this misconception is ${quantityText(value.value, key.unit)}, so near the key of ${quantityText(key.value, key.unit)} that it is accepted as right.`,
          'Lower the tolerance, or vary so that the two are further apart.',
        );
      } else {
        const other = misconceptions.findIndex(({ say }) => judgement.feedback.startsWith(say));
        if (misconceptions[other]?.say === misconceptions[index]!.say) return;
        const pair = `${index} ${other}`;
        const seen = this.#likeOther.get(pair);
        if (seen === undefined)
          this.#likeOther.set(pair, { index, other, count: 1, first: this.#variant(key) });
        else seen.count++;
      }
    });
  }

  #count(sightings: Map<number, Sightings>, index: number, key: NumberKey): void {
    const seen = sightings.get(index);
    if (seen === undefined) sightings.set(index, { count: 1, first: this.#variant(key) });
    else seen.count++;
  }

  #judge(text: string, seed: number | undefined) {
    return this.#exercise.kind === 'prediction'
      ? judge(this.#exercise, { form: 'prediction', text, confidence: 50 }, seed, this.#scenarios)
      : judge(this.#exercise, { form: 'number', text }, seed, this.#scenarios);
  }

  #evaluate(text: string, key: NumberKey) {
    const expression = { text, at: this.#exercise.at };
    return evaluateExpression(expression, this.#exercise.scenario, key.params, key.metrics, this.#scenarios);
  }

  /** What a variant is told from the others by. */
  #variant(key: NumberKey): string {
    const names = Object.keys({ ...this.#exercise.set, ...this.#exercise.vary });
    if (names.length === 0) return "the homework's own values";
    return names.map((name) => `${name} = ${key.params[name]}`).join(', ');
  }
}

/** Doubles of one quantity computed in two ways differ by a few units in the last place. */
const differs = (value: number, key: number): boolean => Math.abs(value - key) > 1e-9 * Math.abs(key);

/** The same scenarios; one that is asked for its latest run again does not simulate again. */
function keepingLastRun(scenarios: ScenarioTable): ScenarioTable {
  return Object.fromEntries(
    Object.entries(scenarios).map(([id, scenario]) => {
      let last: { readonly asked: string; readonly outcome: ReturnType<typeof scenario.execute> } | undefined;
      const execute: typeof scenario.execute = (options = {}) => {
        const asked = JSON.stringify(options.params ?? {});
        if (last?.asked !== asked) last = { asked, outcome: scenario.execute(options) };
        return last.outcome;
      };
      return [id, { ...scenario, execute }];
    }),
  );
}
