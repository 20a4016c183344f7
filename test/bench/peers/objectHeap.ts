/** What an event queue usually looks like: a binary heap of one object per event. The rival in kernel.bench.ts. */
export class ObjectHeap {
  readonly #heap: Entry[] = [];
  #now = 0;
  #sequence = 0;

  schedule(delayNs: number, action: () => void): void {
    const heap = this.#heap;
    const entry = { time: this.#now + delayNs, priority: 0, sequence: this.#sequence++, action };
    let hole = heap.length;
    heap.push(entry);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[hole] = heap[parent]!;
      hole = parent;
    }
    heap[hole] = entry;
  }

  /** Runs the first event; there must be one. */
  step(): void {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      let hole = 0;
      for (let child = 1; child < heap.length; child = 2 * hole + 1) {
        if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
        if (isBefore(last, heap[child]!)) break;
        heap[hole] = heap[child]!;
        hole = child;
      }
      heap[hole] = last;
    }
    this.#now = first.time;
    first.action();
  }
}

interface Entry {
  readonly time: number;
  readonly priority: number;
  readonly sequence: number;
  readonly action: () => void;
}

function isBefore(x: Entry, y: Entry): boolean {
  if (x.time !== y.time) return x.time < y.time;
  if (x.priority !== y.priority) return x.priority < y.priority;
  return x.sequence < y.sequence;
}
