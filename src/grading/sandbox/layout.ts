import { numberText, type Codec } from '../../engine/kernel/codec.ts';

/**
 * Where things stand in the buffer that host and guest share, in float64 words:
 *
 *     0            1            2             3            4 …                 4 + messageWords …
 *     marker       marker kept  first text's  second       one message:        two texts, as UTF-16
 *     (last        at return    length        text's       inputs, then        code units, one after
 *     return)                                 length       the result          the other
 *
 * A message is its codec's words in order: a number, a flag (0 or 1) and a `oneOf` (its index) are one word;
 * an `optional` is a flag and, where present, its value; a `list` its length and its items; a `record` its fields;
 * `text` its number of UTF-16 units and then the units, four in a word; `bytes` likewise with eight in a word.
 *
 * Taking a text apart and putting it together takes the guest longer than all else in a message, and most texts are names
 * that come again and again. So both sides keep the first {@link mostKeptTexts} of at most {@link mostKeptUnits} units
 * that cross in a run, and −1 − n in place of a length stands for the n-th of them.
 */
export const markerWord = 0;
export const returnedMarkerWord = 1;
export const firstTextWord = 2;
export const secondTextWord = 3;
export const messageWord = 4;

/** UTF-16 units that the two texts may have together. */
export const textUnits = 4096;
export const unitsPerWord = 4;
export const bytesPerWord = 8;
export const mostKeptTexts = 512;
export const mostKeptUnits = 64;

/** The most words that a value can take. */
export function maxWords(codec: Codec): number {
  switch (codec.kind) {
    case 'int':
    case 'float':
    case 'id':
    case 'flag':
    case 'oneOf':
      return 1;
    case 'text':
      return 1 + Math.ceil(codec.maxBytes / unitsPerWord);
    case 'bytes':
      return 1 + Math.ceil(codec.maxBytes / bytesPerWord);
    case 'optional':
      return 1 + maxWords(codec.of);
    case 'list':
      return 1 + codec.max * maxWords(codec.of);
    case 'record':
      return Object.values(codec.fields).reduce((sum, field) => sum + maxWords(field), 0);
    case 'nothing':
      return 0;
  }
}

/** What a value must be, to go after "must be": `a whole number from 0 to 63`. */
export function expectation(codec: Codec): string {
  switch (codec.kind) {
    case 'int':
      return `a whole number from ${codec.min} to ${numberText(codec, codec.max)}`;
    case 'float':
      return `a number from ${codec.min} to ${codec.max}`;
    case 'id':
      return `the number of a ${codec.of}, a whole number from 0 to ${codec.max}`;
    case 'flag':
      return 'true or false';
    case 'oneOf':
      return codec.values.length === 1
        ? `'${codec.values[0]!}'`
        : `one of ${codec.values.map((value) => `'${value}'`).join(', ')}`;
    case 'text':
      return `a string of at most ${codec.maxBytes} bytes of UTF-8`;
    case 'bytes':
      return `a Uint8Array of at most ${codec.maxBytes} bytes`;
    case 'optional':
      return `${expectation(codec.of)}, or undefined`;
    case 'list':
      return `an array of at most ${codec.max} items`;
    case 'record':
      return `an object like { ${Object.keys(codec.fields).join(', ')} }`;
    case 'nothing':
      return 'undefined';
  }
}
