/**
 * The append-only, columnar record of a run. Everything that explains a run reads it: timelines, checks,
 * first divergence, replay, export. A row is an event: when, which kind, at most four numbers or texts, and its cause.
 */

/** A kind of event. Numbers without a field name are zero. */
export interface EventKind {
  readonly doc: string;
  /** Names of the numbers, at most four; a unit stands in the name (`runForNs`). */
  readonly fields: readonly string[];
  /** Those of the fields that are texts: their number stands for a text that {@link Trace.text} gave it for. */
  readonly texts?: readonly string[];
  /** True when this event records what a policy decided: the event follows the decision at once. */
  readonly decides?: boolean;
  /** The event in words, for tables, diffs and screen readers. */
  readonly say?: (
    fields: Readonly<Record<string, number>>,
    texts: Readonly<Record<string, string>>,
  ) => string;
}

export interface EventSchema {
  readonly [kind: string]: EventKind;
}

export const maxFields = 4;
/** The cause of an event that nothing in the run caused. */
export const noCause = -1;

/** Identity on a schema that keeps its literal names. */
export const defineEvents = <const E extends EventSchema>(events: E): E => events;

/** A trace's rows as columns: what crosses to another thread, where {@link traceFrom} makes a trace of it again. */
export interface TraceColumns {
  readonly timeNs: Float64Array<ArrayBuffer>;
  readonly kind: Uint16Array<ArrayBuffer>;
  readonly cause: Int32Array<ArrayBuffer>;
  readonly decision: Int32Array<ArrayBuffer>;
  /** {@link maxFields} numbers a row. */
  readonly fields: Float64Array<ArrayBuffer>;
  /** The texts that fields of kind `texts` stand for, by number. */
  readonly texts: readonly string[];
  /** Rows with a place in the submitted document, and the number of each place's text. */
  readonly placedRows: Int32Array<ArrayBuffer>;
  readonly places: Int32Array<ArrayBuffer>;
}

export class Trace<E extends EventSchema = EventSchema> {
  readonly schema: E;
  readonly kinds: readonly (keyof E & string)[];
  /** The code of each kind, for {@link append}. */
  readonly codes: { readonly [K in keyof E]: number };
  #length = 0;
  #timeNs = new Float64Array(64);
  #kind = new Uint16Array(64);
  #cause = new Int32Array(64);
  #decision = new Int32Array(64);
  #fields = new Float64Array(64 * maxFields);
  #decisionsAsked = 0;
  #texts: string[] = [];
  #numberOfText = new Map<string, number>();
  /** Row to the text of its place. */
  #places = new Map<number, number>();
  /** For each kind, which of its fields are texts; undefined where none is. */
  readonly #textFields: readonly (readonly boolean[] | undefined)[];

  constructor(schema: E) {
    this.schema = schema;
    this.kinds = Object.keys(schema);
    this.#textFields = this.kinds.map((kind) => {
      const { fields, texts } = schema[kind]!;
      return texts === undefined || texts.length === 0
        ? undefined
        : fields.map((name) => texts.includes(name));
    });
    const codes: Record<string, number> = {};
    this.kinds.forEach((kind, code) => (codes[kind] = code));
    this.codes = codes as { readonly [K in keyof E]: number };
  }

  get length(): number {
    return this.#length;
  }

  /** Decisions asked of policies so far. */
  get decisionsAsked(): number {
    return this.#decisionsAsked;
  }

  /** Counts a decision; called by the scenario runner just before a policy is asked. Returns its ordinal, from 0. */
  countDecision(): number {
    return this.#decisionsAsked++;
  }

  /** Starts the count anew, when policies start with fresh module state. */
  restartDecisions(): void {
    this.#decisionsAsked = 0;
  }

  /** Appends an event and returns its row, which later events may name as their cause. */
  append(code: number, timeNs: number, cause: number, a = 0, b = 0, c = 0, d = 0): number {
    const row = this.#length;
    if (row === this.#timeNs.length) this.#grow();
    this.#timeNs[row] = timeNs;
    this.#kind[row] = code;
    this.#cause[row] = cause;
    this.#decision[row] = this.#decisionsAsked - 1;
    const at = row * maxFields;
    this.#fields[at] = a;
    this.#fields[at + 1] = b;
    this.#fields[at + 2] = c;
    this.#fields[at + 3] = d;
    this.#length = row + 1;
    return row;
  }

  /** The number that stands for a text in this trace, for fields of kind `texts`. Equal texts have equal numbers. */
  text(text: string): number {
    const known = this.#numberOfText.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.length;
    this.#texts.push(text);
    this.#numberOfText.set(text, number);
    return number;
  }

  /** The text that a number stands for. */
  textOf(number: number): string {
    return this.#texts[number] ?? '';
  }

  /**
   * Says which part of the submitted document an event follows from.
   * @param pointer as the document's `at` takes it: a JSON pointer, or whatever its reader chose
   */
  setPlace(row: number, pointer: string): void {
    this.#places.set(row, this.text(pointer));
  }

  /** The part of the submitted document that an event follows from, on its own or by its nearest cause that has one. */
  placeOf(row: number): string | undefined {
    for (let at = row; at !== noCause; at = this.cause(at)) {
      const place = this.#places.get(at);
      if (place !== undefined) return this.textOf(place);
    }
    return undefined;
  }

  timeNs(row: number): number {
    return this.#timeNs[row]!;
  }
  code(row: number): number {
    return this.#kind[row]!;
  }
  kind(row: number): keyof E & string {
    return this.kinds[this.#kind[row]!]!;
  }
  cause(row: number): number {
    return this.#cause[row]!;
  }
  /** The ordinal of the latest decision asked before the event, or -1. */
  decision(row: number): number {
    return this.#decision[row]!;
  }
  /** The `index`-th number of an event, 0 to 3. */
  field(row: number, index: number): number {
    return this.#fields[row * maxFields + index]!;
  }

  /** An event's numbers by name. Allocates: for tables and messages, not for hot loops. */
  fieldsOf(row: number): Record<string, number> {
    const named: Record<string, number> = {};
    this.schema[this.kind(row)]!.fields.forEach((name, index) => (named[name] = this.field(row, index)));
    return named;
  }

  /** An event's texts by name. Allocates. */
  textsOf(row: number): Record<string, string> {
    const { fields, texts = [] } = this.schema[this.kind(row)]!;
    return Object.fromEntries(
      texts.map((name) => [name, this.textOf(this.field(row, fields.indexOf(name)))]),
    );
  }

  /** The event in words, without its time. */
  say(row: number): string {
    const kind = this.schema[this.kind(row)]!;
    const fields = this.fieldsOf(row);
    const texts = this.textsOf(row);
    if (kind.say !== undefined) return kind.say(fields, texts);
    const said = Object.entries(fields).map(([name, value]) => `${name}=${texts[name] ?? value}`);
    return [this.kind(row), ...said].join(' ');
  }

  /** Whether two rows of two traces of one schema are the same event: time, kind, numbers and texts. */
  sameEvent(row: number, other: Trace<E>, otherRow: number): boolean {
    if (this.timeNs(row) !== other.timeNs(otherRow) || this.code(row) !== other.code(otherRow)) return false;
    const isText = this.#textFields[this.code(row)];
    for (let index = 0; index < maxFields; index++) {
      const [a, b] = [this.field(row, index), other.field(otherRow, index)];
      if (isText?.[index] === true ? this.textOf(a) !== other.textOf(b) : a !== b) return false;
    }
    return true;
  }

  /** The chain from an event back to what started it, the event first. */
  causesOf(row: number): number[] {
    const chain: number[] = [];
    for (let at = row; at !== noCause; at = this.cause(at)) chain.push(at);
    return chain;
  }

  /** Whether a policy decided the event. */
  decides(row: number): boolean {
    return this.schema[this.kind(row)]!.decides === true;
  }

  /** The nearest event at or before `row`, along its causes, that a policy decided; undefined where none did. */
  decidingEvent(row: number): number | undefined {
    return this.causesOf(row).find((at) => this.decides(at));
  }

  /**
   * A 64-bit fingerprint of time, kind, numbers and texts of every event, as 16 hex digits. Two runs with equal
   * fingerprints are equal for every purpose here; it resists accidents, not adversaries (receipts use SHA-256).
   * @param rows how many of the first events; by default all
   */
  hash(rows = this.#length): string {
    // Two FNV-1a-like lanes with different multipliers, over the 32-bit halves of each number.
    let low = 0x811c9dc5;
    let high = 0x9747b28c;
    const number = new Float64Array(1);
    const halves = new Uint32Array(number.buffer);
    const mix = (value: number): void => {
      number[0] = value + 0; // -0 and 0 are the same number here
      for (let half = 0; half < 2; half++) {
        low = Math.imul(low ^ halves[half]!, 0x01000193);
        low ^= low >>> 15;
        high = Math.imul(high ^ halves[half]!, 0x85ebca6b);
        high ^= high >>> 13;
      }
    };
    mix(rows);
    for (let row = 0; row < rows; row++) {
      mix(this.#timeNs[row]!);
      mix(this.#kind[row]!);
      const isText = this.#textFields[this.#kind[row]!];
      for (let index = 0; index < maxFields; index++) {
        const value = this.#fields[row * maxFields + index]!;
        if (isText?.[index] !== true) mix(value);
        else for (const character of `${this.textOf(value)}\0`) mix(character.codePointAt(0)!);
      }
    }
    const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
    return hex(high) + hex(low);
  }

  /** A copy of all rows. */
  columns(): TraceColumns {
    const rows = this.#length;
    return {
      timeNs: this.#timeNs.slice(0, rows),
      kind: this.#kind.slice(0, rows),
      cause: this.#cause.slice(0, rows),
      decision: this.#decision.slice(0, rows),
      fields: this.#fields.slice(0, rows * maxFields),
      texts: [...this.#texts],
      placedRows: Int32Array.from(this.#places.keys()),
      places: Int32Array.from(this.#places.values()),
    };
  }

  /** Takes rows that {@link columns} gave, in place of its own. */
  adopt(columns: TraceColumns): void {
    this.#timeNs = columns.timeNs;
    this.#kind = columns.kind;
    this.#cause = columns.cause;
    this.#decision = columns.decision;
    this.#fields = columns.fields;
    this.#length = columns.timeNs.length;
    this.#texts = [...columns.texts];
    this.#numberOfText = new Map(this.#texts.map((text, number) => [text, number]));
    this.#places = new Map(Array.from(columns.placedRows, (row, index) => [row, columns.places[index]!]));
  }

  #grow(): void {
    const capacity = Math.max(64, this.#timeNs.length * 2);
    const grown = <A extends Float64Array | Uint16Array | Int32Array>(column: A, into: A): A => {
      into.set(column);
      return into;
    };
    this.#timeNs = grown(this.#timeNs, new Float64Array(capacity));
    this.#kind = grown(this.#kind, new Uint16Array(capacity));
    this.#cause = grown(this.#cause, new Int32Array(capacity));
    this.#decision = grown(this.#decision, new Int32Array(capacity));
    this.#fields = grown(this.#fields, new Float64Array(capacity * maxFields));
  }
}

/** The trace that the columns were taken from. It can be read and appended to. */
export function traceFrom<E extends EventSchema>(schema: E, columns: TraceColumns): Trace<E> {
  const trace = new Trace(schema);
  trace.adopt(columns);
  return trace;
}

/** The first row in which two traces of one schema differ in time, kind, numbers or texts; undefined when they are equal. */
export function firstDivergence<E extends EventSchema>(a: Trace<E>, b: Trace<E>): number | undefined {
  const shared = Math.min(a.length, b.length);
  for (let row = 0; row < shared; row++) if (!a.sameEvent(row, b, row)) return row;
  return a.length === b.length ? undefined : shared;
}
