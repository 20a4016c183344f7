import type { TaskCheck, Variation } from '../course/model.ts';
import { exerciseSeed } from '../course/seeds.ts';
import { checkVariants, variantOfCheck } from '../course/variants.ts';
import type { ParameterValue } from '../engine/kernel/parameters.ts';

/** One run that a check asks for: the parameters that differ from the scenario's defaults, and the run's seed. */
export interface Case {
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly seed: number;
  /** Seed of a random order of simultaneous events; absent for the usual one. */
  readonly ties?: number;
}

/**
 * The `index`-th case of a check, for a task's seed: the variants come in an order of each seed's own, none twice. Asking for
 * more changes none before; who asks for more than there are goes on with as many others. Checks over the same parameters
 * have the same cases, so that one run serves them all.
 */
export function drawCase(check: TaskCheck, index: number, taskSeed: number): Case {
  const order = exerciseSeed(taskSeed, check.drawnAs);
  const step = 1 + (Math.floor(order / checkVariants) % (checkVariants - 1));
  const round = Math.floor(index / checkVariants);
  const variant = (order + (index % checkVariants) * step) % checkVariants;
  return variantOfCheck(check, round * checkVariants + variant);
}

/** The most cases that {@link shrinkCase} tries unless told: a count, not a time, so that every machine finds the same case. */
export const maxShrinkTries = 80;

/**
 * The smallest case that still fails: the simplest of all, where that one does; else found by trying simpler values of the
 * varied parameters, one parameter at a time, until none helps: fewer things first, then rounder numbers.
 * @param fails whether a case fails; the last case for which it said so is the result
 * @param mostTries how often it is asked at most
 */
export function shrinkCase(
  failing: Case,
  check: TaskCheck,
  fails: (candidate: Case) => boolean,
  mostTries = maxShrinkTries,
): Case {
  let smallest = failing;
  const tried = new Set([JSON.stringify(failing.params)]);
  const shrinksTo = (params: Case['params']): boolean => {
    const key = JSON.stringify(params);
    // What was tried held, or the smallest case would be that one.
    if (tried.has(key) || tried.size > mostTries) return false;
    tried.add(key);
    const candidate = { ...smallest, params };
    if (!fails(candidate)) return false;
    smallest = candidate;
    return true;
  };
  const simplest = { ...failing.params };
  for (const [name, variation] of Object.entries(check.vary))
    simplest[name] = simplerValues(variation, simplest[name]!)[0] ?? simplest[name]!;
  if (shrinksTo(simplest)) return smallest;
  let shrunk = true;
  while (shrunk) {
    shrunk = false;
    for (const [name, variation] of Object.entries(check.vary)) {
      const values = simplerValues(variation, smallest.params[name]!);
      if (values.some((value) => shrinksTo({ ...smallest.params, [name]: value }))) shrunk = true;
    }
  }
  return smallest;
}

/** Values of a variation that are simpler than `value`, simplest first. */
export function simplerValues(variation: Variation, value: ParameterValue): readonly ParameterValue[] {
  switch (variation.kind) {
    case 'int': {
      const { from } = variation;
      const number = value as number;
      const halfway = Math.floor((from + number) / 2);
      return [...new Set([from, halfway, number - 1])].filter((each) => each >= from && each < number);
    }
    case 'choose': {
      const numbers = variation.from.filter((each) => typeof each === 'number');
      const ordered: readonly ParameterValue[] =
        numbers.length === variation.from.length
          ? numbers.toSorted((a, b) => digits(a) - digits(b) || a - b)
          : variation.from;
      return ordered.slice(0, ordered.indexOf(value));
    }
  }
}

/** Significant digits: 30 has one, 7.5 has two. */
const digits = (value: ParameterValue): number =>
  String(value)
    .replace('.', '')
    .replace(/^0+|0+$/g, '').length;
