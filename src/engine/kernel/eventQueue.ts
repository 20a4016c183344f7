import type { RandomStream } from './random.ts';

/** What happens at an event. Two numbers travel with the event, so that hot models need no closure per event. */
export type Action = (a: number, b: number) => void;

/** Names one scheduled event, and never another one later: cancelling a handle whose event is over does nothing. */
export type EventHandle = number;

/** Events of one instant run in ascending priority; these are the lowest and highest numbers it may take. */
export const minPriority = -128;
export const maxPriority = 127;

/** A handle is generation × 2^24 + slot, so at most this many events can be pending at once. */
const maxSlots = 2 ** 24;
const maxGeneration = 2 ** 29 - 1;
/** A tie-break takes 45 bits below the 8 bits of the priority: together they are exact in a double. */
const tieRange = 2 ** 45;
const free = -1;

/**
 * The pending events, ordered by (time, priority, sequence): equal times and priorities leave in the order in which
 * they came. A 4-ary heap over parallel typed arrays (after A. LaMarca and R. Ladner, "The influence of caches on the
 * performance of heaps", 1996): the keys of four siblings share a cache line, and no object is created per event.
 * Cancelling removes the event at once, in O(log n).
 *
 * With `tieBreak`, events of equal time and priority leave in a random order instead (equal 45-bit draws, one pair in
 * 3·10^13, leave in a fixed order).
 */
export class EventQueue {
  /** The event that {@link pop} took last: its time, action, the action's two numbers, and its cause. */
  time = 0;
  action: Action = nothing;
  a = 0;
  b = 0;
  cause = -1;

  readonly #tieBreak: RandomStream | undefined;
  #size = 0;
  #sequence = 0;
  #freeSlot = free;
  #slotsUsed = 0;

  // By position in the heap: (time, order) pairs, and the slot that holds the rest.
  #keys = new Float64Array(2 * 64);
  #slots = new Int32Array(64);

  // By slot. The position doubles as the link of the free list.
  #position = new Int32Array(64);
  #generation = new Int32Array(64);
  #causes = new Int32Array(64);
  #numbers = new Float64Array(2 * 64);
  #actions: Action[] = [];

  constructor(tieBreak?: RandomStream) {
    this.#tieBreak = tieBreak;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds an event.
   * @param time any number but NaN; the caller checks it
   * @param priority an integer in [{@link minPriority}, {@link maxPriority}]; the caller checks it
   * @throws RangeError with 2^24 events pending
   */
  push(time: number, priority: number, action: Action, a: number, b: number, cause: number): EventHandle {
    const sequence = this.#sequence++;
    const tie = this.#tieBreak === undefined ? sequence : Math.floor(this.#tieBreak.uniform() * tieRange);
    const slot = this.#takeSlot();
    this.#actions[slot] = action;
    this.#numbers[2 * slot] = a;
    this.#numbers[2 * slot + 1] = b;
    this.#causes[slot] = cause;
    this.#siftUp(this.#size++, time, priority * tieRange + tie, slot);
    return this.#generation[slot]! * maxSlots + slot;
  }

  /** Takes the first event out and into {@link time}, {@link action} and so on. False when there is none. */
  pop(): boolean {
    if (this.#size === 0) return false;
    const slot = this.#slots[0]!;
    this.time = this.#keys[0]!;
    this.action = this.#actions[slot]!;
    this.a = this.#numbers[2 * slot]!;
    this.b = this.#numbers[2 * slot + 1]!;
    this.cause = this.#causes[slot]!;
    this.#releaseSlot(slot);
    const last = --this.#size;
    if (last > 0) this.#siftDown(0, this.#keys[2 * last]!, this.#keys[2 * last + 1]!, this.#slots[last]!);
    return true;
  }

  /** The time of the first event; Infinity when there is none. */
  peek(): number {
    return this.#size === 0 ? Infinity : this.#keys[0]!;
  }

  /** True until the event leaves the queue or is cancelled. */
  isPending(handle: EventHandle): boolean {
    const slot = handle % maxSlots;
    return slot < this.#slotsUsed && this.#generation[slot] === Math.floor(handle / maxSlots);
  }

  /** Removes the event. False when it had left already or was cancelled before. */
  cancel(handle: EventHandle): boolean {
    if (!this.isPending(handle)) return false;
    const slot = handle % maxSlots;
    const hole = this.#position[slot]!;
    this.#releaseSlot(slot);
    const last = --this.#size;
    if (hole === last) return true;
    const time = this.#keys[2 * last]!;
    const order = this.#keys[2 * last + 1]!;
    const moved = this.#slots[last]!;
    const parent = (hole - 1) >> 2;
    if (hole > 0 && this.#isBefore(time, order, parent)) this.#siftUp(hole, time, order, moved);
    else this.#siftDown(hole, time, order, moved);
    return true;
  }

  #takeSlot(): number {
    const slot = this.#freeSlot;
    if (slot !== free) {
      this.#freeSlot = this.#position[slot]!;
      return slot;
    }
    if (this.#slotsUsed === this.#slots.length) this.#grow();
    return this.#slotsUsed++;
  }

  #releaseSlot(slot: number): void {
    // Keeps nothing alive that only this event referred to.
    this.#actions[slot] = nothing;
    const generation = this.#generation[slot]! + 1;
    this.#generation[slot] = generation;
    // A slot whose handles are used up is retired, so that none is ever given twice.
    if (generation === maxGeneration) return;
    this.#position[slot] = this.#freeSlot;
    this.#freeSlot = slot;
  }

  #isBefore(time: number, order: number, position: number): boolean {
    const other = this.#keys[2 * position]!;
    return time < other || (time === other && order < this.#keys[2 * position + 1]!);
  }

  #place(position: number, time: number, order: number, slot: number): void {
    this.#keys[2 * position] = time;
    this.#keys[2 * position + 1] = order;
    this.#slots[position] = slot;
    this.#position[slot] = position;
  }

  #siftUp(from: number, time: number, order: number, slot: number): void {
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      if (!this.#isBefore(time, order, parent)) break;
      this.#place(hole, this.#keys[2 * parent]!, this.#keys[2 * parent + 1]!, this.#slots[parent]!);
      hole = parent;
    }
    this.#place(hole, time, order, slot);
  }

  #siftDown(from: number, time: number, order: number, slot: number): void {
    const keys = this.#keys;
    const size = this.#size;
    let hole = from;
    for (let child = 4 * hole + 1; child < size; child = 4 * hole + 1) {
      const least = child + 3 < size ? leastOfFour(keys, child) : leastOfFew(keys, child, size);
      const leastTime = keys[2 * least]!;
      const leastOrder = keys[2 * least + 1]!;
      if (time < leastTime || (time === leastTime && order < leastOrder)) break;
      this.#place(hole, leastTime, leastOrder, this.#slots[least]!);
      hole = least;
    }
    this.#place(hole, time, order, slot);
  }

  #grow(): void {
    const capacity = this.#slots.length * 2;
    if (capacity > maxSlots)
      throw new RangeError(
        `${maxSlots} events are pending, and no more fit. Does a model schedule without end?`,
      );
    this.#keys = copyInto(new Float64Array(2 * capacity), this.#keys);
    this.#slots = copyInto(new Int32Array(capacity), this.#slots);
    this.#position = copyInto(new Int32Array(capacity), this.#position);
    this.#generation = copyInto(new Int32Array(capacity), this.#generation);
    this.#causes = copyInto(new Int32Array(capacity), this.#causes);
    this.#numbers = copyInto(new Float64Array(2 * capacity), this.#numbers);
  }
}

/**
 * Which of four siblings comes first, as a knock-out in arithmetic: which one it is cannot be predicted, and a
 * mispredicted branch costs more than all of this (a third of the time at 1,000 pending events).
 */
function leastOfFour(keys: Float64Array, first: number): number {
  const left = first + comesBefore(keys, first + 1, first);
  const right = first + 2 + comesBefore(keys, first + 3, first + 2);
  return left + (right - left) * comesBefore(keys, right, left);
}

function leastOfFew(keys: Float64Array, first: number, end: number): number {
  let least = first;
  for (let sibling = first + 1; sibling < end; sibling++) {
    if (comesBefore(keys, sibling, least) === 1) least = sibling;
  }
  return least;
}

/** 1 when the key at `position` comes before the one at `other`, else 0. Without a branch: see {@link leastOfFour}. */
function comesBefore(keys: Float64Array, position: number, other: number): number {
  const time = keys[2 * position]!;
  const otherTime = keys[2 * other]!;
  return +(time < otherTime) | (+(time === otherTime) & +(keys[2 * position + 1]! < keys[2 * other + 1]!));
}

function nothing(): void {}

function copyInto<A extends Float64Array | Int32Array>(grown: A, column: A): A {
  grown.set(column);
  return grown;
}
