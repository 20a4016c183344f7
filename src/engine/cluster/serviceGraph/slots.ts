/** Where a slot would stand if there were one. */
export const none = -1;

/** Indexes into arrays, reused when what they stood for is over. */
export class Slots {
  readonly #free: number[] = [];
  used = 0;

  take(): number {
    return this.#free.pop() ?? this.used++;
  }

  give(slot: number): void {
    this.#free.push(slot);
  }
}
