import { ramBase } from './hart.ts';

/** A part of a program that is loaded into memory. */
export interface Segment {
  /** Physical address of the first byte. */
  readonly address: number;
  readonly bytes: Uint8Array;
  /** Size in memory; what the file does not give is zero. */
  readonly memoryBytes: number;
}

/** A program for RV32. */
export interface Program {
  readonly entry: number;
  readonly segments: readonly Segment[];
  readonly symbols: ReadonlyMap<string, number>;
}

export type ElfReading =
  { readonly ok: true; readonly value: Program } | { readonly ok: false; readonly error: string };

class BadElf extends Error {}
const bad = (message: string): never => {
  throw new BadElf(message);
};

const most = { programHeaders: 256, sections: 4096, symbols: 1_000_000 } as const;

/**
 * Reads an executable of the ELF format (System V ABI, chapters 4 and 5) for 32-bit little-endian RISC-V. Never throws;
 * every offset and size is checked against the file.
 * @param ramBytes size of the memory that it must fit in
 */
export function readElf(file: Uint8Array, ramBytes: number): ElfReading {
  try {
    return { ok: true, value: read(new Reader(file), ramBytes) };
  } catch (thrown) {
    if (thrown instanceof BadElf) return { ok: false, error: thrown.message };
    throw thrown;
  }
}

/** Numbers of the file by offset; reading past its end is an error with a name. */
class Reader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  require(offset: number, size: number, what: string): void {
    if (offset + size <= this.bytes.length) return;
    bad(
      `The file is cut off: ${what} should be at bytes ${offset} to ${offset + size}, but the file has ${this.bytes.length}. ${again}`,
    );
  }
  byte(offset: number, what: string): number {
    this.require(offset, 1, what);
    return this.#view.getUint8(offset);
  }
  half(offset: number, what: string): number {
    this.require(offset, 2, what);
    return this.#view.getUint16(offset, true);
  }
  word(offset: number, what: string): number {
    this.require(offset, 4, what);
    return this.#view.getUint32(offset, true);
  }
  /** A text that ends with a zero byte. */
  text(offset: number, end: number): string {
    let text = '';
    for (let at = offset; at < end && at < this.bytes.length && this.bytes[at] !== 0; at++) {
      text += String.fromCharCode(this.bytes[at]!);
    }
    return text;
  }
}

const machineRiscv = 243;

/** What to do next, by what is wrong. */
const give = 'Give the program that ld made, for example one of riscv-tests.';
const compile = 'Compile it with -march=rv32ima -mabi=ilp32.';
// -n: without it, ld puts its headers into the page before the text.
const link = `Link it with ld -n -Ttext=0x${ramBase.toString(16)}, and with its start in _start.`;
const again = 'Build it anew: the file is damaged.';

function read(file: Reader, ramBytes: number): Program {
  if (file.bytes.length === 0) bad(`This is no ELF file: it is empty. ${give}`);
  if (file.bytes.length < 4 || file.bytes[0] !== 0x7f || file.text(1, 4) !== 'ELF') {
    bad(`This is no ELF file: it does not begin with the bytes 7f 45 4c 46. ${give}`);
  }
  const header = 'the ELF header';
  const bits = file.byte(4, header);
  if (bits === 2) bad(`This is a 64-bit program; the machine has 32 bits. ${compile}`);
  if (bits !== 1) bad(`The ELF class is ${bits}, but must be 1 (32 bits). ${compile}`);
  if (file.byte(5, header) !== 1) bad(`The program is big-endian; RISC-V is little-endian. ${compile}`);
  const type = file.half(16, header);
  const machine = file.half(18, header);
  if (machine !== machineRiscv) {
    bad(
      `The program is for another processor (ELF machine ${machine}); RISC-V is ${machineRiscv}. ${compile}`,
    );
  }
  if (type === 1) bad('This is an object file, which is not yet linked. Link it with ld.');
  if (type !== 2)
    bad(
      `The ELF type is ${type}, but must be 2: an executable that is linked to fixed addresses. Link it with ld -static, without -pie.`,
    );
  const segments = readSegments(file, ramBytes);
  if (segments.length === 0) bad(`The program has no segment to load. ${link}`);
  const entry = file.word(24, header);
  if (entry % 4 !== 0)
    bad(
      `The entry point ${hex(entry)} is not a multiple of 4, as if instructions were compressed, which this machine does not know. ${compile}`,
    );
  const starts = segments.some(
    ({ address, memoryBytes }) => entry >= address && entry < address + memoryBytes,
  );
  if (!starts) bad(`The entry point ${hex(entry)} lies outside of what is loaded. ${link}`);
  return { entry, segments, symbols: readSymbols(file) };
}

const hex = (value: number): string => `0x${value.toString(16)}`;

function readSegments(file: Reader, ramBytes: number): Segment[] {
  const tableAt = file.word(28, 'the ELF header');
  const entryBytes = file.half(42, 'the ELF header');
  const count = file.half(44, 'the ELF header');
  if (count > most.programHeaders)
    bad(`The file claims ${count} program headers; at most ${most.programHeaders} are read. ${again}`);
  if (count > 0 && entryBytes < 32) bad(`A program header has ${entryBytes} bytes, but needs 32. ${again}`);
  const segments: Segment[] = [];
  for (let index = 0; index < count; index++) {
    const at = tableAt + index * entryBytes;
    const what = `program header ${index}`;
    file.require(at, 32, what);
    if (file.word(at, what) !== 1) continue;
    const offset = file.word(at + 4, what);
    const address = file.word(at + 12, what);
    const fileBytes = file.word(at + 16, what);
    const memoryBytes = file.word(at + 20, what);
    if (memoryBytes === 0) continue;
    if (fileBytes > memoryBytes)
      bad(`Segment ${index} has ${fileBytes} bytes in the file and ${memoryBytes} in memory. ${again}`);
    file.require(offset, fileBytes, `segment ${index}`);
    if (address < ramBase || address + memoryBytes > ramBase + ramBytes) {
      bad(
        `Segment ${index} belongs at ${hex(address)} to ${hex(address + memoryBytes)}, but memory is from ${hex(ramBase)} to ${hex(ramBase + ramBytes)}. ${link}`,
      );
    }
    segments.push({ address, memoryBytes, bytes: file.bytes.subarray(offset, offset + fileBytes) });
  }
  refuseOverlap(segments);
  return segments;
}

/** No byte of memory belongs to two segments. */
function refuseOverlap(segments: readonly Segment[]): void {
  let end = 0;
  for (const { address, memoryBytes } of segments.toSorted((a, b) => a.address - b.address)) {
    if (address < end) bad(`Two segments overlap: both have the byte at ${hex(address)}. ${link}`);
    end = Math.max(end, address + memoryBytes);
  }
}

/** The symbol table; empty in a file that was stripped. */
function readSymbols(file: Reader): Map<string, number> {
  const symbols = new Map<string, number>();
  const tableAt = file.word(32, 'the ELF header');
  const entryBytes = file.half(46, 'the ELF header');
  const count = file.half(48, 'the ELF header');
  if (tableAt === 0 || count === 0) return symbols;
  if (count > most.sections)
    bad(`The file claims ${count} sections; at most ${most.sections} are read. ${again}`);
  if (entryBytes < 40) bad(`A section header has ${entryBytes} bytes, but needs 40. ${again}`);
  for (let index = 0; index < count; index++) {
    const at = tableAt + index * entryBytes;
    file.require(at, 40, `section header ${index}`);
    const symbolTable = 2;
    if (file.word(at + 4, '') !== symbolTable) continue;
    const link = file.word(at + 24, '');
    if (link >= count)
      bad(`The symbol table names section ${link} for its texts, but there are ${count}. ${again}`);
    readTable(file, at, tableAt + link * entryBytes, symbols);
  }
  return symbols;
}

function readTable(file: Reader, at: number, textsAt: number, symbols: Map<string, number>): void {
  const from = file.word(at + 16, 'the symbol table');
  const size = file.word(at + 20, 'the symbol table');
  file.require(from, size, 'the symbol table');
  file.require(textsAt, 40, 'the symbol names');
  const texts = file.word(textsAt + 16, 'the symbol names');
  const textsEnd = texts + file.word(textsAt + 20, 'the symbol names');
  const count = Math.floor(size / 16);
  if (count > most.symbols)
    bad(`The file claims ${count} symbols; at most ${most.symbols} are read. ${again}`);
  for (let index = 0; index < count; index++) {
    const entry = from + index * 16;
    const name = file.text(texts + file.word(entry, 'a symbol'), textsEnd);
    const section = file.half(entry + 14, 'a symbol');
    if (name !== '' && section !== 0) symbols.set(name, file.word(entry + 4, 'a symbol'));
  }
}
