import type { Pod } from '../api/apiObjects.ts';
import type { StoreEvent } from '../api/objectStore.ts';

/** Pods on their way out, and those that have ended, are as good as gone: that is how a lost one is replaced. */
export const isActive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionNs === undefined && status.phase !== 'Failed' && status.phase !== 'Succeeded';

/** How many active Pods an owner has, and how many of them are ready, kept by event: nobody counts thousands at each look. */
export class PodTally {
  active = 0;
  ready = 0;

  observe({ type, object, before }: StoreEvent<'Pod'>): void {
    if (type !== 'ADDED' && before !== undefined) this.#count(before, -1);
    if (type !== 'DELETED') this.#count(object, 1);
  }

  #count(pod: Pod, sign: 1 | -1): void {
    if (!isActive(pod)) return;
    this.active += sign;
    if (pod.status.ready) this.ready += sign;
  }
}
