/**
 * The latest results of a computation, by what they depend on. A grader runs the same cases for every submission of a task: what of a
 * run does not depend on the submission need not be computed again. Results must be plain data that nobody changes; a
 * computation that throws leaves nothing behind.
 */
export class LatestResults<R> {
  readonly #results = new Map<string, R>();
  readonly #most: number;

  /** @param most results that are kept; what was computed first is forgotten first */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param inputs all that the result depends on: plain data whose members always stand in one order */
  of(inputs: unknown, compute: () => R): R {
    const key = JSON.stringify(inputs);
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    const result = compute();
    if (this.#results.size >= this.#most) this.#results.delete(this.#results.keys().next().value!);
    this.#results.set(key, result);
    return result;
  }
}
