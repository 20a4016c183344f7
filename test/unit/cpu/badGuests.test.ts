import assert from 'node:assert/strict';
import { referenceTranslator } from '../../../src/engine/cpu/binaryTranslation/referenceTranslator.ts';
import { translatorPolicies } from '../../../src/engine/cpu/binaryTranslation/translatorPolicy.ts';
import { runBareMetal } from '../../../src/engine/cpu/guests/bareMetal.ts';
import { leakyGuestBytes } from '../../../src/engine/cpu/guests/leakyGuest.ts';
import { runProgram, sayEnd } from '../../../src/engine/cpu/machine/testProgram.ts';
import { runInGuestMode, runTechnique, type TechniqueSetting } from '../../../src/engine/cpu/techniques.ts';
import { submissionOf } from '../../../src/engine/kernel/scenario.ts';
import { assembled } from '../../conformance/guestMachine.ts';

/** What each way to run a guest says of it. */
interface Verdicts {
  /** Under a VMM, whose verdict names guest, clock and bare metal. */
  readonly emulate: RegExp;
  readonly translate: RegExp;
  readonly guestMode: RegExp;
}
const everywhere = (verdict: RegExp): Verdicts => ({
  emulate: verdict,
  translate: verdict,
  guestMode: verdict,
});

const bareLimit = 4000;
const switchOff = 'li t0, 0x100000\n li t1, 0x5555\n sw t1, 0(t0)\n1: j 1b\n';
const handler = (instruction: string): string => `.align 2\nhandler: ${instruction}\n`;
const setHandler = 'la t0, handler\n csrw stvec, t0\n';

const startedTranslator = () =>
  submissionOf(translatorPolicies, { translator: referenceTranslator }).start({ translator: {} }).translator;

const ways = {
  emulate: (setting: TechniqueSetting) => runTechnique(setting),
  translate: (setting: TechniqueSetting) => runTechnique({ ...setting, translator: startedTranslator() }),
  guestMode: (setting: TechniqueSetting) => runInGuestMode(setting, 0),
} as const;

/** The verdict on a guest's kernel, with its reason; undefined when it ended. */
function verdictOf(source: string, way: keyof typeof ways): string | undefined {
  const program = assembled(source);
  const bare = runBareMetal(program, leakyGuestBytes, bareLimit);
  const guests = [{ program, bare }];
  const { stuck } = ways[way]({ guests, leaky: false, timerBound: 1000, stepBudget: 100_000 });
  return stuck === undefined ? undefined : `${stuck.expected}; ${stuck.actual}: ${stuck.because}`;
}

/** The verdict on a program for `trapframe cpu run`, in machine mode. */
function bareVerdictOf(source: string): string {
  const { bytes, base } = assembled(source);
  const program = {
    entry: base,
    symbols: new Map<string, number>(),
    segments: [{ address: base, bytes, memoryBytes: bytes.length }],
  };
  const options = { ramBytes: 1 << 16, misaligned: 'hardware', maxInstructions: bareLimit } as const;
  const { end, instructions } = runProgram(program, options);
  return sayEnd(end, instructions);
}
/** The same program for machine mode, without a console and a switch of its own. */
const forMachineMode = (source: string): string =>
  source.replaceAll('stvec', 'mtvec').replaceAll('sret', 'mret').replaceAll('csrwi sie', 'csrwi mie');

const bad: Readonly<
  Record<string, { readonly source: string; readonly bare: RegExp; readonly verdicts: Verdicts }>
> = {
  'jumps to where no memory is, and has no trap handler': {
    source: 'li t0, 0x12345678\n jr t0\n',
    bare: /^traps for ever, after \d+ instructions: instruction access fault at 0x00000000, 1001 times in a row\. .*mtvec leads to where no handler is\. It was entered for: instruction access fault at 0x12345678\.$/,
    verdicts: {
      ...everywhere(
        /^the guest gets past this instruction; 64 exits in a row, and no instruction in between: instruction access fault at 0x00000000: .*stvec leads to where no handler is\. It was entered for: instruction access fault at 0x12345678\.$/,
      ),
      guestMode:
        /^the guest gets past this instruction; 64 exits in a row, and no instruction in between: instruction guest-page fault at 0x00000000: .*It was entered for: instruction access fault at 0x12345678\.$/,
    },
  },
  'jumps between two instructions': {
    source: `${setHandler} la t0, handler\n addi t0, t0, 2\n jr t0\n${handler('j handler')}`,
    bare: /^did not finish in 4000 instructions; it was at 0x8000001[0-9a-f]/,
    verdicts: everywhere(
      /is at handler and goes on: .*The last trap that it took: instruction address misaligned at 0x80000018, jalr zero, 0\(t0\)\.$/,
    ),
  },
  'jumps into memory that holds no instructions': {
    source: `${setHandler} li t0, 0x80008000\n jr t0\n${handler('j handler')}`,
    bare: /^did not finish in 4000 instructions/,
    verdicts: everywhere(/The last trap that it took: illegal instruction at 0x80008000, \.word 0x0\.$/),
  },
  'has a handler that goes back to the illegal instruction': {
    source: `${setHandler} .word 0\n${switchOff}${handler('sret')}`,
    bare: /^did not finish in 4000 instructions; it takes one trap: illegal instruction at 0x8000000c, \.word 0x0, 1999 times in a row\. .*at mepc \+ 4, or mend/,
    verdicts: everywhere(
      /takes one trap: illegal instruction at 0x8000000c, \.word 0x0, \d{4} times in a row: Its trap handler goes back .*at sepc \+ 4, or mend/,
    ),
  },
  'has a handler that goes back to the load from nowhere': {
    source: `${setHandler} li t1, 0x40000000\n lw a0, 0(t1)\n${switchOff}${handler('sret')}`,
    bare: /load access fault at 0x80000010, lw a0, 0\(t1\), \d{4} times in a row/,
    verdicts: everywhere(/load access fault at 0x80000010, lw a0, 0\(t1\), \d{4} times in a row/),
  },
  'has a handler that is itself illegal': {
    source: `${setHandler} ebreak\n${handler('.word 0')}`,
    bare: /illegal instruction at 0x80000010, \.word 0x0, 1001 times in a row\. Its trap handler, at 0x80000010, traps at its own first instruction: mtvec .*It was entered for: breakpoint at 0x8000000c, ebreak\.$/,
    verdicts: everywhere(
      /illegal instruction at 0x80000010, \.word 0x0.*: Its trap handler, at 0x80000010, traps at its own first instruction: stvec .*It was entered for: breakpoint at 0x8000000c, ebreak\.$/,
    ),
  },
  'waits for an interrupt that cannot come': {
    source: 'csrwi sie, 0\n1: wfi\n j 1b\n',
    bare: /^waits for ever: WFI before 0x80000008/,
    verdicts: everywhere(
      /no instruction in between: (illegal|virtual) instruction at 0x80000004, wfi: It waits for an interrupt, and no timer is set/,
    ),
  },
  'runs in circles without a trap': {
    source: '1: j 1b\n',
    bare: /^did not finish in 4000 instructions; it was at 0x80000000/,
    verdicts: everywhere(
      /^guest 1 switches itself off after about 4000 ticks.*is at 0x80000000 and goes on: [^.]*\.$/,
    ),
  },
};

describe('a guest that cannot work', () => {
  for (const [what, { source, bare, verdicts }] of Object.entries(bad)) {
    it(`${what}: on bare metal`, () => assert.match(bareVerdictOf(forMachineMode(source)), bare));
    for (const way of ['emulate', 'translate', 'guestMode'] as const) {
      it(`${what}: ${way}`, () => assert.match(verdictOf(source, way) ?? 'it ended', verdicts[way]));
    }
  }

  it('has a page table outside of its memory', () => {
    const source = `${setHandler} li t0, 0x80300000\n csrw satp, t0\n${switchOff}${handler('j handler')}`;
    for (const way of ['emulate', 'translate', 'guestMode'] as const) {
      assert.match(
        verdictOf(source, way)!,
        /no instruction in between: instruction (access|guest-page) fault at 0x800000.*It was entered for: instruction access fault at 0x80000014\.$/,
      );
    }
  });
});

describe('a guest that changes its own code', () => {
  /** Calls a routine that gives 3, makes it give 7, calls it again and switches itself off with what it gave. */
  const source = `
    la t0, routine
    li t1, 0x00700513
    call routine
    sw t1, 0(t0)
    fence.i
    call routine
    slli a0, a0, 16
    li t1, 0x3333
    or t1, t1, a0
    li t0, 0x100000
    sw t1, 0(t0)
    1: j 1b
    routine: li a0, 3
    ret`;
  it('runs what it wrote, on bare metal and under every technique', () => {
    const program = assembled(source);
    const bare = runBareMetal(program, leakyGuestBytes, bareLimit);
    assert.equal(bare.end, 7);
    for (const [name, run] of Object.entries(ways)) {
      const { trace, stuck } = run({
        guests: [{ program, bare }],
        leaky: false,
        timerBound: 1000,
        stepBudget: 100_000,
      });
      assert.equal(stuck, undefined, name);
      const halts = Array.from({ length: trace.length }, (_, row) => row).filter(
        (row) => trace.kind(row) === 'halt',
      );
      assert.deepEqual(
        halts.map((row) => trace.field(row, 1)),
        [7],
        name,
      );
    }
  });
});
