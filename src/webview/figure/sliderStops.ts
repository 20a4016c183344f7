/** More steps than this on a slider are further apart at the top than at the bottom: a slice of 1 ms matters as much as one of 100. */
const mostEvenStops = 200;
const roundLeads = [1, 1.5, 2, 3, 5, 7];

/**
 * The values at which a slider stops, ascending: both ends, and between them every multiple of `step`, or, where those
 * would be too many, round numbers (1, 1.5, 2, 3, 5, 7 times a power of ten).
 */
export function sliderStops(min: number, max: number, step: number): readonly number[] {
  const tidy = (value: number): number => Number(value.toPrecision(12));
  const inside: number[] = [];
  if ((max - min) / step <= mostEvenStops) {
    for (let k = Math.floor(tidy(min / step)) + 1; tidy(k * step) < max; k++) inside.push(tidy(k * step));
  } else {
    const least = Math.max(min, min > 0 ? min : step);
    for (let power = Math.floor(Math.log10(least)); 10 ** power < max; power++) {
      for (const lead of roundLeads) {
        const value = tidy(lead * 10 ** power);
        if (value > min && value >= least && value < max) inside.push(value);
      }
    }
  }
  return [min, ...inside, max];
}

/** The index of the stop nearest to a value. */
export function nearestStop(stops: readonly number[], value: number): number {
  const above = stops.findIndex((stop) => stop >= value);
  if (above === 0) return 0;
  if (above < 0) return stops.length - 1;
  return value - stops[above - 1]! < stops[above]! - value ? above - 1 : above;
}
