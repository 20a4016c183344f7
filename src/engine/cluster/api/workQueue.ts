import type { Simulation } from '../../kernel/simulation.ts';
import type { Nanoseconds } from '../../kernel/time.ts';

/**
 * A controller's queue of keys: however many events name an object, it is looked at once. What a controller then does
 * depends on the object's state, not on which events there were: that is what level-triggered means.
 */
export class WorkQueue {
  readonly #simulation: Simulation;
  readonly #latencyNs: Nanoseconds;
  readonly #sync: (key: string) => void;
  readonly #waiting = new Set<string>();

  /** @param latencyNs from an event until the controller has seen it and acts */
  constructor(simulation: Simulation, latencyNs: Nanoseconds, sync: (key: string) => void) {
    this.#simulation = simulation;
    this.#latencyNs = latencyNs;
    this.#sync = sync;
  }

  add(key: string): void {
    if (this.#waiting.has(key)) return;
    this.#waiting.add(key);
    this.#simulation.schedule(this.#latencyNs, () => {
      this.#waiting.delete(key);
      this.#sync(key);
    });
  }

  /** Adds a key when time alone may change what is to be done. */
  addAfter(key: string, delayNs: Nanoseconds): void {
    this.#simulation.schedule(delayNs, () => this.add(key));
  }
}
