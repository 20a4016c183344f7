import { clint, finisher, uart } from './devices.ts';
import type { Program } from './elf.ts';
import { HandledTraps, wasFetched, type EndlessTrap } from './handledTraps.ts';
import { Hart, mode, ramBase } from './hart.ts';
import { run } from './interpreter.ts';
import { guestWordAt } from './translate.ts';
import { peekWord } from './memoryAccess.ts';

/** How a program ended. */
export type ProgramEnd =
  | { readonly kind: 'passed' }
  /** It reported a failure: the number of the test, or an exit code. */
  | { readonly kind: 'failed'; readonly test: number }
  /** As many instructions ran as were allowed. */
  | { readonly kind: 'limit'; readonly pc: number; readonly endless?: EndlessTrap }
  /** It waits for an interrupt that cannot come. */
  | { readonly kind: 'stalled'; readonly pc: number }
  /** A trap handler that traps at its first instruction: nothing else will ever run. */
  | { readonly kind: 'trapLoop'; readonly endless: EndlessTrap }
  /** It asked of its host what this one does not do. */
  | { readonly kind: 'unsupported'; readonly request: string };

export interface ProgramRun {
  readonly end: ProgramEnd;
  readonly instructions: number;
  /** What it printed, as bytes. */
  readonly output: Uint8Array;
}

export interface ProgramOptions {
  readonly ramBytes: number;
  readonly misaligned: 'hardware' | 'trap';
  readonly maxInstructions: number;
}

/** Instructions between a store to `tohost` and a look at it: a 64-bit value is stored in two halves, in any order. */
const tohostPoll = 64;
/** Traps in a row without an instruction in between, after which nothing else will ever run. */
const mostIdleTraps = 1000;
/** Most bytes of output that are kept. */
const longestOutput = 1 << 20;

/** Copies a program into memory and points the hart at it. @throws RangeError when it does not fit */
export function load(hart: Hart, program: Program): void {
  for (const { address, bytes } of program.segments) hart.ram8.set(bytes, address - ramBase);
  hart.pc = program.entry;
}

/**
 * Runs a program of the public riscv-tests kind: it ends by writing to `tohost` (the host-target interface: 1 for a pass,
 * else the failing test's number, doubled, plus 1), or to the test device of QEMU's `virt` machine.
 */
export function runProgram(program: Program, options: ProgramOptions): ProgramRun {
  const hart = new Hart(options);
  const output: number[] = [];
  const send = (byte: number): void => {
    if (output.length < longestOutput) output.push(byte);
  };
  let end: ProgramEnd | undefined;
  hart.devices.push(
    clint(hart),
    uart(send),
    finisher(hart, (code) => (end = code === 0 ? { kind: 'passed' } : { kind: 'failed', test: code })),
  );
  load(hart, program);
  const tohost = program.symbols.get('tohost');
  let tohostWritten = false;
  if (tohost !== undefined) {
    hart.watchedPages.add((tohost - ramBase) >>> 12);
    hart.onWatchedStore = () => {
      if (peekWord(hart, tohost) === 0 && peekWord(hart, tohost + 4) === 0) return;
      tohostWritten = true;
      hart.stopRequested = true;
    };
  }
  const traps = new HandledTraps();
  let idle = 0;
  let lastCycle = -1;
  hart.onTrap = (cause, pc) => {
    const before = traps.last;
    const isDelegated = hart.mode !== mode.machine && ((hart.medeleg >>> cause) & 1) === 1;
    const word = wasFetched(cause) ? guestWordAt(hart, pc) : undefined;
    traps.took(
      { cause, pc, word },
      ((isDelegated ? hart.stvec : hart.mtvec) & ~3) >>> 0,
      isDelegated ? 's' : 'm',
    );
    // Nothing but one instruction that traps, and its handler is that same instruction.
    idle = traps.last === before && hart.cycle - lastCycle <= 1 ? idle + 1 : 0;
    lastCycle = hart.cycle;
    if (idle === mostIdleTraps) {
      end = { kind: 'trapLoop', endless: traps.endless! };
      hart.stopRequested = true;
    }
  };
  while (end === undefined) {
    const left = options.maxInstructions - hart.cycle;
    if (tohostWritten) {
      const until = hart.cycle + Math.min(tohostPoll, left);
      // Further stores ask to stop too; one look at the end is enough.
      while (hart.cycle < until && run(hart, until - hart.cycle) !== 'stalled');
      tohostWritten = false;
      end = answer(hart, program.symbols, tohost!, send) ?? end;
      continue;
    }
    if (left <= 0) end = { kind: 'limit', pc: hart.pc, ...ifAny(traps.endless) };
    else if (run(hart, left) === 'stalled') end = { kind: 'stalled', pc: hart.pc };
  }
  return { end, instructions: hart.cycle, output: Uint8Array.from(output) };
}

/** Takes what was written to `tohost`: an exit, or a byte for the console (device 1, command 1). */
function answer(
  hart: Hart,
  symbols: ReadonlyMap<string, number>,
  tohost: number,
  send: (byte: number) => void,
): ProgramEnd | undefined {
  const low = peekWord(hart, tohost) ?? 0;
  const high = peekWord(hart, tohost + 4) ?? 0;
  if (low === 0 && high === 0) return undefined;
  const device = high >>> 24;
  const command = (high >>> 16) & 0xff;
  if (device === 0 && (low & 1) === 1) {
    return low === 1 ? { kind: 'passed' } : { kind: 'failed', test: low >>> 1 };
  }
  if (device !== 1 || command !== 1) {
    return {
      kind: 'unsupported',
      request: `device ${device}, command ${command}, payload 0x${low.toString(16)}`,
    };
  }
  send(low & 0xff);
  hart.ram32.fill(0, (tohost - ramBase) >>> 2, ((tohost - ramBase) >>> 2) + 2);
  const fromhost = symbols.get('fromhost');
  if (fromhost !== undefined && peekWord(hart, fromhost) !== undefined)
    hart.ram32[(fromhost - ramBase) >>> 2] = 1;
  return undefined;
}

const ifAny = (endless: EndlessTrap | undefined) => (endless === undefined ? {} : { endless });
const sayEndless = ({ trap, because }: EndlessTrap): string => `${trap}. ${because}`;

/** The end in a sentence. */
export function sayEnd(end: ProgramEnd, instructions: number): string {
  const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;
  switch (end.kind) {
    case 'passed':
      return `passed after ${instructions} instructions`;
    case 'failed':
      return `failed: test ${end.test}, after ${instructions} instructions`;
    case 'limit': {
      const { pc, endless } = end;
      const what =
        endless === undefined ? `it was at ${hex(pc)}.` : `it takes one trap: ${sayEndless(endless)}`;
      return `did not finish in ${instructions} instructions; ${what} More are allowed by --max-instructions.`;
    }
    case 'stalled':
      return `waits for ever: WFI before ${hex(end.pc)}, and no interrupt is enabled that could come`;
    case 'trapLoop':
      return `traps for ever, after ${instructions} instructions: ${sayEndless(end.endless)}`;
    case 'unsupported':
      return `asked its host for what is not supported (${end.request}); exits and console output are`;
  }
}
