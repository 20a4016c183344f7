import { PodTally } from '../controllers/podTally.ts';
import { keyOf, type Pod, type ReplicaSet } from './apiObjects.ts';
import type { StoreEvent } from './objectStore.ts';

/** Objects by their owner and by their node, kept by event, so that a controller need not look through all of them. */
export class Indexer {
  readonly #podsByOwner = new Map<string, Map<string, Pod>>();
  readonly #tallies = new Map<string, PodTally>();
  readonly #setsByOwner = new Map<string, Map<string, ReplicaSet>>();
  readonly #podsByNode = new Map<string, Set<string>>();

  podsOf(ownerUid: string): Iterable<Pod> {
    return this.#podsByOwner.get(ownerUid)?.values() ?? [];
  }
  tallyOf(ownerUid: string): PodTally {
    let tally = this.#tallies.get(ownerUid);
    if (tally === undefined) this.#tallies.set(ownerUid, (tally = new PodTally()));
    return tally;
  }
  livePodsOf(ownerUid: string): number {
    return this.#podsByOwner.get(ownerUid)?.size ?? 0;
  }
  setsOf(ownerUid: string): Iterable<ReplicaSet> {
    return this.#setsByOwner.get(ownerUid)?.values() ?? [];
  }
  /** Keys of the Pods that are bound to a node, those on their way out included. */
  podsOn(node: string): readonly string[] {
    return [...(this.#podsByNode.get(node) ?? [])];
  }

  addNode(name: string): void {
    this.#podsByNode.set(name, new Set());
  }

  observeSet({ type, object }: StoreEvent<'ReplicaSet'>): void {
    for (const { uid } of object.metadata.ownerReferences)
      index(this.#setsByOwner, uid, keyOf(object), type === 'DELETED' ? undefined : object);
  }

  observePod(event: StoreEvent<'Pod'>): void {
    const { type, object: pod } = event;
    const key = keyOf(pod);
    const gone = type === 'DELETED';
    for (const { uid } of pod.metadata.ownerReferences) {
      index(this.#podsByOwner, uid, key, gone ? undefined : pod);
      this.tallyOf(uid).observe(event);
    }
    const { nodeName } = pod.spec;
    if (nodeName === undefined) return;
    if (gone) this.#podsByNode.get(nodeName)?.delete(key);
    else this.#podsByNode.get(nodeName)?.add(key);
  }
}

function index<T>(table: Map<string, Map<string, T>>, uid: string, key: string, value: T | undefined): void {
  const of = table.get(uid) ?? new Map<string, T>();
  table.set(uid, of);
  if (value === undefined) of.delete(key);
  else of.set(key, value);
}
