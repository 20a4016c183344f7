import { decode } from '../machine/decode.ts';
import type { Hart } from '../machine/hart.ts';
import { run, type Stop } from '../machine/interpreter.ts';
import { guestWordAt } from '../machine/translate.ts';

/** Is told of an instruction that has run: where it stood, its word, and what is now in the register that it writes (0 for none). */
type OnInstruction = (pc: number, word: number, value: number) => void;

/**
 * Runs on where a store to a page table or to code only stopped the processor.
 * @param limit the most instructions to begin
 * @param follows whether `told` is called; a run is the same with and without. An instruction that traps did not run.
 */
export function runOn(
  hart: Hart,
  limit: number,
  follows: boolean | undefined,
  told: OnInstruction,
): Exclude<Stop, 'stop'> {
  const end = hart.cycle + limit;
  for (;;) {
    const left = end - hart.cycle;
    const stop = follows === true ? runStepwise(hart, left, told) : run(hart, left);
    if (stop !== 'stop') return stop;
  }
}

function runStepwise(hart: Hart, limit: number, told: OnInstruction): Stop {
  const end = hart.cycle + limit;
  while (hart.cycle < end) {
    const { cycle, pc, trapped } = hart;
    const word = guestWordAt(hart, pc) ?? 0;
    const stop = run(hart, 1);
    if (hart.trapped === trapped && hart.cycle > cycle) told(pc >>> 0, word, hart.x[destination(word)]!);
    if (stop !== 'limit') return stop;
  }
  return run(hart, 0);
}

/** The register that an instruction writes; x0, which stays 0, where it writes none. */
export const destination = (word: number): number => decode(word)?.rd ?? 0;
