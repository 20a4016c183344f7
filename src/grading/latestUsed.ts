/** Things that took long to make, found again by asking each whether it is the one; few enough to ask all. */
export class LatestUsed<T> {
  /** The latest used last. */
  readonly #kept: T[] = [];
  readonly #tooMany: (kept: readonly T[]) => boolean;

  /** @param tooMany whether the one that was unused for longest is to go; the latest always stays */
  constructor(tooMany: (kept: readonly T[]) => boolean) {
    this.#tooMany = tooMany;
  }

  /** The one that `is` finds, or what `make` makes. */
  use(is: (kept: T) => boolean, make: () => T): T {
    const index = this.#kept.findIndex(is);
    const used = index >= 0 ? this.#kept.splice(index, 1)[0]! : make();
    this.#kept.push(used);
    this.forgetOldest();
    return used;
  }

  /** Also for whoever learns later how much something takes. */
  forgetOldest(): void {
    while (this.#kept.length > 1 && this.#tooMany(this.#kept)) this.#kept.shift();
  }
}
