import type { Run, Scenario } from '../engine/kernel/scenario.ts';
import { canonicalJson } from './canonicalJson.ts';
import type { Case } from './drawnCases.ts';
import type { DecisionEvidence } from './report.ts';

/**
 * Something known of runs of one submission, by the case that was run. What was found of a run in which nothing drew a
 * random number holds for every seed.
 */
export class KnownOfRuns<T> {
  readonly #known = new Map<string, T>();
  readonly #most: number;
  readonly #weigh: (known: T) => number;
  #weight = 0;

  /**
   * @param most how much is kept; what was learnt first is forgotten first
   * @param weigh how much one of them is; what alone is more than `most` is not kept
   */
  constructor(most: number, weigh: (known: T) => number = () => 1) {
    this.#most = most;
    this.#weigh = weigh;
  }

  of(scenario: Scenario, asked: Case): T | undefined {
    return this.#known.get(keyOf(scenario, asked, false)) ?? this.#known.get(keyOf(scenario, asked, true));
  }

  /** @param seeded whether the run depended on its seed */
  learn(scenario: Scenario, asked: Case, seeded: boolean, known: T): void {
    const key = keyOf(scenario, asked, seeded);
    const weight = this.#weigh(known);
    this.#forget(key);
    if (weight > this.#most) return;
    while (this.#weight + weight > this.#most) this.#forget(this.#known.keys().next().value!);
    this.#known.set(key, known);
    this.#weight += weight;
  }

  #forget(key: string): void {
    const known = this.#known.get(key);
    if (known === undefined) return;
    this.#weight -= this.#weigh(known);
    this.#known.delete(key);
  }
}

const keyOf = ({ id }: Scenario, { params, seed, ties }: Case, seeded: boolean): string =>
  canonicalJson([id, params, ties ?? -1, seeded ? seed : 'any']);

export interface KnownRun {
  readonly run: Run;
  /** Whether it depended on its seed. */
  readonly seeded: boolean;
}

/** What a decision of a run was given and returned, and on which line. */
export interface KnownEvidence {
  readonly ordinal: number;
  /** Undefined when the run did not ask it. */
  readonly seen: DecisionEvidence | undefined;
}

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
