import type { TaskCheck } from '../course/model.ts';
import { resolveParameters, type ParameterValue } from '../engine/kernel/parameters.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { canonicalJson } from './canonicalJson.ts';
import type { Case } from './drawnCases.ts';

/** A case that failed once and that the learner keeps: it runs first whenever the task is checked. */
export interface PinnedCase {
  /** Id of the check that it failed. */
  readonly check: string;
  readonly scenario: string;
  /** Only the parameters that differ from the scenario's defaults. */
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly seed: number;
  readonly ties?: number;
}

/** Equal for equal cases. */
export const pinKey = ({ check, scenario, params, seed, ties }: PinnedCase): string =>
  canonicalJson({ check, scenario, params, seed, ties });

/** The pinned cases that a check can still run: its scenario, or that one's parameters, may have changed since. */
export function pinnedCasesOf(
  check: TaskCheck,
  scenario: Scenario,
  pinned: readonly PinnedCase[] = [],
): readonly Case[] {
  return pinned
    .filter((each) => each.check === check.id && each.scenario === check.scenario)
    .filter(({ params }) => resolveParameters(scenario.params, params).ok)
    .map(({ params, seed, ties }) => ({ params, seed, ...(ties === undefined ? {} : { ties }) }));
}

/** Whether this is what {@link PinnedCase} says, in a file that anybody may have written. */
export function isPinnedCase(value: unknown): value is PinnedCase {
  if (typeof value !== 'object' || value === null) return false;
  const { check, scenario, params, seed, ties } = value as Readonly<Record<string, unknown>>;
  return (
    typeof check === 'string' &&
    typeof scenario === 'string' &&
    typeof params === 'object' &&
    params !== null &&
    !Array.isArray(params) &&
    Object.values(params).every((each) => ['number', 'string', 'boolean'].includes(typeof each)) &&
    Number.isSafeInteger(seed) &&
    (ties === undefined || Number.isSafeInteger(ties))
  );
}
