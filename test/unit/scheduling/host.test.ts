import assert from 'node:assert/strict';
import type { AnySubmission, PolicyImplementation } from '../../../src/engine/kernel/policy.ts';
import { submissionOf, type Run } from '../../../src/engine/kernel/scenario.ts';
import { noCause, Trace } from '../../../src/engine/kernel/trace.ts';
import { timelineText, type StateModel } from '../../../src/engine/kernel/view.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { Host, type Work } from '../../../src/engine/scheduling/host.ts';
import { roundRobinScheduler } from '../../../src/engine/scheduling/roundRobinScheduler.ts';
import { schedulerPolicies, type SchedulerPolicy } from '../../../src/engine/scheduling/schedulerPolicy.ts';
import { schedulingEvents } from '../../../src/engine/scheduling/schedulingEvents.ts';

type Scheduler = PolicyImplementation<typeof SchedulerPolicy>;
type Choose = Scheduler['pickNext'];

const host = scenarios['scheduling.host']!;

function run(params: Record<string, number | string>, scheduler: () => Scheduler = roundRobinScheduler): Run {
  const submission = submissionOf(schedulerPolicies, { scheduler }) as unknown as AnySubmission;
  const outcome = host.execute({ params, submission });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.run;
}

/** A scheduler that only chooses. */
const choosing = (pickNext: Choose) => (): Scheduler => ({ pickNext });
const violation = (of: Run, check: string, args: Record<string, number> = {}) =>
  host.checks[check]!.violated(of, args);
const rows = (of: Run, kind: string): number[] =>
  Array.from({ length: of.trace.length }, (_, row) => row).filter((row) => of.trace.kind(row) === kind);

const twoBusy = { vms: 2, ioVms: 0, sliceMs: 10, durationMs: 100 };

describe('a scheduler that chooses what cannot run is refused', () => {
  const cases: [string, Record<string, number>, Choose, expected: string, actual: string, because: string][] =
    [
      [
        'a vCPU that the host does not have',
        twoBusy,
        () => ({ vcpu: 9, runForMs: 10 }),
        'one of the vCPUs that wait: VM 1, VM 2',
        'VM 9, which does not exist',
        'The host has no such vCPU.',
      ],
      [
        'a vCPU that sleeps',
        { vms: 2, ioVms: 1, sliceMs: 10, durationMs: 100 },
        () => ({ vcpu: 1, runForMs: 10 }),
        'one of the vCPUs that wait: VM 2',
        'VM 1, which is blocked',
        'A blocked vCPU has nothing to run: it waits for an event, not for a CPU.',
      ],
      [
        'a vCPU that runs on another CPU',
        { vms: 3, ioVms: 0, cpus: 2, sliceMs: 10, durationMs: 100 },
        () => ({ vcpu: 1, runForMs: 10 }),
        'one of the vCPUs that wait: VM 2, VM 3',
        'VM 1, which is running',
        'A vCPU can be on one CPU at a time, and this one is running already.',
      ],
    ];
  for (const [what, params, choose, expected, actual, because] of cases) {
    it(what, () => {
      const { end, trace } = run(params, choosing(choose));
      assert.ok(end.kind === 'refused');
      const { event, ...witness } = end.witness;
      assert.deepEqual(witness, { expected, actual, because });
      assert.equal(trace.kind(event), 'pick');
      assert.equal(event, trace.length - 1);
    });
  }
});

describe('the checks of a schedule', () => {
  it('hold for round robin', () => {
    for (const params of [twoBusy, { vms: 5, ioVms: 3, cpus: 2, sliceMs: 3, switchCostUs: 100 }]) {
      const fair = run(params);
      for (const check of ['strictRotation', 'fullSlices', 'workConserving']) {
        assert.equal(violation(fair, check), undefined, check);
      }
      assert.equal(violation(fair, 'maxWait', { belowMs: 1000 }), undefined);
    }
  });

  it('strictRotation names who should have run', () => {
    const unfair = run(
      twoBusy,
      choosing(({ waiting, sliceMs }) => ({ vcpu: waiting[0]!.vcpu, runForMs: sliceMs })),
    );
    const witness = violation(unfair, 'strictRotation')!;
    assert.equal(unfair.trace.kind(witness.event), 'pick');
    assert.equal(unfair.trace.timeNs(witness.event), 10e6);
    assert.equal(witness.expected, 'VM 2, which has waited longest (since 0 ms)');
    assert.equal(witness.actual, 'VM 1');
  });

  it('fullSlices names the first slice of another length', () => {
    const long = run(
      twoBusy,
      choosing(({ waiting }) => ({ vcpu: waiting[0]!.vcpu, runForMs: 10.5 })),
    );
    const { expected, actual } = violation(long, 'fullSlices')!;
    assert.deepEqual([expected, actual], ['a slice of 10 ms for VM 1', 'a slice of 10.5 ms']);
  });

  it('workConserving sees a CPU that is left idle', () => {
    const idle = run(
      twoBusy,
      choosing(() => undefined),
    );
    const { expected, actual, event } = violation(idle, 'workConserving')!;
    assert.deepEqual(
      [expected, actual, idle.trace.timeNs(event)],
      ['one of the waiting vCPUs', 'no choice, so CPU 0 stays idle while 2 wait', 0],
    );
    assert.equal(idle.metrics['busyPercent'], 0);
    assert.equal(idle.metrics['worstWaitMs'], 100);
  });

  it('maxWait sees who never runs, though nothing happens any more', () => {
    const forEver = run(
      twoBusy,
      choosing(() => ({ vcpu: 1, runForMs: 1e6 })),
    );
    assert.equal(forEver.metrics['worstWaitMs'], 100);
    assert.equal(violation(forEver, 'maxWait', { belowMs: 100 }), undefined);
    const witness = violation(forEver, 'maxWait', { belowMs: 99 })!;
    assert.deepEqual(
      [witness.expected, witness.actual, witness.because],
      ['VM 2 runs within 99 ms', 'it waited 100 ms', 'It was ready from 0 ms on, so it had to run by 99 ms.'],
    );
    assert.equal(witness.event, rows(forEver, 'pick')[0]);
  });

  it('maxWait blames the choice in force when the time was up, not the one that ran the vCPU in the end', () => {
    const late = run(
      twoBusy,
      choosing(({ nowMs }) => (nowMs < 60 ? { vcpu: 1, runForMs: 20 } : { vcpu: 2, runForMs: 20 })),
    );
    const witness = violation(late, 'maxWait', { belowMs: 50 })!;
    assert.equal(late.trace.timeNs(witness.event), 40e6);
    assert.equal(late.trace.say(witness.event), 'the scheduler gives CPU 0 to VM 1 for 20 ms');
  });

  it('maxWait is exact at its bound', () => {
    const fair = run({ vms: 4, ioVms: 0, sliceMs: 30, durationMs: 1000 });
    assert.equal(violation(fair, 'maxWait', { belowMs: 90 }), undefined);
    assert.notEqual(violation(fair, 'maxWait', { belowMs: 89 }), undefined);
  });
});

describe('a host', () => {
  it('ends a schedule of endless tiny slices by its steps', () => {
    const { end } = run(
      { vms: 2, ioVms: 0, durationMs: 600_000 },
      choosing(({ waiting }) => ({ vcpu: waiting[0]!.vcpu, runForMs: 0.001 })),
    );
    assert.deepEqual(end, { kind: 'steps', steps: 1_000_000 });
  });

  it('runs all the work of a vCPU in order before it lets it sleep', () => {
    const options = {
      cpus: 1,
      sliceNs: 10,
      switchCostNs: 0,
      switchCharge: 'added',
      coldStartNs: 0,
      stepBudget: 100,
    } as const;
    const trace = new Trace(schedulingEvents);
    const submission = submissionOf(schedulerPolicies, { scheduler: roundRobinScheduler });
    const one = new Host(options, submission.start({ scheduler: {} }).scheduler, trace, () => assert.fail());
    one.addVcpu(1, false);
    one.start();
    const seen: string[] = [];
    const work = (name: string, remainingNs: number): Work => ({
      remainingNs,
      onStart: () => seen.push(`${one.simulation.now} ${name} starts`),
      onDone: () => seen.push(`${one.simulation.now} ${name} done`),
    });
    one.simulation.at(3, () => {
      one.submit(1, work('a', 4));
      one.submit(1, work('b', 0));
      one.submit(1, work('c', 15));
    });
    one.simulation.run();
    assert.deepEqual(seen, ['3 a starts', '7 b starts', '7 a done', '7 c starts', '7 b done', '22 c done']);
    const blocked = Array.from({ length: trace.length }, (_, row) => row).filter(
      (row) => trace.kind(row) === 'deschedule' && trace.field(row, 3) === 1,
    );
    assert.deepEqual(
      blocked.map((row) => trace.timeNs(row)),
      [22],
    );
  });

  it('asks for every free CPU again when a vCPU becomes ready', () => {
    const asked: string[] = [];
    run({ vms: 2, ioVms: 1, cpus: 2, sleepMs: 1, burstMs: 1, durationMs: 1 }, () => ({
      pickNext: ({ nowMs, cpu, waiting }) => {
        asked.push(`${nowMs} CPU ${cpu}: ${waiting.map(({ vcpu }) => vcpu).join(' ')}`);
        return undefined;
      },
    }));
    assert.deepEqual(asked, [
      '0 CPU 0: 2',
      '0 CPU 1: 2',
      // At 1 ms VM 1 wakes, and then the idle CPUs are offered again because a millisecond is over.
      '1 CPU 0: 1 2',
      '1 CPU 1: 1 2',
      '1 CPU 0: 1 2',
      '1 CPU 1: 1 2',
    ]);
  });

  it('tells since when vCPUs wait and how much they ran', () => {
    const seen: string[] = [];
    const scheduler = roundRobinScheduler();
    run({ vms: 2, ioVms: 0, sliceMs: 10, durationMs: 25 }, () => ({
      ...scheduler,
      pickNext: (view) => {
        const waiting = view.waiting.map(
          (each) => `VM ${each.vcpu} since ${each.sinceMs}, ran ${each.usedMs}`,
        );
        seen.push(`${view.nowMs}: ${waiting.join('; ')}`);
        return scheduler.pickNext(view, {});
      },
    }));
    assert.deepEqual(seen, [
      '0: VM 1 since 0, ran 0; VM 2 since 0, ran 0',
      '10: VM 1 since 10, ran 10; VM 2 since 0, ran 0',
      '20: VM 1 since 10, ran 10; VM 2 since 20, ran 10',
    ]);
  });

  it('takes a CPU from the vCPU that it still switches to, as soon as the switch is over', () => {
    const asked: string[] = [];
    const of = run(
      { vms: 2, ioVms: 1, sleepMs: 1, burstMs: 1, switchCostUs: 2000, sliceMs: 10, durationMs: 8 },
      () => {
        const scheduler = roundRobinScheduler();
        return {
          ...scheduler,
          preempt: ({ nowMs, vcpu, running }) => {
            asked.push(
              `${nowMs}: VM ${vcpu} for ${running.map((each) => `VM ${each.vcpu}, ran ${each.ranMs}`).join()}`,
            );
            return { cpu: running[0]!.cpu, afterMs: 0 };
          },
        };
      },
    );
    assert.deepEqual(asked, ['1: VM 1 for VM 2, ran 0', '6: VM 1 for VM 2, ran 0']);
    assert.deepEqual(
      rows(of, 'dispatch').map((row) => `${of.trace.timeNs(row) / 1e6}: VM ${of.trace.field(row, 1)}`),
      ['2: VM 2', '4: VM 1', '7: VM 2'],
    );
  });

  it('gives each event the cause that it has, also with several CPUs', () => {
    const { trace } = run({ vms: 5, ioVms: 2, cpus: 2, sliceMs: 3, switchCostUs: 100, durationMs: 200 });
    const kindsBefore: Record<string, readonly string[]> = {
      enqueue: ['none', 'deschedule', 'arrive'],
      pick: ['none', 'enqueue', 'deschedule', 'arrive'],
      switch: ['pick'],
      dispatch: ['pick', 'switch'],
      deschedule: ['dispatch'],
      arrive: ['none'],
      end: ['pick'],
    };
    for (let row = 0; row < trace.length; row++) {
      const cause = trace.cause(row);
      const kind = trace.kind(row);
      assert.ok(
        kindsBefore[kind]!.includes(cause === noCause ? 'none' : trace.kind(cause)),
        `row ${row}: ${kind}`,
      );
      if (kind !== 'dispatch' && kind !== 'deschedule') continue;
      const decided = trace.decidingEvent(row)!;
      const { cpu, vcpu } = trace.fieldsOf(row);
      assert.deepEqual([trace.fieldsOf(decided)['cpu'], trace.fieldsOf(decided)['vcpu']], [cpu, vcpu]);
    }
  });
});

describe('the timeline of a host', () => {
  const text = (params: Record<string, number | string>): string[] =>
    timelineText(host.views.timeline!.model(run(params)));

  it('shows switches, cold caches, runs and waits up to the end of the run', () => {
    const params = { vms: 2, ioVms: 0, sliceMs: 2, switchCostUs: 500, coldStartUs: 1000, durationMs: 4 };
    assert.deepEqual(text(params), [
      '0 ms to 0.5 ms: VM 1, switching',
      '0 ms to 2.5 ms: VM 2, waiting',
      '0.5 ms to 1.5 ms: VM 1, cold caches',
      '1.5 ms to 2.5 ms: VM 1, VM 1 running',
      '2.5 ms to 4 ms: VM 1, waiting',
      '2.5 ms to 3 ms: VM 2, switching',
      '3 ms to 4 ms: VM 2, cold caches',
    ]);
  });

  it('ends a cold start with the slice', () => {
    const params = { vms: 2, ioVms: 0, sliceMs: 1, coldStartUs: 3000, durationMs: 2 };
    assert.deepEqual(text(params), [
      '0 ms to 1 ms: VM 1, cold caches',
      '0 ms to 1 ms: VM 2, waiting',
      '1 ms to 2 ms: VM 1, waiting',
      '1 ms to 2 ms: VM 2, cold caches',
    ]);
  });
});

describe('the state of a host', () => {
  const groups = (of: Run, event: number): Record<string, readonly string[]> => {
    const state: StateModel = host.views.state!.model(of, event);
    return Object.fromEntries(
      state.groups.map(({ title, rows: cells }) => [title, cells.map((row) => row[0]!)]),
    );
  };

  it('has every vCPU in one place after every event', () => {
    const of = run({ vms: 5, ioVms: 2, cpus: 2, sliceMs: 3, switchCostUs: 100, durationMs: 60 });
    for (let row = 0; row < of.trace.length; row++) {
      const { groups: all } = host.views.state!.model(of, row);
      const cpus = all[0]!.rows.flatMap(([, does]) => /VM \d/.exec(does!)?.[0] ?? []);
      const others = all.slice(1).flatMap((group) => group.rows.map(([vcpu]) => vcpu!));
      const present = [...cpus, ...others].toSorted();
      assert.deepEqual(present, ['VM 1', 'VM 2', 'VM 3', 'VM 4', 'VM 5'], `row ${row}`);
    }
  });

  it('has the run queue in the order in which it was joined', () => {
    const of = run({ vms: 3, ioVms: 0, sliceMs: 10, durationMs: 25 });
    const atEnd = groups(of, of.trace.length - 1);
    assert.deepEqual(atEnd['Run queue, who became ready first on top'], ['VM 1', 'VM 2']);
    assert.deepEqual(atEnd['Asleep'], []);
  });
});
