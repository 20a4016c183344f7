/** Something that can stand in one {@link WaitQueue} at a time. The links are the queue's own. */
export interface Waiter {
  waitRank: number;
  waitBefore: Waiter | undefined;
  waitAfter: Waiter | undefined;
}

/**
 * Waiters by ascending rank, equal ranks first come first served. Linked through the waiters themselves: joining and
 * leaving allocate nothing, and anyone may leave from the middle at once.
 */
export class WaitQueue<W extends Waiter> {
  #first: W | undefined;
  #last: W | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Takes time in proportion to the waiters of higher rank; none when all ranks are equal. */
  join(waiter: W, rank = 0): void {
    waiter.waitRank = rank;
    let before = this.#last;
    while (before !== undefined && before.waitRank > rank) before = before.waitBefore as W | undefined;
    const after = (before === undefined ? this.#first : before.waitAfter) as W | undefined;
    waiter.waitBefore = before;
    waiter.waitAfter = after;
    if (before === undefined) this.#first = waiter;
    else before.waitAfter = waiter;
    if (after === undefined) this.#last = waiter;
    else after.waitBefore = waiter;
    this.#length++;
  }

  /** @param waiter stands in this queue */
  leave(waiter: W): void {
    const before = waiter.waitBefore as W | undefined;
    const after = waiter.waitAfter as W | undefined;
    if (before === undefined) this.#first = after;
    else before.waitAfter = after;
    if (after === undefined) this.#last = before;
    else after.waitBefore = before;
    waiter.waitBefore = undefined;
    waiter.waitAfter = undefined;
    this.#length--;
  }

  /** Takes the first one out; undefined when nobody waits. */
  shift(): W | undefined {
    const first = this.#first;
    if (first !== undefined) this.leave(first);
    return first;
  }

  /** Takes out, in order, all for whom `leaves` holds. */
  shiftWhere(leaves: (waiter: W) => boolean): W[] {
    const left: W[] = [];
    for (let waiter = this.#first; waiter !== undefined;) {
      const after = waiter.waitAfter as W | undefined;
      if (leaves(waiter)) {
        this.leave(waiter);
        left.push(waiter);
      }
      waiter = after;
    }
    return left;
  }
}
