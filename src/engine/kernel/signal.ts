import { WaitQueue, type Waiter } from './waitQueue.ts';

/** One that waits for a signal, perhaps for a state that the signal may have brought about. */
export interface SignalWaiter extends Waiter {
  /** Asked at each emission: wait on, when false. */
  wakes(): boolean;
  woken(): void;
}

/** Something that happens now and then, and that others wait for. It is not remembered: who waits later, misses it. */
export class Signal {
  readonly name: string;
  readonly #waiters = new WaitQueue<SignalWaiter>();

  constructor(name: string) {
    this.name = name;
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  add(waiter: SignalWaiter): void {
    this.#waiters.join(waiter);
  }

  /** @param waiter waits for this signal */
  remove(waiter: SignalWaiter): void {
    this.#waiters.leave(waiter);
  }

  /** Wakes all who wait now, in the order in which they came. Returns how many woke. */
  emit(): number {
    const woken = this.#waiters.shiftWhere((waiter) => waiter.wakes());
    for (const waiter of woken) waiter.woken();
    return woken.length;
  }
}
