import type { DocumentPlace, DocumentProblem } from './document.ts';

/** A path into structured data: keys and indexes. */
export type DataPath = readonly PropertyKey[];

/** YAML or JSON as plain data that remembers where each value stands. */
export interface StructuredText {
  readonly value: unknown;
  /** Where the value at `path` stands, or else the nearest value around it that exists. */
  placeOf(path: DataPath): DocumentPlace;
  /** Where the key stands whose value is at `path`; the value's place where there is no key. */
  placeOfKey(path: DataPath): DocumentPlace;
  /** Whether there is a value at `path`. */
  has(path: DataPath): boolean;
}

/** A value of a text, as a text of its own whose paths begin there; undefined where there is none. */
export const insideOf = (text: StructuredText, path: DataPath): StructuredText => ({
  value: path.reduce<unknown>(
    (value, step) => (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[step],
    text.value,
  ),
  placeOf: (inner) => text.placeOf([...path, ...inner]),
  placeOfKey: (inner) => text.placeOfKey([...path, ...inner]),
  has: (inner) => text.has([...path, ...inner]),
});

export type StructuredReading =
  | { readonly ok: true; readonly value: StructuredText }
  | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

/** The steps of a JSON pointer (RFC 6901): `/a~1b/0` is `['a/b', '0']`. */
export const pathOf = (pointer: string): readonly string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The JSON pointer of a path. */
export const pointerOf = (path: DataPath): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Lines and columns of the offsets of a text. */
export class TextLines {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** From 1. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const at = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= at) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: at - this.#starts[low]! + 1 };
  }

  /** The offset of a place that counts from 1; the nearest that there is for one outside the text. */
  offset(line: number, column: number): number {
    if (line < 1) return 0;
    if (line > this.#starts.length) return this.#length;
    const end = line < this.#starts.length ? this.#starts[line]! - 1 : this.#length;
    return Math.max(this.#starts[line - 1]!, Math.min(this.#starts[line - 1]! + column - 1, end));
  }

  /** @param end exclusive */
  place(start: number, end: number): DocumentPlace {
    const from = this.position(start);
    const to = this.position(Math.max(start, end));
    return { ...from, endLine: to.line, endColumn: to.column };
  }
}
