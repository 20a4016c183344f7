import type { RandomStream } from './random.ts';
import { standardExponential } from './standardExponential.ts';

/** A non-negative random quantity, such as a service time. Its unit is that of its mean. */
export interface Distribution {
  readonly mean: number;
  /** Squared coefficient of variation: variance / mean². 0 for a constant, 1 for an exponential. */
  readonly scv: number;
  sample(random: RandomStream): number;
}

/** Always the mean. */
export function deterministic(mean: number): Distribution {
  return { mean, scv: 0, sample: () => mean };
}

/** The time between events that come independently at a constant rate. */
export function exponential(mean: number): Distribution {
  return { mean, scv: 1, sample: (random) => mean * standardExponential(random) };
}

/** Anything between `min` and `max`, equally likely. */
export function uniform(min: number, max: number): Distribution {
  const mean = (min + max) / 2;
  const width = max - min;
  return {
    mean,
    scv: (width * width) / 12 / (mean * mean),
    sample: (random) => min + width * random.uniform(),
  };
}

/** The sum of `stages` exponentials with `mean` in all: steadier than an exponential, scv = 1 / stages. */
export function erlang(stages: number, mean: number): Distribution {
  const stageMean = mean / stages;
  return {
    mean,
    scv: 1 / stages,
    sample(random) {
      let sum = 0;
      for (let stage = 0; stage < stages; stage++) sum += standardExponential(random);
      return sum * stageMean;
    },
  };
}

/**
 * A mix of two exponentials with the given mean and scv of at least 1: mostly short, sometimes long. Both branches
 * carry half of the mean ("balanced means", H. C. Tijms, "A First Course in Stochastic Models", appendix B).
 */
export function hyperexponential(mean: number, scv: number): Distribution {
  const shortShare = (1 + Math.sqrt((scv - 1) / (scv + 1))) / 2;
  const shortMean = mean / (2 * shortShare);
  const longMean = mean / (2 * (1 - shortShare));
  return {
    mean,
    scv,
    sample: (random) => (random.uniform() < shortShare ? shortMean : longMean) * standardExponential(random),
  };
}
