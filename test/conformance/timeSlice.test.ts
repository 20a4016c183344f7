import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { scenarios } from '../../src/engine/scenarios.ts';

/** The workload in nanoseconds, and the slice: whole microseconds, so that nothing is rounded. */
const workloads = fc.record({
  vms: fc.integer({ min: 2, max: 9 }),
  serviceUs: fc.integer({ min: 1, max: 8000 }),
  switchCostUs: fc.integer({ min: 1, max: 100 }),
  coldStartUs: fc.integer({ min: 0, max: 300 }),
});
type Workload = typeof workloads extends fc.Arbitrary<infer W> ? W : never;

/** S + ⌈S / (T − C)⌉ · ((n − 1) · T + C), in microseconds. */
function responseUs(of: Workload, sliceUs: number): number {
  const lostUs = of.switchCostUs + of.coldStartUs;
  const rounds = Math.ceil(of.serviceUs / (sliceUs - lostUs));
  return of.serviceUs + rounds * ((of.vms - 1) * sliceUs + lostUs);
}

function execute(of: Workload, more: Readonly<Record<string, number>>) {
  const { vms, serviceUs, switchCostUs, coldStartUs } = of;
  const outcome = scenarios['scheduling.time-slice']!.execute({
    params: { vms, serviceMs: serviceUs / 1000, switchCostUs, coldStartUs, ...more },
  });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.run;
}

describe('scheduling.time-slice', () => {
  it('has the worst response, wait and loss of the forms on paper', () => {
    fc.assert(
      fc.property(workloads, fc.integer({ min: 1, max: 12_000 }), (of, aboveUs) => {
        const lostUs = of.switchCostUs + of.coldStartUs;
        const sliceUs = Math.max(500, lostUs + Math.max(aboveUs, Math.ceil(of.serviceUs / 20)));
        const { end, metrics } = execute(of, { sliceMs: sliceUs / 1000 });
        assert.deepEqual(end, { kind: 'finished' });
        const near = (name: string, on: number): void =>
          assert.ok(
            Math.abs(metrics[name]! - on) < 1e-9 * (1 + on),
            `${name}: ${metrics[name]}, on paper ${on}`,
          );
        near('worstResponseMs', responseUs(of, sliceUs) / 1000);
        // VM 1 runs, though with cold caches, as soon as the switch is over.
        near('worstWaitMs', ((of.vms - 1) * sliceUs + of.switchCostUs) / 1000);
        near('switchOverheadPercent', (100 * lostUs) / sliceUs);
      }),
      { numRuns: 150 },
    );
  });

  it('calls a target impossible exactly when no slice of whole microseconds meets it', () => {
    const { noFalsePromise } = scenarios['scheduling.time-slice']!.checks;
    let impossible = 0;
    fc.assert(
      fc.property(
        workloads.map((of) => ({
          ...of,
          serviceUs: 1 + (of.serviceUs % 400),
          switchCostUs: 1 + (of.switchCostUs % 40),
          coldStartUs: of.coldStartUs % 40,
        })),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 50, max: 150 }),
        (of, lossPercent, targetPercent) => {
          const lostUs = of.switchCostUs + of.coldStartUs;
          let shortestUs = Infinity;
          for (let sliceUs = lostUs + 1; sliceUs < 10_000; sliceUs++)
            if (100 * lostUs <= lossPercent * sliceUs)
              shortestUs = Math.min(shortestUs, responseUs(of, sliceUs));
          const withinMs = (shortestUs * targetPercent) / 100 / 1000;
          // A slice of a fraction of a microsecond less may just meet a target that is just missed.
          fc.pre(Math.abs(withinMs * 1000 - shortestUs) > of.vms);
          const run = execute(of, { lossPercent, withinMs, sliceMs: 20 });
          const refused = noFalsePromise!.violated(run, {}) !== undefined;
          assert.equal(refused, targetPercent < 100);
          if (refused) impossible++;
        },
      ),
      { numRuns: 100 },
    );
    assert.ok(impossible > 20);
  });

  it('rejects the rivals: n·T whatever the service, and a switch that costs nothing', () => {
    const of = { vms: 4, serviceUs: 5000, switchCostUs: 50, coldStartUs: 0 };
    const { metrics } = execute(of, { sliceMs: 1 });
    assert.notEqual(metrics['worstResponseMs'], 4);
    assert.notEqual(metrics['worstResponseMs'], 5 + 5 * 3);
    assert.ok(Math.abs(metrics['worstResponseMs']! - (5 + 6 * 3.05)) < 1e-9);
  });
});
