import { CodecMismatch, takeUnits } from './hostCodec.ts';
import { firstTextWord, messageWord, secondTextWord, textUnits, unitsPerWord } from './layout.ts';
import type { Completion } from './quickjsInstance.ts';
import type { Value } from './quickjsExports.ts';

/** The two texts that the guest wrote. Lengths that it cannot mean count as 0. @param first the first word of the shared buffer */
export function textsIn(words: Float64Array, first: number, messageWords: number): [string, string] {
  const length = (word: number, most: number): number => {
    const given = words[first + word]!;
    return given >= 0 && given <= most ? Math.floor(given) : 0;
  };
  const firstLength = length(firstTextWord, textUnits);
  const secondLength = length(secondTextWord, textUnits - firstLength);
  const at = first + messageWord + messageWords;
  const both = takeUnits({ words, at, end: at + textUnits / unitsPerWord }, firstLength + secondLength);
  return [both.slice(0, firstLength), both.slice(firstLength)];
}

/** Writes a value of the engine, which is trusted: one that breaks its own declaration is a bug of the engine. */
export function declared(otherwise: string, write: () => void): void {
  try {
    write();
  } catch (thrown) {
    throw thrown instanceof CodecMismatch ? new Error(`${otherwise} ${thrown.message}`) : thrown;
  }
}

/** A completion of the prelude, which has no way to fail but a mistake in this folder. */
export function trusted(completion: Completion): Value {
  if (!completion.completed) throw new Error('The sandbox prelude failed.');
  return completion.value;
}
