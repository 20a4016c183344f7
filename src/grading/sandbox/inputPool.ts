import type { Codec, RecordCodec } from '../../engine/kernel/codec.ts';
import { atStep, CodecMismatch, encoder, put, scalarWord, type Cursor, type Encode } from './hostCodec.ts';
import { expectation, maxWords } from './layout.ts';

/**
 * Inputs with lists of rows (a run queue, a page table) cost most in making their objects anew. So the guest keeps the
 * objects of the latest input, and the host sends only what has changed. A learner never sees this: an object that the
 * learner's code still holds is left as it was and replaced. Whether it is held is read off the count of references
 * that QuickJS keeps.
 *
 * The message, in words:
 *
 *     input fresh? | each field in order: its value, or for rows:
 *     length | list fresh? | rows sent | each: slot, row fresh?, its words | moves | each: position, slot
 *
 * *Fresh* makes a new object; else the object of the latest input is brought up to date. A row has a slot in the pool:
 * by its number where it begins with an id, so that a row that moves in the list need not be sent again.
 */
export interface PoolPlan {
  readonly fields: readonly (PooledRows | PlainField)[];
}

export interface PlainField {
  readonly kind: 'plain';
  readonly name: string;
  readonly codec: Codec;
}

export interface PooledRows {
  readonly kind: 'rows';
  readonly name: string;
  readonly codec: Codec;
  readonly row: RecordCodec;
  readonly max: number;
  /** Slots that belong to ids: 0 when rows are kept by position alone. */
  readonly idSlots: number;
  readonly slots: number;
}

/** Pools larger than this would cost more than they save. */
const mostSlots = 1024;

/** How an input is pooled; undefined when it has no rows that would gain by it. */
export function poolPlan(input: RecordCodec): PoolPlan | undefined {
  const fields = Object.entries(input.fields).map(([name, codec]): PooledRows | PlainField => {
    const plain: PlainField = { kind: 'plain', name, codec };
    if (codec.kind !== 'list' || codec.of.kind !== 'record') return plain;
    const row = codec.of;
    const parts = Object.values(row.fields);
    if (parts.length === 0 || !parts.every((part) => scalarWord(part) !== undefined)) return plain;
    const first = parts[0]!;
    const idSlots = first.kind === 'id' ? first.max + 1 : 0;
    const slots = idSlots + codec.max;
    return slots > mostSlots ? plain : { kind: 'rows', name, codec, row, max: codec.max, idSlots, slots };
  });
  return fields.some((field) => field.kind === 'rows') ? { fields } : undefined;
}

/** The most words of a pooled input's message. */
export function mostPooledWords({ fields }: PoolPlan): number {
  const wordsOf = (field: PooledRows | PlainField): number => {
    if (field.kind === 'plain') return maxWords(field.codec);
    const sent = 2 + Object.keys(field.row.fields).length;
    const moved = 2;
    return 4 + field.max * (sent + moved);
  };
  return fields.reduce((sum, field) => sum + wordsOf(field), 1);
}

/** What the pool needs to know of the guest's objects. */
export interface PoolObjects {
  /**
   * Where an object of the pool lies. `list` counts the pooled lists of the input, and `slot` the rows of a list;
   * {@link theInput} and {@link theList} stand for the input and for a list itself.
   */
  addressOf(list: number, slot: number): number;
  referencesTo(address: number): number;
}

export const theInput = -1;
export const theList = -1;

/** References of the guest to objects that nobody else holds: an input from the pool, a list also from the input. */
const referencesToInput = 1;
const referencesToList = 2;

/** The host's side of one decision's pool, in one run. */
export class InputPool {
  readonly #fields: readonly {
    readonly name: string;
    readonly rows: RowPool | undefined;
    readonly encode: Encode;
  }[];
  readonly #input: PooledObject;

  constructor(plan: PoolPlan, objects: PoolObjects) {
    this.#input = new PooledObject(objects, theInput, theInput);
    let lists = 0;
    this.#fields = plan.fields.map((field) => ({
      name: field.name,
      rows: field.kind === 'rows' ? new RowPool(field, lists++, objects) : undefined,
      encode: encoder(field.codec),
    }));
  }

  /** Writes what has changed since the latest input. */
  encode(to: Cursor, input: Readonly<Record<string, unknown>>): void {
    const fresh = !this.#input.reusable(referencesToInput);
    if (fresh) this.#input.replaced();
    put(to, fresh ? 1 : 0);
    for (const { name, rows, encode } of this.#fields) {
      try {
        if (rows === undefined) encode(to, input[name]);
        else rows.encode(to, input[name], fresh);
      } catch (thrown) {
        throw atStep(`.${name}`, thrown);
      }
    }
  }
}

/** An object that the guest keeps from input to input. */
class PooledObject {
  readonly #objects: PoolObjects;
  readonly #list: number;
  readonly #slot: number;
  #exists = false;
  /** 0 while nobody has asked. */
  #address = 0;

  constructor(objects: PoolObjects, list: number, slot: number) {
    this.#objects = objects;
    this.#list = list;
    this.#slot = slot;
  }

  get exists(): boolean {
    return this.#exists;
  }

  /** Whether the object exists and has no more references than the pool's own. */
  reusable(own: number): boolean {
    if (!this.#exists) return false;
    if (this.#address === 0) this.#address = this.#objects.addressOf(this.#list, this.#slot);
    return this.#objects.referencesTo(this.#address) === own;
  }

  /** The guest makes a new one. */
  replaced(): void {
    this.#exists = true;
    this.#address = 0;
  }
}

class RowPool {
  readonly #plan: PooledRows;
  readonly #names: readonly string[];
  readonly #words: readonly ((value: unknown) => number)[];
  readonly #list: PooledObject;
  readonly #rows: readonly PooledObject[];
  /** The words that each slot's object shows. */
  readonly #shown: Float64Array;
  /** Counts inputs; per slot, the latest in which it was in the list, and in which it was replaced. */
  #round = 1;
  readonly #listedIn: Uint32Array;
  readonly #replacedIn: Uint32Array;
  /** The latest list: slots by position. */
  readonly #slots: Int32Array;
  #length = 0;
  readonly #row: Float64Array;

  constructor(plan: PooledRows, list: number, objects: PoolObjects) {
    this.#plan = plan;
    this.#names = Object.keys(plan.row.fields);
    this.#words = Object.values(plan.row.fields).map((codec) => scalarWord(codec)!);
    this.#list = new PooledObject(objects, list, theList);
    this.#rows = Array.from({ length: plan.slots }, (_, slot) => new PooledObject(objects, list, slot));
    this.#shown = new Float64Array(plan.slots * this.#words.length);
    this.#listedIn = new Uint32Array(plan.slots);
    this.#replacedIn = new Uint32Array(plan.slots);
    this.#slots = new Int32Array(plan.max);
    this.#row = new Float64Array(this.#words.length);
  }

  /** @param inputHeld the learner holds the latest input, and with it the latest list */
  encode(to: Cursor, value: unknown, inputHeld: boolean): void {
    if (!Array.isArray(value) || value.length > this.#plan.max) {
      throw new CodecMismatch('', expectation(this.#plan.codec));
    }
    const rows = value as readonly Readonly<Record<string, unknown>>[];
    const listHeld = inputHeld || !this.#list.reusable(referencesToList);
    if (listHeld) this.#list.replaced();
    this.#round++;
    put(to, rows.length);
    put(to, listHeld ? 1 : 0);
    const sent = reserve(to);
    const moved: number[] = [];
    for (let position = 0; position < rows.length; position++) {
      this.#read(rows[position]!, position);
      const slot = this.#slotFor(position);
      if (this.#send(to, slot, listHeld)) to.words[sent]!++;
      const stays = position < this.#length && this.#slots[position] === slot;
      if (!stays || this.#replacedIn[slot] === this.#round) moved.push(position, slot);
      this.#slots[position] = slot;
      this.#listedIn[slot] = this.#round;
    }
    this.#length = rows.length;
    put(to, moved.length / 2);
    for (const word of moved) put(to, word);
  }

  /** Takes a row's words from its fields. */
  #read(row: Readonly<Record<string, unknown>>, position: number): void {
    let field = 0;
    try {
      for (; field < this.#names.length; field++)
        this.#row[field] = this.#words[field]!(row[this.#names[field]!]);
    } catch (thrown) {
      throw atStep(`[${position}].${this.#names[field]!}`, thrown);
    }
  }

  #slotFor(position: number): number {
    const { idSlots } = this.#plan;
    const byId = this.#row[0]!;
    return idSlots > 0 && this.#listedIn[byId] !== this.#round ? byId : idSlots + position;
  }

  /** Writes the row unless its object shows it already. False when nothing was written. */
  #send(to: Cursor, slot: number, listHeld: boolean): boolean {
    const row = this.#row;
    const pooled = this.#rows[slot]!;
    const first = slot * row.length;
    if (pooled.exists && row.every((word, field) => this.#shown[first + field] === word)) return false;
    const wasListed = this.#listedIn[slot] === this.#round - 1;
    const reused = !(wasListed && listHeld) && pooled.reusable(wasListed ? 2 : 1);
    if (!reused) {
      pooled.replaced();
      this.#replacedIn[slot] = this.#round;
    }
    put(to, slot);
    put(to, reused ? 0 : 1);
    for (const word of row) put(to, word);
    this.#shown.set(row, first);
    return true;
  }
}

/** A word that is counted up later. */
function reserve(to: Cursor): number {
  put(to, 0);
  return to.at - 1;
}
