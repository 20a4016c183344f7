/**
 * How well exercises tell learners apart: classical item analysis. All of it is over the learners who handed something in.
 */
export interface ItemStatistics {
  /** Mean share of the points, 0 to 1: how easy it is. Undefined without learners. */
  readonly mean: number | undefined;
  /**
   * Correlation of the points of this exercise with those of all others (corrected point-biserial, or item-rest,
   * correlation), −1 to 1. Undefined where one of them does not vary.
   * Source: Crocker and Algina, *Introduction to Classical and Modern Test Theory*, 1986, section 14.
   */
  readonly itemRest: number | undefined;
  /**
   * Mean share of the points among the best 27 % by all points, less that among the worst 27 %, −1 to 1. Undefined with fewer
   * than {@link leastLearners}. Source: Kelley, *The selection of upper and lower groups for the validation of test items*, 1939.
   */
  readonly upperLower: number | undefined;
}

/** With fewer, an index would be about persons and not about the exercise. */
export const leastLearners = 10;
const groupShare = 0.27;

/**
 * @param points of each exercise, by learner: `points[exercise][learner]`
 * @param maxPoints of each exercise
 */
export function itemStatistics(
  points: readonly (readonly number[])[],
  maxPoints: readonly number[],
): readonly ItemStatistics[] {
  const learners = points[0]?.length ?? 0;
  const totals = Array.from({ length: learners }, (_, learner) =>
    points.reduce((sum, each) => sum + each[learner]!, 0),
  );
  return points.map((item, index) => {
    const shares = item.map((each) => (maxPoints[index] === 0 ? 0 : each / maxPoints[index]!));
    const rest = totals.map((total, learner) => total - item[learner]!);
    return {
      mean: learners === 0 ? undefined : mean(shares),
      itemRest: correlation(item, rest),
      upperLower: learners < leastLearners ? undefined : upperLower(shares, totals),
    };
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

/** Pearson's; undefined where a side does not vary. */
export function correlation(a: readonly number[], b: readonly number[]): number | undefined {
  if (a.length < 2) return undefined;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  for (const [index, each] of a.entries()) {
    const [fromA, fromB] = [each - meanA, b[index]! - meanB];
    both += fromA * fromB;
    squareA += fromA * fromA;
    squareB += fromB * fromB;
  }
  return squareA === 0 || squareB === 0 ? undefined : both / Math.sqrt(squareA * squareB);
}

/**
 * Learners who tie at the border of a group share its last places, so that the index does not depend on an order among them.
 */
function upperLower(shares: readonly number[], totals: readonly number[]): number {
  const size = Math.max(1, Math.round(groupShare * totals.length));
  const negative = totals.map((total) => -total);
  return meanOfFirst(shares, negative, size) - meanOfFirst(shares, totals, size);
}

/** The mean of the values whose keys are the least `size`. */
function meanOfFirst(values: readonly number[], keys: readonly number[], size: number): number {
  const border = keys.toSorted((a, b) => a - b)[size - 1]!;
  const inside = values.filter((_, index) => keys[index]! < border);
  const tied = values.filter((_, index) => keys[index] === border);
  const left = size - inside.length;
  const sum = inside.reduce((total, each) => total + each, 0) + left * mean(tied);
  return sum / size;
}
