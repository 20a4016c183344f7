import type { Simulation } from '../../kernel/simulation.ts';
import type { Nanoseconds } from '../../kernel/time.ts';

/**
 * Instants that all lie the same time ahead when they are set: they come in the order in which they were set, so one
 * pending event stands for all of them, and what is over by then costs nothing.
 */
export class Deadlines {
  readonly #simulation: Simulation;
  readonly #afterNs: Nanoseconds;
  readonly #reached: (what: number, life: number) => void;
  #atNs: number[] = [];
  #what: number[] = [];
  #life: number[] = [];
  #head = 0;
  #armed = false;

  constructor(simulation: Simulation, afterNs: Nanoseconds, reached: (what: number, life: number) => void) {
    this.#simulation = simulation;
    this.#afterNs = afterNs;
    this.#reached = reached;
  }

  add(what: number, life: number): void {
    this.#atNs.push(this.#simulation.now + this.#afterNs);
    this.#what.push(what);
    this.#life.push(life);
    this.#arm();
  }

  #arm(): void {
    if (this.#armed || this.#head === this.#atNs.length) return;
    this.#armed = true;
    // Last at its instant: an answer that comes just in time counts.
    this.#simulation.at(this.#atNs[this.#head]!, this.#fire, 100);
  }

  readonly #fire = (): void => {
    this.#armed = false;
    const { now } = this.#simulation;
    while (this.#head < this.#atNs.length && this.#atNs[this.#head]! <= now) {
      const at = this.#head++;
      this.#reached(this.#what[at]!, this.#life[at]!);
    }
    if (this.#head > 4096 && this.#head * 2 > this.#atNs.length) {
      this.#atNs = this.#atNs.slice(this.#head);
      this.#what = this.#what.slice(this.#head);
      this.#life = this.#life.slice(this.#head);
      this.#head = 0;
    }
    this.#arm();
  };
}
