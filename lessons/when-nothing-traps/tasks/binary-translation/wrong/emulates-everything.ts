import type { Operation, TranslatorPolicy } from 'trapframe';

export const translator: TranslatorPolicy = {
  translateBlock({ instructions }) {
    const operations = instructions.map(({ pc }): Operation => ({ op: 'emulate', at: pc }));
    return operations;
  },

  codeWritten({ address, size, blocks }) {
    return blocks.filter(({ pc, next }) => address < next && pc < address + size).map(({ pc }) => pc);
  },
};
