import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { cpuBandwidth } from '../../src/engine/container/cpuBandwidth.ts';
import { cpuEvents } from '../../src/engine/container/cpuBandwidth/cpuEvents.ts';
import { FairCpus } from '../../src/engine/container/cpuBandwidth/fairCpus.ts';
import { Simulation } from '../../src/engine/kernel/simulation.ts';
import { Trace } from '../../src/engine/kernel/trace.ts';

function metrics(params: Record<string, number | string>): Readonly<Record<string, number>> {
  const outcome = cpuBandwidth.execute({ params });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  assert.equal(outcome.run.end.kind, 'finished');
  return outcome.run.metrics;
}

describe('a CPU quota on paper', () => {
  const quotaAndPeriod = fc
    .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 10 }))
    .map(([slices, periodSlices]) => ({ slices, periodMs: periodSlices * 10 }));

  it('n busy threads on n CPUs: share min(n, Q/P), stall P − Q/n', () => {
    fc.assert(
      fc.property(quotaAndPeriod, fc.integer({ min: 1, max: 8 }), ({ slices, periodMs }, threads) => {
        const quotaMs = slices * 5 * threads;
        const durationMs = 10 * periodMs;
        const got = metrics({ quotaMs, periodMs, threads, durationMs });
        const limited = quotaMs < threads * periodMs;
        assert.equal(got['sharePercent'], limited ? (100 * quotaMs) / periodMs : 100 * threads);
        assert.equal(got['longestStallMs'], limited ? periodMs - quotaMs / threads : 0);
        assert.equal(got['periods'], 10);
        assert.equal(got['throttledPeriods'], limited ? 10 : 0);
        assert.equal(got['throttledMs'], limited ? 10 * threads * (periodMs - quotaMs / threads) : 0);
      }),
    );
  });

  it('one request of W at the start of a period: (⌈W/Q⌉ − 1)·P + the rest', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 60, max: 150 }),
        fc.integer({ min: 1, max: 300 }),
        (quotaMs, periodMs, workMs) => {
          const whole = Math.ceil(workMs / quotaMs) - 1;
          const expected = whole * periodMs + (workMs - whole * quotaMs);
          const got = metrics({
            quotaMs,
            periodMs,
            demand: 'requests',
            workMs,
            everyMs: 10_000,
            durationMs: 100_000 / 4,
          });
          assert.equal(got['worstResponseMs'], expected);
        },
      ),
    );
  });

  it('a burst pays for a request above the quota once it has been saved up', () => {
    // Two idle periods save up 20 ms; 40 ms of work at 200 ms then need no refill.
    const request = {
      quotaMs: 20,
      demand: 'requests',
      workMs: 40,
      firstMs: 200,
      everyMs: 10_000,
      durationMs: 400,
    };
    assert.equal(metrics({ ...request, burstMs: 20 })['worstResponseMs'], 40);
    assert.equal(metrics({ ...request, burstMs: 0 })['worstResponseMs'], 120);
    assert.equal(metrics({ ...request, burstMs: 10 })['worstResponseMs'], 110);
  });
});

/** One thread, in steps of 1 ms: a bucket, and no event, grant or slice. */
function byMilliseconds(
  q: number,
  p: number,
  burst: number,
  work: number,
  first: number,
  every: number,
  end: number,
): number[] {
  let bucket = 0;
  const arrivals: number[] = [];
  const responses: number[] = [];
  let left = 0;
  for (let now = 0; now < end; now++) {
    if (now % p === 0) bucket = Math.min(bucket + q, q + burst);
    if (now >= first && (now - first) % every === 0) arrivals.push(now);
    if (left === 0 && arrivals.length > 0) left = work;
    if (left === 0 || bucket === 0) continue;
    bucket--;
    left--;
    if (left === 0) responses.push(now + 1 - arrivals.shift()!);
  }
  return responses;
}

describe('a CPU quota against a loop over milliseconds', () => {
  it('answers the same requests in the same times', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 10, max: 120 }),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 20, max: 300 }),
        (quotaMs, periodMs, burstMs, workMs, firstMs, everyMs) => {
          const durationMs = 1200;
          const burst = Math.min(burstMs, quotaMs);
          const expected = byMilliseconds(quotaMs, periodMs, burst, workMs, firstMs, everyMs, durationMs);
          // Slices of 1 ms: nothing is left over on the CPU for it to keep when a request ends.
          const got = metrics({
            quotaMs,
            periodMs,
            burstMs,
            workMs,
            firstMs,
            everyMs,
            durationMs,
            demand: 'requests',
            sliceMs: 1,
          });
          assert.equal(got['answered'], expected.length);
          assert.equal(got['worstResponseMs'], Math.max(0, ...expected));
        },
      ),
      { numRuns: 300 },
    );
  });
});

interface QuotaRow {
  readonly id: string;
  readonly quotaUs: number;
  readonly periodUs: number;
  readonly threads: number;
  readonly share: readonly number[];
  readonly gaps: readonly number[];
  readonly stalledMs: readonly number[];
  readonly stallMedianMs: readonly (number | null)[];
}

const published = JSON.parse(
  readFileSync(new URL('published/linux-cgroup.json', import.meta.url), 'utf8'),
) as {
  readonly quota: readonly QuotaRow[];
  readonly burst: readonly {
    readonly lowMs: number;
    readonly highMs: number;
    readonly withoutQuotaMs: number;
  }[];
  readonly weights: readonly {
    readonly id: string;
    readonly weights: readonly [number, number];
    readonly shares: readonly [number, number];
  }[];
};

/*
 * Stalls of busy threads under a quota on Linux 6.18 with a timer tick of 4 ms, in runs of 5 s. No constant is fitted: HZ=250 and
 * the 5 ms slice are settings of the kernel. Tolerances, written before the comparison:
 * - share: 0.01, half a tick per period of 100 ms, which is also twice the spread of the three runs;
 * - number of gaps in 5 s: 2, for the ends of the run;
 * - time stalled in 5 s: 3 % of 5 s, since the machine is itself a virtual machine that is sometimes kept from running;
 * - median stall: one tick, 4 ms.
 */
const tolerance = { share: 0.01, gaps: 2, stalledMs: 150, medianMs: 4 };

/**
 * With 2 ms per 10 ms, where the tick is longer than the quota, the median gap is 24 ms and the mean 16: the kernel's gaps differ from one another, the model's
 * are all 16 ms. Their number, their sum and the share are as predicted.
 */
const knownMisses: Readonly<Record<string, string>> = {
  'QUOTA-2000-10000': 'median',
};

function misses(row: QuotaRow, tickMs: number, threads = row.threads): string[] {
  const predicted = metrics({
    quotaMs: row.quotaUs / 1000,
    periodMs: row.periodUs / 1000,
    threads,
    tickMs,
    durationMs: 5000,
  });
  const wrong = new Set<string>();
  const within = (seen: number | null, model: number, by: number, what: string): void => {
    if (seen !== null && Math.abs(seen - model) > by) wrong.add(what);
  };
  for (const share of row.share) within(share, predicted['sharePercent']! / 100, tolerance.share, 'share');
  for (const gaps of row.gaps) within(gaps, predicted['stalls']! / threads, tolerance.gaps, 'gaps');
  for (const ms of row.stalledMs)
    within(ms, predicted['throttledMs']! / threads, tolerance.stalledMs, 'stalled');
  for (const ms of row.stallMedianMs) within(ms, predicted['meanStallMs']!, tolerance.medianMs, 'median');
  return [...wrong];
}

describe('a CPU quota on Linux 6.18', () => {
  for (const row of published.quota) {
    it(`${row.quotaUs}/${row.periodUs} µs, ${row.threads} thread(s)${knownMisses[row.id] === undefined ? '' : ', but for the median'}`, () => {
      assert.deepEqual(misses(row, 4), knownMisses[row.id] === undefined ? [] : [knownMisses[row.id]]);
    });
  }
  it('is not what a quota per CPU predicts: two threads would stall for 80 ms', () => {
    const two = published.quota.find((row) => row.threads === 2)!;
    assert.ok(misses(two, 4, 1).includes('median'));
  });
  it('is not what is predicted where the kernel notices at once, for periods near the tick', () => {
    for (const row of published.quota.filter((each) => each.periodUs <= 10_000))
      assert.ok(misses(row, 0).includes('gaps'), row.id);
  });
  it('makes a burst of 30 ms wait for a refill, between 30 and 110 ms over all phases', () => {
    const [burst] = published.burst;
    const times = Array.from(
      { length: 100 },
      (_, phase) =>
        metrics({ demand: 'requests', workMs: 30, everyMs: 200, firstMs: phase, durationMs: 2000 })[
          'worstResponseMs'
        ]!,
    );
    assert.equal(Math.min(...times), 30);
    assert.equal(Math.max(...times), 110);
    assert.ok(burst!.lowMs >= 30 && burst!.highMs <= 110);
    // The rival: 15 % of demand under a quota of 20 % never waits.
    assert.ok(burst!.lowMs > 2 * burst!.withoutQuotaMs);
  });
});

/** Two busy loops on one CPU, each in a group of its own, for 5 s. */
function sharesByWeight(weights: readonly [number, number]): [number, number] {
  const simulation = new Simulation();
  const cpus = new FairCpus({ cpus: 1, sliceNs: 3_000_000, tickNs: 0 }, simulation, new Trace(cpuEvents));
  const groups = weights.map((weight, index) => cpus.addGroup(`g${index}`, cpus.root, weight));
  simulation.at(0, () => {
    groups.forEach((group, index) => cpus.compute(cpus.addThread(`t${index}`, group), Infinity));
  });
  simulation.run({ untilNs: 5e9 });
  cpus.settle();
  return [groups[0]!.usedNs / 5e9, groups[1]!.usedNs / 5e9];
}

/*
 * Tolerance: 0.015 of the CPU, since a part of the measured 5 s went to other processes (A and B sum to between 0.997 and 1.013).
 */
describe('CPU weights on Linux', () => {
  const weightTolerance = 0.015;
  for (const row of published.weights) {
    it(`${row.id}: a share of w / Σw`, () => {
      const [a, b] = sharesByWeight(row.weights);
      const [x, y] = row.weights;
      assert.ok(Math.abs(a - x / (x + y)) < 0.002, `the engine gives ${a}`);
      assert.ok(Math.abs(a - row.shares[0]) <= weightTolerance, `${a} and measured ${row.shares[0]}`);
      assert.ok(Math.abs(b - row.shares[1]) <= weightTolerance, `${b} and measured ${row.shares[1]}`);
    });
  }
  it('is not an equal share for each', () => {
    const row = published.weights.find((each) => each.id === 'WEIGHT-100-300')!;
    assert.ok(Math.abs(0.5 - row.shares[0]) > weightTolerance);
  });
});
