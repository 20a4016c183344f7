import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { submissionOf } from '../../src/engine/kernel/scenario.ts';
import { roundRobinScheduler } from '../../src/engine/scheduling/roundRobinScheduler.ts';
import { schedulerPolicies } from '../../src/engine/scheduling/schedulerPolicy.ts';
import { responseTo, rotationNs, type RotationOptions } from '../../src/engine/scheduling/worstArrival.ts';

/*
 * Wake-to-run latency of a task beside N busy ones under SCHED_RR on a real kernel, predicted by the engine's rotation with
 * n = N + 1 and a VM 1 that sleeps until the request wakes it. Linux accounts for slices at timer ticks (HZ = 250), so that a
 * slice of 30, 10 or 1 ms lasts 32, 12 or 4 ms. Nothing is fitted to the rows that are compared.
 *
 * Tolerances, from the number of samples m and the spread D of a uniform latency (one slice), at a level of 1 in 1000 per comparison:
 * - 0.106 ms for the wake-up itself, which the model takes as free: twice the largest 99th percentile of the rows with a boosted
 *   sleeper, which are used for nothing else (the one with 83 samples is left out: its 99th percentile is its maximum);
 * - mean: 3.29 standard errors, D / √(12 m); median: 3.29 · D / (2 √m);
 * - 99th percentile: 3.29 · D · √(0.99 · 0.01 / m), and one rank, D / m, for the definition of a percentile;
 * - minimum and maximum of m samples lie within D · ln(1000) / m of the ends, on the inner side.
 */
const wakeUpMs = 2 * 0.053;
const z = 3.29;
const lnOf1000 = 6.91;

interface Latency {
  readonly minMs: number;
  readonly meanMs: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}
type Quantity = keyof Latency;

interface Row extends Latency {
  readonly id: string;
  readonly use: 'gate' | 'calibration';
  readonly sliceMs: number;
  readonly busyTasks: number;
  readonly samples: number;
}

const published = JSON.parse(
  readFileSync(new URL('published/linux-sched-rr.json', import.meta.url), 'utf8'),
) as readonly Row[];

/** How far above and below the prediction a measured value may lie. */
function tolerances(row: Row, spreadMs: number): Record<Quantity, { above: number; below: number }> {
  const { samples } = row;
  const even = (ms: number) => ({ above: ms + wakeUpMs, below: ms + wakeUpMs });
  const inner = (spreadMs * lnOf1000) / samples;
  return {
    minMs: { above: inner + wakeUpMs, below: wakeUpMs },
    meanMs: even((z * spreadMs) / Math.sqrt(12 * samples)),
    medianMs: even((z * spreadMs) / (2 * Math.sqrt(samples))),
    p99Ms: even(z * spreadMs * Math.sqrt((0.99 * 0.01) / samples) + spreadMs / samples),
    maxMs: { above: wakeUpMs, below: inner + wakeUpMs },
  };
}

/** The engine's latency over arrivals spread evenly over one rotation. */
function predicted(busyTasks: number, sliceMs: number): Latency {
  const options: RotationOptions = {
    cpus: 1,
    vms: busyTasks + 1,
    model: 'blocked',
    sliceNs: sliceMs * 1e6,
    switchCostNs: 0,
    switchCharge: 'added',
    coldStartNs: 0,
    serviceNs: 0,
    stepBudget: 100_000,
  };
  const submission = submissionOf(schedulerPolicies, { scheduler: roundRobinScheduler });
  const phases = 3000;
  const latencies = Array.from({ length: phases }, (_, phase) => {
    const arrivalNs = rotationNs(options) + Math.round((phase * rotationNs(options)) / phases);
    const { waitNs } = responseTo(
      options,
      arrivalNs,
      (handlers) => submission.start(handlers),
      () => assert.fail(),
    );
    return waitNs / 1e6;
  }).toSorted((a, b) => a - b);
  const quantile = (share: number): number => latencies[Math.ceil(share * phases) - 1]!;
  return {
    minMs: latencies[0]!,
    meanMs: latencies.reduce((sum, ms) => sum + ms, 0) / phases,
    medianMs: quantile(0.5),
    p99Ms: quantile(0.99),
    maxMs: latencies.at(-1)!,
  };
}

/** The quantities of a row that a prediction misses. */
function misses(row: Row, prediction: Latency, spreadMs: number): Quantity[] {
  const allowed = tolerances(row, spreadMs);
  return (Object.keys(allowed) as Quantity[]).filter((quantity) => {
    const difference = row[quantity] - prediction[quantity];
    return difference > allowed[quantity].above || difference < -allowed[quantity].below;
  });
}

const tickMs = 4;
const upToTick = (sliceMs: number): number => Math.ceil(sliceMs / tickMs) * tickMs;

/**
 * What the prediction misses. The largest of 490 samples beside two tasks with slices of 1 ms is 9.015 ms, one millisecond past the
 * two slices of 4 ms. The measured host is itself a virtual machine and was probably kept from running then, for which the
 * model has no cause; the boosted rows have such samples too (1.3 and 19 ms where others take 0.05).
 */
const knownMisses: Readonly<Record<string, readonly Quantity[]>> = { 'RR-1-2': ['maxMs'] };

describe('wake-to-run latency under Linux SCHED_RR', () => {
  const rows = published.filter((row) => row.use === 'gate');
  it('has nine measured rows, and a tolerance that comes from others', () => {
    assert.equal(rows.length, 9);
    const boosted = published.filter((row) => row.use === 'calibration' && row.samples > 100);
    assert.equal(wakeUpMs, 2 * Math.max(...boosted.map((row) => row.p99Ms)));
  });

  for (const row of rows) {
    const sliceMs = upToTick(row.sliceMs);
    describe(`${row.busyTasks} other busy ${row.busyTasks === 1 ? 'task' : 'tasks'}, slices of ${row.sliceMs} ms`, () => {
      const prediction = predicted(row.busyTasks, sliceMs);

      it('is uniform on [(N-1)·T, N·T]', () => {
        assert.ok(prediction.minMs - (row.busyTasks - 1) * sliceMs < 0.05);
        assert.equal(prediction.maxMs, row.busyTasks * sliceMs);
        assert.ok(Math.abs(prediction.meanMs - (row.busyTasks - 0.5) * sliceMs) < 0.05);
      });
      it(`is what the engine predicts${knownMisses[row.id] === undefined ? '' : `, but for ${String(knownMisses[row.id])}`}`, () => {
        assert.deepEqual(misses(row, prediction, sliceMs), knownMisses[row.id] ?? []);
      });
      it('is not what n·T predicts, which counts the own slice as waiting', () => {
        const rival = Object.fromEntries(
          Object.entries(prediction).map(([quantity, ms]) => [quantity, ms + sliceMs]),
        ) as unknown as Latency;
        assert.ok(misses(row, rival, sliceMs).length > 0);
      });
      it('is not what slices predict that are not rounded up to the tick', () => {
        assert.ok(misses(row, predicted(row.busyTasks, row.sliceMs), row.sliceMs).length > 0);
      });
    });
  }
});
