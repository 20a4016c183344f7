import type { Assembled } from '../assembler/assembler.ts';
import { registerNames } from '../machine/instructionSet.ts';

/** CSRs of supervisor mode that belong to what a guest can see, by name. */
export const guestCsrs = [
  'sstatus',
  'sie',
  'stvec',
  'sscratch',
  'sepc',
  'scause',
  'stval',
  'satp',
  'scounteren',
] as const;
export type GuestCsr = (typeof guestCsrs)[number];

/** What a guest can see of its machine at a checkpoint. */
export interface GuestState {
  readonly registers: Int32Array;
  readonly csrs: Readonly<Record<GuestCsr, number>>;
  /** Its memory, without what depends on when an interrupt came. */
  readonly memory: Uint8Array;
  readonly console: string;
}

/** CSRs that show the last trap: which one that was, a timer decides. */
const ofLastTrap: ReadonlySet<string> = new Set(['sepc', 'scause', 'stval']);

/** A copy of a guest's memory in which what may differ from run to run is blank. */
export function comparableMemory(ram: Uint8Array, program: Assembled): Uint8Array {
  const memory = ram.slice();
  const from = program.symbols.get('volatile_begin');
  const to = program.symbols.get('volatile_end');
  if (from !== undefined && to !== undefined) memory.fill(0, from - program.base, to - program.base);
  return memory;
}

/** A difference between two states, in words. */
export interface Difference {
  readonly expected: string;
  readonly actual: string;
}

/** The first difference between two states of one guest, in words; undefined when a guest could not tell them apart. */
export function difference(seen: GuestState, bare: GuestState, program: Assembled): Difference | undefined {
  const say = (what: string, a: number, b: number) => ({
    expected: `${what} = ${hex(b)}, as on bare metal`,
    actual: `${what} = ${hex(a)}`,
  });
  for (let register = 1; register < 32; register++) {
    const [a, b] = [seen.registers[register]!, bare.registers[register]!];
    if (a !== b) return say(`register ${registerNames[register]!}`, a, b);
  }
  for (const csr of guestCsrs) {
    if (!ofLastTrap.has(csr) && seen.csrs[csr] !== bare.csrs[csr])
      return say(csr, seen.csrs[csr], bare.csrs[csr]);
  }
  const [a, b] = [wordsOf(seen.memory), wordsOf(bare.memory)];
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  if (index < a.length) {
    const word = 4 * index;
    return say(
      `memory at ${place(program, program.base + word)}`,
      wordAt(seen.memory, word),
      wordAt(bare.memory, word),
    );
  }
  if (seen.console === bare.console) return undefined;
  return {
    expected: `the console shows ${JSON.stringify(bare.console)}, as on bare metal`,
    actual: `it shows ${JSON.stringify(seen.console)}`,
  };
}

/** What differs at a checkpoint. @param bare the state there on bare metal; undefined when it never came there */
export const differenceAt = (
  seen: GuestState,
  bare: GuestState | undefined,
  program: Assembled,
  compare: typeof difference = difference,
): Difference | undefined =>
  bare === undefined
    ? { expected: 'no checkpoint of this number, as on bare metal', actual: 'it came here' }
    : compare(seen, bare, program);

export const hex = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;

/** Memory in words: a copy of a guest's begins on a boundary and has whole pages. */
const wordsOf = (memory: Uint8Array): Int32Array =>
  new Int32Array(memory.buffer, memory.byteOffset, memory.byteLength >> 2);

/** A little-endian word of a copy of memory. @param at in bytes from its begin */
export const wordAt = (memory: Uint8Array, at: number): number =>
  memory[at]! | (memory[at + 1]! << 8) | (memory[at + 2]! << 16) | (memory[at + 3]! << 24);

/** An address by the label before it: `results + 4`. */
export function place(program: Assembled, address: number): string {
  let best: [string, number] | undefined;
  for (const [name, at] of program.symbols) {
    if (at >= program.base && at <= address && (best === undefined || at > best[1])) best = [name, at];
  }
  if (best === undefined) return hex(address);
  return best[1] === address ? best[0] : `${best[0]} + ${address - best[1]}`;
}
