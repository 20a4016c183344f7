import type { Run, Scenario } from '../engine/kernel/scenario.ts';
import { canonicalJson } from './canonicalJson.ts';
import type { Case } from './drawnCases.ts';

/**
 * Something known of runs of one submission, by the case that was run. What was found of a run in which nothing drew a
 * random number holds for every seed.
 */
export class KnownOfRuns<T> {
  readonly #known = new Map<string, T>();
  readonly #most: number;

  /** @param most how much is kept; what was learnt first is forgotten first */
  constructor(most: number) {
    this.#most = most;
  }

  of(scenario: Scenario, asked: Case): T | undefined {
    return this.#known.get(keyOf(scenario, asked, false)) ?? this.#known.get(keyOf(scenario, asked, true));
  }

  /** @param seeded whether the run depended on its seed */
  learn(scenario: Scenario, asked: Case, seeded: boolean, known: T): void {
    if (this.#known.size >= this.#most) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(keyOf(scenario, asked, seeded), known);
  }
}

const keyOf = ({ id }: Scenario, { params, seed, ties }: Case, seeded: boolean): string =>
  canonicalJson([id, params, ties ?? -1, seeded ? seed : 'any']);

/** What makes two runs of one scenario the same: how they ended, their traces event by event, and what was measured. */
export interface Behaviour {
  /** Two runs that end at one event may still end by different mistakes, when the policy could not answer. */
  readonly end: string;
  readonly trace: string;
  /** Not all that a document sets shows in the events of a run. */
  readonly metrics: readonly number[];
}

export const behaviourOf = ({ end, trace, metrics }: Run): Behaviour => ({
  end: end.kind === 'fault' ? `${end.fault.kind} in ${end.fault.decision}` : end.kind,
  trace: trace.hash(),
  metrics: Object.values(metrics),
});

export const sameBehaviour = (a: Behaviour, b: Behaviour): boolean =>
  a.end === b.end &&
  a.trace === b.trace &&
  a.metrics.every((value, index) => Object.is(value, b.metrics[index]));
