/**
 * Simulated time: a whole number of nanoseconds in a double. Exact up to 2^53 ns, which is 104 days; a run that needs
 * more is refused with a clear error rather than rounded.
 */
export type Nanoseconds = number;

export const nsPerUs = 1_000;
export const nsPerMs = 1_000_000;
export const nsPerSecond = 1_000_000_000;

/** The latest instant that a simulation can reach: 2^53 - 1 ns, about 104 days. */
export const maxTimeNs: Nanoseconds = Number.MAX_SAFE_INTEGER;

/** Milliseconds as nanoseconds, rounded to the nearest whole nanosecond, halves up (as `Math.round`). */
export function fromMs(ms: number): Nanoseconds {
  return roundToNs(ms * nsPerMs);
}

/** Nanoseconds as milliseconds, for people: a double, not exact. */
export function toMs(ns: Nanoseconds): number {
  return ns / nsPerMs;
}

/**
 * The nearest whole nanosecond, halves up: what turns a sampled duration into one that can be scheduled.
 * @throws TimeError when the result is not a finite time within ±2^53 ns.
 */
export function roundToNs(ns: number): Nanoseconds {
  const rounded = Math.round(ns);
  if (!Number.isSafeInteger(rounded))
    throw new TimeError(`${ns} ns is not a time: expected a number within ±2^53 ns.`);
  return rounded;
}

/** A time that cannot be scheduled: in the past, not a whole number of nanoseconds, or past 2^53 ns. */
export class TimeError extends Error {
  override readonly name = 'TimeError';
}

/**
 * Why `timeNs` cannot be scheduled at `nowNs`, as an error to throw. Apart from the test for it, so that the test
 * stays small enough to be inlined into the scheduling path.
 */
export function unschedulable(timeNs: number, nowNs: Nanoseconds): TimeError {
  if (Number.isNaN(timeNs)) {
    return new TimeError(
      `An event was scheduled at NaN (now is ${nowNs} ns). Look for 0/0 or a missing number in its delay.`,
    );
  }
  if (timeNs < nowNs) {
    return new TimeError(
      `An event was scheduled ${nowNs - timeNs} ns in the past (at ${timeNs} ns, now is ${nowNs} ns). Delays must be 0 or more.`,
    );
  }
  if (timeNs > maxTimeNs) {
    return new TimeError(
      `An event was scheduled at ${timeNs} ns, past the end of simulated time (2^53 ns, 104 days). Use a shorter run.`,
    );
  }
  return new TimeError(
    `An event was scheduled at ${timeNs} ns, which is not a whole number of nanoseconds. Round the delay with roundToNs().`,
  );
}

/** True when an event may be scheduled at `timeNs`. False for NaN, the past, fractions and times past 2^53 ns. */
export function isSchedulable(timeNs: number, nowNs: Nanoseconds): boolean {
  return timeNs >= nowNs && timeNs <= maxTimeNs && Math.floor(timeNs) === timeNs;
}
