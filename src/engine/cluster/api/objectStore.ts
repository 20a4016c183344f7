import type { Nanoseconds } from '../../kernel/time.ts';
import { keyOf, type AnyObject, type Kind, type KindTable, type NewMeta } from './apiObjects.ts';

/**
 * The API server's store, as etcd keeps it: every write gets the next version; a write that was prepared from an older
 * version is refused; whoever watches from a version that has been compacted away must list again.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */

export interface StoreEvent<K extends Kind = Kind> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KindTable[K];
  /** What was there before; undefined for an object that is new. */
  readonly before: KindTable[K] | undefined;
  readonly version: number;
}

export type StoreOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: 'Conflict' | 'NotFound' | 'AlreadyExists' | 'Gone' };

/** An object to be created: the store fills in the rest of its metadata. */
export type NewObject<K extends Kind> = Omit<KindTable[K], 'metadata'> & { readonly metadata: NewMeta };

export class ObjectStore {
  readonly #now: () => Nanoseconds;
  readonly #objects = new Map<Kind, Map<string, AnyObject>>();
  #log: StoreEvent[] = [];
  #version = 0;
  #compactedTo = 0;
  #uids = 0;
  readonly #listeners: ((event: StoreEvent) => void)[] = [];

  constructor(now: () => Nanoseconds) {
    this.#now = now;
  }

  /** Version of the latest write. */
  get version(): number {
    return this.#version;
  }

  /** Calls `listener` right after every write: an informer that never lags. */
  listen(listener: (event: StoreEvent) => void): void {
    this.#listeners.push(listener);
  }

  create<K extends Kind>(object: NewObject<K>): StoreOutcome<KindTable[K]> {
    const metadata = {
      namespace: 'default',
      labels: {},
      annotations: {},
      ownerReferences: [],
      ...object.metadata,
      uid: `uid-${++this.#uids}`,
      resourceVersion: this.#version + 1,
      generation: 1,
      creationNs: this.#now(),
    };
    const made = { ...object, metadata } as unknown as KindTable[K];
    const objects = this.#of(made.kind);
    const key = keyOf(made);
    if (objects.has(key)) return { ok: false, error: 'AlreadyExists' };
    objects.set(key, made);
    this.#append('ADDED', made, undefined);
    return { ok: true, value: made };
  }

  get<K extends Kind>(kind: K, key: string): KindTable[K] | undefined {
    return this.#of(kind).get(key) as KindTable[K] | undefined;
  }

  /** In the order in which they were created. */
  list<K extends Kind>(kind: K): IterableIterator<KindTable[K]> {
    return this.#of(kind).values() as IterableIterator<KindTable[K]>;
  }

  count(kind: Kind): number {
    return this.#of(kind).size;
  }

  /** Writes an object over the version that it was made from; refused when that is no longer the latest. */
  update<K extends Kind>(object: KindTable[K]): StoreOutcome<KindTable[K]> {
    const objects = this.#of(object.kind);
    const key = keyOf(object);
    const before = objects.get(key) as KindTable[K] | undefined;
    if (before === undefined || before.metadata.uid !== object.metadata.uid)
      return { ok: false, error: 'NotFound' };
    if (before.metadata.resourceVersion !== object.metadata.resourceVersion)
      return { ok: false, error: 'Conflict' };
    const made = {
      ...object,
      metadata: {
        ...object.metadata,
        resourceVersion: this.#version + 1,
        generation: before.metadata.generation + (before.spec === object.spec ? 0 : 1),
      },
    } as KindTable[K];
    objects.set(key, made);
    this.#append('MODIFIED', made, before);
    return { ok: true, value: made };
  }

  remove<K extends Kind>(kind: K, key: string): StoreOutcome<KindTable[K]> {
    const objects = this.#of(kind);
    const object = objects.get(key) as KindTable[K] | undefined;
    if (object === undefined) return { ok: false, error: 'NotFound' };
    objects.delete(key);
    this.#append('DELETED', object, object);
    return { ok: true, value: object };
  }

  /** What happened to a kind after a version; refused when part of that is compacted away. */
  watch<K extends Kind>(kind: K, afterVersion: number): StoreOutcome<readonly StoreEvent<K>[]> {
    if (afterVersion < this.#compactedTo) return { ok: false, error: 'Gone' };
    const events = this.#log.filter((event) => event.version > afterVersion && event.object.kind === kind);
    return { ok: true, value: events as unknown as readonly StoreEvent<K>[] };
  }

  /** Forgets what happened up to a version; the objects themselves stay. */
  compact(version: number): void {
    this.#compactedTo = Math.max(this.#compactedTo, Math.min(version, this.#version));
    this.#log = this.#log.filter((event) => event.version > this.#compactedTo);
  }

  #of(kind: Kind): Map<string, AnyObject> {
    let objects = this.#objects.get(kind);
    if (objects === undefined) {
      objects = new Map<string, AnyObject>();
      this.#objects.set(kind, objects);
    }
    return objects;
  }

  #append(type: StoreEvent['type'], object: AnyObject, before: AnyObject | undefined): void {
    const event: StoreEvent = { type, object, before, version: ++this.#version };
    this.#log.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}
