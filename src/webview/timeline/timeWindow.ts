import type { Nanoseconds } from '../../engine/kernel/time.ts';

/** The least time that a window may show: a microsecond across the whole figure, or the run when that is shorter. */
const leastNs = 1_000;

/**
 * The part of a run that a timeline shows. Timelines that share a window pan and zoom together. Always within the
 * whole, never empty.
 */
export class TimeWindow {
  readonly wholeFromNs: Nanoseconds;
  readonly wholeToNs: Nanoseconds;
  #fromNs: number;
  #toNs: number;
  readonly #listeners = new Set<() => void>();

  /** @param wholeToNs is taken as `wholeFromNs + 1` where the run has no length. */
  constructor(wholeFromNs: Nanoseconds, wholeToNs: Nanoseconds) {
    this.wholeFromNs = wholeFromNs;
    this.wholeToNs = Math.max(wholeToNs, wholeFromNs + 1);
    this.#fromNs = this.wholeFromNs;
    this.#toNs = this.wholeToNs;
  }

  /** Start of what is shown; fractions of nanoseconds occur while panning. */
  get fromNs(): number {
    return this.#fromNs;
  }
  get toNs(): number {
    return this.#toNs;
  }
  get showsWhole(): boolean {
    return this.#fromNs <= this.wholeFromNs && this.#toNs >= this.wholeToNs;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  show(fromNs: number, toNs: number): void {
    const whole = this.wholeToNs - this.wholeFromNs;
    const length = Math.min(whole, Math.max(toNs - fromNs, Math.min(leastNs, whole)));
    const from = Math.min(Math.max(fromNs, this.wholeFromNs), this.wholeToNs - length);
    if (from === this.#fromNs && from + length === this.#toNs) return;
    this.#fromNs = from;
    this.#toNs = from + length;
    for (const listener of this.#listeners) listener();
  }

  panBy(ns: number): void {
    this.show(this.#fromNs + ns, this.#toNs + ns);
  }

  /** Scales what is shown by `factor` (below 1 zooms in); `aroundNs` keeps its place. */
  zoom(factor: number, aroundNs: number): void {
    const length = this.#toNs - this.#fromNs;
    const whole = this.wholeToNs - this.wholeFromNs;
    const next = Math.min(whole, Math.max(length * factor, Math.min(leastNs, whole)));
    const from = aroundNs - (aroundNs - this.#fromNs) * (next / length);
    this.show(from, from + next);
  }

  /** Moves so that `ns` is shown, and leaves everything as it is when it already was. */
  bringIn(ns: number): void {
    if (ns >= this.#fromNs && ns <= this.#toNs) return;
    const length = this.#toNs - this.#fromNs;
    this.show(ns - length / 2, ns + length / 2);
  }

  fit(): void {
    this.show(this.wholeFromNs, this.wholeToNs);
  }
}
