import { AsmError } from './asmProblem.ts';
import { evaluate, type Lookup } from './asmExpression.ts';
import { halves, type Operand, type RealInstruction } from './asmOperand.ts';

/** Pseudo-instructions that are one real instruction: its name and operands, in which `0` to `2` stand for what was given. */
const single: Readonly<Record<string, readonly (string | number)[]>> = {
  nop: ['addi', 'x0', 'x0', '0'],
  mv: ['addi', 0, 1, '0'],
  move: ['addi', 0, 1, '0'],
  not: ['xori', 0, 1, '-1'],
  neg: ['sub', 0, 'x0', 1],
  seqz: ['sltiu', 0, 1, '1'],
  snez: ['sltu', 0, 'x0', 1],
  sltz: ['slt', 0, 1, 'x0'],
  sgtz: ['slt', 0, 'x0', 1],
  beqz: ['beq', 0, 'x0', 1],
  bnez: ['bne', 0, 'x0', 1],
  blez: ['bge', 'x0', 0, 1],
  bgez: ['bge', 0, 'x0', 1],
  bltz: ['blt', 0, 'x0', 1],
  bgtz: ['blt', 'x0', 0, 1],
  bgt: ['blt', 1, 0, 2],
  ble: ['bge', 1, 0, 2],
  bgtu: ['bltu', 1, 0, 2],
  bleu: ['bgeu', 1, 0, 2],
  j: ['jal', 'x0', 0],
  ret: ['jalr', 'x0', '0(ra)'],
  csrr: ['csrrs', 0, 1, 'x0'],
  csrw: ['csrrw', 'x0', 0, 1],
  csrs: ['csrrs', 'x0', 0, 1],
  csrc: ['csrrc', 'x0', 0, 1],
  csrwi: ['csrrwi', 'x0', 0, 1],
  csrsi: ['csrrsi', 'x0', 0, 1],
  csrci: ['csrrci', 'x0', 0, 1],
  rdcycle: ['csrrs', 0, 'cycle', 'x0'],
  rdtime: ['csrrs', 0, 'time', 'x0'],
  rdtimeh: ['csrrs', 0, 'timeh', 'x0'],
  rdinstret: ['csrrs', 0, 'instret', 'x0'],
  unimp: ['csrrw', 'x0', 'cycle', 'x0'],
};

/** Pseudo-instructions with an expansion of their own. */
const others = ['li', 'la', 'lla', 'call', 'tail', 'jr'];

export const pseudoNames: ReadonlySet<string> = new Set([...Object.keys(single), ...others]);

/** Real instructions that may be written shorter. */
const loads = new Set(['lb', 'lh', 'lw', 'lbu', 'lhu']);
const stores = new Set(['sb', 'sh', 'sw']);
/** R-type names that take an immediate too: `add a0, a0, 1`, as GNU as allows. */
const immediateForms: Readonly<Record<string, string>> = {
  add: 'addi',
  and: 'andi',
  or: 'ori',
  xor: 'xori',
  sll: 'slli',
  srl: 'srli',
  sra: 'srai',
  slt: 'slti',
  sltu: 'sltiu',
};

const isSymbolic = (operand: Operand | undefined): boolean =>
  operand !== undefined && !operand.text.includes('(') && /^[A-Za-z_.$]/.test(operand.text);

/** Bytes of a pseudo-instruction; undefined for a real one. */
export function pseudoSize(
  name: string,
  operands: readonly Operand[],
  early: (name: string) => number | undefined,
): number | undefined {
  if (name === 'li') {
    const [, operand] = operands;
    if (operand === undefined) return 4;
    const value = evaluate(operand.text, operand.column, early);
    if (value === undefined) return 8;
    const { low } = halves(value | 0);
    return (value | 0) === low || low === 0 ? 4 : 8;
  }
  if (name === 'la' || name === 'lla' || name === 'call' || name === 'tail') return 8;
  if (loads.has(name) && isSymbolic(operands[1])) return 8;
  return stores.has(name) && operands.length === 3 ? 8 : undefined;
}

/**
 * The real instructions that a pseudo-instruction stands for; undefined for a real one.
 * @throws AsmError
 */
export function expandPseudo(
  name: string,
  operands: readonly Operand[],
  size: number,
  address: number,
  column: number,
  lookup: Lookup,
): readonly RealInstruction[] | undefined {
  const form = single[name];
  if (form !== undefined) return [fill(name, form, operands, column)];
  const needs = (count: number): void => {
    if (operands.length === count) return;
    throw new AsmError(
      `${name} takes ${count === 1 ? '1 operand' : `${count} operands`}, but ${operands.length} are given.`,
      operands[count]?.column ?? column,
    );
  };
  const at = (text: string): Operand => ({ text, column });
  const relative = (operand: Operand): { readonly high: Operand; readonly low: string } => {
    const { high, low } = halves((evaluate(operand.text, operand.column, lookup)! - address) | 0);
    return { high: at(String(high)), low: String(low) };
  };
  switch (name) {
    case 'li': {
      needs(2);
      const [rd, operand] = operands as [Operand, Operand];
      const value = evaluate(operand.text, operand.column, lookup)!;
      if (value < -(2 ** 31) || value >= 2 ** 32)
        throw new AsmError(`${value} does not fit into 32 bits.`, operand.column);
      const { high, low } = halves(value | 0);
      const lower = at(String(low));
      if (size === 4 && (value | 0) === low) return [{ name: 'addi', operands: [rd, at('x0'), lower] }];
      const lui = { name: 'lui', operands: [rd, at(String(high))] };
      return size === 4 ? [lui] : [lui, { name: 'addi', operands: [rd, rd, lower] }];
    }
    case 'la':
    case 'lla': {
      needs(2);
      const [rd, symbol] = operands as [Operand, Operand];
      const { high, low } = relative(symbol);
      return [
        { name: 'auipc', operands: [rd, high] },
        { name: 'addi', operands: [rd, rd, at(low)] },
      ];
    }
    case 'call':
    case 'tail': {
      needs(1);
      const { high, low } = relative(operands[0]!);
      const through = at(name === 'call' ? 'ra' : 't1');
      return [
        { name: 'auipc', operands: [through, high] },
        { name: 'jalr', operands: [at(name === 'call' ? 'ra' : 'x0'), at(`${low}(${through.text})`)] },
      ];
    }
    case 'jr':
      needs(1);
      return [{ name: 'jalr', operands: [at('x0'), { ...operands[0]!, text: `0(${operands[0]!.text})` }] }];
  }
  const [first, second, third] = operands;
  if (name === 'jal' && operands.length === 1) return [{ name, operands: [at('ra'), first!] }];
  if (name === 'jalr' && operands.length === 1) {
    return [{ name, operands: [at('ra'), { ...first!, text: `0(${first!.text})` }] }];
  }
  if (name === 'jalr' && operands.length === 2 && !second!.text.includes('(')) {
    return [{ name, operands: [first!, { ...second!, text: `0(${second!.text})` }] }];
  }
  if (name === 'jalr' && operands.length === 3) {
    return [{ name, operands: [first!, { ...third!, text: `${third!.text}(${second!.text})` }] }];
  }
  if (loads.has(name) && isSymbolic(second)) {
    const { high, low } = relative(second!);
    return [
      { name: 'auipc', operands: [first!, high] },
      { name, operands: [first!, at(`${low}(${first!.text})`)] },
    ];
  }
  if (stores.has(name) && operands.length === 3) {
    const { high, low } = relative(second!);
    return [
      { name: 'auipc', operands: [third!, high] },
      { name, operands: [first!, at(`${low}(${third!.text})`)] },
    ];
  }
  const immediate = immediateForms[name];
  if (immediate !== undefined && third !== undefined && /^[-+\d'(%~]/.test(third.text)) {
    return [{ name: immediate, operands }];
  }
  return undefined;
}

function fill(
  name: string,
  [real, ...form]: readonly (string | number)[],
  operands: readonly Operand[],
  column: number,
): RealInstruction {
  const needed = form.filter((part) => typeof part === 'number').length;
  if (operands.length !== needed) {
    throw new AsmError(
      `${name} takes ${needed === 0 ? 'no operands' : needed === 1 ? '1 operand' : `${needed} operands`}, but ${operands.length} are given.`,
      operands[needed]?.column ?? column,
    );
  }
  // GNU as takes a number for the register of csrw and its like, and means the immediate form.
  const last = operands[needed - 1];
  const immediate = /^csr[wsc]$/.test(name) && last !== undefined && /^\d/.test(last.text);
  return {
    name: immediate ? `${String(real)}i` : String(real),
    operands: form.map((part) => (typeof part === 'number' ? operands[part]! : { text: part, column })),
  };
}
