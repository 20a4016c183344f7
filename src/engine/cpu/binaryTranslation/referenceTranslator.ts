import type { Infer } from '../../kernel/codec.ts';
import type { PolicyImplementation } from '../../kernel/policy.ts';
import type { TranslatorPolicy } from './translatorPolicy.ts';

type Translate = (typeof TranslatorPolicy)['decisions']['translateBlock'];
type Instruction = Infer<Translate['input']>['instructions'][number];
type Operation = Infer<Translate['output']>[number];
const none = { rd: undefined, value: undefined, target: undefined };

/** A binary translator that is right and fast: what runs when no other is given. */
export const referenceTranslator = (): PolicyImplementation<typeof TranslatorPolicy> => ({
  translateBlock({ instructions, next }) {
    const operations = instructions.flatMap(translated);
    const last = instructions.at(-1)!;
    const ends = ['goto', 'jump'].includes(operations.at(-1)!.op) || last.name === 'sret';
    return ends ? operations : [...operations, { ...none, op: 'goto', at: last.pc, target: next }];
  },
  codeWritten: ({ address, size, blocks }) =>
    blocks.filter(({ pc, next }) => address < next && pc < address + size).map(({ pc }) => pc),
});

const privileged: ReadonlySet<string> = new Set(['sret', 'wfi', 'sfence.vma']);

function translated({ name, pc, rd, immediate }: Instruction): readonly Operation[] {
  const at = { ...none, at: pc };
  if (name.startsWith('csrr') || privileged.has(name)) return [{ ...at, op: 'emulate' }];
  switch (name) {
    case 'auipc':
      return [{ ...at, op: 'set', rd, value: (pc + immediate) | 0 }];
    case 'jal': {
      const link: Operation = { ...at, op: 'set', rd, value: pc + 4 };
      return [...(rd === 0 ? [] : [link]), { ...at, op: 'goto', target: pc + immediate }];
    }
    case 'jalr':
      return [{ ...at, op: 'jump' }];
    case 'beq':
    case 'bne':
    case 'blt':
    case 'bge':
    case 'bltu':
    case 'bgeu':
      return [{ ...at, op: 'branch', target: pc + immediate }];
  }
  return [{ ...at, op: 'copy' }];
}
