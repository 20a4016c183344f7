import type { EventHandle } from '../../kernel/eventQueue.ts';
import type { RunningPolicy } from '../../kernel/policy.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Nanoseconds } from '../../kernel/time.ts';
import type { AnyObject } from '../api/apiObjects.ts';
import { seconds } from '../clusterClock.ts';
import { stateOf, versionOf } from './appPods.ts';
import type { ControllerPolicy } from './controllerPolicy.ts';
import type { ReconcileEvents } from './reconcileEvents.ts';

/** From a change in the cache until the controller is asked; changes of that time are told together. */
const queueSeconds = 0.05;

/** The controller's process ended in the middle of a call. */
class Crash extends Error {}

export type Controller = RunningPolicy<typeof ControllerPolicy>;
interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly kind: 'App' | 'Pod';
  readonly name: string;
}

/** What is around the process. */
interface Surroundings {
  record(kind: keyof ReconcileEvents, ...fields: (string | number)[]): void;
  /** How long the process takes to start again. */
  restartNs(): Nanoseconds;
  /** A controller that remembers nothing. */
  restarted(): Controller;
  /** The process can ask for its watch. */
  begun(): void;
  /** The process is gone, and its watch with it. */
  stopped(): void;
}

/** The process in which a controller runs: it is asked when its cache changes, and it may crash in the middle of a call. */
export class ControllerProcess {
  readonly #simulation: Simulation;
  readonly #chance: RandomStream;
  readonly #around: Surroundings;
  #controller: Controller | undefined;
  #told: WatchEvent[] = [];
  #toldGeneration = 0;
  #queued: EventHandle | undefined;
  #requeue: EventHandle | undefined;
  /** Writes that still succeed before the controller crashes. */
  #writesUntilCrash = Infinity;

  constructor(simulation: Simulation, chance: RandomStream, around: Surroundings) {
    this.#simulation = simulation;
    this.#chance = chance;
    this.#around = around;
  }

  /** The controller that runs; undefined while none does. */
  get controller(): Controller | undefined {
    return this.#controller;
  }

  /** Starts with `controller`, which has not been asked anything. */
  begin(controller: Controller): void {
    this.#controller = controller;
    this.#around.begun();
  }

  /** The controller crashes at its `writes`-th write from now, or when it has not come to that in 10 s. */
  crashAfter(writes: number): void {
    this.#writesUntilCrash = writes - 1;
    this.#simulation.schedule(seconds(10), () => {
      if (this.#writesUntilCrash === Infinity) return;
      if (this.#controller !== undefined) this.#crash('between two calls');
    });
  }

  /** A write, before or after which the process may end. */
  write<T>(call: string, write: () => T): T {
    const ends = this.#writesUntilCrash === 0;
    if (this.#writesUntilCrash > 0) this.#writesUntilCrash--;
    if (ends && this.#chance.uniform() < 0.5) throw new Crash(`before a ${call}`);
    const outcome = write();
    if (ends) throw new Crash(`right after a ${call}`);
    return outcome;
  }

  /** The cache was told of an object. */
  seen(type: WatchEvent['type'], object: AnyObject): void {
    const { name } = object.metadata;
    if (object.kind === 'App') {
      const { replicas, version } = object.spec;
      this.#around.record('seenApp', replicas, version, object.metadata.resourceVersion);
      // As controllers filter it: who only annotates, or writes a status, wakes nobody.
      if (type === 'MODIFIED' && object.metadata.generation === this.#toldGeneration) return;
      this.#toldGeneration = object.metadata.generation;
      this.#tell({ type, kind: 'App', name });
    } else if (object.kind === 'Pod') {
      this.#around.record('seen', name, type === 'DELETED' ? 'gone' : stateOf(object), versionOf(object));
      this.#tell({ type, kind: 'Pod', name });
    }
  }

  #tell(event: WatchEvent): void {
    if (this.#told.length < 1000) this.#told.push(event);
    this.queue();
  }

  /** Asks the controller soon. */
  queue(): void {
    if (this.#queued !== undefined && this.#simulation.isPending(this.#queued)) return;
    this.#queued = this.#simulation.schedule(seconds(queueSeconds), () => this.#ask());
  }

  #ask(): void {
    const controller = this.#controller;
    if (controller === undefined) return;
    if (this.#requeue !== undefined) this.#simulation.cancel(this.#requeue);
    const events = this.#told;
    this.#told = [];
    this.#around.record('asked', events.length);
    let after: number | undefined;
    try {
      after = controller.reconcile({ events });
    } catch (thrown) {
      if (!(thrown instanceof Crash)) throw thrown;
      this.#crash(thrown.message);
      return;
    }
    if (after === undefined) return;
    this.#around.record('requeued', seconds(after));
    this.#requeue = this.#simulation.schedule(seconds(after), () => this.queue());
  }

  #crash(during: string): void {
    this.#around.record('crashed', during);
    this.#writesUntilCrash = Infinity;
    this.#controller = undefined;
    this.#around.stopped();
    for (const timer of [this.#queued, this.#requeue])
      if (timer !== undefined) this.#simulation.cancel(timer);
    this.#simulation.schedule(this.#around.restartNs(), () => {
      this.#told = [];
      this.#around.record('restarted');
      this.#controller = this.#around.restarted();
      this.#around.begun();
    });
  }
}
