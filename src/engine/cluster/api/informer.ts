import type { RandomStream } from '../../kernel/random.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Nanoseconds } from '../../kernel/time.ts';
import { keyOf, type AnyObject, type Kind } from './apiObjects.ts';
import type { ObjectStore, StoreEvent } from './objectStore.ts';

export interface InformerSettings {
  /** A write is told at most so long after it happened. */
  readonly staleNs: Nanoseconds;
  /** The share of events that are told twice. */
  readonly duplicateShare: number;
}

/** What the owner of an informer hears. */
export interface InformerListener {
  /** The cache has changed; `object` is as it stands there now, or stood last. */
  seen(type: StoreEvent['type'], object: AnyObject): void;
  /** Everything was listed; `seen` has been called with ADDED for all of it. */
  listed(objects: number): void;
  resumed(): void;
}

/**
 * A cache of some kinds that a watch keeps up to date: in order, some time late, and with holes. When the watch breaks
 * it goes on from the last version that it saw; if the store has forgotten that far back (410 Gone) everything is listed,
 * and of what vanished meanwhile nothing is told.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export class Informer {
  readonly #simulation: Simulation;
  readonly #store: ObjectStore;
  readonly #kinds: readonly Kind[];
  readonly #settings: InformerSettings;
  readonly #random: RandomStream;
  readonly #listener: InformerListener;
  #objects = new Map<string, AnyObject>();
  /** The latest write of which it has heard. */
  #version = 0;
  /** Deliveries of an earlier connection come to nothing. */
  #connection = 0;
  #connected = false;
  #lastDeliveryNs: Nanoseconds = 0;

  constructor(
    simulation: Simulation,
    store: ObjectStore,
    kinds: readonly Kind[],
    settings: InformerSettings,
    random: RandomStream,
    listener: InformerListener,
  ) {
    this.#simulation = simulation;
    this.#store = store;
    this.#kinds = kinds;
    this.#settings = settings;
    this.#random = random;
    this.#listener = listener;
    store.listen((event) => {
      if (this.#connected && kinds.includes(event.object.kind)) this.#deliverLater(event);
    });
  }

  /** The objects of one kind as the cache has them, oldest first. */
  list<K extends Kind>(kind: K): Extract<AnyObject, { kind: K }>[] {
    return [...this.#objects.values()]
      .filter((object): object is Extract<AnyObject, { kind: K }> => object.kind === kind)
      .toSorted((a, b) => a.metadata.creationNs - b.metadata.creationNs || numberOf(a) - numberOf(b));
  }

  get(kind: Kind, key: string): AnyObject | undefined {
    return this.#objects.get(`${kind} ${key}`);
  }

  /** Ends the watch; nobody notices. */
  break(): void {
    this.#connection++;
    this.#connected = false;
  }

  /** Forgets everything, and lists: what a process does at its start. */
  listAnew(): void {
    this.break();
    this.#objects = new Map();
    for (const kind of this.#kinds)
      for (const object of this.#store.list(kind)) this.#objects.set(nameOf(object), object);
    this.#version = this.#store.version;
    this.#connected = true;
    this.#lastDeliveryNs = this.#simulation.now;
    const objects = [...this.#objects.values()];
    for (const object of objects) this.#listener.seen('ADDED', object);
    this.#listener.listed(objects.length);
  }

  /** Connects again after {@link break}: goes on from where it was, or lists where that is forgotten. */
  reconnect(): void {
    const missed: StoreEvent[] = [];
    for (const kind of this.#kinds) {
      const outcome = this.#store.watch(kind, this.#version);
      if (!outcome.ok) return this.listAnew();
      missed.push(...outcome.value);
    }
    this.#connected = true;
    this.#lastDeliveryNs = this.#simulation.now;
    this.#listener.resumed();
    for (const event of missed.toSorted((a, b) => a.version - b.version)) this.#deliverLater(event);
  }

  #deliverLater(event: StoreEvent): void {
    const { staleNs, duplicateShare } = this.#settings;
    const connection = this.#connection;
    // One connection keeps the order of what it carries.
    const atNs = Math.max(
      this.#lastDeliveryNs,
      this.#simulation.now + (staleNs === 0 ? 0 : this.#random.integer(0, staleNs)),
    );
    this.#lastDeliveryNs = atNs;
    const times = this.#random.uniform() < duplicateShare ? 2 : 1;
    for (let time = 0; time < times; time++)
      this.#simulation.at(atNs, () => {
        if (connection !== this.#connection) return;
        this.#version = Math.max(this.#version, event.version);
        if (event.type === 'DELETED') this.#objects.delete(nameOf(event.object));
        else this.#objects.set(nameOf(event.object), event.object);
        this.#listener.seen(event.type, event.object);
      });
  }
}

const nameOf = (object: AnyObject): string => `${object.kind} ${keyOf(object)}`;
/** The number in a `uid` of the store. */
export const numberOf = ({ metadata }: { readonly metadata: { readonly uid: string } }): number =>
  Number(metadata.uid.slice('uid-'.length));
