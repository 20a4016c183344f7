import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Run } from '../../src/engine/kernel/scenario.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import { kernelOnBareMetal } from './leakyMachine.ts';

const scenario = scenarios['cpu.paravirtual']!;
function runOf(params: Readonly<Record<string, number>>): Run {
  const outcome = scenario.execute({ params });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.run;
}

const anyOptions = fc.record({
  guests: fc.integer({ min: 1, max: 3 }),
  quantumTicks: fc.integer({ min: 300, max: 3000 }),
  rounds: fc.integer({ min: 1, max: 600 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  pages: fc.integer({ min: 1, max: 256 }),
  patches: fc.integer({ min: 1, max: 20 }),
  timerBound: fc.integer({ min: 100, max: 5000 }),
});

/** Without preemption, and without the host's timer. */
const undisturbed = { quantumTicks: 20_000, timerBound: 1_000_000 };

/** Exits of the kernel that knows of its VMM, counted in its source; each tick adds {@link exitsOfTick}. */
const exitsInSource = {
  hypercalls:
    2 + // SET_TRAPS, SHARE_FLAG
    2 + // SET_TABLE, GET_STATE
    1 + // UPDATE_TABLES, whatever the number of pages
    1 + // SET_TIMER before the critical section, which itself makes none
    1 + // RETURN into the process
    1 + // CONSOLE_WRITE
    1 + // SET_TIMER before the sleep
    2 * 3 + // twice WAIT, and the tick's SET_TIMER and RETURN
    2, // GET_STATE, SET_TIMER
  devices: 4 + 1, // the checkpoints and the switch
  systemCalls: 1,
};
/** The timer's own exit, SET_TIMER and RETURN. */
const exitsOfTick = 3;

describe('a kernel that knows of its VMM', () => {
  it('does on the leaky processor what the unchanged kernel does on bare metal', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const done = runOf(options);
        assert.equal(done.end.kind, 'finished', JSON.stringify(done.end));
        for (const [name, check] of Object.entries(scenario.checks)) {
          assert.equal(check.violated(done, { most: 1 }), undefined, name);
        }
        assert.equal(done.metrics['leaks'], 0);
        assert.equal(done.metrics['privilegedExits'], 0);
      }),
      { numRuns: 20 },
    );
  });

  it('has the exits that its source says, however many pages it maps', () => {
    for (const pages of [1, 32, 256]) {
      const { metrics } = runOf({ ...undisturbed, pages });
      const { hypercalls, devices, systemCalls } = exitsInSource;
      assert.equal(metrics['hypercalls'], hypercalls);
      assert.equal(metrics['deviceExits'], devices);
      assert.equal(metrics['exits'], hypercalls + devices + systemCalls);
    }
  });

  it('has three exits more for each tick', () => {
    const { hypercalls, devices, systemCalls } = exitsInSource;
    const calm = hypercalls + devices + systemCalls;
    const { metrics } = runOf({ quantumTicks: 500, rounds: 1000, timerBound: 1_000_000 });
    const preemptions = metrics['preemptions']!;
    assert.ok(preemptions >= Math.floor((8 * 1000) / 500) - 1, String(preemptions));
    // Ticks may come in the kernel too, before the process runs: there it takes less than two slices.
    const ticks = (metrics['exits']! - calm) / exitsOfTick;
    assert.ok(Number.isInteger(ticks) && ticks >= preemptions && ticks <= preemptions + 2, String(ticks));
  });

  it('is the row of the comparison of techniques, as on bare metal', () => {
    const outcome = scenarios['cpu.leaky']!.execute({ params: { ...undisturbed, pages: 200 } });
    assert.ok(outcome.ok);
    const { trace } = outcome.run;
    const rows = Array.from({ length: trace.length }, (_, row) => row).filter(
      (row) => trace.kind(row) === 'technique' && trace.textsOf(row)['name'] === 'paravirtualization',
    );
    const { hypercalls, devices, systemCalls } = exitsInSource;
    assert.deepEqual(
      rows.map((row) => [trace.field(row, 1), trace.field(row, 3)]),
      [[hypercalls + devices + systemCalls, 1]],
    );
  });

  it('is compared with every exit of the unchanged kernel by trap and emulate', () => {
    for (const pages of [1, 100]) {
      const options = { quantumTicks: 20_000, rounds: 50, seed: 3, pages, patches: 2 };
      const { metrics } = runOf({ ...options, timerBound: 1_000_000 });
      const consoleStores = 3 * 9;
      assert.equal(
        metrics['trapAndEmulateExits'],
        kernelOnBareMetal(options).privileged +
          pages +
          consoleStores +
          exitsInSource.devices +
          exitsInSource.systemCalls,
      );
    }
  });
});
