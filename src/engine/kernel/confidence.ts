import { Moments } from './statistics.ts';

/** How sure an interval is: the share of runs whose interval covers the true mean. */
export type Confidence = 0.9 | 0.95 | 0.99;

export interface ConfidenceInterval {
  readonly mean: number;
  /** The interval is mean ± halfWidth. */
  readonly halfWidth: number;
  readonly confidence: Confidence;
}

/**
 * A confidence interval for the mean of a correlated series, such as the waiting times of successive customers: means
 * of long batches are nearly independent and normal (A. M. Law, "Simulation Modeling and Analysis", 5th ed., 9.5.3).
 * It claims too much where batches are shorter than the series remembers, so give it a long run.
 */
export class BatchMeans {
  readonly #batches: number;
  readonly #batchSize: number;
  readonly #means = new Moments();
  #inBatch = 0;
  #sum = 0;

  /**
   * @param observations how many will come; those beyond the last whole batch are left out
   * @param batches 10 to 31, as B. Schmeiser advises ("Batch size effects…", Operations Research 30, 1982)
   * @throws RangeError with fewer than one observation per batch
   */
  constructor(observations: number, batches = 30) {
    this.#batches = batches;
    this.#batchSize = Math.floor(observations / batches);
    if (!(this.#batchSize >= 1))
      throw new RangeError(`${observations} observations do not fill ${batches} batches.`);
  }

  add(observation: number): void {
    this.#sum += observation;
    if (++this.#inBatch < this.#batchSize) return;
    if (this.#means.count < this.#batches) this.#means.add(this.#sum / this.#batchSize);
    this.#inBatch = 0;
    this.#sum = 0;
  }

  /** @throws RangeError before the last batch is full */
  interval(confidence: Confidence = 0.95): ConfidenceInterval {
    if (this.#means.count < this.#batches) {
      throw new RangeError(
        `${this.#means.count} of ${this.#batches} batches are full: too few observations came.`,
      );
    }
    const standardError = Math.sqrt(this.#means.variance / this.#batches);
    return {
      mean: this.#means.mean,
      halfWidth: studentT(this.#batches - 1, confidence) * standardError,
      confidence,
    };
  }
}

/**
 * The quantile of Student's t distribution that the two-sided interval of that confidence needs.
 * @param degrees of freedom, 9 to 30
 */
export function studentT(degrees: number, confidence: Confidence): number {
  const quantile = quantiles[confidence][degrees - leastDegrees];
  if (quantile === undefined)
    throw new RangeError(`Student's t is tabulated for 9 to 30 degrees of freedom, not ${degrees}.`);
  return quantile;
}

const leastDegrees = 9;

/** NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, one-sided 0.95, 0.975 and 0.995; 9 to 30 degrees. */
const quantiles: Readonly<Record<Confidence, readonly number[]>> = {
  0.9: [
    1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.74, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714,
    1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697,
  ],
  0.95: [
    2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069,
    2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
  ],
  0.99: [
    3.25, 3.169, 3.106, 3.055, 3.012, 2.977, 2.947, 2.921, 2.898, 2.878, 2.861, 2.845, 2.831, 2.819, 2.807,
    2.797, 2.787, 2.779, 2.771, 2.763, 2.756, 2.75,
  ],
};
