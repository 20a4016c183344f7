import { AsmError } from './asmProblem.ts';
import { evaluate, type Lookup } from './asmExpression.ts';
import { csrNamed, csrName } from '../machine/csrNumbers.ts';
import { instructionNamed, registerNamed } from '../machine/instructionSet.ts';
import { halves, type Operand, type RealInstruction } from './asmOperand.ts';
import { expandPseudo, pseudoSize } from './asmPseudo.ts';
import { nearest } from '../../kernel/parameters.ts';

/** Bytes that an instruction or pseudo-instruction takes. @param early constants that are known in the first pass */
export const sizeOf = (
  name: string,
  operands: readonly Operand[],
  early: (name: string) => number | undefined,
): number => pseudoSize(name, operands, early) ?? 4;

/**
 * Encodes an instruction or what a pseudo-instruction stands for.
 * @param address where it stands @param size what {@link sizeOf} said
 * @throws AsmError
 */
export function encode(
  name: string,
  operands: readonly Operand[],
  address: number,
  size: number,
  column: number,
  lookup: Lookup,
): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const real = expandPseudo(name, operands, size, address, column, lookup) ?? [{ name, operands }];
  real.forEach((each, index) => {
    view.setUint32(4 * index, encodeOne(each, address + 4 * index, column, lookup), true);
  });
  return bytes;
}

function encodeOne(
  { name, operands }: RealInstruction,
  address: number,
  column: number,
  lookup: Lookup,
): number {
  const [, plain = name, order] = /^((?:amo\w+|lr|sc)\.w)\.(aq|rl|aqrl)$/.exec(name) ?? [];
  const instruction = instructionNamed.get(plain)!;
  const { format, match } = instruction;
  const need = (count: number): void => {
    if (operands.length === count) return;
    throw new AsmError(
      `${name} takes ${count === 0 ? 'no operands' : count === 1 ? '1 operand' : `${count} operands`}, but ${operands.length} are given.`,
      operands[Math.min(count, operands.length - 1)]?.column ?? column,
      shapes[format] === undefined ? undefined : `Write ${name} ${shapes[format]}.`,
    );
  };
  const reg = (index: number): number => register(operands[index]!);
  const rd = (value: number): number => value << 7;
  const rs1 = (value: number): number => value << 15;
  const rs2 = (value: number): number => value << 20;
  const bits = { aq: 1 << 26, rl: 1 << 25, aqrl: 3 << 25 }[order as 'aq' | 'rl' | 'aqrl'] ?? 0;
  switch (format) {
    case 'R':
      need(3);
      return match | rd(reg(0)) | rs1(reg(1)) | rs2(reg(2));
    case 'I': {
      need(3);
      return match | rd(reg(0)) | rs1(reg(1)) | (signed(operands[2]!, 12, address, lookup) << 20);
    }
    case 'shift':
      need(3);
      return match | rd(reg(0)) | rs1(reg(1)) | rs2(unsigned(operands[2]!, 31, lookup));
    case 'load': {
      need(2);
      const at = memory(operands[1]!, address, lookup);
      return match | rd(reg(0)) | rs1(at.base) | (at.offset << 20);
    }
    case 'store': {
      need(2);
      const at = memory(operands[1]!, address, lookup);
      return match | rs2(reg(0)) | rs1(at.base) | ((at.offset >> 5) << 25) | ((at.offset & 31) << 7);
    }
    case 'branch': {
      need(3);
      const distance = target(operands[2]!, address, 4096, lookup);
      return match | rs1(reg(0)) | rs2(reg(1)) | branchBits(distance);
    }
    case 'U': {
      need(2);
      return match | rd(reg(0)) | (upper(operands[1]!, address, lookup) << 12);
    }
    case 'jal': {
      need(2);
      const distance = target(operands[1]!, address, 1 << 20, lookup);
      return match | rd(reg(0)) | jumpBits(distance);
    }
    case 'csr':
      need(3);
      return match | rd(reg(0)) | (csr(operands[1]!, lookup) << 20) | rs1(reg(2));
    case 'csrImmediate':
      need(3);
      return match | rd(reg(0)) | (csr(operands[1]!, lookup) << 20) | rs1(unsigned(operands[2]!, 31, lookup));
    case 'amo':
      need(3);
      return match | bits | rd(reg(0)) | rs2(reg(1)) | rs1(addressRegister(operands[2]!));
    case 'lr':
      need(2);
      return match | bits | rd(reg(0)) | rs1(addressRegister(operands[1]!));
    case 'sfence':
      if (operands.length === 0) return match;
      if (operands.length === 1) return match | rs1(reg(0));
      need(2);
      return match | rs1(reg(0)) | rs2(reg(1));
    case 'fence':
      // Every order is kept here, so the operands of FENCE say nothing; as without operands, all are ordered.
      return plain === 'fence' ? match | (0xff << 20) : match;
    case 'none':
      need(0);
      return match;
  }
}

const shapes: Readonly<Record<string, string>> = {
  R: 'rd, rs1, rs2',
  I: 'rd, rs1, immediate',
  shift: 'rd, rs1, amount',
  load: 'rd, offset(rs1)',
  store: 'rs2, offset(rs1)',
  branch: 'rs1, rs2, label',
  U: 'rd, upper',
  jal: 'rd, label',
  csr: 'rd, csr, rs1',
  csrImmediate: 'rd, csr, immediate',
  amo: 'rd, rs2, (rs1)',
  lr: 'rd, (rs1)',
};

const branchBits = (d: number): number =>
  ((d & 0x1000) << 19) | ((d & 0x7e0) << 20) | ((d & 0x1e) << 7) | ((d & 0x800) >> 4);
const jumpBits = (d: number): number =>
  ((d & 0x10_0000) << 11) | ((d & 0x7fe) << 20) | ((d & 0x800) << 9) | (d & 0xf_f000);

/** @throws AsmError */
export function register({ text, column }: Operand): number {
  const number = registerNamed(text);
  if (number !== undefined) return number;
  throw new AsmError(
    `A register was expected, but here stands "${text}".`,
    column,
    'Registers: zero, ra, sp, a0 … a7, t0 …, s0 …, x0 … x31.',
  );
}

function csr({ text, column }: Operand, lookup: Lookup): number {
  const named = csrNamed(text);
  if (named !== undefined) return named;
  if (/^[a-z]/i.test(text) && lookupOrUndefined(text, lookup) === undefined) {
    const near = nearest(text, allCsrs);
    throw new AsmError(
      `There is no CSR "${text}" on this machine.`,
      column,
      near === undefined ? undefined : `Did you mean ${near}?`,
    );
  }
  return unsigned({ text, column }, 4095, lookup);
}

const allCsrs = Array.from({ length: 4096 }, (_, number) => csrName(number)).filter(
  (name) => name !== undefined,
);

function lookupOrUndefined(name: string, lookup: Lookup): number | undefined {
  try {
    return lookup(name, 0);
  } catch {
    return undefined;
  }
}

function unsigned({ text, column }: Operand, max: number, lookup: Lookup): number {
  const value = evaluate(text, column, lookup)!;
  if (value >= 0 && value <= max) return value;
  throw new AsmError(`${value} is out of range: it must be from 0 to ${max}.`, column);
}

/** A signed immediate, also as `%lo(symbol)` or `%pcrel_lo(label)`. */
function signed(operand: Operand, bits: number, address: number, lookup: Lookup): number {
  const { text, column } = operand;
  const half = relocation(operand, address, lookup);
  if (half !== undefined) return half.low;
  const value = evaluate(text, column, lookup)!;
  const bound = 2 ** (bits - 1);
  if (value >= -bound && value < bound) return value;
  throw new AsmError(
    `${value} does not fit into ${bits} bits: an immediate here is from ${-bound} to ${bound - 1}.`,
    column,
    'Load it into a register with li.',
  );
}

function upper(operand: Operand, address: number, lookup: Lookup): number {
  const half = relocation(operand, address, lookup);
  if (half !== undefined) return half.high;
  return unsigned(operand, 0xf_ffff, lookup);
}

function relocation(
  { text, column }: Operand,
  address: number,
  lookup: Lookup,
): { readonly high: number; readonly low: number } | undefined {
  const match = /^%(hi|lo|pcrel_hi|pcrel_lo)\s*\((.*)\)$/.exec(text);
  if (match === null) return undefined;
  const [, kind, inside = ''] = match;
  const value = evaluate(inside, column + text.indexOf('(') + 1, lookup)!;
  if (kind === 'hi' || kind === 'lo') return halves(value | 0);
  if (kind === 'pcrel_hi') return halves((value - address) | 0);
  throw new AsmError(
    '%pcrel_lo needs a linker.',
    column,
    'Use la, lw or sw with a symbol, which stand for both halves.',
  );
}

/** `offset(register)`, `(register)` or `%lo(symbol)(register)`. */
function memory(
  operand: Operand,
  address: number,
  lookup: Lookup,
): { readonly base: number; readonly offset: number } {
  const { text, column } = operand;
  const open = text.lastIndexOf('(');
  if (open === -1 || !text.endsWith(')')) {
    throw new AsmError(
      `An address was expected, but here stands "${text}".`,
      column,
      'Write it as offset(register), such as 8(sp).',
    );
  }
  const base = register({ text: text.slice(open + 1, -1).trim(), column: column + open + 1 });
  const before = text.slice(0, open).trim();
  const offset = before === '' ? 0 : signed({ text: before, column }, 12, address, lookup);
  return { base, offset };
}

function addressRegister({ text, column }: Operand): number {
  const match = /^(?:0\s*)?\(\s*(\w+)\s*\)$/.exec(text);
  if (match !== null) return register({ text: match[1]!, column: column + 1 });
  throw new AsmError(
    `An address was expected, but here stands "${text}".`,
    column,
    'Atomic instructions take (register) alone.',
  );
}

function target({ text, column }: Operand, address: number, reach: number, lookup: Lookup): number {
  const distance = evaluate(text, column, lookup)! - address;
  if (distance % 2 !== 0) throw new AsmError(`"${text}" is at an odd address.`, column);
  if (distance >= -reach && distance < reach) return distance;
  throw new AsmError(
    `"${text}" is ${Math.abs(distance)} bytes away; this instruction reaches ${reach}.`,
    column,
    reach === 4096 ? 'Branch around a j, which reaches further.' : 'Use call or tail.',
  );
}
