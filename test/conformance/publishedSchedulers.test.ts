import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { PolicyImplementation } from '../../src/engine/kernel/policy.ts';
import { submissionOf } from '../../src/engine/kernel/scenario.ts';
import { Trace } from '../../src/engine/kernel/trace.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import { creditScheduler } from '../../src/engine/scheduling/creditScheduler.ts';
import { eevdfScheduler } from '../../src/engine/scheduling/eevdfScheduler.ts';
import { Host, instant, type HostOptions } from '../../src/engine/scheduling/host.ts';
import { roundRobinScheduler } from '../../src/engine/scheduling/roundRobinScheduler.ts';
import { schedulerPolicies, type SchedulerPolicy } from '../../src/engine/scheduling/schedulerPolicy.ts';
import { schedulingEvents } from '../../src/engine/scheduling/schedulingEvents.ts';
import { shortSliceScheduler } from '../../src/engine/scheduling/shortSliceScheduler.ts';
import { wakeFirstScheduler } from '../../src/engine/scheduling/wakeFirstScheduler.ts';

/*
 * Schedulers against published and measured latencies. Which row is a calibration and which a gate stands in the file of the rows;
 * no row is both. Tolerances were set before the engine was asked: 10 % for means, 50 % for standard deviations (which ping's few
 * samples make coarse), 25 % for extremes and percentiles. A rival model is named for each, and must fail.
 */
interface Row {
  readonly id: string;
  readonly use: 'gate' | 'calibration';
  readonly value: number;
}
interface LatencyRow extends Row {
  readonly busyTasks: number;
  readonly meanMs: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}
const rows = JSON.parse(
  readFileSync(new URL('published/schedulers.json', import.meta.url), 'utf8'),
) as readonly LatencyRow[];
const published = (id: string): number => rows.find((row) => row.id === id)!.value;

interface Spread {
  readonly min: number;
  readonly avg: number;
  readonly stdev: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const avg = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const squares = sorted.reduce((sum, value) => sum + (value - avg) ** 2, 0);
  return {
    min: sorted[0]!,
    avg,
    stdev: Math.sqrt(squares / sorted.length),
    median: sorted[Math.ceil(sorted.length / 2) - 1]!,
    p99: sorted[Math.ceil(0.99 * sorted.length) - 1]!,
    max: sorted.at(-1)!,
  };
}

const within = (predicted: number, value: number, share: number): boolean =>
  Math.abs(predicted - value) <= share * value;

type Scheduler = () => PolicyImplementation<typeof SchedulerPolicy>;

function hostOf(
  scheduler: Scheduler,
  options: Partial<HostOptions> = {},
  trace = new Trace(schedulingEvents),
): Host {
  const submission = submissionOf(schedulerPolicies, { scheduler });
  return new Host(
    {
      cpus: 1,
      sliceNs: 30e6,
      switchCostNs: 0,
      switchCharge: 'slice',
      coldStartNs: 0,
      stepBudget: 1e8,
      ...options,
    },
    submission.start({ scheduler: {} }).scheduler,
    trace,
    (witness) => assert.fail(witness.because),
  );
}

/** Evenly spread over [0, 1), in an order that no period follows. */
const phase = (index: number): number => (index * 0.6180339887498949) % 1;

describe('Xen in 2003: a request to one of 128 busy domains on two CPUs, slices of 5 ms', () => {
  /** From the arrival of a request until the domain runs, in milliseconds. */
  function latency(domains: number, cpus: number, scheduler: Scheduler = roundRobinScheduler): Spread {
    const sliceMs = 5;
    // What the loss of throughput at this slice says about a switch with its cold caches: it comes out of every slice.
    const switchCostNs = Math.round(published('XEN03-loss-5ms') * 1e4 * sliceMs);
    const host = hostOf(scheduler, { cpus, sliceNs: sliceMs * 1e6, switchCostNs });
    for (let domain = 1; domain <= domains; domain++) host.addVcpu(domain, true);
    host.start();
    const waitsMs: number[] = [];
    const roundNs = (domains / cpus) * sliceMs * 1e6;
    for (let index = 0; index < 200; index++) {
      const arrivalNs = Math.round((index + 1 + phase(index)) * roundNs);
      const onStart = (): void => void waitsMs.push((host.simulation.now - arrivalNs) / 1e6);
      host.simulation.at(arrivalNs, () => host.submit(1, { remainingNs: 0, onStart }), instant.arrival);
    }
    host.simulation.run({ untilNs: 203 * roundNs });
    return spread(waitsMs);
  }

  it('waits as long as published, at the mean and in its spread', () => {
    const { avg, stdev } = latency(128, 2);
    assert.ok(within(avg, published('XEN03-busy-mean'), 0.1), `mean ${avg} ms`);
    assert.ok(within(stdev, published('XEN03-busy-sd'), 0.1), `standard deviation ${stdev} ms`);
  });
  it('does not wait as one CPU would let it; a boost changes nothing, because who computes does not wake', () => {
    assert.ok(!within(latency(128, 1).avg, published('XEN03-busy-mean'), 0.1));
    assert.ok(within(latency(128, 2, wakeFirstScheduler).avg, published('XEN03-busy-mean'), 0.1));
  });
  it('loses nearly nothing with slices of 50 ms, as published', () => {
    // “Almost eliminating the gap”, read as at most 1.5 %. The rival, a loss that does not depend on the slice, says 7.5 %.
    const outcome = scenarios['scheduling.round-robin']!.execute({
      params: {
        vms: 64,
        sliceMs: 50,
        switchCostUs: published('XEN03-loss-5ms') * 50,
        switchCharge: 'slice',
        serviceMs: 0,
      },
    });
    assert.ok(outcome.ok);
    const lost = outcome.run.metrics['switchOverheadPercent']!;
    assert.ok(Math.abs(lost - 0.75) < 1e-9);
    assert.ok(lost <= 1.5 && published('XEN03-loss-5ms') > 1.5);
  });
});

describe('shares by weight: eight domains with weights 1 to 8', () => {
  /** The largest distance of a share from what the weight says, in percent of the latter. */
  function farthest(scheduler: Scheduler): number {
    const trace = new Trace(schedulingEvents);
    const running = hostOf(scheduler, {}, trace);
    for (let domain = 1; domain <= 8; domain++) running.addVcpu(domain, true, 256 * domain);
    running.start();
    const endNs = 120e9;
    running.simulation.run({ untilNs: endNs });
    const usedNs = Array.from({ length: 9 }, () => 0);
    for (let row = 0; row < trace.length; row++)
      if (trace.kind(row) === 'deschedule') usedNs[trace.field(row, 1)]! += trace.field(row, 2);
    return Math.max(
      ...usedNs.slice(1).map((used, index) => Math.abs((100 * used * 36) / (endNs * (index + 1)) - 100)),
    );
  }

  it('credit and EEVDF stay within the published 4 %; round robin, which knows no weights, does not', () => {
    const limit = published('XEN03-weights');
    const found = {
      credit: farthest(() => creditScheduler(30)),
      eevdf: farthest(() => eevdfScheduler()),
    };
    assert.ok(found.credit <= limit, `credit: ${found.credit} %`);
    assert.ok(found.eevdf <= limit, `EEVDF: ${found.eevdf} %`);
    assert.ok(farthest(roundRobinScheduler) > limit);
  });
});

describe('ping between two of four busy VMs on two cores (Hu et al., Table I)', () => {
  /*
   * The two VMs stand on the same core, with nobody else: that is what the least round trip under round robin says, one slice.
   * The one that pings can only send while it runs, so a ping that is due while the other runs leaves at the start of its next slice.
   * The rest of the path is one number, calibrated on round robin with slices of 0.5 ms.
   */
  function roundTrips(scheduler: Scheduler, sliceMs: number, vms = 2): Spread {
    const host = hostOf(scheduler, { sliceNs: sliceMs * 1e6 });
    for (let vm = 1; vm <= vms; vm++) host.addVcpu(vm, true);
    host.start();
    const found: number[] = [];
    const { simulation } = host;
    for (let index = 0; index < 2000; index++) {
      const ping = (): void => {
        const sentNs = simulation.now;
        const answered = (): void => void found.push((simulation.now - sentNs) / 1e6);
        const reply = (): void => host.submit(1, { remainingNs: 0, onStart: answered });
        host.submit(2, { remainingNs: 0, onStart: reply });
      };
      simulation.at(
        1e9 * (index + 1) + Math.round(phase(index) * vms * sliceMs * 1e6),
        () => host.submit(1, { remainingNs: 0, onStart: ping }),
        instant.arrival,
      );
    }
    simulation.run({ untilNs: 2003e9 });
    return spread(found);
  }

  const pathMs = published('HU-T1-RR0.5-avg') - roundTrips(roundRobinScheduler, 0.5).avg;
  const predicted = (scheduler: Scheduler, vms = 2): Spread => {
    const found = roundTrips(scheduler, 30, vms);
    return { ...found, min: found.min + pathMs, avg: found.avg + pathMs, max: found.max + pathMs };
  };
  const tolerance = { min: 0.25, avg: 0.1, stdev: 0.5, max: 0.25 } as const;
  type Quantity = keyof typeof tolerance;
  const misses = (name: string, prediction: Spread): Quantity[] =>
    (Object.keys(tolerance) as Quantity[]).filter((quantity) => {
      const row = rows.find(({ id }) => id === `HU-T1-${name}-${quantity}`)!;
      return row.use === 'gate' && !within(prediction[quantity], row.value, tolerance[quantity]);
    });

  it('round robin with 30 ms: the mean and the spread, but not the longest, which had to wait for four slices', () => {
    assert.deepEqual(misses('RR30', predicted(roundRobinScheduler)), ['max']);
  });
  it('credit: all four, though it boosts: a VM that computes does not wake', () => {
    assert.deepEqual(
      misses(
        'Credit',
        predicted(() => creditScheduler(30)),
      ),
      [],
    );
  });
  it('rejects one rotation of all four, and a boost for who is pinged', () => {
    assert.ok(misses('RR30', predicted(roundRobinScheduler, 4)).includes('avg'));
    const boosted = { min: pathMs, avg: pathMs, stdev: 0, median: pathMs, p99: pathMs, max: pathMs };
    assert.deepEqual(misses('Credit', boosted), ['min', 'avg', 'stdev', 'max']);
  });
});

describe('who gains by BOOST: a VM that only answers requests, and one that computes as well', () => {
  /** Mean wait of requests to VM 1 beside three VMs that always have work, under the credit scheduler. */
  function meanWaitMs(computes: boolean, scheduler: Scheduler): number {
    const host = hostOf(scheduler);
    for (let vm = 1; vm <= 4; vm++) host.addVcpu(vm, vm > 1 || computes);
    host.start();
    const waitsMs: number[] = [];
    for (let index = 0; index < 1000; index++) {
      const arrivalNs = Math.round((index + 1) * 200e6 + phase(index) * 120e6);
      const onStart = (): void => void waitsMs.push((host.simulation.now - arrivalNs) / 1e6);
      host.simulation.at(arrivalNs, () => host.submit(1, { remainingNs: 50_000, onStart }), instant.arrival);
    }
    host.simulation.run({ untilNs: 202e9 });
    return spread(waitsMs).avg;
  }
  const credit: Scheduler = () => creditScheduler(30);

  it('the idle one runs within the rate limit; the busy one waits as in a rotation', () => {
    assert.ok(meanWaitMs(false, credit) <= 1, String(meanWaitMs(false, credit)));
    const busy = meanWaitMs(true, credit);
    // Published order (Hu et al.): for VMs that compute, credit is no better than round robin, to 10 %.
    assert.ok(within(busy, meanWaitMs(true, roundRobinScheduler), 0.1), String(busy));
  });
  it('rejects a boost that the rotation does not know', () => {
    assert.ok(meanWaitMs(false, roundRobinScheduler) > 10);
  });
});

describe('short slices for who answers requests and computes as well (vSlicer, vTurbo)', () => {
  /*
   * Published is an order, not a workload: who is asked often gains by short slices of its own, at the same share of the CPU, and the
   * others do not pay for them with theirs. Four VMs always have work; VM 1 is asked as well.
   */
  const vms = 4;
  const fullMs = 30;
  const parts = 6;

  /** vSlicer's idea: VM 1 has its slice in equal parts, and what the others have in a round lies between them. */
  const slicedForVm1: Scheduler = () => {
    const others = [2, 3, 4];
    let turn = 0;
    return {
      pickNext() {
        const mine = turn % 2 === 0;
        const part = (turn % (2 * parts)) >> 1;
        turn += 1;
        return mine
          ? { vcpu: 1, runForMs: fullMs / parts }
          : {
              vcpu: others[Math.floor((part * others.length) / parts)]!,
              runForMs: (fullMs * others.length) / parts,
            };
      },
    };
  };

  interface Found {
    readonly wait: Spread;
    readonly sharePercent: number;
    readonly switches: number;
  }
  /** Requests to `asked` over a minute, its share of the CPU time, and how often a CPU changes hands. */
  function requests(
    scheduler: Scheduler,
    asked = 1,
    options: Partial<HostOptions> = {},
    cores = false,
  ): Found {
    const trace = new Trace(schedulingEvents);
    const host = hostOf(scheduler, { sliceNs: fullMs * 1e6, ...options }, trace);
    for (let vm = 1; vm <= vms; vm++) host.addVcpu(vm, true);
    // With a core for I/O each VM has a second vCPU, which sleeps until it is asked.
    if (cores) for (let vm = 1; vm <= vms; vm++) host.addVcpu(vms + vm, false);
    host.start();
    const waitsMs: number[] = [];
    for (let index = 0; index < 1000; index++) {
      const arrivalNs = Math.round((index + 1) * 60e6 + phase(index) * 120e6);
      const onStart = (): void => void waitsMs.push((host.simulation.now - arrivalNs) / 1e6);
      host.simulation.at(
        arrivalNs,
        () => host.submit(asked, { remainingNs: 20_000, onStart }),
        instant.arrival,
      );
    }
    const endNs = 60e9;
    host.simulation.run({ untilNs: endNs });
    let usedNs = 0;
    let switches = 0;
    for (let row = 0; row < trace.length; row++) {
      if (trace.kind(row) !== 'deschedule') continue;
      switches += 1;
      if (trace.field(row, 1) === 1) usedNs += trace.field(row, 2);
    }
    return { wait: spread(waitsMs), sharePercent: (100 * usedNs) / endNs, switches };
  }

  const credit = requests(() => creditScheduler(fullMs));
  const sliced = requests(slicedForVm1);

  it('vSlicer: half of the wait and of its spread or less, at an equal share', () => {
    // By hand: a gap of 3 · 30 / 6 = 15 ms, and one of 3 · 30 = 90 ms in a rotation.
    assert.ok(sliced.wait.max <= 15 && sliced.wait.max > 14, String(sliced.wait.max));
    assert.ok(sliced.wait.avg <= credit.wait.avg / published('VSLICER-connections'));
    assert.ok(sliced.wait.stdev <= credit.wait.stdev * (1 - published('VSLICER-jitter') / 100));
    assert.ok(within(sliced.sharePercent, 100 / vms, 0.01), `${sliced.sharePercent} %`);
  });
  it('short slices for everybody give the same wait, and twice the switches: not what vSlicer does', () => {
    const everybody = requests(roundRobinScheduler, 1, { sliceNs: (fullMs / parts) * 1e6 });
    assert.ok(within(everybody.wait.max, sliced.wait.max, 0.05));
    assert.ok(within(everybody.switches, 2 * sliced.switches, 0.01));
  });
  it('vTurbo: a core of its own with slices of 0.1 ms answers within one of them, however long the others are', () => {
    const shortMs = published('VTURBO-slice');
    const turbo = requests(() => shortSliceScheduler(shortMs), vms + 1, { cpus: 2 }, true);
    assert.ok(turbo.wait.max <= shortMs, String(turbo.wait.max));
    assert.ok(turbo.wait.avg < sliced.wait.avg && sliced.wait.avg < credit.wait.avg);
    // The rival, the same two vCPUs for each VM on two cores in rotation, waits for whole slices.
    const rotation = requests(roundRobinScheduler, vms + 1, { cpus: 2 }, true);
    assert.ok(rotation.wait.avg > fullMs / 2, String(rotation.wait.avg));
  });
});

describe('wake-to-run latency under the default scheduler of Linux 6.18, an EEVDF', () => {
  const tickMs = 4;
  /** Beside `busyTasks` tasks that always have work; the sleeper sleeps for 1 to 20 ms, and computes for 10 µs. */
  function latency(busyTasks: number, scheduler: Scheduler): Spread {
    const host = hostOf(scheduler, { sliceNs: tickMs * 1e6 });
    host.addVcpu(1, false);
    for (let task = 2; task <= busyTasks + 1; task++) host.addVcpu(task, true);
    host.start();
    const waitsMs: number[] = [];
    let naps = 0;
    const sleep = (): void => {
      naps += 1;
      const wake = (): void => {
        const wokeNs = host.simulation.now;
        const onStart = (): void => void waitsMs.push((host.simulation.now - wokeNs) / 1e6);
        host.submit(1, { remainingNs: 10_000, onStart, onDone: sleep });
      };
      host.simulation.schedule(Math.round((1 + 19 * phase(naps)) * 1e6), wake, instant.wake);
    };
    host.simulation.at(0, sleep);
    host.simulation.run({ untilNs: 30e9 });
    return spread(waitsMs);
  }
  const measured = rows.filter(({ id }) => id.startsWith('EEVDF'));

  it('has four measured rows', () => assert.equal(measured.length, 4));

  it('of 100 wake-ups 99 run within a tick, however many tasks are busy; round robin waits for all of them', () => {
    for (const { busyTasks, p99Ms } of measured) {
      assert.ok(p99Ms <= tickMs);
      assert.ok(latency(busyTasks, () => eevdfScheduler()).p99 <= tickMs, `${busyTasks} busy tasks`);
    }
    assert.ok(latency(4, roundRobinScheduler).p99 > 3 * tickMs);
  });
  it('runs at once at the median, but for the wake-up itself', () => {
    // What waking costs was measured where nobody has to be waited for: 0.016 to 0.021 ms; four times that is allowed.
    for (const { busyTasks, medianMs } of measured)
      assert.ok(medianMs - latency(busyTasks, () => eevdfScheduler()).median <= 4 * 0.021);
    assert.ok(latency(1, roundRobinScheduler).median > 1);
  });
  it('predicts the 99th percentile to 25 % beside three and four tasks, and misses it beside one and two', () => {
    const missed = measured.filter(
      ({ busyTasks, p99Ms }) => !within(latency(busyTasks, () => eevdfScheduler()).p99, p99Ms, 0.25),
    );
    assert.deepEqual(
      missed.map(({ busyTasks }) => busyTasks),
      [1, 2],
    );
  });
  it('misses the longest: the model lets a few wake-ups wait for several ticks beside four tasks', () => {
    const longest = latency(4, () => eevdfScheduler()).max;
    assert.ok(!within(longest, measured[3]!.maxMs, 0.25) && longest > measured[3]!.maxMs);
  });
});
