import { mostKeptTexts, mostKeptUnits } from './layout.ts';

/** The host's side of the texts that host and guest both keep in a run, numbered in the order in which they crossed. */
export class KeptTexts {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  numberOf(text: string): number | undefined {
    return this.#numbers.get(text);
  }

  /** Undefined for a number that no text has. */
  textOf(number: number): string | undefined {
    return this.#texts[number];
  }

  /** Keeps a text that crossed, under the conditions under which the guest does. */
  keep(text: string): void {
    if (text.length > mostKeptUnits || this.#texts.length === mostKeptTexts || this.#numbers.has(text))
      return;
    this.#numbers.set(text, this.#texts.length);
    this.#texts.push(text);
  }
}
