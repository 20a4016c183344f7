/** Times as people read them, and the marks of a time axis. */

/** A length or an instant, in the unit that reads best, exact to the nanosecond: `90.05 ms`, `50 µs`. */
export function sayTime(ns: number): string {
  const size = Math.abs(ns);
  if (size >= 1e10) return `${trim(ns / 1e9, 9)} s`;
  if (size >= 1e6 || size === 0) return `${trim(ns / 1e6, 6)} ms`;
  if (size >= 1e3) return `${trim(ns / 1e3, 3)} µs`;
  return `${trim(ns, 0)} ns`;
}

/** The same in five significant digits, for a picture; its table and its summary say the exact time. */
export function sayTimeShortly(ns: number): string {
  const [value, unit] = sayTime(ns).split(' ');
  return `${Number(Number(value).toPrecision(5))} ${unit}`;
}

const trim = (value: number, decimals: number): string => String(Number(value.toFixed(decimals)));

export interface Tick {
  readonly ns: number;
  readonly label: string;
}

export interface Ticks {
  readonly unit: 's' | 'ms' | 'µs' | 'ns';
  readonly ticks: readonly Tick[];
}

const units = [
  { unit: 's', ns: 1e9, leastStepNs: 1e9 },
  { unit: 'ms', ns: 1e6, leastStepNs: 1e5 },
  { unit: 'µs', ns: 1e3, leastStepNs: 1e2 },
  { unit: 'ns', ns: 1, leastStepNs: 0 },
] as const;

/** At most `most` ticks at round times (1, 2 or 5 times a power of ten) in [fromNs, toNs]. */
export function ticksBetween(fromNs: number, toNs: number, most: number): Ticks {
  const stepNs = niceStep((toNs - fromNs) / Math.max(1, most));
  const { unit, ns } = units.find((candidate) => stepNs >= candidate.leastStepNs)!;
  const ticks: Tick[] = [];
  for (let k = Math.ceil(fromNs / stepNs); k * stepNs <= toNs; k++) {
    ticks.push({ ns: k * stepNs, label: trim((k * stepNs) / ns, 6) });
  }
  return { unit, ticks };
}

function niceStep(leastNs: number): number {
  let power = 1;
  while (power * 10 <= leastNs) power *= 10;
  for (const factor of [1, 2, 5, 10]) if (factor * power >= leastNs) return factor * power;
  return 10 * power;
}
