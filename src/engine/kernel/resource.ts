import type { Simulation } from './simulation.ts';
import { TimeWeighted } from './statistics.ts';
import { WaitQueue, type Waiter } from './waitQueue.ts';

export interface ResourceOptions {
  readonly name: string;
  /** Units that can be held at once, 1 or more. */
  readonly capacity: number;
  /** Who gets the next free unit: the longest waiting, or the lowest priority number. Default: `fifo`. */
  readonly discipline?: 'fifo' | 'priority';
  /** Keep time-weighted statistics. Off by default: they cost time at every change. */
  readonly statistics?: boolean;
}

/** One that asked for a unit; told when it holds it. */
export interface ResourceWaiter extends Waiter {
  granted(resource: Resource): void;
}

export interface ResourceStatistics {
  /** The share of all units in use, averaged over time, 0 to 1. */
  readonly utilisation: number;
  readonly meanQueueLength: number;
  readonly longestQueue: number;
}

/**
 * Units that are held and given back: CPUs, disk heads, connections. A unit that comes free goes straight to the next
 * in line, so nobody who comes later can take it.
 */
export class Resource {
  readonly name: string;
  readonly capacity: number;
  readonly #sim: Simulation;
  readonly #byPriority: boolean;
  readonly #waiters = new WaitQueue<ResourceWaiter>();
  readonly #busy: TimeWeighted | undefined;
  readonly #queue: TimeWeighted | undefined;
  #inUse = 0;

  constructor(sim: Simulation, { name, capacity, discipline = 'fifo', statistics = false }: ResourceOptions) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(
        `The resource '${name}' needs a whole number of units, 1 or more, not ${capacity}.`,
      );
    }
    this.name = name;
    this.capacity = capacity;
    this.#sim = sim;
    this.#byPriority = discipline === 'priority';
    this.#busy = statistics ? new TimeWeighted(sim.now, 0) : undefined;
    this.#queue = statistics ? new TimeWeighted(sim.now, 0) : undefined;
  }

  get inUse(): number {
    return this.#inUse;
  }

  get queueLength(): number {
    return this.#waiters.length;
  }

  /** Averages from the resource's creation until now; undefined unless asked for when it was created. */
  get statistics(): ResourceStatistics | undefined {
    if (this.#busy === undefined || this.#queue === undefined) return undefined;
    return {
      utilisation: this.#busy.average(this.#sim.now) / this.capacity,
      meanQueueLength: this.#queue.average(this.#sim.now),
      longestQueue: this.#queue.max,
    };
  }

  /** Takes a unit if one is free. */
  tryAcquire(): boolean {
    if (this.#inUse === this.capacity) return false;
    this.#setInUse(this.#inUse + 1);
    return true;
  }

  /** Takes a unit now, or stands in line for one; either way `waiter.granted()` is called when it holds it. */
  request(waiter: ResourceWaiter, priority = 0): void {
    if (this.tryAcquire()) {
      waiter.granted(this);
      return;
    }
    this.#waiters.join(waiter, this.#byPriority ? priority : 0);
    this.#queue?.set(this.#sim.now, this.#waiters.length);
  }

  /** Leaves the line. @param waiter stands in it */
  withdraw(waiter: ResourceWaiter): void {
    this.#waiters.leave(waiter);
    this.#queue?.set(this.#sim.now, this.#waiters.length);
  }

  /** Gives a unit back, which hands it to the next in line. */
  release(): void {
    if (this.#inUse === 0) throw new Error(`A unit of '${this.name}' was released, but none is held.`);
    const next = this.#waiters.shift();
    if (next === undefined) {
      this.#setInUse(this.#inUse - 1);
      return;
    }
    this.#queue?.set(this.#sim.now, this.#waiters.length);
    next.granted(this);
  }

  #setInUse(units: number): void {
    this.#inUse = units;
    this.#busy?.set(this.#sim.now, units);
  }
}
