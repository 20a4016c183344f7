import { defineEvents } from '../../kernel/trace.ts';
import { disassemble } from '../machine/decode.ts';
import { hex } from '../guests/guestState.ts';
import { registerNames } from '../machine/instructionSet.ts';
import { causeName, interruptBit } from '../machine/trapCause.ts';
import { destination } from './instructionSteps.ts';

/** Kinds of exits, as bars and metrics count them. */
export const exitKinds = [
  { label: 'privileged instruction', letter: 'p' },
  { label: 'system call', letter: 's' },
  { label: 'page fault', letter: 'f' },
  { label: 'device', letter: 'd' },
  { label: 'timer', letter: 't' },
  { label: 'other', letter: 'o' },
] as const;

/** What happens between a VMM and its guests. */
export const vmmEvents = defineEvents({
  place: {
    doc: 'The VMM chose where a guest’s memory lies in the host’s.',
    fields: ['guest', 'base', 'sizeBytes'],
    decides: true,
    say: ({ guest, base, sizeBytes }) =>
      `guest ${guest} gets the memory from ${hex(base!)} to ${hex(base! + sizeBytes!)}`,
  },
  exit: {
    doc: 'A guest left the processor: cause as in `mcause`, where, and the state it left in.',
    fields: ['guest', 'cause', 'pc', 'state'],
    texts: ['state'],
    say: ({ guest, cause, pc }, { state }) => {
      const { word } = exitState(state!);
      const at = `guest ${guest} at ${hex(pc!)}`;
      if (cause === interruptBit + 7) return `${at}: the host’s timer`;
      if (word === 0) return `${at}: ${causeName(cause!)}`;
      return `${at}: ${disassemble(word, pc!)} traps, ${causeName(cause!)}`;
    },
  },
  writeCsr: {
    doc: 'The VMM wrote a CSR of a guest’s virtual CPU; with a guest mode also those that control it, such as `hedeleg`.',
    fields: ['guest', 'csr', 'value'],
    texts: ['csr'],
    say: ({ guest, value }, { csr }) =>
      csr!.startsWith('h')
        ? `${csr} for guest ${guest} = ${hex(value!)}`
        : `virtual ${csr} of guest ${guest} = ${hex(value!)}`,
  },
  writeRegister: {
    doc: 'The VMM wrote a general register of a guest.',
    fields: ['guest', 'register', 'value'],
    say: ({ guest, register, value }) => `register x${register} of guest ${guest} = ${hex(value!)}`,
  },
  device: {
    doc: 'The VMM passed an access to a virtual device.',
    fields: ['guest', 'address', 'value'],
    say: ({ guest, address, value }) => `device ${hex(address!)} of guest ${guest}: ${hex(value!)}`,
  },
  resume: {
    doc: 'The VMM let a guest run on, in a mode (1: it believes to be the kernel), for at most so many instructions.',
    fields: ['guest', 'pc', 'mode', 'runFor'],
    decides: true,
    say: ({ guest, pc, mode, runFor }) =>
      `guest ${guest} goes on at ${hex(pc!)} in virtual ${mode === 1 ? 'supervisor' : 'user'} mode, for at most ${runFor} instructions`,
  },
  privileged: {
    doc: 'The VMM let a guest run above the real user mode.',
    fields: ['guest', 'pc'],
    say: ({ guest, pc }) => `guest ${guest} runs at ${hex(pc!)} in the real supervisor mode`,
  },
  checkpoint: {
    doc: 'A guest reached a checkpoint. The texts say how its state differs from that on bare metal; empty when it does not.',
    fields: ['guest', 'number', 'expected', 'actual'],
    texts: ['expected', 'actual'],
    say: ({ guest, number }, { expected, actual }) =>
      `guest ${guest} at checkpoint ${number}: ${expected === '' ? 'as on bare metal' : `${actual}, expected ${expected}`}`,
  },
  halt: {
    doc: 'A guest switched itself off.',
    fields: ['guest', 'code'],
    say: ({ guest, code }) => `guest ${guest} switches itself off with code ${code}`,
  },
  wait: {
    doc: 'The processor waited for so many ticks in a guest’s WFI, although so many other guests could have run.',
    fields: ['guest', 'ticks', 'others'],
    say: ({ guest, ticks, others }) =>
      `the processor waits ${ticks} ticks in the wfi of guest ${guest}, while ${others === 1 ? '1 other guest is' : `${others} other guests are`} ready`,
  },
  callout: {
    doc: 'Translated code called the VMM, without a trap, to do an instruction.',
    fields: ['guest', 'cause', 'pc', 'state'],
    texts: ['state'],
    say: ({ guest, pc }, { state }) =>
      `guest ${guest} at ${hex(pc!)}: translated code calls the VMM for ${disassemble(exitState(state!).word, pc!)}`,
  },
  translate: {
    doc: 'A block of the guest’s kernel was translated: so many instructions into so many words of machine code; again 1 when it had been before.',
    fields: ['pc', 'instructions', 'words', 'again'],
    decides: true,
    say: ({ pc, instructions, words, again }) =>
      `the block at ${hex(pc!)} is translated${again === 1 ? ' again' : ''}: ${instructions} instructions into ${words} words`,
  },
  codeWrite: {
    doc: 'The guest stored to a page of translated code, and so many translations were thrown away.',
    fields: ['address', 'size', 'dropped'],
    decides: true,
    say: ({ address, size, dropped }) =>
      `the guest stores ${size} bytes at ${hex(address!)}, in a page of code: ${dropped} translations are thrown away`,
  },
  escape: {
    doc: 'A copied jump led out of the translated code: the guest’s kernel runs untranslated.',
    fields: ['guest', 'from', 'to'],
    say: ({ guest, from, to }) =>
      `guest ${guest} leaves its translated code at ${hex(from!)}: its own code at ${hex(to!)} runs untranslated`,
  },
  tableWrite: {
    doc: 'The guest stored to a page table in use, which the VMM hears of.',
    fields: ['guest', 'address', 'value'],
    say: ({ guest, address, value }) =>
      `guest ${guest} changes its page table at ${hex(address!)}: ${hex(value!)}`,
  },
  hypercall: {
    doc: 'A guest’s kernel called the VMM: which call, how many entries, bytes or ticks it is about, and where.',
    fields: ['guest', 'call', 'amount', 'pc'],
    texts: ['call'],
    say: ({ guest, amount, pc }, { call }) =>
      `guest ${guest} at ${hex(pc!)} calls ${call}${amount === 0 ? '' : `, ${amount}`}`,
  },
  leak: {
    doc: 'A sensitive instruction of a guest’s kernel ran in user mode without a trap: where, and its word.',
    fields: ['guest', 'pc', 'word'],
    say: ({ guest, pc, word }) =>
      `guest ${guest} at ${hex(pc!)}: ${disassemble(word!, pc!)} runs in user mode, and does not trap`,
  },
  exitCount: {
    doc: 'The same guests under another technique: how many exits of a kind.',
    fields: ['technique', 'kind', 'exits'],
    texts: ['technique', 'kind'],
    say: ({ exits }, { technique, kind }) => `${technique}: ${exits} exits for ${kind}`,
  },
  technique: {
    doc: 'The same guest under another technique: exits, cycles, and 1 when it found its machine as on bare metal to its end.',
    fields: ['name', 'exits', 'cycles', 'equivalent'],
    texts: ['name'],
    say: ({ exits, cycles, equivalent }, { name }) =>
      `${name}: ${exits} exits, ${cycles} cycles, ${equivalent === 1 ? 'as on bare metal' : 'not as on bare metal'}`,
  },
  share: {
    doc: 'How a technique ran the guest’s instructions: percent directly, and percent in translation. The VMM did the rest.',
    fields: ['name', 'directPercent', 'translatedPercent'],
    texts: ['name'],
    say: ({ directPercent, translatedPercent }, { name }) =>
      `${name}: ${directPercent!.toFixed(1)} % directly, ${translatedPercent!.toFixed(1)} % in translation`,
  },
  execute: {
    doc: 'The processor ran an instruction of a guest, without the VMM: where, its word, and what is then in the register that it writes (0 for none).',
    fields: ['guest', 'pc', 'word', 'value'],
    say: ({ guest, pc, word, value }) => {
      const register = destination(word!);
      const written = register === 0 ? '' : `, ${registerNames[register]!} = ${hex(value!)}`;
      return `guest ${guest} at ${hex(pc!)} runs ${disassemble(word!, pc!)}${written}`;
    },
  },
});
export type VmmEvents = typeof vmmEvents;

/** The same where the VMM is the course's own, and what a learner decides is something else. */
export const courseVmmEvents = {
  ...vmmEvents,
  place: { ...vmmEvents.place, decides: false },
  resume: { ...vmmEvents.resume, decides: false },
} as unknown as VmmEvents;

/** The state that an exit left, as its text: the instruction, the value, the guest's mode and x1 to x31. */
export const exitStateText = (word: number, value: number, mode: number, registers: Int32Array): string =>
  [word, value, mode, ...registers.subarray(1)].map((number) => (number >>> 0).toString(16)).join(' ');

export function exitState(state: string): {
  readonly word: number;
  readonly value: number;
  readonly mode: number;
  /** x0 to x31. */
  readonly registers: readonly number[];
} {
  const [word = 0, value = 0, mode = 0, ...registers] = state
    .split(' ')
    .map((number) => Number.parseInt(number, 16));
  return { word, value, mode, registers: [0, ...registers] };
}

/** The kind of an exit, as an index of {@link exitKinds}. */
export function exitKind(cause: number): number {
  if (cause >= interruptBit) return 4;
  switch (cause) {
    case 2:
    case 22:
      return 0;
    case 8:
    case 9:
    case 10:
      return 1;
    case 12:
    case 13:
    case 15:
      return 2;
    case 5:
    case 7:
    case 20:
    case 21:
    case 23:
      return 3;
  }
  return 5;
}
