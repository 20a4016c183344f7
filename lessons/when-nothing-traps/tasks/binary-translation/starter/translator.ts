import type { BlockInstruction, Operation, TranslatorPolicy } from 'trapframe';

export const translator: TranslatorPolicy = {
  translateBlock({ instructions, next }) {
    const operations = instructions.flatMap(translated);
    const last = instructions[instructions.length - 1]!;
    // After a branch that is not taken, and after a block without a jump, the guest goes on at the next instruction.
    return [...operations, { op: 'goto', at: last.pc, target: next }];
  },

  codeWritten({ address, size, blocks }) {
    // Which translations are no longer true?
    return [];
  },
};

function translated({ name, pc, rd, immediate }: BlockInstruction): Operation[] {
  // Innocuous instructions stay as they are. But which are innocuous, now that they stand elsewhere?
  return [{ op: 'copy', at: pc }];
}
