import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { AnySubmission, PolicyImplementation } from '../../../src/engine/kernel/policy.ts';
import { submissionOf, type Run } from '../../../src/engine/kernel/scenario.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { mostUsedNs } from '../../../src/engine/scheduling/cpuShare.ts';
import { realTimeScheduler } from '../../../src/engine/scheduling/realTimeScheduler.ts';
import { schedulerPolicies, type SchedulerPolicy } from '../../../src/engine/scheduling/schedulerPolicy.ts';

type Scheduler = PolicyImplementation<typeof SchedulerPolicy>;

const host = scenarios['scheduling.host']!;
const boost = scenarios['scheduling.boost']!;

function run(
  scenario: typeof host,
  params: Record<string, number | string>,
  scheduler?: () => Scheduler,
): Run {
  const submission =
    scheduler === undefined
      ? {}
      : { submission: submissionOf(schedulerPolicies, { scheduler }) as unknown as AnySubmission };
  const outcome = scenario.execute({ params, ...submission });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.run;
}

const hosts = fc.record({
  vms: fc.integer({ min: 1, max: 7 }),
  ioVms: fc.integer({ min: 0, max: 7 }),
  cpus: fc.integer({ min: 1, max: 3 }),
  sliceMs: fc.constantFrom(1, 3, 10, 30),
  switchCostUs: fc.constantFrom(0, 0, 50, 400),
  sleepMs: fc.integer({ min: 1, max: 40 }),
  burstMs: fc.integer({ min: 1, max: 5 }),
  durationMs: fc.constant(300),
});
const workConserving = ['round-robin', 'wake-first', 'credit', 'eevdf', 'short-slice'] as const;

/** When each CPU runs whom, from dispatch to deschedule or the end. */
function runs(of: Run): { cpu: number; vcpu: number; fromNs: number; toNs: number }[] {
  const { trace } = of;
  const open = new Map<number, { vcpu: number; fromNs: number }>();
  const all: { cpu: number; vcpu: number; fromNs: number; toNs: number }[] = [];
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    const cpu = trace.field(row, 0);
    if (kind === 'dispatch') {
      assert.ok(!open.has(cpu), `CPU ${cpu} runs two at once`);
      open.set(cpu, { vcpu: trace.field(row, 1), fromNs: trace.timeNs(row) });
    } else if (kind === 'deschedule') {
      all.push({ cpu, ...open.get(cpu)!, toNs: trace.timeNs(row) });
      open.delete(cpu);
    }
  }
  const endNs = trace.timeNs(trace.length - 1);
  for (const [cpu, each] of open) all.push({ cpu, ...each, toNs: endNs });
  return all;
}

describe('every built-in scheduler', () => {
  for (const scheduler of [...workConserving, 'real-time'] as const)
    it(`${scheduler}: one place for each vCPU at a time, and no more CPU time than there is`, () => {
      fc.assert(
        fc.property(hosts, (params) => {
          const of = run(host, { ...params, scheduler });
          assert.deepEqual(of.end, { kind: 'finished' });
          const byVcpu = new Map<number, { fromNs: number; toNs: number }[]>();
          let ranNs = 0;
          for (const { vcpu, fromNs, toNs } of runs(of)) {
            ranNs += toNs - fromNs;
            byVcpu.set(vcpu, [...(byVcpu.get(vcpu) ?? []), { fromNs, toNs }]);
          }
          for (const [vcpu, spans] of byVcpu) {
            const sorted = spans.toSorted((a, b) => a.fromNs - b.fromNs || a.toNs - b.toNs);
            for (let next = 1; next < sorted.length; next++)
              assert.ok(sorted[next]!.fromNs >= sorted[next - 1]!.toNs, `VM ${vcpu} is in two places`);
          }
          const { busyPercent } = of.metrics as Record<string, number>;
          assert.ok(Math.abs(ranNs - (busyPercent! / 100) * params.cpus * 300e6) < 1);
          assert.ok(busyPercent! + of.metrics['switchOverheadPercent']! <= 100 + 1e-9);
          const most = Math.max(
            0,
            ...[...byVcpu.values()].map((spans) =>
              spans.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0),
            ),
          );
          assert.equal(mostUsedNs(of.trace as never), most);
        }),
        { numRuns: 60 },
      );
    });

  for (const scheduler of workConserving)
    it(`${scheduler}: no CPU is idle while a vCPU waits`, () => {
      fc.assert(
        fc.property(hosts, (params) => {
          const of = run(host, { ...params, scheduler });
          assert.equal(host.checks['workConserving']!.violated(of, {}), undefined);
        }),
        { numRuns: 60 },
      );
    });

  it('real-time: nobody has more than its budget in any whole period, and all have it that want it', () => {
    fc.assert(
      fc.property(hosts, fc.integer({ min: 1, max: 4 }), (params, budgetMs) => {
        const of = run(host, { ...params, switchCostUs: 0 }, () => realTimeScheduler(budgetMs, 20));
        const periods = 15;
        const used = Array.from({ length: params.vms + 1 }, () => Array.from({ length: periods }, () => 0));
        for (const { vcpu, fromNs, toNs } of runs(of))
          for (let period = 0; period < periods; period++) {
            const overlap = Math.min(toNs, (period + 1) * 20e6) - Math.max(fromNs, period * 20e6);
            used[vcpu]![period]! += Math.max(0, overlap);
          }
        const busy = Math.max(0, params.vms - params.ioVms);
        used.forEach((periodsOf, vcpu) => {
          if (vcpu === 0) return;
          for (const ns of periodsOf) assert.ok(ns <= budgetMs * 1e6 + 10, `VM ${vcpu} ran ${ns} ns`);
        });
        // With room for all budgets, whoever always has work gets the whole of its own.
        if (params.vms * budgetMs <= 20 && params.cpus === 1)
          for (let vcpu = params.vms - busy + 1; vcpu <= params.vms; vcpu++)
            for (const ns of used[vcpu]!)
              assert.ok(ns >= budgetMs * 1e6 - 1e3, `VM ${vcpu} ran only ${ns} ns`);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a scheduler that does what none should is told so at the decision', () => {
  const busy = { vms: 3, ioVms: 0, sliceMs: 10, switchCostUs: 0, windowRounds: 2, durationMs: 500 };

  it('one that starves a vCPU', () => {
    const of = run(boost, busy, () => ({
      pickNext: ({ sliceMs, nowMs }) => ({ vcpu: 1 + (Math.round(nowMs / sliceMs) % 2), runForMs: sliceMs }),
    }));
    const witness = boost.checks['fairShare']!.violated(of, { leastPercent: 60 })!;
    assert.equal(of.trace.kind(witness.event), 'pick');
    assert.match(witness.expected, /at least 60 % of .* for VM 3/);
    assert.equal(witness.actual, 'nothing: it starved');
  });

  it('one that never yields', () => {
    const of = run(boost, busy, () => ({
      pickNext: ({ waiting }) => ({ vcpu: waiting[0]!.vcpu, runForMs: 1e6 }),
    }));
    const fair = boost.checks['fairShare']!.violated(of, { leastPercent: 60 })!;
    assert.equal(of.trace.say(fair.event), 'the scheduler gives CPU 0 to VM 1 for 1000000 ms');
    const late = boost.checks['maxWait']!.violated(of, { belowMs: 100 })!;
    assert.equal(late.event, fair.event);
    assert.equal(late.actual, 'it waited 500 ms');
  });

  it('one that leaves the CPU idle for ever', () => {
    const of = run(boost, busy, () => ({ pickNext: () => undefined }));
    const witness = boost.checks['workConserving']!.violated(of, {})!;
    assert.equal(of.trace.kind(witness.event), 'leaveIdle');
  });

  it('one that takes a CPU which there is not', () => {
    const of = run(boost, { ...busy, ioVms: 1 }, () => ({
      pickNext: ({ waiting, sliceMs }) => ({ vcpu: waiting[0]!.vcpu, runForMs: sliceMs }),
      preempt: () => ({ cpu: 7, afterMs: 0 }),
    }));
    assert.ok(of.end.kind === 'refused');
    const { event, ...witness } = of.end.witness;
    assert.equal(of.trace.kind(event), 'preempt');
    assert.deepEqual(witness, {
      expected: 'one of the CPUs that run a vCPU: 0',
      actual: 'CPU 7',
      because: 'Only a CPU that runs a vCPU can be taken from it.',
    });
  });
});
