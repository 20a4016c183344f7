import { address, int, list, oneOf, optional, record, text } from '../../kernel/codec.ts';
import { definePolicy } from '../../kernel/policy.ts';

/** Most instructions of a basic block that is translated at once. */
export const longestBlock = 16;
/** Most operations of a translation. */
export const longestTranslation = 4 * longestBlock;

const word = (doc: string) => int(doc, { min: -(2 ** 31), max: 2 ** 32 - 1 });
const registerNumber = (doc: string) => int(doc, { min: 0, max: 31 });

/** What a translation is made of. */
export const operationKinds = ['copy', 'set', 'emulate', 'branch', 'goto', 'jump'] as const;

/** A binary translator: what becomes of the code of a guest's kernel before it runs. */
export const TranslatorPolicy = definePolicy({
  id: 'translator',
  typeName: 'TranslatorPolicy',
  doc:
    'A binary translator. The guest’s kernel never runs as it is: each basic block is translated when it is first reached, and the translation ' +
    'runs, in real user mode, from a cache at other addresses. The guest’s process runs directly.',
  decisions: {
    translateBlock: {
      doc:
        'Translates a basic block: instructions that are executed one after the other, up to the first jump or branch. Asked once ' +
        'for each block, and again when its translation was thrown away.',
      input: record('A basic block of the guest’s kernel.', 'Block', {
        pc: address('Address of its first instruction.'),
        instructions: list(
          'Its instructions. At least one.',
          record('An instruction.', 'BlockInstruction', {
            pc: address('Its address in the guest.'),
            name: text('`addi`, `auipc`, `jal`, `csrrw`, `sret`, …', 16),
            rd: registerNumber('Number of the register that it writes; 0 is none.'),
            rs1: registerNumber('Number of its first register.'),
            rs2: registerNumber('Number of its second register.'),
            csr: text('Name of its CSR, for `csrrw`, `csrrs`, …; else empty.', 16),
            immediate: word(
              'Its immediate, signed. Of a branch or `jal` the distance from `pc`; of `lui` and `auipc` what they add, shifted already.',
            ),
          }),
          longestBlock,
        ),
        next: address('Address after its last instruction.'),
      }),
      output: list(
        'The translation, operation after operation. It ends with one that says where to go on.',
        record('An operation of translated code.', 'Operation', {
          op: oneOf(
            '`copy`: the instruction as it is, at another address. `set`: register `rd` gets `value`. `emulate`: the VMM does the instruction to the ' +
              'virtual CPU, and goes on as the guest would. `branch`: goes on at `target` when the condition of the branch holds, else with the next ' +
              'operation. `goto`: goes on at `target`. `jump`: does a `jalr`: looks up, at run time, where its register leads, and leaves the ' +
              'guest’s return address.',
            operationKinds,
          ),
          at: address('The instruction of the block that it stands for.'),
          rd: optional('Of `set`: the register.', registerNumber('A register.')),
          value: optional('Of `set`: the value.', {
            ...word('A number; its lower 32 bits are taken.'),
            notation: 'hexadecimal',
          }),
          target: optional(
            'Of `branch` and `goto`: where to go on, an address of the guest.',
            address('An address.'),
          ),
        }),
        longestTranslation,
      ),
    },
    codeWritten: {
      doc:
        'The guest stored to a page from which blocks were translated. Says which translations are thrown away. A block that is needed again is ' +
        'translated anew.',
      input: record('A store to code, or beside it.', 'CodeWrite', {
        address: address('Where in the guest.'),
        size: int('How many bytes.', { min: 1, max: 4 }),
        blocks: list(
          'The translated blocks of that page.',
          record('A block that was translated.', 'TranslatedBlock', {
            pc: address('Address of its first instruction.'),
            next: address('Address after its last one.'),
          }),
          1024,
        ),
      }),
      output: list('Blocks whose translations are thrown away, by `pc`.', address('A block’s `pc`.'), 1024),
    },
  },
  calls: {},
});

export const translatorPolicies = { translator: TranslatorPolicy };
