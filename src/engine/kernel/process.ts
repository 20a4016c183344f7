import type { EventHandle } from './eventQueue.ts';
import type { Resource, ResourceWaiter } from './resource.ts';
import { Signal, type SignalWaiter } from './signal.ts';
import type { Simulation } from './simulation.ts';
import { isSchedulable, unschedulable, type Nanoseconds } from './time.ts';
import type { Waiter } from './waitQueue.ts';

/** What a process yields: the result of its `hold`, `acquire`, `wait`, `until` or `join`. */
export class Wait {
  readonly kind = 'wait';
}

const theWait = new Wait();

/** The generator of a process. Inside it, `yield* part(process)` runs a part that is a generator function too. */
export type ProcessBody = Generator<Wait, void, void>;

/** Thrown into a process, at its `yield`, by {@link Process.interrupt}. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('The process was interrupted.');
    this.reason = reason;
  }
}

/** A process broke the rules of {@link Process}: a bug in the model. The message names the process and the place. */
export class ProcessError extends Error {
  override readonly name = 'ProcessError';
}

/** `ready`: an event that resumes it is scheduled. `inLine`: for a resource. `listening`: to a signal. */
type State = 'ready' | 'running' | 'inLine' | 'listening' | 'finished';

/** What the body asked for last, and whether it has yielded it yet. */
type Request = 'none' | 'hold' | 'acquire' | 'listen';

/**
 * A process: a generator that yields whenever it has to wait, and goes on when the wait is over.
 *
 *     new Process(sim, 'customer', function* (self) {
 *       yield self.acquire(server);
 *       yield self.hold(serviceNs);
 *       server.release();
 *     });
 *
 * It starts, and goes on after every wait, in an event of its own: the events that stand at that instant run first.
 */
export class Process implements ResourceWaiter, SignalWaiter {
  readonly name: string;
  waitRank = 0;
  waitBefore: Waiter | undefined = undefined;
  waitAfter: Waiter | undefined = undefined;

  readonly #sim: Simulation;
  readonly #body: (self: Process) => ProcessBody;
  readonly #generator: ProcessBody;
  readonly #resume = (): void => this.#run();
  #state: State = 'ready';
  #event: EventHandle;
  #requested: Request = 'none';
  #yields = 0;
  #holdNs: Nanoseconds = 0;
  #resource: Resource | undefined;
  #priority = 0;
  #signal: Signal | undefined;
  #condition: (() => boolean) | undefined;
  /** A unit was granted, but the process has not gone on yet: an interrupt gives it back. */
  #undelivered: Resource | undefined;
  #interruption: Interrupted | undefined;
  #finished: Signal | undefined;

  /** Starts the process now, after the events that stand at this instant. */
  constructor(sim: Simulation, name: string, body: (self: Process) => ProcessBody) {
    this.name = name;
    this.#sim = sim;
    this.#body = body;
    this.#generator = body(this);
    this.#event = sim.schedule(0, this.#resume);
  }

  get finished(): boolean {
    return this.#state === 'finished';
  }

  /**
   * Waits for a time.
   * @throws TimeError when `delayNs` is negative, fractional or NaN
   */
  hold(delayNs: Nanoseconds): Wait {
    const until = this.#sim.now + delayNs;
    if (!isSchedulable(until, this.#sim.now)) throw unschedulable(until, this.#sim.now);
    const request = this.#request('hold');
    this.#holdNs = delayNs;
    return request;
  }

  /**
   * Waits for a unit of the resource, which the process then holds until somebody calls `resource.release()`.
   * @param priority lowest first, where the resource goes by priority
   */
  acquire(resource: Resource, priority = 0): Wait {
    const request = this.#request('acquire');
    this.#resource = resource;
    this.#priority = priority;
    return request;
  }

  /** Waits for the next emission of the signal. */
  wait(signal: Signal): Wait {
    const request = this.#request('listen');
    this.#signal = signal;
    this.#condition = undefined;
    return request;
  }

  /** Waits until the condition holds: asked now and at each emission of `changed`, and free of side effects. */
  until(condition: () => boolean, changed: Signal): Wait {
    if (condition()) return this.hold(0);
    const request = this.wait(changed);
    this.#condition = condition;
    return request;
  }

  /** Waits until the other process has finished. */
  join(other: Process): Wait {
    if (other.finished) return this.hold(0);
    other.#finished ??= new Signal(`end of '${other.name}'`);
    return this.wait(other.#finished);
  }

  /**
   * Ends what the process waits for and throws {@link Interrupted} into it, in an event of its own at this instant.
   * It leaves any line it stands in; a unit that was granted but not yet delivered is given back; units that it held
   * before stay held (use `finally`). A process that does not catch the interruption ends there.
   * @returns false when the process has finished, or is about to be interrupted already
   */
  interrupt(reason?: unknown): boolean {
    switch (this.#state) {
      case 'finished':
        return false;
      case 'running':
        throw new ProcessError(`${this.#title()} cannot interrupt itself: it is not waiting.`);
      case 'ready':
        if (this.#interruption !== undefined) return false;
        this.#sim.cancel(this.#event);
        this.#undelivered?.release();
        this.#undelivered = undefined;
        break;
      case 'inLine':
        this.#resource?.withdraw(this);
        break;
      case 'listening':
        this.#signal?.remove(this);
        break;
    }
    this.#interruption = new Interrupted(reason);
    this.#resumeAfter(0);
    return true;
  }

  /** For {@link Resource}. */
  granted(resource: Resource): void {
    this.#undelivered = resource;
    this.#resumeAfter(0);
  }

  /** For {@link Signal}. */
  wakes(): boolean {
    return this.#condition === undefined || this.#condition();
  }

  /** For {@link Signal}. */
  woken(): void {
    this.#resumeAfter(0);
  }

  #resumeAfter(delayNs: Nanoseconds): void {
    this.#state = 'ready';
    this.#event = this.#sim.schedule(delayNs, this.#resume);
  }

  #request(request: Request): Wait {
    if (this.#state !== 'running') {
      throw new ProcessError(`${this.#title()} is not running: only its own body may ask it to wait.`);
    }
    if (this.#requested !== 'none') throw this.#forgotten();
    this.#requested = request;
    return theWait;
  }

  #run(): void {
    const interruption = this.#interruption;
    this.#interruption = undefined;
    this.#undelivered = undefined;
    this.#requested = 'none';
    this.#state = 'running';
    let result: IteratorResult<Wait, void>;
    try {
      result = interruption === undefined ? this.#generator.next() : this.#generator.throw(interruption);
    } catch (thrown) {
      this.#finish();
      if (thrown instanceof Interrupted) return;
      throw thrown;
    }
    if (result.done === true) {
      this.#finish();
      if (this.#requested !== 'none') throw this.#forgotten();
      return;
    }
    this.#yields++;
    if (result.value !== theWait || this.#requested === 'none') throw this.#badYield(result.value);
    this.#begin();
  }

  #begin(): void {
    switch (this.#requested) {
      case 'hold':
        this.#resumeAfter(this.#holdNs);
        break;
      case 'acquire':
        this.#state = 'inLine';
        this.#resource!.request(this, this.#priority);
        break;
      case 'listen':
        this.#state = 'listening';
        this.#signal!.add(this);
        break;
      case 'none':
        break;
    }
  }

  #finish(): void {
    this.#state = 'finished';
    this.#finished?.emit();
  }

  #title(): string {
    return `Process '${this.name}' (function* ${this.#body.name || 'without a name'})`;
  }

  #requestInWords(): string {
    switch (this.#requested) {
      case 'hold':
        return `hold(${this.#holdNs})`;
      case 'acquire':
        return `acquire('${this.#resource!.name}')`;
      case 'listen':
        return `wait for '${this.#signal!.name}'`;
      case 'none':
        return 'nothing';
    }
  }

  #forgotten(): ProcessError {
    return new ProcessError(
      `${this.#title()} called ${this.#requestInWords()} at ${this.#sim.now} ns without yielding it, ` +
        `after its yield number ${this.#yields}. Write \`yield\` before the call.`,
    );
  }

  #badYield(value: unknown): ProcessError {
    const seen = value === theWait ? 'a wait that it had yielded before' : String(value);
    return new ProcessError(
      `${this.#title()} yielded ${seen} at ${this.#sim.now} ns, at its yield number ${this.#yields}. ` +
        'Yield what hold(), acquire(), wait(), until() or join() returns.',
    );
  }
}
