import { csrName } from './csrNumbers.ts';
import { instructionOf, registerNames, type Format } from './instructionSet.ts';

/** An instruction's parts. Those that its format lacks are 0. */
export interface Decoded {
  readonly name: string;
  readonly format: Format;
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  /** Signed; for branches and jumps the distance in bytes, for `lui` and `auipc` the upper 20 bits in place. */
  readonly immediate: number;
  readonly csr: number;
}

/** Takes a word apart; undefined for an illegal instruction. */
export function decode(word: number): Decoded | undefined {
  const instruction = instructionOf(word);
  if (instruction === undefined) return undefined;
  const { name, format } = instruction;
  const rd = (word >>> 7) & 31;
  const rs1 = (word >>> 15) & 31;
  const rs2 = (word >>> 20) & 31;
  const part = { name, format, rd: 0, rs1: 0, rs2: 0, immediate: 0, csr: 0 };
  switch (format) {
    case 'R':
    case 'amo':
      return { ...part, rd, rs1, rs2 };
    case 'I':
    case 'load':
      return { ...part, rd, rs1, immediate: word >> 20 };
    case 'shift':
      return { ...part, rd, rs1, immediate: rs2 };
    case 'store':
      return { ...part, rs1, rs2, immediate: ((word >> 25) << 5) | rd };
    case 'branch':
      return { ...part, rs1, rs2, immediate: branchOffset(word) };
    case 'U':
      return { ...part, rd, immediate: word & 0xffff_f000 };
    case 'jal':
      return { ...part, rd, immediate: jumpOffset(word) };
    case 'csr':
      return { ...part, rd, rs1, csr: word >>> 20 };
    case 'csrImmediate':
      return { ...part, rd, immediate: rs1, csr: word >>> 20 };
    case 'lr':
      return { ...part, rd, rs1 };
    case 'sfence':
      return { ...part, rs1, rs2 };
    case 'fence':
    case 'none':
      return part;
  }
}

const branchOffset = (word: number): number =>
  ((word >> 31) << 12) | ((word << 4) & 0x800) | ((word >>> 20) & 0x7e0) | ((word >>> 7) & 0x1e);
const jumpOffset = (word: number): number =>
  ((word >> 31) << 20) | (word & 0xff000) | ((word >>> 9) & 0x800) | ((word >>> 20) & 0x7fe);

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/**
 * An instruction as the assembler reads it. Targets are addresses.
 * @param pc where the instruction stands
 */
export function disassemble(word: number, pc: number): string {
  const decoded = decode(word);
  if (decoded === undefined) return `.word ${hex(word)}`;
  const { name, format, immediate } = decoded;
  const rd = registerNames[decoded.rd]!;
  const rs1 = registerNames[decoded.rs1]!;
  const rs2 = registerNames[decoded.rs2]!;
  const csr = csrName(decoded.csr) ?? hex(decoded.csr);
  const order = format === 'amo' || format === 'lr' ? ordering(word) : '';
  const write = (...operands: string[]): string => `${name}${order} ${operands.join(', ')}`;
  switch (format) {
    case 'R':
      return write(rd, rs1, rs2);
    case 'I':
    case 'shift':
      return write(rd, rs1, String(immediate));
    case 'load':
      return write(rd, `${immediate}(${rs1})`);
    case 'store':
      return write(rs2, `${immediate}(${rs1})`);
    case 'branch':
      return write(rs1, rs2, hex(pc + immediate));
    case 'U':
      return write(rd, hex(immediate >>> 12));
    case 'jal':
      return write(rd, hex(pc + immediate));
    case 'csr':
      return write(rd, csr, rs1);
    case 'csrImmediate':
      return write(rd, csr, String(immediate));
    case 'amo':
      return write(rd, rs2, `(${rs1})`);
    case 'lr':
      return write(rd, `(${rs1})`);
    case 'sfence':
      return write(rs1, rs2);
    case 'fence':
    case 'none':
      return name;
  }
}

const ordering = (word: number): string => ['', '.rl', '.aq', '.aqrl'][(word >>> 25) & 3]!;
