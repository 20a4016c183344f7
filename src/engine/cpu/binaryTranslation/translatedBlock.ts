import type { Infer } from '../../kernel/codec.ts';
import { decode } from '../machine/decode.ts';
import { disassemble } from '../machine/decode.ts';
import { hex } from '../guests/guestState.ts';
import type { TranslatorPolicy } from './translatorPolicy.ts';

export type Operation = Infer<(typeof TranslatorPolicy)['decisions']['translateBlock']['output']>[number];

/** An instruction of a guest's block, as it was when it was translated. */
export interface SourceInstruction {
  readonly pc: number;
  readonly word: number;
}

/** A place in translated code at which the VMM takes over: it holds an EBREAK. */
export type Stub =
  | { readonly kind: 'goto'; readonly target: number }
  /** The VMM does the instruction, or looks up where it jumps. */
  | { readonly kind: 'emulate' | 'jump'; readonly word: number };

/** Machine code of a translation. It is straight: branches lead to stubs at its end, so that it runs from one end to a stub. */
export interface TranslatedBlock {
  /** Where the block lies in the guest, and the address after it. */
  readonly pc: number;
  readonly next: number;
  readonly words: readonly number[];
  /** For each word: the guest's instruction that it belongs to, and how many were done before it. */
  readonly at: readonly number[];
  readonly done: readonly number[];
  readonly stubs: ReadonlyMap<number, Stub>;
  /** Index of the first word of each instruction. */
  readonly entries: ReadonlyMap<number, number>;
  /** Words with copied jumps and branches: where they lead nobody has looked at. */
  readonly transfers: readonly number[];
}

/** What is wrong with a translation. */
export interface TranslationProblem {
  readonly expected: string;
  readonly actual: string;
  readonly because: string;
}

const ebreak = 0x0010_0073;
const transfers: ReadonlySet<string> = new Set(['branch', 'jal', 'jalr']);

export const isTransfer = (word: number): boolean => {
  const decoded = decode(word);
  return decoded !== undefined && (transfers.has(decoded.format) || decoded.name === 'jalr');
};

/** Makes machine code of a translation, or says why it cannot be. */
export function emitBlock(
  source: readonly SourceInstruction[],
  operations: readonly Operation[],
):
  | { readonly ok: true; readonly value: TranslatedBlock }
  | { readonly ok: false; readonly error: TranslationProblem } {
  const pc = source[0]!.pc;
  const next = source.at(-1)!.pc + 4;
  const words: number[] = [];
  const at: number[] = [];
  const done: number[] = [];
  const stubs = new Map<number, Stub>();
  const entries = new Map<number, number>();
  const copied: number[] = [];
  /** Branches whose stubs are still to come. */
  const taken: {
    readonly word: number;
    readonly target: number;
    readonly at: number;
    readonly done: number;
  }[] = [];
  const wrong = (expected: string, actual: string, because: string) =>
    ({ ok: false, error: { expected, actual, because } }) as const;

  for (const operation of operations) {
    const index = source.findIndex((each) => each.pc === operation.at);
    const instruction = source[index];
    if (instruction === undefined) {
      return wrong(
        `"at" of every operation is an instruction of the block, ${hex(pc)} to ${hex(next - 4)}`,
        `${operation.op} at ${hex(operation.at)}`,
        'The VMM has to know for which instruction of the guest an operation stands: a trap is reported there.',
      );
    }
    const put = (word: number, completed = index): void => {
      if (!entries.has(operation.at)) entries.set(operation.at, words.length);
      words.push(word);
      at.push(operation.at);
      done.push(completed);
    };
    const said = disassemble(instruction.word, instruction.pc);
    const decoded = decode(instruction.word)!;
    switch (operation.op) {
      case 'copy':
        if (isTransfer(instruction.word)) copied.push(words.length);
        put(instruction.word);
        break;
      case 'set': {
        const { rd, value } = operation;
        if (rd === undefined || value === undefined)
          return wrong(
            '"set" has a register rd and a value',
            `one is missing, for ${said}`,
            'What should be set?',
          );
        if (rd !== 0) for (const word of constant(rd, value | 0)) put(word);
        break;
      }
      case 'emulate':
        stubs.set(words.length, { kind: 'emulate', word: instruction.word });
        put(ebreak);
        break;
      case 'jump':
        if (decoded.name !== 'jalr')
          return wrong(
            '"jump" stands for a jalr',
            `it stands for ${said}`,
            'Only jalr jumps to where a register leads.',
          );
        stubs.set(words.length, { kind: 'jump', word: instruction.word });
        put(ebreak);
        break;
      case 'goto':
      case 'branch': {
        const { target } = operation;
        if (target === undefined)
          return wrong(
            `"${operation.op}" has a target`,
            `it has none, for ${said}`,
            'Where should the guest go on?',
          );
        if (operation.op === 'goto') {
          stubs.set(words.length, { kind: 'goto', target });
          put(ebreak, index + 1);
          break;
        }
        if (decoded.format !== 'branch')
          return wrong(
            '"branch" stands for a conditional branch',
            `it stands for ${said}`,
            'Only a branch has a condition.',
          );
        taken.push({ word: words.length, target, at: operation.at, done: index + 1 });
        put(instruction.word);
        break;
      }
    }
  }
  const last = operations.at(-1);
  const endsWell =
    last !== undefined &&
    (!['set', 'branch', 'copy'].includes(last.op) || copied.at(-1) === words.length - 1);
  if (!endsWell || words.length === 0) {
    return wrong(
      'a translation that ends with goto, jump or emulate',
      last === undefined ? 'it is empty' : `it ends with ${last.op} for ${hex(last.at)}`,
      `After its last operation the processor would run on into whatever lies next in the cache. Where does the guest go on after ${hex(next - 4)}?`,
    );
  }
  for (const branch of taken) {
    const distance = 4 * (words.length - branch.word);
    words[branch.word] = retargeted(words[branch.word]!, distance);
    stubs.set(words.length, { kind: 'goto', target: branch.target });
    words.push(ebreak);
    at.push(branch.at);
    done.push(branch.done);
  }
  return { ok: true, value: { pc, next, words, at, done, stubs, entries, transfers: copied } };
}

/** `addi`, or `lui` and `addi`, that leave a constant in a register. */
function constant(rd: number, value: number): number[] {
  const low = (value << 20) >> 20;
  const addi = (rs1: number): number => (low << 20) | (rs1 << 15) | (rd << 7) | 0x13;
  if (low === value) return [addi(0)];
  const lui = ((value - low) & 0xffff_f000) | (rd << 7) | 0x37;
  return low === 0 ? [lui] : [lui, addi(rd)];
}

/** A branch with another distance. @param distance bytes, less than 4096 */
function retargeted(word: number, distance: number): number {
  const condition = word & 0x01ff_f07f;
  return (
    condition |
    (((distance >>> 12) & 1) << 31) |
    (((distance >>> 5) & 0x3f) << 25) |
    (((distance >>> 1) & 0xf) << 8) |
    (((distance >>> 11) & 1) << 7)
  );
}
