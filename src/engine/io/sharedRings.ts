import type { BarrierKind } from './virtqueuePolicy.ts';

/** How far a driver's accesses to shared memory may be reordered, as another processor sees them. */
export const memoryModels = {
  sc: 'Sequentially consistent: every access takes effect at once, in program order.',
  tso: 'Total store order (x86): stores wait in a queue, and a later load may be done before they are visible.',
  weak: 'Weakly ordered (ARM, RISC-V): stores become visible in any order, and loads may be done early, unless a barrier forbids it.',
} as const;
export type MemoryModel = keyof typeof memoryModels;

export interface Descriptor {
  readonly address: number;
  readonly bytes: number;
  readonly deviceWrites: boolean;
}
export interface UsedElement {
  readonly descriptor: number;
  readonly written: number;
}

/** What a place in the rings holds. Indexes and slots hold numbers. */
export type RingValue = number | Descriptor | UsedElement;

/** A yes or no that the explorer decides: false is the usual course. */
export type Decide = () => boolean;

interface Written {
  readonly value: RingValue;
  readonly version: number;
}

/**
 * Memory that driver and device share. The device is taken to have all its barriers, so its accesses take effect in order; the
 * driver's go through the memory model. A store may be held back until a barrier or the end of its decision, and under `weak` a
 * load may give what stood there at the last barrier. Two stores to one place keep their order.
 */
export class SharedRings {
  readonly #model: MemoryModel;
  /** All values that a place has had since the driver last had a barrier, the newest last. */
  readonly #history = new Map<string, Written[]>();
  #version = 0;
  /** The version that the driver sees at least. */
  #seen = 0;
  readonly #seenAt = new Map<string, number>();
  #held: { readonly place: string; readonly value: RingValue; readonly epoch: number }[] = [];
  #epoch = 0;

  constructor(model: MemoryModel) {
    this.#model = model;
  }

  /** What the device reads: what is visible. */
  deviceLoad(place: string): RingValue | undefined {
    return this.#history.get(place)?.at(-1)?.value;
  }

  deviceStore(place: string, value: RingValue): void {
    this.#makeVisible(place, value);
  }

  /** Stores for the driver. True when the store is held back. @param hold asked when the model lets it be held back */
  driverStore(place: string, value: RingValue, hold: Decide): boolean {
    if (this.#model !== 'sc' && (this.#mustQueue(place) || hold())) {
      this.#held.push({ place, value, epoch: this.#epoch });
      return true;
    }
    this.#makeVisible(place, value);
    return false;
  }

  /** Loads for the driver. @param early asked when the load may have been done at the last barrier, and that matters */
  driverLoad(
    place: string,
    early: Decide,
  ): { readonly value: RingValue | undefined; readonly early: boolean } {
    const own = this.#held.findLast((store) => store.place === place);
    if (own !== undefined) return { value: own.value, early: false };
    const writes = this.#history.get(place) ?? [];
    const newest = writes.at(-1);
    const least = Math.max(this.#seen, this.#seenAt.get(place) ?? 0);
    const old = writes.findLast(({ version }) => version <= least);
    const isEarly = this.#model === 'weak' && old !== newest && early();
    const seen = isEarly ? old : newest;
    this.#seenAt.set(place, seen?.version ?? 0);
    return { value: seen?.value, early: isEarly };
  }

  barrier(kind: BarrierKind): void {
    if (kind === 'full') this.flush();
    if (kind !== 'read') this.#epoch++;
    if (kind !== 'write') this.#forget();
  }

  /** Makes held stores visible, in order; the places of them. */
  flush(): string[] {
    const places = this.#held.map(({ place }) => place);
    const held = this.#held;
    this.#held = [];
    for (const { place, value } of held) this.#makeVisible(place, value);
    return places;
  }

  /** The driver is idle for long enough that it sees all that has happened. */
  settle(): void {
    this.flush();
    this.#forget();
  }

  /** The places whose newest store is not visible yet. */
  get heldPlaces(): readonly string[] {
    return this.#held.map(({ place }) => place);
  }

  #mustQueue(place: string): boolean {
    if (this.#held.length === 0) return false;
    if (this.#model === 'tso') return true;
    return this.#held.some((store) => store.place === place || store.epoch < this.#epoch);
  }

  #makeVisible(place: string, value: RingValue): void {
    const writes = this.#history.get(place) ?? [];
    writes.push({ value, version: ++this.#version });
    this.#history.set(place, writes);
  }

  /** From here the driver sees at least what is visible now. */
  #forget(): void {
    this.#seen = this.#version;
    for (const [place, writes] of this.#history)
      if (writes.length > 1) this.#history.set(place, writes.slice(-1));
  }
}
