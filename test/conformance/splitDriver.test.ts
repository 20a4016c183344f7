import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ParameterInput } from '../../src/engine/kernel/parameters.ts';
import { scenarios } from '../../src/engine/scenarios.ts';

/*
 * Forms on paper. n VMs, of which n - 1 are always busy; slices T, no switch cost; the request arrives just as a busy VM has been
 * given its slice. The work W of all domains and the device's time D are small: a domain's part fits into its slice, and D into the
 * next one's. A domain that wakes at the tail while a busy VM begins its slice waits (n - 1)·T; when it wakes D later, D less.
 *
 *   all on one CPU, tail:   VM 1, Dom0, Dom0 again (D less), VM 1:       4 (n - 1) T - D, plus W + D
 *   Dom0 on its own CPU:    VM 1, then VM 1 less what Dom0 and device took: 2 (n - 1) T, plus VM 1's own work
 *   all on one CPU, first:  VM 1 waits T; Dom0 follows at once; Dom0 again waits T - D; VM 1 follows at once: 2 T - D, plus W + D
 *   nobody else (n = 1):    W + D
 */
function run(params: ParameterInput): Readonly<Record<string, number>> {
  const outcome = scenarios['io.split-driver']!.execute({ params });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  assert.equal(outcome.run.end.kind, 'finished', JSON.stringify(outcome.run.end));
  return outcome.run.metrics;
}
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} instead of ${expected}`);

const settings = fc.record({
  vms: fc.integer({ min: 2, max: 12 }),
  sliceMs: fc.constantFrom(1, 5, 10, 30),
  deviceUs: fc.integer({ min: 1, max: 300 }),
  requests: fc.integer({ min: 1, max: 8 }),
  grant: fc.constantFrom('copy', 'map'),
});

describe('the split driver against forms on paper', () => {
  it('one CPU for all, who wakes joins the tail: 4 (n - 1) T, and the work', () => {
    fc.assert(
      fc.property(settings, (params) => {
        const { responseMs, workUs, dom0WaitMs, guestWaitMs } = run({ ...params, switchCostUs: 0 });
        const others = (params.vms - 1) * params.sliceMs;
        near(responseMs!, 4 * others + (workUs! - params.deviceUs) / 1000);
        near(dom0WaitMs!, 2 * others - params.deviceUs / 1000);
        near(guestWaitMs!, 2 * others);
      }),
      { numRuns: 80 },
    );
  });
  it('a CPU of its own for Dom0: 2 (n - 1) T, and what VM 1 works', () => {
    fc.assert(
      fc.property(settings, (params) => {
        const { responseMs, dom0WaitMs } = run({ ...params, requests: 1, dom0Cpu: 'own', frontEndUs: 4 });
        // 4 µs before and after, and one hypercall of 619 ns.
        near(responseMs!, 2 * (params.vms - 1) * params.sliceMs + 0.008619);
        near(dom0WaitMs!, 0);
      }),
      { numRuns: 80 },
    );
  });
  it('who wakes goes first: 2 T, and the work', () => {
    fc.assert(
      fc.property(settings, (params) => {
        const { responseMs, workUs } = run({ ...params, wakeUps: 'first' });
        near(responseMs!, 2 * params.sliceMs + (workUs! - params.deviceUs) / 1000);
      }),
      { numRuns: 80 },
    );
  });
  it('nobody else: the work alone', () => {
    for (const requests of [1, 8]) {
      const { responseMs, workUs } = run({ vms: 1, requests });
      near(responseMs!, workUs! / 1000);
    }
  });
  it('requests that are made together share two notifications', () => {
    for (const requests of [1, 4, 32])
      assert.equal(run({ requests })['notificationsPerRequest'], 2 / requests);
  });
  it('rejects the rivals: Dom0 that runs at once, and n·T for every hop', () => {
    const { responseMs, workUs } = run({ vms: 4, sliceMs: 30 });
    assert.ok(responseMs! > 2 * 3 * 30 + workUs! / 1000);
    assert.ok(responseMs! < 4 * 4 * 30);
  });
});
