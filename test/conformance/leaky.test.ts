import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { runBareMetal } from '../../src/engine/cpu/guests/bareMetal.ts';
import { run } from '../../src/engine/cpu/machine/interpreter.ts';
import { leaks, notModelled } from '../../src/engine/cpu/binaryTranslation/leaks.ts';
import {
  leakyGuest,
  leakyGuestBytes,
  processRound,
  type LeakyGuestOptions,
} from '../../src/engine/cpu/guests/leakyGuest.ts';
import { Hart, mode, ramBase, sstatusMask, status } from '../../src/engine/cpu/machine/hart.ts';
import { runTechnique } from '../../src/engine/cpu/techniques.ts';
import type { Run } from '../../src/engine/kernel/scenario.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import { assembled } from './guestMachine.ts';
import { kernelOnBareMetal } from './leakyMachine.ts';
import { isInstalled } from './installedTool.ts';

/** What the guest's console must show: its process over unbounded integers, and its kernel's sums by hand. */
function expectedConsole({ rounds, seed, pages, patches }: LeakyGuestOptions): string {
  const low = (value: bigint): bigint => BigInt.asUintN(32, value);
  let state = BigInt(seed);
  for (let round = 0; round < rounds; round++) {
    state = low(state ^ low(state << 13n));
    state = low(state ^ (state >> 17n));
    state = low(state ^ low(state << 5n));
  }
  // Ten calls after each patch, which adds the patch's number; one more adds 1 and the last number; the store right before adds 7.
  const patched = (10 * patches * (patches - 1)) / 2 + 1 + (patches - 1) + 7;
  return [state, BigInt(3 * pages), BigInt(patched)]
    .map((word) => `${word.toString(16).padStart(8, '0')}\n`)
    .join('');
}

const anyOptions = fc.record({
  quantumTicks: fc.integer({ min: 300, max: 3000 }),
  rounds: fc.integer({ min: 1, max: 300 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  pages: fc.integer({ min: 1, max: 256 }),
  patches: fc.integer({ min: 1, max: 20 }),
});
const defaults: LeakyGuestOptions = { quantumTicks: 1000, rounds: 100, seed: 7, pages: 32, patches: 3 };

const scenario = scenarios['cpu.leaky']!;
function runOf(params: Readonly<Record<string, number | string>>): Run {
  const outcome = scenario.execute({ params });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.run;
}

describe('a guest kernel on the leaky processor', () => {
  it('prints on bare metal what its program says', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const bare = runBareMetal(leakyGuest(options), leakyGuestBytes, 1_000_000);
        assert.equal(bare.end, 0);
        assert.equal(bare.console, expectedConsole(options));
      }),
      { numRuns: 15 },
    );
  });

  it('goes wrong under plain trap and emulate where it first looks at its own registers', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const leaked = runOf({ ...options, technique: 'trap-and-emulate' });
        assert.equal(leaked.metrics['checkpoints'], 1);
        const witness = scenario.checks['equivalent']!.violated(leaked, {})!;
        assert.match(witness.actual, /^memory at beliefs/);
      }),
      { numRuns: 10 },
    );
  });

  it('finds its machine as on bare metal when its kernel is translated', () => {
    fc.assert(
      fc.property(anyOptions, fc.integer({ min: 100, max: 3000 }), (options, timerBound) => {
        const translated = runOf({ ...options, timerBound, technique: 'binary-translation' });
        assert.equal(translated.end.kind, 'finished');
        for (const check of ['equivalent', 'translatedOnly']) {
          assert.equal(scenario.checks[check]!.violated(translated, {}), undefined, check);
        }
        assert.equal(translated.metrics['privilegedExits'], 0, 'nothing sensitive is left that could trap');
      }),
      { numRuns: 15 },
    );
  });

  it('counts what the kernel runs directly under trap and emulate, apart from its process', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const params = { ...options, quantumTicks: 20_000 };
        const program = leakyGuest(params);
        const bare = runBareMetal(program, leakyGuestBytes, 1_000_000);
        const { result, stuck } = runTechnique({
          guests: [{ program, bare }],
          leaky: false,
          timerBound: 5000,
          stepBudget: 1_000_000,
        });
        assert.equal(stuck, undefined);
        const { instructions, privileged, deviceAccesses } = kernelOnBareMetal(params);
        assert.equal(result.kernelDirect, instructions - privileged - deviceAccesses);
        assert.equal(result.kernelEmulated, privileged + deviceAccesses - 1);
        assert.ok(result.direct > result.kernelDirect, 'the process ran directly too');
      }),
      { numRuns: 6 },
    );
    const { metrics } = runOf({ ...defaults, technique: 'trap-and-emulate' });
    assert.ok(metrics['vmmPercent']! < 50, 'most of a deprivileged kernel runs directly');
  });

  it('has as many calls of translated code as privileged instructions on bare metal', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        // Without preemption, so that no interrupt comes a block later.
        const params = { ...options, quantumTicks: 20_000 };
        const { metrics } = runOf({ ...params, technique: 'binary-translation' });
        const { instructions, privileged, deviceAccesses } = kernelOnBareMetal(params);
        assert.equal(metrics['calls'], privileged);
        // The last store switches the guest off: nothing is done after it.
        const done = privileged + deviceAccesses - 1;
        assert.equal(metrics['vmmPercent'], (100 * done) / (instructions - 1));
        assert.equal(metrics['tableExits'], options.pages, 'one store for each page');
        // The routine is thrown away by every patch after it first ran, and translated again: the last one included.
        assert.equal(metrics['retranslations'], options.patches);
      }),
      { numRuns: 6 },
    );
  });
});

/** Exits from guest mode, counted in the guest's source: what leads out of its memory, and what would stop the processor. */
const exitsFromGuestMode =
  3 * 9 + // three lines of the console, byte by byte
  4 + // checkpoints
  1 + // the switch
  2; // WFI, for two ticks

describe('the techniques compared', () => {
  const compared = (done: Run): Map<string, { exits: number; isRight: boolean; direct: number }> => {
    const found = new Map<string, { exits: number; isRight: boolean; direct: number }>();
    const { trace } = done;
    for (let row = 0; row < trace.length; row++) {
      if (trace.kind(row) !== 'technique') continue;
      const [exits, isRight, direct] = [
        trace.field(row, 1),
        trace.field(row, 3) === 1,
        trace.field(row + 1, 1),
      ];
      found.set(trace.textsOf(row)['name']!, { exits, isRight, direct });
    }
    return found;
  };

  it('are right on the leaky processor, plain trap and emulate alone is not', () => {
    fc.assert(
      fc.property(anyOptions, fc.integer({ min: 100, max: 3000 }), (options, timerBound) => {
        for (const [name, { isRight }] of compared(runOf({ ...options, timerBound })))
          assert.equal(isRight, name !== 'trap and emulate', name);
      }),
      { numRuns: 10 },
    );
  });

  it('exit from guest mode for devices and waiting alone, whatever the kernel masks, maps, patches and preempts', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const done = runOf({ ...options, timerBound: 1_000_000 });
        const { instructions } = runBareMetal(leakyGuest(options), leakyGuestBytes, 1_000_000);
        for (const name of ['hardware assist', 'hardware assist, exit costs of 2006']) {
          const { exits, direct } = compared(done).get(name)!;
          assert.equal(exits, exitsFromGuestMode);
          // The kernel runs as on bare metal, but for what exits: a tick may come a few instructions sooner or later.
          const expected = 100 * (1 - exitsFromGuestMode / instructions);
          assert.ok(Math.abs(direct - expected) < 0.1, `${direct} % directly, about ${expected} expected`);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('run the kernel in translation, and the process directly', () => {
    const { metrics } = runOf({ ...defaults, quantumTicks: 20_000, timerBound: 1_000_000 });
    // The loop; its two loads and the call before and after it.
    const ofProcess = defaults.rounds * processRound + 3;
    const { instructions } = runBareMetal(
      leakyGuest({ ...defaults, quantumTicks: 20_000 }),
      leakyGuestBytes,
      1_000_000,
    );
    const expected = (100 * ofProcess) / instructions;
    assert.ok(
      Math.abs(metrics['directPercent']! - expected) < 1,
      `${metrics['directPercent']} of ${expected}`,
    );
  });
});

/** Section 3 of Robin and Irvine (USENIX Security 2000): sensitive register instructions, then protection system references. */
const robinIrvine = new Set(
  'SGDT SIDT SLDT SMSW PUSHF POPF LAR LSL VERR VERW POP PUSH CALL JMP INT RET STR MOV'.split(' '),
);

describe('what leaks', () => {
  for (const { instruction, x86 } of leaks) {
    it(`${instruction} does not trap in user mode, and ${instruction.startsWith('csrw') ? 'changes nothing' : 'shows the real register'}`, () => {
      const hart = new Hart({ ramBytes: 4096, misaligned: 'hardware', leaky: true });
      const source = instruction.replace('rd', 'a0').replace('rs1', 'a1');
      hart.ram8.set(assembled(source).bytes);
      hart.pmp.writeAddress(0, -1);
      hart.pmp.writeConfig(0, 0x1f);
      hart.exitOnTrap = true;
      hart.mode = mode.user;
      hart.mstatus = status.sie | status.spie;
      [hart.stvec, hart.satp, hart.sscratch, hart.x[11]] = [0x8000_0100 | 0, 0x1234, 0x5678, 0];
      const real: Record<string, number> = {
        sstatus: hart.mstatus & sstatusMask,
        stvec: hart.stvec,
        satp: hart.satp,
        sscratch: hart.sscratch,
      };
      assert.equal(run(hart, 1), 'limit');
      assert.equal(hart.mstatus, status.sie | status.spie);
      const csr = /, (\w+)$/.exec(source)![1]!;
      if (!instruction.startsWith('csrw')) assert.equal(hart.x[10], real[csr]! | 0);
      for (const name of x86) assert.ok(robinIrvine.has(name), name);
    });
  }
  it('names every instruction of the list once: as modelled, or as not, and why', () => {
    const named = [...leaks, ...notModelled].flatMap(({ x86 }) => x86);
    assert.deepEqual(named.toSorted(), [...robinIrvine].toSorted());
  });
});

const qemu = 'qemu-system-riscv32';

/** What firmware does for a kernel: every trap is the kernel's, and so is a timer; then supervisor mode, at the kernel's first instruction. */
const firmware = `
    li t0, 0xb3ff
    csrw medeleg, t0
    li t0, 0x222
    csrw mideleg, t0
    li t0, 7
    csrw mcounteren, t0
    li t0, 0x80000000
    csrw menvcfgh, t0
    li t0, -1
    csrw pmpaddr0, t0
    csrwi pmpcfg0, 0x1f
    li t0, 0x1800
    csrc mstatus, t0
    li t0, 0x800
    csrs mstatus, t0
    li t0, ${ramBase}
    csrw mepc, t0
    mret
`;

describe('the same kernel on QEMU', () => {
  before(function () {
    if (isInstalled(qemu)) return;
    console.log(`      ${qemu} is not installed: not compared with it (apt-get install qemu-system-misc)`);
    this.skip();
  });
  for (const options of [
    defaults,
    { ...defaults, quantumTicks: 100_000, pages: 200, patches: 17, seed: 99, rounds: 7 },
  ]) {
    it(`prints the same with ${JSON.stringify(options)}`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'trapframe-leaky-'));
      try {
        const at = 0x8010_0000;
        writeFileSync(join(folder, 'kernel'), leakyGuest(options).bytes);
        writeFileSync(join(folder, 'firmware'), assembled(firmware).bytes);
        const load = (file: string, address: number): string[] => [
          '-device',
          `loader,file=${join(folder, file)},addr=${address},force-raw=on`,
        ];
        const { stdout } = spawnSync(
          qemu,
          [
            '-M',
            'virt',
            '-m',
            '64',
            '-bios',
            'none',
            '-display',
            'none',
            '-monitor',
            'none',
            '-serial',
            'stdio',
            ...load('kernel', ramBase),
            ...load('firmware', at),
            '-device',
            `loader,addr=${at},cpu-num=0`,
          ],
          { timeout: 30_000, encoding: 'utf8' },
        );
        assert.equal(stdout, runBareMetal(leakyGuest(options), leakyGuestBytes, 1_000_000).console);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
