import type { Nanoseconds } from './time.ts';

/**
 * Count, mean and variance of observations as they come (B. P. Welford, Technometrics 4, 1962): one pass, constant
 * memory, and no cancellation where the mean is large beside the deviation.
 */
export class Moments {
  #count = 0;
  #mean = 0;
  #squares = 0;
  #min = Infinity;
  #max = -Infinity;

  add(value: number): void {
    this.#count++;
    const fromOldMean = value - this.#mean;
    this.#mean += fromOldMean / this.#count;
    this.#squares += fromOldMean * (value - this.#mean);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  get count(): number {
    return this.#count;
  }

  /** NaN without observations. */
  get mean(): number {
    return this.#count === 0 ? NaN : this.#mean;
  }

  /** The unbiased sample variance (divisor n - 1). NaN below two observations. */
  get variance(): number {
    return this.#count < 2 ? NaN : this.#squares / (this.#count - 1);
  }

  get standardDeviation(): number {
    return Math.sqrt(this.variance);
  }

  /** Infinity without observations. */
  get min(): number {
    return this.#min;
  }

  /** -Infinity without observations. */
  get max(): number {
    return this.#max;
  }
}

/**
 * The average over time of a quantity that stays as it is between changes: queue length, busy servers. Weighted by
 * how long each value held, so that it does not depend on when somebody looks.
 */
export class TimeWeighted {
  readonly #startNs: Nanoseconds;
  #sinceNs: Nanoseconds;
  #value: number;
  #integral = 0;
  #max: number;

  constructor(startNs: Nanoseconds, value: number) {
    this.#startNs = startNs;
    this.#sinceNs = startNs;
    this.#value = value;
    this.#max = value;
  }

  get value(): number {
    return this.#value;
  }

  /** The largest value that the quantity took, for however short a time. */
  get max(): number {
    return this.#max;
  }

  /** The quantity changes to `value` at `nowNs`, which is not before the change before. */
  set(nowNs: Nanoseconds, value: number): void {
    this.#integral += this.#value * (nowNs - this.#sinceNs);
    this.#sinceNs = nowNs;
    this.#value = value;
    if (value > this.#max) this.#max = value;
  }

  /** The average from the start to `nowNs`; the value itself when no time has passed. */
  average(nowNs: Nanoseconds): number {
    if (nowNs === this.#startNs) return this.#value;
    return (this.#integral + this.#value * (nowNs - this.#sinceNs)) / (nowNs - this.#startNs);
  }
}

/**
 * The exact percentile by nearest rank: the smallest observation that at least `percent` % of all do not exceed. It
 * is always one of the observations, never a value in between.
 * @param sorted ascending, not empty
 * @param percent in (0, 100]
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0) throw new RangeError('No observation, no percentile.');
  if (!(percent > 0 && percent <= 100))
    throw new RangeError(`A percentile lies in (0, 100]; ${percent} does not.`);
  // A product such as 0.07 * 100 may end just above a whole number, which would give the rank after the right one.
  const rank = Math.ceil(((percent * sorted.length) / 100) * (1 - 2 ** -50));
  return sorted[rank - 1]!;
}
