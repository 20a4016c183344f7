/** What VS Code calls a Disposable, without depending on VS Code. */
export interface DisposableLike {
  dispose(): unknown;
}

/** Owns disposables and disposes them together, last first. Adding to a disposed store disposes at once. */
export class DisposableStore implements DisposableLike {
  readonly #items: DisposableLike[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  add<D extends DisposableLike>(item: D): D {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const item of this.#items.splice(0).toReversed()) item.dispose();
  }
}
