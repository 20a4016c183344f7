/*
 * Notification suppression of virtio 1.x with VIRTIO_F_EVENT_IDX (sections 2.7.7.2 and 2.7.10). Indexes are free-running
 * 16-bit numbers: they count buffers and wrap at 65536, whatever the size of the ring.
 */

/** Free-running indexes wrap here. */
export const indexSpan = 65_536;

/** An index moved on by `steps`, which may be negative. */
export const indexPlus = (index: number, steps: number): number => (index + steps) & (indexSpan - 1);

/** How many steps lead from one index to another, 0 to 65535. */
export const indexDistance = (from: number, to: number): number => (to - from) & (indexSpan - 1);

/**
 * Whether the other side asked to be told: it wrote `event`, and the index moved from `before` to `now`, past it.
 * True exactly when `event` is one of `before`, `before + 1`, … `now - 1`, counted modulo 65536 (`vring_need_event`).
 */
export const needsEvent = (event: number, now: number, before: number): boolean =>
  indexDistance(indexPlus(event, 1), now) < indexDistance(before, now);
