import assert from 'node:assert/strict';
import fc from 'fast-check';
import { runBareMetal, supervisorMachine } from '../../src/engine/cpu/guests/bareMetal.ts';
import { guestDevices } from '../../src/engine/cpu/guests/guestDevices.ts';
import { guestKernel, guestRamBytes, type GuestOptions } from '../../src/engine/cpu/guests/guestKernel.ts';
import { run } from '../../src/engine/cpu/machine/interpreter.ts';
import { scenarios } from '../../src/engine/scenarios.ts';

/**
 * What the guest's console must show, computed by another program: the two processes' loop over unbounded integers, and
 * without a machine, a kernel or an assembler.
 */
function expectedConsole({ rounds, seed }: GuestOptions): string {
  const low = (value: bigint): bigint => BigInt.asUintN(32, value);
  return [0, 1]
    .map((process) => {
      let state = BigInt(seed + process);
      const page = new Map<bigint, bigint>();
      for (let round = 0; round < rounds; round++) {
        state = low(state ^ low(state << 13n));
        state = low(state ^ (state >> 17n));
        state = low(state ^ low(state << 5n));
        const at = state & 0x3fcn;
        page.set(at, low((page.get(at) ?? 0n) + state));
      }
      // A process that asked for its page table was refused, and told -1.
      const sum = [...page.values()].reduce((total, word) => low(total + word), 0n);
      return `${low(sum + refused)
        .toString(16)
        .padStart(8, '0')}\n`;
    })
    .join('');
}
/** What `a0` holds after the refusal, which the sum is added to. */
const refused = -1n;

/** Executions of privileged instructions, and of stores to devices, on bare metal: what has to trap in a virtual machine. */
function sensitiveOnBareMetal(options: GuestOptions): {
  readonly privileged: number;
  readonly ecalls: number;
} {
  const program = guestKernel(options);
  const hart = supervisorMachine(guestRamBytes);
  hart.ram8.set(program.bytes);
  hart.pc = program.base;
  const ends: number[] = [];
  const ignore = (): void => undefined;
  hart.devices.push(
    ...guestDevices({ send: ignore, checkpoint: ignore, halt: (code) => void ends.push(code) }),
  );
  let privileged = 0;
  let ecalls = 0;
  hart.onInstruction = (_pc, word) => {
    if ((word & 0x7f) !== 0x73) return;
    if (word === 0x73) ecalls++;
    else privileged++;
  };
  while (ends.length === 0) run(hart, 1);
  return { privileged, ecalls };
}

const anyOptions = fc.record({
  quantumTicks: fc.integer({ min: 300, max: 3000 }),
  rounds: fc.integer({ min: 1, max: 300 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});

describe('guest kernel under a trap-and-emulate VMM', () => {
  it('computes on bare metal what its processes must', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const program = guestKernel(options);
        const bare = runBareMetal(program, guestRamBytes, 1_000_000);
        assert.equal(bare.end, 0);
        assert.equal(bare.console, expectedConsole(options));
      }),
      { numRuns: 30 },
    );
  });

  it('exits for every privileged instruction and system call that runs on bare metal, and for no other instruction', () => {
    fc.assert(
      fc.property(anyOptions, (params) => {
        const outcome = scenarios['cpu.trap-and-emulate']!.execute({ params });
        assert.ok(outcome.ok);
        const { metrics, end } = outcome.run;
        assert.equal(end.kind, 'finished');
        const sensitive = sensitiveOnBareMetal({ ...params, seed: params.seed + 1000 });
        assert.equal(metrics['privilegedExits'], sensitive.privileged);
        assert.equal(metrics['systemCallExits'], sensitive.ecalls);
        assert.equal(metrics['pageFaultExits'], 2, 'each process touches one page for the first time');
        assert.equal(
          metrics['deviceExits'],
          2 * 9 + 4 + 1 + 1,
          'the console, checkpoints, the switch, and memory that is not there',
        );
      }),
      { numRuns: 30 },
    );
  });

  it('leaves guests as they are on bare metal, with any number of neighbours', () => {
    fc.assert(
      fc.property(
        anyOptions,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 100, max: 3000 }),
        (params, guests, timerBound) => {
          const scenario = scenarios['cpu.trap-and-emulate']!;
          const outcome = scenario.execute({ params: { ...params, guests, timerBound } });
          assert.ok(outcome.ok);
          assert.equal(outcome.run.end.kind, 'finished');
          for (const check of ['equivalent', 'keepsControl', 'apart']) {
            assert.equal(scenario.checks[check]!.violated(outcome.run, {}), undefined, check);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
