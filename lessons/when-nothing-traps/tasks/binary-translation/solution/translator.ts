import type { BlockInstruction, Operation, TranslatorPolicy } from 'trapframe';

const branches = ['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'];
const ofTheKernel = ['sret', 'wfi', 'sfence.vma'];

export const translator: TranslatorPolicy = {
  translateBlock({ instructions, next }) {
    const operations = instructions.flatMap(translated);
    const last = instructions[instructions.length - 1]!;
    const ends = ['jal', 'jalr', 'sret'].includes(last.name);
    return ends ? operations : [...operations, { op: 'goto', at: last.pc, target: next }];
  },

  codeWritten({ address, size, blocks }) {
    return blocks.filter(({ pc, next }) => address < next && pc < address + size).map(({ pc }) => pc);
  },
};

function translated({ name, pc, rd, immediate }: BlockInstruction): Operation[] {
  // Whether it would trap or not: what is sensitive acts on the virtual CPU.
  if (name.startsWith('csrr') || ofTheKernel.includes(name)) return [{ op: 'emulate', at: pc }];
  // What depends on where it stands says now what it says in the guest.
  if (name === 'auipc') return [{ op: 'set', at: pc, rd, value: (pc + immediate) | 0 }];
  if (name === 'jal') {
    const link: Operation[] = rd === 0 ? [] : [{ op: 'set', at: pc, rd, value: pc + 4 }];
    return [...link, { op: 'goto', at: pc, target: pc + immediate }];
  }
  if (name === 'jalr') return [{ op: 'jump', at: pc }];
  if (branches.includes(name)) return [{ op: 'branch', at: pc, target: pc + immediate }];
  return [{ op: 'copy', at: pc }];
}
