/**
 * Bounded codecs: the shapes of values that may cross between the engine and a learner's module.
 *
 * Every codec has a bound, so that a declaration also states the largest message. Values cross as float64 words
 * (see `src/grading/sandbox`); this file only declares shapes and what may be in them.
 */

export interface IntCodec {
  readonly kind: 'int';
  readonly doc: string;
  readonly min: number;
  readonly max: number;
  /** How people are shown it. Default decimal; a negative number is decimal always. */
  readonly notation?: 'hexadecimal';
}

export interface FloatCodec {
  readonly kind: 'float';
  readonly doc: string;
  readonly min: number;
  readonly max: number;
}

export interface FlagCodec {
  readonly kind: 'flag';
  readonly doc: string;
}

export interface OneOfCodec<V extends string = string> {
  readonly kind: 'oneOf';
  readonly doc: string;
  readonly values: readonly V[];
}

/** The number of a simulated thing (a vCPU, a process, a Pod): an integer in [0, max]. */
export interface IdCodec {
  readonly kind: 'id';
  readonly doc: string;
  /** What it is a number of, as the field says it: `vCPU`. */
  readonly of: string;
  readonly max: number;
}

/** Unicode text, at most `maxBytes` bytes of UTF-8. */
export interface TextCodec {
  readonly kind: 'text';
  readonly doc: string;
  readonly maxBytes: number;
}

export interface BytesCodec {
  readonly kind: 'bytes';
  readonly doc: string;
  readonly maxBytes: number;
}

/** A value that may be absent: `undefined` for the learner. */
export interface OptionalCodec<C extends Codec = Codec> {
  readonly kind: 'optional';
  readonly doc: string;
  readonly of: C;
}

export interface ListCodec<C extends Codec = Codec> {
  readonly kind: 'list';
  readonly doc: string;
  readonly of: C;
  /** Most items. */
  readonly max: number;
}

export interface RecordCodec<F extends CodecFields = CodecFields> {
  readonly kind: 'record';
  readonly doc: string;
  /** The record's name in the learner's types: `RunQueueEntry`. */
  readonly name: string;
  readonly fields: F;
}

/** No value: the result of a decision that only informs the learner. */
export interface NothingCodec {
  readonly kind: 'nothing';
  readonly doc: string;
}

export interface CodecFields {
  readonly [field: string]: Codec;
}

export type Codec =
  | IntCodec
  | FloatCodec
  | FlagCodec
  | OneOfCodec
  | IdCodec
  | TextCodec
  | BytesCodec
  | OptionalCodec
  | ListCodec
  | RecordCodec
  | NothingCodec;

/** The TypeScript type of a codec's values. */
export type Infer<C> = C extends IntCodec | FloatCodec | IdCodec
  ? number
  : C extends FlagCodec
    ? boolean
    : C extends OneOfCodec<infer V>
      ? V
      : C extends TextCodec
        ? string
        : C extends BytesCodec
          ? Uint8Array
          : C extends OptionalCodec<infer O>
            ? Infer<O> | undefined
            : C extends ListCodec<infer I>
              ? readonly Infer<I>[]
              : C extends RecordCodec<infer F>
                ? { readonly [K in keyof F]: Infer<F[K]> }
                : C extends NothingCodec
                  ? void
                  : never;

export const int = (doc: string, bounds: { min: number; max: number }): IntCodec => ({
  kind: 'int',
  doc,
  ...bounds,
});
/** An address of 32 bits: an integer that people read in hexadecimal. */
export const address = (doc: string): IntCodec => ({
  ...int(doc, { min: 0, max: 2 ** 32 - 1 }),
  notation: 'hexadecimal',
});
export const float = (doc: string, bounds: { min: number; max: number }): FloatCodec => ({
  kind: 'float',
  doc,
  ...bounds,
});
export const flag = (doc: string): FlagCodec => ({ kind: 'flag', doc });
export const oneOf = <const V extends string>(doc: string, values: readonly V[]): OneOfCodec<V> => ({
  kind: 'oneOf',
  doc,
  values,
});
export const id = (doc: string, of: string, max: number): IdCodec => ({ kind: 'id', doc, of, max });
export const text = (doc: string, maxBytes: number): TextCodec => ({ kind: 'text', doc, maxBytes });
export const bytes = (doc: string, maxBytes: number): BytesCodec => ({ kind: 'bytes', doc, maxBytes });
export const optional = <C extends Codec>(doc: string, of: C): OptionalCodec<C> => ({
  kind: 'optional',
  doc,
  of,
});
export const list = <C extends Codec>(doc: string, of: C, max: number): ListCodec<C> => ({
  kind: 'list',
  doc,
  of,
  max,
});
export const record = <const F extends CodecFields>(
  doc: string,
  name: string,
  fields: F,
): RecordCodec<F> => ({ kind: 'record', doc, name, fields });
/** A number of an integer codec as people are shown it, which is also how a program writes it. */
export const numberText = ({ notation }: IntCodec, value: number): string =>
  notation === 'hexadecimal' && Number.isInteger(value) && value >= 0
    ? `0x${value.toString(16)}`
    : String(value);
export const nothing: NothingCodec = { kind: 'nothing', doc: 'Nothing is returned.' };
