import assert from 'node:assert/strict';
import fc from 'fast-check';
import { supervisorMachine } from '../../src/engine/cpu/guests/bareMetal.ts';
import { guestDevices } from '../../src/engine/cpu/guests/guestDevices.ts';
import { guestKernel, guestRamBytes, type GuestOptions } from '../../src/engine/cpu/guests/guestKernel.ts';
import { mode, ramBase } from '../../src/engine/cpu/machine/hart.ts';
import { decode } from '../../src/engine/cpu/machine/decode.ts';
import { run } from '../../src/engine/cpu/machine/interpreter.ts';
import { scenarios } from '../../src/engine/scenarios.ts';

const scenario = scenarios['cpu.hardware-assist']!;

/**
 * What a guest does on bare metal that has to exit even from guest mode: it waits, a process of it executes what only kernels
 * may, or an access leads out of its memory (its kernel sees memory and devices at their own addresses).
 */
function exitsOnBareMetal(options: GuestOptions): {
  readonly instructions: number;
  readonly outside: number;
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
  let [instructions, outside] = [0, 0];
  hart.onInstruction = (_pc, word) => {
    const { name, rs1, immediate } = decode(word)!;
    if (name === 'wfi' || (hart.mode === mode.user && name.startsWith('csrr'))) instructions++;
    if (hart.mode === mode.user || !/^(l|s)[bhw]u?$/.test(name)) return;
    const address = (hart.x[rs1]! + immediate) >>> 0;
    if (address < ramBase || address >= ramBase + guestRamBytes) outside++;
  };
  while (ends.length === 0) run(hart, 1);
  return { instructions, outside };
}

const anyOptions = fc.record({
  quantumTicks: fc.integer({ min: 300, max: 3000 }),
  rounds: fc.integer({ min: 1, max: 300 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});

describe('a guest kernel in guest mode', () => {
  it('exits for what guest mode cannot do, and for nothing else', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const outcome = scenario.execute({ params: { ...options, timerBound: 1_000_000 } });
        assert.ok(outcome.ok);
        const { metrics, end } = outcome.run;
        assert.equal(end.kind, 'finished');
        const expected = exitsOnBareMetal({ ...options, seed: options.seed + 1000 });
        assert.equal(metrics['privilegedExits'], expected.instructions);
        assert.equal(metrics['deviceExits'], expected.outside);
        assert.equal(metrics['systemCallExits'], 0);
        assert.equal(metrics['pageFaultExits'], 0);
        assert.equal(metrics['exits'], expected.instructions + expected.outside);
      }),
      { numRuns: 20 },
    );
  });

  it('leaves guests as they are on bare metal, with any number of neighbours', () => {
    fc.assert(
      fc.property(
        anyOptions,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 100, max: 3000 }),
        (params, guests, timerBound) => {
          const outcome = scenario.execute({ params: { ...params, guests, timerBound } });
          assert.ok(outcome.ok);
          assert.equal(outcome.run.end.kind, 'finished');
          for (const check of ['equivalent', 'keepsControl', 'apart']) {
            assert.equal(scenario.checks[check]!.violated(outcome.run, {}), undefined, check);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
