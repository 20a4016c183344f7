import type { Run, Scenario } from '../engine/kernel/scenario.ts';
import { canonicalJson } from './canonicalJson.ts';
import type { Case } from './drawnCases.ts';
import type { DecisionEvidence } from './report.ts';

/**
 * Something known of runs, by the submission and the case that were run. What was found of a run in which nothing drew a
 * random number holds for every seed.
 */
export class KnownOfRuns<T> {
  readonly #store: BoundedStore<T>;
  readonly #whose: number;

  /** Of one submission. */
  static ofOne<T>(most: number): KnownOfRuns<T> {
    return KnownOfRuns.ofMany<T>(most)(0);
  }

  /**
   * Of several submissions, told apart by a number.
   * @param most how much is kept of all together; what was learnt first is forgotten first
   * @param weigh how much one of them is; what alone is more than `most` is not kept
   */
  static ofMany<T>(most: number, weigh?: (known: T) => number): (submission: number) => KnownOfRuns<T> {
    const store = new BoundedStore<T>(most, weigh);
    return (submission) => new KnownOfRuns(store, submission);
  }

  private constructor(store: BoundedStore<T>, whose: number) {
    this.#store = store;
    this.#whose = whose;
  }

  of(scenario: Scenario, asked: Case): T | undefined {
    return (
      this.#store.get(this.#keyOf(scenario, asked, false)) ??
      this.#store.get(this.#keyOf(scenario, asked, true))
    );
  }

  /** @param seeded whether the run depended on its seed */
  learn(scenario: Scenario, asked: Case, seeded: boolean, known: T): void {
    this.#store.set(this.#keyOf(scenario, asked, seeded), known);
  }

  #keyOf({ id }: Scenario, { params, seed, ties }: Case, seeded: boolean): string {
    return canonicalJson([this.#whose, id, params, ties ?? -1, seeded ? seed : 'any']);
  }
}

class BoundedStore<T> {
  readonly #kept = new Map<string, T>();
  readonly #most: number;
  readonly #weigh: (kept: T) => number;
  #weight = 0;

  constructor(most: number, weigh: (kept: T) => number = () => 1) {
    this.#most = most;
    this.#weigh = weigh;
  }

  get(key: string): T | undefined {
    return this.#kept.get(key);
  }

  set(key: string, value: T): void {
    const weight = this.#weigh(value);
    this.#forget(key);
    if (weight > this.#most) return;
    while (this.#weight + weight > this.#most) this.#forget(this.#kept.keys().next().value!);
    this.#kept.set(key, value);
    this.#weight += weight;
  }

  #forget(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#weight -= this.#weigh(kept);
    this.#kept.delete(key);
  }
}

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
