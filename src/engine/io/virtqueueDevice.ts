import type { Descriptor, SharedRings } from './sharedRings.ts';
import { indexPlus, needsEvent } from './vringEvent.ts';

/** What the device did in one step, for whoever watches. */
export type DeviceStep =
  | { readonly kind: 'looked'; readonly found: boolean }
  | { readonly kind: 'took'; readonly slot: number; readonly address: number; readonly descriptor: number }
  | { readonly kind: 'used'; readonly address: number }
  | { readonly kind: 'announced'; readonly index: number }
  | { readonly kind: 'signalled'; readonly interrupt: boolean }
  | { readonly kind: 'armed'; readonly index: number }
  | { readonly kind: 'slept' };

/**
 * The device side of a split virtqueue, one access to memory per step: take what is available; use it; announce it; interrupt if
 * the driver asked for it; and when nothing is left, ask for a notification, look once more, and sleep.
 */
export class VirtqueueDevice {
  readonly #rings: SharedRings;
  readonly #queueSize: number;
  #state: 'look' | 'take' | 'use' | 'announce' | 'signal' | 'arm' | 'look-again' | 'asleep' = 'asleep';
  #taken: number;
  #used: number;
  #kicked = false;
  #current: { readonly descriptor: number; readonly address: number; readonly written: number } | undefined;

  constructor(rings: SharedRings, queueSize: number, firstIndex: number) {
    this.#rings = rings;
    this.#queueSize = queueSize;
    this.#taken = firstIndex;
    this.#used = firstIndex;
    for (const index of ['available.index', 'used.index', 'available.event', 'used.event']) {
      rings.deviceStore(index, firstIndex);
    }
  }

  get asleep(): boolean {
    return this.#state === 'asleep' && !this.#kicked;
  }
  get state(): string {
    return this.#state;
  }

  /** The driver wrote the notify register. */
  kick(): void {
    this.#kicked = true;
  }

  /** As if it had just served a buffer for which it was notified: it is about to look, and its event index is of before. */
  beAwake(): void {
    this.#state = 'look';
    this.#rings.deviceStore('available.event', indexPlus(this.#taken, -1));
  }

  /** Whether its event index asks for a notification of `buffers` more buffers, as things stand. */
  asksFor(buffers: number): boolean {
    const before = Number(this.#rings.deviceLoad('available.index'));
    const event = Number(this.#rings.deviceLoad('available.event'));
    return needsEvent(event, indexPlus(before, buffers), before);
  }

  /** Buffers that are visible and not taken. */
  get backlog(): boolean {
    return this.#rings.deviceLoad('available.index') !== this.#taken;
  }

  /** Whether its next step reads or writes a place that the driver accesses, too. */
  touches(place: string): boolean {
    switch (this.#state) {
      case 'look':
      case 'look-again':
        return place === 'available.index';
      case 'take':
        return place === `available.ring[${this.#taken % this.#queueSize}]` || place.startsWith('descriptor');
      case 'use':
        return place === `used.ring[${this.#used % this.#queueSize}]`;
      case 'announce':
        return place === 'used.index';
      case 'signal':
        return place === 'used.event';
      case 'arm':
        return place === 'available.event';
      case 'asleep':
        return false;
    }
  }

  /** One step; undefined when it sleeps. */
  step(): DeviceStep | undefined {
    switch (this.#state) {
      case 'asleep':
        if (!this.#kicked) return undefined;
        this.#kicked = false;
        this.#state = 'look';
        return this.step();
      case 'look':
      case 'look-again': {
        const found = this.backlog;
        const next = this.#state === 'look' ? 'arm' : 'asleep';
        this.#state = found ? 'take' : next;
        return this.#state === 'asleep' ? { kind: 'slept' } : { kind: 'looked', found };
      }
      case 'take':
        return this.#take();
      case 'use': {
        const { descriptor, address, written } = this.#current!;
        this.#rings.deviceStore(`used.ring[${this.#used % this.#queueSize}]`, { descriptor, written });
        this.#state = 'announce';
        return { kind: 'used', address };
      }
      case 'announce':
        this.#used = indexPlus(this.#used, 1);
        this.#rings.deviceStore('used.index', this.#used);
        this.#state = 'signal';
        return { kind: 'announced', index: this.#used };
      case 'signal': {
        const event = Number(this.#rings.deviceLoad('used.event'));
        this.#state = 'look';
        return { kind: 'signalled', interrupt: needsEvent(event, this.#used, indexPlus(this.#used, -1)) };
      }
      case 'arm':
        this.#rings.deviceStore('available.event', this.#taken);
        this.#state = 'look-again';
        return { kind: 'armed', index: this.#taken };
    }
  }

  #take(): DeviceStep {
    const slot = this.#taken % this.#queueSize;
    const descriptor = Number(this.#rings.deviceLoad(`available.ring[${slot}]`) ?? 0);
    const { address, bytes, deviceWrites } = (this.#rings.deviceLoad(`descriptor[${descriptor}]`) ?? {
      address: 0,
      bytes: 0,
      deviceWrites: false,
    }) as Descriptor;
    this.#taken = indexPlus(this.#taken, 1);
    this.#current = { descriptor, address, written: deviceWrites ? bytes : 0 };
    this.#state = 'use';
    return { kind: 'took', slot, address, descriptor };
  }
}
