import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { noCause, Trace } from '../../src/engine/kernel/trace.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import { leastShare } from '../../src/engine/scheduling/cpuShare.ts';
import { schedulingEvents } from '../../src/engine/scheduling/schedulingEvents.ts';

/** What ran in each unit of time, one vCPU of `vcpus` or nobody (0); vCPUs that do not run wait. */
function traceOf(units: readonly number[], vcpus: number): Trace<typeof schedulingEvents> {
  const trace = new Trace(schedulingEvents);
  const { codes } = trace;
  for (let vcpu = 1; vcpu <= vcpus; vcpu++) trace.append(codes.enqueue, 0, noCause, vcpu, 0);
  units.forEach((vcpu, unit) => {
    if (vcpu === 0) return;
    trace.append(codes.dispatch, unit * 1000, noCause, 0, vcpu, 0);
    trace.append(codes.deschedule, (unit + 1) * 1000, noCause, 0, vcpu, 1000, 0);
    trace.append(codes.enqueue, (unit + 1) * 1000, noCause, vcpu, 1);
  });
  trace.append(codes.end, units.length * 1000, noCause);
  return trace;
}

describe('the least share over every window', () => {
  it('is that of all windows with whole ends, tried one by one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        (units, window) => {
          let least = Infinity;
          for (let vcpu = 1; vcpu <= 3; vcpu++)
            for (let from = 0; from < units.length; from++)
              for (let to = from + window; to <= units.length; to++) {
                const got = units.slice(from, to).filter((each) => each === vcpu).length;
                least = Math.min(least, got / (to - from));
              }
          const found = leastShare(traceOf(units, 3), window * 1000);
          if (least === Infinity) assert.equal(found, undefined);
          else assert.ok(Math.abs(found!.share - least) < 1e-9, `${found!.share} instead of ${least}`);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

function metrics(params: Readonly<Record<string, string | number>>): Readonly<Record<string, number>> {
  const outcome = scenarios['scheduling.boost']!.execute({
    params: { switchCostUs: 0, sliceMs: 10, vms: 5, durationMs: 6000, ...params },
  });
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.run.end, { kind: 'finished' });
  return outcome.run.metrics;
}

describe('scheduling.boost, on paper', () => {
  it('round robin: who wakes waits for at most all others, and shares are what the weights say', () => {
    const { worstWakeMs, leastSharePercent } = metrics({ ioVms: 1 });
    assert.ok(worstWakeMs! > 30 && worstWakeMs! <= 40, String(worstWakeMs));
    // The fifth VM mostly sleeps, so each of the others has more than a fifth even in a window that just misses a turn.
    assert.ok(leastSharePercent! >= 100, String(leastSharePercent));
  });
  it('round robin among VMs that always have work: the least is a window that just misses a turn', () => {
    // 200 ms from the end of a turn hold 4 turns of 10 ms; 240 ms up to the next turn hold 4, too: 40 of 240 ms, of a fifth.
    assert.ok(Math.abs(metrics({ ioVms: 0 })['leastSharePercent']! - (100 * 5 * 40) / 240) < 1e-6);
  });
  it('credit: a VM that wakes alone among busy ones runs within the rate limit of 1 ms, at the median at once', () => {
    const { medianWakeMs } = metrics({ ioVms: 1, scheduler: 'credit' });
    assert.ok(medianWakeMs! <= 1, String(medianWakeMs));
  });
  it('real-time: nobody gets less than its budget in any two whole periods', () => {
    // A window of 200 ms holds at least 19 whole periods of 10 ms, each with 2 ms.
    const { leastSharePercent } = metrics({ ioVms: 0, scheduler: 'real-time' });
    assert.ok(leastSharePercent! >= 95 - 1e-6, String(leastSharePercent));
  });
  it('EEVDF: nobody falls behind by more than a base slice and a tick', () => {
    // Over 200 ms a VM deserves 40 ms, and may lack 3 + 4 ms at either end.
    const { leastSharePercent } = metrics({ ioVms: 0, scheduler: 'eevdf' });
    assert.ok(leastSharePercent! >= (100 * (40 - 7)) / 40, String(leastSharePercent));
  });
});
