import { nearest } from '../../kernel/parameters.ts';
import { evaluate, type Lookup } from './asmExpression.ts';
import { directiveNames } from './asmDirectives.ts';
import { encode, sizeOf } from './asmEncode.ts';
import { operandsOf, statementsOf, type Statement } from './asmLines.ts';
import type { Operand } from './asmOperand.ts';
import { numberBytes, textBytes } from './asmData.ts';
import { AsmError, type AsmProblem } from './asmProblem.ts';
import { instructionNamed } from '../machine/instructionSet.ts';
import { pseudoNames } from './asmPseudo.ts';

/** A program in machine code. */
export interface Assembled {
  /** Address of the first byte. */
  readonly base: number;
  readonly bytes: Uint8Array;
  /** Labels and constants. */
  readonly symbols: ReadonlyMap<string, number>;
  /** The line of the source of each word that holds an instruction, by address. */
  readonly lines: ReadonlyMap<number, number>;
}

export type Assembly =
  | { readonly ok: true; readonly value: Assembled }
  /** At least one problem, in the order of the source. */
  | { readonly ok: false; readonly problems: readonly AsmProblem[] };

const sectionOrder = ['.text', '.rodata', '.data', '.bss'] as const;
const mostBytes = 4 * 1024 * 1024;

interface Section {
  base: number;
  size: number;
  align: number;
  readonly pieces: Piece[];
}

/** What a statement puts into its section. */
interface Piece {
  readonly statement: Statement;
  /** The statement's number: local labels lie before or after it. */
  readonly order: number;
  readonly offset: number;
  readonly size: number;
  readonly word: string;
  readonly operands: readonly Operand[];
  readonly isInstruction: boolean;
}

/**
 * Assembles a source in the syntax of GNU as, as far as the guests use it: RV32IMA_Zicsr_Zifencei with its usual
 * pseudo-instructions, `.text .rodata .data .bss`, labels, local labels, data and alignment, constants, `%hi %lo %pcrel_hi
 * %pcrel_lo`, macros and repetition. There is no linker: sections follow each other from `base` on, and nothing is relaxed.
 * Never throws; all mistakes are reported, each with line and column.
 */
export function assemble(source: string, base = 0x8000_0000): Assembly {
  const problems: AsmProblem[] = [];
  const assembler = new Assembler(base, problems);
  const statements = statementsOf(source, problems);
  assembler.layOut(statements);
  const value = assembler.emit();
  if (problems.length === 0) return { ok: true, value };
  const ordered = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { ok: false, problems: ordered };
}

class Assembler {
  readonly #problems: AsmProblem[];
  readonly #base: number;
  readonly #sections = new Map<string, Section>(
    sectionOrder.map((name) => [name, { base: 0, size: 0, align: 4, pieces: [] }]),
  );
  /** Labels by section and offset, until sections have their place. */
  readonly #labels = new Map<string, { readonly section: Section; readonly offset: number }>();
  readonly #constants = new Map<string, number>();
  /** Local labels `1:` in order of the source, with the statement's number. */
  readonly #local: {
    readonly name: string;
    readonly section: Section;
    readonly offset: number;
    readonly order: number;
  }[] = [];
  /** The number of the statement that is being placed. */
  #order = 0;
  #section = this.#sections.get('.text')!;

  constructor(base: number, problems: AsmProblem[]) {
    this.#base = base;
    this.#problems = problems;
  }

  /** First pass: gives every statement its place. */
  layOut(statements: readonly Statement[]): void {
    statements.forEach((statement, order) => {
      this.#order = order;
      this.#guard(statement, () => this.#place(statement));
    });
    let at = this.#base;
    for (const section of this.#sections.values()) {
      at = Math.ceil(at / section.align) * section.align;
      section.base = at;
      at += section.size;
    }
  }

  /** Second pass: encodes with all addresses known. */
  emit(): Assembled {
    const last = this.#sections.get('.bss')!;
    const size = Math.min(last.base + last.size - this.#base, mostBytes);
    const bytes = new Uint8Array(Math.max(0, size));
    const lines = new Map<number, number>();
    for (const section of this.#sections.values()) {
      for (const piece of section.pieces) {
        const address = section.base + piece.offset;
        this.#guard(piece.statement, () => {
          const encoded = piece.isInstruction
            ? encode(
                piece.word,
                piece.operands,
                address,
                piece.size,
                piece.statement.column,
                this.#lookup(piece, address),
              )
            : this.#data(piece, address);
          bytes.set(encoded.subarray(0, Math.max(0, size - (address - this.#base))), address - this.#base);
        });
        if (piece.isInstruction) {
          for (let word = 0; word < piece.size; word += 4) lines.set(address + word, piece.statement.line);
        }
      }
    }
    const symbols = new Map(this.#constants);
    for (const [name, { section, offset }] of this.#labels) symbols.set(name, section.base + offset);
    return { base: this.#base, bytes, symbols, lines };
  }

  #guard(statement: Statement, work: () => void): void {
    try {
      work();
    } catch (thrown) {
      if (!(thrown instanceof AsmError)) throw thrown;
      const { message, column, suggestion } = thrown;
      this.#problems.push({
        line: statement.line,
        column,
        message,
        ...(suggestion === undefined ? {} : { suggestion }),
      });
    }
  }

  #place(statement: Statement): void {
    let { text, column } = statement;
    for (;;) {
      const label = /^([\w.$]+)\s*:\s*/.exec(text);
      if (label === null) break;
      this.#label(label[1]!, column);
      text = text.slice(label[0].length);
      column += label[0].length;
    }
    if (text === '') return;
    const assignment = /^([A-Za-z_.$][\w.$]*)\s*=\s*(.*)$/.exec(text);
    if (assignment !== null) {
      this.#constant(assignment[1]!, assignment[2]!, column + text.length - assignment[2]!.length);
      return;
    }
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text)!;
    const operands = withColumns(rest, column + text.length - rest.length);
    const name = word.toLowerCase();
    if (name.startsWith('.')) this.#directive(name, operands, statement, column);
    else this.#instruction(name, operands, statement, column);
  }

  #instruction(name: string, operands: readonly Operand[], statement: Statement, column: number): void {
    if (!instructionNamed.has(withoutOrdering(name)) && !pseudoNames.has(name)) {
      const near = nearest(name, [...instructionNamed.keys(), ...pseudoNames]);
      throw new AsmError(
        `There is no instruction "${name}" on this machine (RV32IMA).`,
        column,
        near === undefined ? undefined : `Did you mean ${near}?`,
      );
    }
    const size = sizeOf(name, operands, this.#early);
    this.#push({ statement: { ...statement, column }, word: name, operands, size, isInstruction: true });
  }

  #label(name: string, column: number): void {
    const section = this.#section;
    if (/^\d+$/.test(name)) {
      this.#local.push({ name, section, offset: section.size, order: this.#order });
      return;
    }
    if (this.#labels.has(name) || this.#constants.has(name)) {
      throw new AsmError(`"${name}" is already defined.`, column, 'Give one of the two another name.');
    }
    this.#labels.set(name, { section, offset: section.size });
  }

  #constant(name: string, text: string, column: number): void {
    if (this.#labels.has(name)) throw new AsmError(`"${name}" is already a label.`, column);
    const value = evaluate(text, column, this.#early);
    if (value === undefined) {
      throw new AsmError(
        `The value of "${name}" has to be known here.`,
        column,
        'Define the names in it first.',
      );
    }
    this.#constants.set(name, value);
  }

  /** What is known in the first pass: constants. */
  readonly #early = (name: string): number | undefined => this.#constants.get(name);

  #directive(name: string, operands: readonly Operand[], statement: Statement, column: number): void {
    const constant = (index: number): number => {
      const operand = operands[index];
      if (operand === undefined) throw new AsmError(`${name} needs a value.`, column + name.length);
      const value = evaluate(operand.text, operand.column, this.#early);
      if (value !== undefined) return value;
      throw new AsmError(
        `"${operand.text}" has to be known here.`,
        operand.column,
        'Only constants may stand in it.',
      );
    };
    switch (name) {
      case '.text':
      case '.rodata':
      case '.data':
      case '.bss':
        this.#section = this.#sections.get(name)!;
        return;
      case '.section':
        this.#section = this.#sectionNamed(operands[0], column);
        return;
      case '.align':
      case '.p2align':
        this.#align(2 ** constant(0), statement, column);
        return;
      case '.balign':
        this.#align(constant(0), statement, column);
        return;
      case '.equ':
      case '.set': {
        const [symbol, value] = operands;
        if (symbol === undefined || value === undefined)
          throw new AsmError(`${name} needs a name and a value.`, column);
        this.#constant(symbol.text, value.text, value.column);
        return;
      }
      case '.byte':
      case '.half':
      case '.word':
      case '.dword': {
        const unit = { '.byte': 1, '.half': 2, '.word': 4, '.dword': 8 }[name];
        this.#push({ statement, word: name, operands, size: unit * operands.length, isInstruction: false });
        return;
      }
      case '.ascii':
      case '.asciz':
      case '.string': {
        const size = textBytes(name, operands, column).length;
        this.#push({ statement, word: name, operands, size, isInstruction: false });
        return;
      }
      case '.space':
      case '.zero':
      case '.skip': {
        const size = constant(0);
        if (size < 0 || size > mostBytes)
          throw new AsmError(`${size} bytes cannot be reserved.`, operands[0]!.column);
        this.#push({ statement, word: name, operands, size, isInstruction: false });
        return;
      }
      // What only a linker or a debugger reads.
      case '.globl':
      case '.global':
      case '.option':
      case '.type':
      case '.size':
      case '.file':
      case '.attribute':
        return;
    }
    const near = nearest(name, directiveNames);
    throw new AsmError(
      `The directive ${name} is not known.`,
      column,
      near === undefined ? undefined : `Did you mean ${near}?`,
    );
  }

  #sectionNamed(operand: Operand | undefined, column: number): Section {
    const name = operand?.text.replaceAll('"', '') ?? '';
    const known = sectionOrder.find((each) => name === each || name.startsWith(`${each}.`));
    if (known !== undefined) return this.#sections.get(known)!;
    throw new AsmError(
      `There is no section "${name}".`,
      operand?.column ?? column,
      `Sections: ${sectionOrder.join(', ')}.`,
    );
  }

  #align(bytes: number, statement: Statement, column: number): void {
    if (!Number.isInteger(Math.log2(bytes)) || bytes > 65_536) {
      throw new AsmError(
        `An alignment of ${bytes} bytes is not possible: it must be a power of two up to 65536.`,
        column,
      );
    }
    const section = this.#section;
    section.align = Math.max(section.align, bytes);
    const size = (bytes - (section.size % bytes)) % bytes;
    if (size > 0) this.#push({ statement, word: '.space', operands: [], size, isInstruction: false });
  }

  #push(piece: Omit<Piece, 'offset' | 'order'>): void {
    const section = this.#section;
    section.pieces.push({ ...piece, offset: section.size, order: this.#order });
    section.size += piece.size;
    if (section.size > mostBytes) throw new AsmError(`The program is larger than ${mostBytes} bytes.`, 1);
    if (piece.isInstruction && (section.size & 3) !== 0) {
      throw new AsmError(
        'An instruction has to begin at a multiple of 4.',
        piece.statement.column,
        'Write .align 2 before it.',
      );
    }
  }

  #data(piece: Piece, address: number): Uint8Array {
    const { word, operands, size } = piece;
    if (word === '.space' || word === '.zero' || word === '.skip') return new Uint8Array(size);
    if (word !== '.byte' && word !== '.half' && word !== '.word' && word !== '.dword') {
      return textBytes(word, operands, piece.statement.column);
    }
    return numberBytes(operands, size, this.#lookup(piece, address));
  }

  /** Names in the second pass; an unknown one is a mistake. */
  #lookup(piece: Piece, address: number): Lookup {
    const { order } = piece;
    return (name, column) => {
      if (name === '.') return address;
      if (/^\d+[fb]$/.test(name)) return this.#localAt(name, order, column);
      const label = this.#labels.get(name);
      if (label !== undefined) return label.section.base + label.offset;
      const constant = this.#constants.get(name);
      if (constant !== undefined) return constant;
      const near = nearest(name, [...this.#labels.keys(), ...this.#constants.keys()]);
      throw new AsmError(
        `"${name}" is defined nowhere.`,
        column,
        near === undefined ? undefined : `Did you mean ${near}?`,
      );
    };
  }

  #localAt(name: string, order: number, column: number): number {
    const digits = name.slice(0, -1);
    const same = this.#local.filter((each) => each.name === digits);
    const found = name.endsWith('b')
      ? same.findLast((each) => each.order <= order)
      : same.find((each) => each.order > order);
    if (found !== undefined) return found.section.base + found.offset;
    throw new AsmError(
      `There is no label ${digits}: ${name.endsWith('b') ? 'before' : 'after'} this line.`,
      column,
    );
  }
}

/** `amoadd.w.aqrl` is `amoadd.w` with ordering. */
export const withoutOrdering = (name: string): string =>
  name.replace(/^((?:amo\w+|lr|sc)\.w)\.(?:aq|rl|aqrl)$/, '$1');

function withColumns(text: string, column: number): Operand[] {
  if (text.trim() === '') return [];
  let from = 0;
  return operandsOf(text).map((operand) => {
    const at = text.indexOf(operand, from);
    from = at + operand.length;
    return { text: operand, column: column + at };
  });
}
