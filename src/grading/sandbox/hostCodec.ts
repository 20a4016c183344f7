import type { Codec } from '../../engine/kernel/codec.ts';
import type { KeptTexts } from './keptTexts.ts';
import { bytesPerWord, expectation, unitsPerWord } from './layout.ts';

/**
 * The host's side of a message: writes values into the words that the guest reads, and reads what the guest wrote,
 * trusting none of it. Layout: `layout.ts`.
 */

/** A place in the shared words; `at` moves on as values are read and written. */
export interface Cursor {
  words: Float64Array;
  at: number;
  /** One past the last word of the message area. */
  end: number;
  /** Absent where no text is kept. */
  readonly kept?: KeptTexts;
}

export type Encode = (to: Cursor, value: unknown) => void;
export type Decode = (from: Cursor) => unknown;

/** A value that is not what its codec declares. */
export class CodecMismatch extends Error {
  /** Where in the value, as an expression after its name: `.vcpu`, `[3].name`. */
  readonly path: string;
  readonly expected: string;
  constructor(path: string, expected: string) {
    super(`${path === '' ? 'It' : path.replace(/^\./, '')} must be ${expected}.`);
    this.path = path;
    this.expected = expected;
  }
}

const mismatch = (codec: Codec): never => {
  throw new CodecMismatch('', expectation(codec));
};

/** What to throw on when a part at `step` threw: a mismatch gets the step in front of its path. */
export function atStep(step: string, thrown: unknown): unknown {
  return thrown instanceof CodecMismatch ? new CodecMismatch(step + thrown.path, thrown.expected) : thrown;
}

/** The number of words that a count of units takes, after checking that they lie in the message area. */
function room(cursor: Cursor, units: number, perWord: number): number {
  const words = Math.ceil(units / perWord);
  if (cursor.at + words > cursor.end) throw new CodecMismatch('', 'small enough to cross the sandbox');
  return words;
}

/** How a value that takes exactly one word becomes that word; undefined for a codec whose values take another number. */
export function scalarWord(codec: Codec): ((value: unknown) => number) | undefined {
  switch (codec.kind) {
    case 'int':
    case 'id':
    case 'float': {
      const [min, max] = codec.kind === 'id' ? [0, codec.max] : [codec.min, codec.max];
      const whole = codec.kind !== 'float';
      return (value) => {
        if (typeof value !== 'number' || !(value >= min && value <= max)) return mismatch(codec);
        if (whole && !Number.isInteger(value)) return mismatch(codec);
        return value + 0;
      };
    }
    case 'flag':
      return (value) => (typeof value === 'boolean' ? Number(value) : mismatch(codec));
    case 'oneOf':
      return (value) => {
        const index = codec.values.indexOf(value as string);
        return index < 0 ? mismatch(codec) : index;
      };
    case 'text':
    case 'bytes':
    case 'optional':
    case 'list':
    case 'record':
    case 'nothing':
      return undefined;
  }
}

export function encoder(codec: Codec): Encode {
  switch (codec.kind) {
    case 'int':
    case 'id':
    case 'float':
    case 'flag':
    case 'oneOf': {
      const word = scalarWord(codec)!;
      return (to, value) => put(to, word(value));
    }
    case 'text':
      return (to, value) => {
        if (typeof value !== 'string' || !fitsText(value, codec.maxBytes)) mismatch(codec);
        putUnits(to, value as string);
      };
    case 'bytes':
      return (to, value) => {
        if (!(value instanceof Uint8Array) || value.length > codec.maxBytes) return mismatch(codec);
        put(to, value.length);
        const words = room(to, value.length, bytesPerWord);
        new Uint8Array(to.words.buffer, to.words.byteOffset + to.at * 8, value.length).set(value);
        to.at += words;
      };
    case 'optional': {
      const encode = encoder(codec.of);
      return (to, value) => {
        put(to, value === undefined ? 0 : 1);
        if (value !== undefined) encode(to, value);
      };
    }
    case 'list': {
      const encode = encoder(codec.of);
      return (to, value) => {
        if (!Array.isArray(value) || value.length > codec.max) return mismatch(codec);
        put(to, value.length);
        let index = 0;
        try {
          for (; index < value.length; index++) encode(to, value[index]);
        } catch (thrown) {
          throw atStep(`[${index}]`, thrown);
        }
      };
    }
    case 'record': {
      const fields = Object.entries(codec.fields).map(([name, field]) => ({ name, encode: encoder(field) }));
      return (to, value) => {
        let field = 0;
        try {
          for (; field < fields.length; field++) {
            const { name, encode } = fields[field]!;
            encode(to, (value as Record<string, unknown>)[name]);
          }
        } catch (thrown) {
          throw atStep(`.${fields[field]!.name}`, thrown);
        }
      };
    }
    case 'nothing':
      return () => {};
  }
}

export function decoder(codec: Codec): Decode {
  switch (codec.kind) {
    case 'int':
    case 'id':
    case 'float': {
      const [min, max] = codec.kind === 'id' ? [0, codec.max] : [codec.min, codec.max];
      const whole = codec.kind !== 'float';
      return (from) => {
        const value = take(from);
        if (!(value >= min && value <= max) || (whole && !Number.isInteger(value))) mismatch(codec);
        // Never -0, which compares equal but divides and prints differently.
        return value + 0;
      };
    }
    case 'flag':
      return (from) => takeCount(from, 1, codec) === 1;
    case 'oneOf':
      return (from) => codec.values[takeCount(from, codec.values.length - 1, codec)];
    case 'text':
      return (from) => {
        const known = from.kept?.textOf(-1 - from.words[from.at]!);
        if (known !== undefined) from.at++;
        const value = known ?? takeUnits(from, takeCount(from, codec.maxBytes, codec));
        if (!fitsText(value, codec.maxBytes)) mismatch(codec);
        from.kept?.keep(value);
        return value;
      };
    case 'bytes':
      return (from) => {
        const length = takeCount(from, codec.maxBytes, codec);
        const words = room(from, length, bytesPerWord);
        const value = new Uint8Array(from.words.buffer, from.words.byteOffset + from.at * 8, length).slice();
        from.at += words;
        return value;
      };
    case 'optional': {
      const decode = decoder(codec.of);
      return (from) => (takeCount(from, 1, codec) === 1 ? decode(from) : undefined);
    }
    case 'list': {
      const decode = decoder(codec.of);
      return (from) => {
        const length = takeCount(from, codec.max, codec);
        const items: unknown[] = [];
        try {
          while (items.length < length) items.push(decode(from));
        } catch (thrown) {
          throw atStep(`[${items.length}]`, thrown);
        }
        return items;
      };
    }
    case 'record': {
      const fields = Object.entries(codec.fields).map(([name, field]) => ({ name, decode: decoder(field) }));
      return (from) => {
        const value: Record<string, unknown> = {};
        let field = 0;
        try {
          for (; field < fields.length; field++) {
            const { name, decode } = fields[field]!;
            value[name] = decode(from);
          }
        } catch (thrown) {
          throw atStep(`.${fields[field]!.name}`, thrown);
        }
        return value;
      };
    }
    case 'nothing':
      return () => undefined;
  }
}

/** Reads text that the guest wrote, of a given number of UTF-16 units. */
export function takeUnits(from: Cursor, length: number): string {
  const words = room(from, length, unitsPerWord);
  const units = new Uint16Array(from.words.buffer, from.words.byteOffset + from.at * 8, length);
  from.at += words;
  let value = '';
  for (let start = 0; start < length; start += 4096) {
    value += String.fromCharCode(...units.subarray(start, start + 4096));
  }
  return value;
}

export function put(to: Cursor, value: number): void {
  if (to.at >= to.end) throw new CodecMismatch('', 'small enough to cross the sandbox');
  to.words[to.at++] = value;
}

function putUnits(to: Cursor, value: string): void {
  const known = to.kept?.numberOf(value);
  if (known !== undefined) return put(to, -1 - known);
  to.kept?.keep(value);
  put(to, value.length);
  const words = room(to, value.length, unitsPerWord);
  const units = new Uint16Array(to.words.buffer, to.words.byteOffset + to.at * 8, value.length);
  for (let index = 0; index < value.length; index++) units[index] = value.charCodeAt(index);
  to.at += words;
}

function take(from: Cursor): number {
  if (from.at >= from.end) throw new CodecMismatch('', 'small enough to cross the sandbox');
  return from.words[from.at++]!;
}

function takeCount(from: Cursor, max: number, codec: Codec): number {
  const value = take(from);
  if (!(Number.isInteger(value) && value >= 0 && value <= max)) mismatch(codec);
  return value;
}

/** Whether text is Unicode (no half of a surrogate pair alone) and short enough in UTF-8. */
function fitsText(value: string, maxBytes: number): boolean {
  let bytes = 0;
  for (let index = 0; index < value.length; index++) {
    const unit = value.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 3;
    else {
      const next = value.charCodeAt(++index);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
      bytes += 4;
    }
  }
  return bytes <= maxBytes;
}
