import { EventQueue, maxPriority, minPriority, type Action, type EventHandle } from './eventQueue.ts';
import { randomStreams } from './random.ts';
import { isSchedulable, TimeError, unschedulable, type Nanoseconds } from './time.ts';
import { noCause } from './trace.ts';

export interface SimulationOptions {
  /** The most events that may run. The next one throws {@link StepBudgetExceeded}. Default: no limit. */
  readonly stepBudget?: number;
  /**
   * Seed of a random order for events of equal time and priority, which otherwise run in the order in which they were
   * scheduled. A model whose results change with it depends on that order.
   */
  readonly tieShuffle?: number;
}

export interface RunUntil {
  /** Run the events up to and at this time; the clock then stands there. Default: until no event is left. */
  readonly untilNs?: Nanoseconds;
}

/** A run did not end within its step budget: a verdict on the model or on the submission, not a bug of the engine. */
export class StepBudgetExceeded extends Error {
  override readonly name = 'StepBudgetExceeded';
  readonly steps: number;
  readonly timeNs: Nanoseconds;

  constructor(steps: number, timeNs: Nanoseconds) {
    super(`The run did not finish in ${steps} steps; simulated time had reached ${timeNs} ns.`);
    this.steps = steps;
    this.timeNs = timeNs;
  }
}

/**
 * A discrete-event simulation: a clock and the events to come. Nothing in a model changes but in an event's action,
 * and every action is put in order by (time, priority, sequence), so a run is a function of its inputs.
 */
export class Simulation {
  /**
   * What the running event follows from, by the numbering of the model's trace: the value that this field had when
   * the event was scheduled. An action that appends a row to the trace sets it to that row, and all it schedules then
   * carries that row as its cause.
   */
  cause: number = noCause;

  readonly #queue: EventQueue;
  readonly #stepBudget: number;
  #now: Nanoseconds = 0;
  #steps = 0;
  #stopped = false;

  constructor(options: SimulationOptions = {}) {
    this.#stepBudget = options.stepBudget ?? Infinity;
    this.#queue = new EventQueue(
      options.tieShuffle === undefined ? undefined : randomStreams(options.tieShuffle).stream('tie shuffle'),
    );
  }

  get now(): Nanoseconds {
    return this.#now;
  }

  /** Events run so far, which also numbers the running event, from 1. */
  get steps(): number {
    return this.#steps;
  }

  /** Events that have yet to run. */
  get pending(): number {
    return this.#queue.size;
  }

  /**
   * Runs `action(a, b)` after a delay.
   * @param delayNs a whole number of nanoseconds, 0 or more; 0 means after all events that stand at this instant
   * @param priority orders the events of one instant, lowest first; an integer in [-128, 127]
   * @throws TimeError when the delay is negative, fractional, NaN or ends past 2^53 ns
   */
  schedule(delayNs: Nanoseconds, action: Action, priority = 0, a = 0, b = 0): EventHandle {
    return this.at(this.#now + delayNs, action, priority, a, b);
  }

  /** As {@link schedule}, at an absolute time. */
  at(timeNs: Nanoseconds, action: Action, priority = 0, a = 0, b = 0): EventHandle {
    if (!isSchedulable(timeNs, this.#now)) throw unschedulable(timeNs, this.#now);
    if (!(priority >= minPriority && priority <= maxPriority) || Math.floor(priority) !== priority) {
      throw new RangeError(
        `A priority is an integer from ${minPriority} to ${maxPriority}; this one is ${priority}.`,
      );
    }
    return this.#queue.push(timeNs, priority, action, a, b, this.cause);
  }

  /** Takes a scheduled event back. False when it has run already or was cancelled before. */
  cancel(handle: EventHandle): boolean {
    return this.#queue.cancel(handle);
  }

  isPending(handle: EventHandle): boolean {
    return this.#queue.isPending(handle);
  }

  /** The time of the next event; Infinity when none is left. */
  peek(): Nanoseconds {
    return this.#queue.peek();
  }

  /**
   * Runs the next event. False when none is left.
   * @throws StepBudgetExceeded when an event is left but no step of the budget
   */
  step(): boolean {
    if (this.#queue.size === 0) return false;
    this.#runNext();
    return true;
  }

  /**
   * Runs events until none is left, until `untilNs`, or until an event calls {@link stop}.
   * @throws StepBudgetExceeded as {@link step}
   */
  run(until: RunUntil = {}): void {
    const untilNs = until.untilNs ?? Infinity;
    if (!(untilNs >= this.#now)) {
      throw new TimeError(`The clock cannot run back to ${untilNs} ns: it is ${this.#now} ns already.`);
    }
    this.#stopped = false;
    while (this.#queue.size > 0 && this.#queue.peek() <= untilNs) {
      this.#runNext();
      if (this.#stopped) return;
    }
    if (untilNs !== Infinity) this.#now = untilNs;
    this.cause = noCause;
  }

  /** Ends {@link run} after the event that is running. The events to come stay, and another run continues with them. */
  stop(): void {
    this.#stopped = true;
  }

  #runNext(): void {
    if (this.#steps >= this.#stepBudget) throw new StepBudgetExceeded(this.#steps, this.#now);
    const queue = this.#queue;
    queue.pop();
    this.#steps++;
    this.#now = queue.time;
    this.cause = queue.cause;
    const action = queue.action;
    action(queue.a, queue.b);
  }
}
