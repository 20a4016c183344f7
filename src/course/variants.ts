import { randomStreams } from '../engine/kernel/random.ts';
import type { ParameterValue } from '../engine/kernel/parameters.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import type { TaskCheck, Variation, Vary } from './model.ts';
import { exerciseSeed } from './seeds.ts';

/** What lessons may refer to, by id. */
export type ScenarioTable = Readonly<Record<string, Scenario>>;

export const scenarioOf = (scenarios: ScenarioTable, id: string): Scenario | undefined =>
  Object.hasOwn(scenarios, id) ? scenarios[id] : undefined;

/** An exercise whose numbers may differ from learner to learner. */
export interface Varied {
  readonly id: string;
  readonly set: Readonly<Record<string, ParameterValue>>;
  readonly vary: Vary;
}

/**
 * How many variants a check has. Each learner's cases are drawn from them, and `verify` runs the solution on them all, so
 * that what it proves holds for every learner. A prime number, since a step of any length then comes by them all.
 */
export const checkVariants = 101;

/**
 * The parameters of an exercise for one learner: `set`, and over it what is drawn for `vary`.
 * @param seed the learner's seed, of the work folder; without one the homework's own values stand: `set`, and else the
 *   scenario's defaults
 */
export function variantOf(
  exercise: Varied,
  seed: number | undefined,
): Readonly<Record<string, ParameterValue>> {
  if (seed === undefined) return exercise.set;
  return { ...exercise.set, ...drawVary(exercise.vary, exerciseSeed(seed, exercise.id)) };
}

/**
 * One case of a check: the parameters that differ from the scenario's defaults, and the seed of its run.
 * @param which from 0 on; those below {@link checkVariants} are proven and drawn first
 */
export function variantOfCheck(
  { drawnAs, set, vary }: Pick<TaskCheck, 'drawnAs' | 'set' | 'vary'>,
  which: number,
): { readonly params: Readonly<Record<string, ParameterValue>>; readonly seed: number } {
  const seed = exerciseSeed(which, drawnAs);
  return { params: { ...set, ...drawVary(vary, seed) }, seed };
}

/**
 * One value for each varied parameter. Each has a stream of its own, so that adding one changes none of the others.
 * @param seed of the exercise, or of one case of a task
 */
export function drawVary(vary: Vary, seed: number): Readonly<Record<string, ParameterValue>> {
  const streams = randomStreams(seed);
  const drawn: Record<string, ParameterValue> = {};
  for (const [name, variation] of Object.entries(vary)) {
    const stream = streams.stream(`vary ${name}`);
    drawn[name] =
      variation.kind === 'int' ? stream.integer(variation.from, variation.to) : stream.choose(variation.from);
  }
  return drawn;
}

/** The values at the ends of a variation, where mistakes of an author show first. */
export function endsOf(variation: Variation): readonly ParameterValue[] {
  return variation.kind === 'int' ? [variation.from, variation.to] : variation.from;
}
