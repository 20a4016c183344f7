/** What a `*.bench.ts` file exports as `bench`. The runner finds the file by its name and gives it a process of its own. */
export interface Bench {
  readonly name: string;
  /**
   * Measures, row by row; a row is printed as soon as it is there.
   * @param part rows whose `what` does not contain it are not printed, and need not be measured
   */
  run(part: string): AsyncIterable<BenchRow>;
}

export interface BenchRow {
  readonly what: string;
  /** Undefined where it could not be measured; `note` then says why. */
  readonly value: number | undefined;
  readonly unit: string;
  /** The target: a ratio of two things measured side by side in this run, never a time of this machine alone. */
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Measures contestants in turns, so that a slow moment of the machine hits all of them, and drops the first turn, in
 * which code is still being compiled. Returns each one's median.
 */
export function inTurns<N extends string>(
  contestants: Readonly<Record<N, () => number>>,
  turns = 5,
): Readonly<Record<N, number>> {
  const names = Object.keys(contestants) as N[];
  const measured = names.map((): number[] => []);
  for (let turn = 0; turn <= turns; turn++) {
    names.forEach((name, index) => {
      const value = contestants[name]();
      if (turn > 0) measured[index]!.push(value);
    });
  }
  return Object.fromEntries(names.map((name, index) => [name, median(measured[index]!)])) as Record<
    N,
    number
  >;
}
