import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { PolicyImplementation, PolicySubmission } from '../../src/engine/kernel/policy.ts';
import { submissionOf } from '../../src/engine/kernel/scenario.ts';
import { Trace } from '../../src/engine/kernel/trace.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import { Host, instant } from '../../src/engine/scheduling/host.ts';
import { addDomains, sendRequest, type RequestModel } from '../../src/engine/scheduling/requestPath.ts';
import { roundRobinScheduler } from '../../src/engine/scheduling/roundRobinScheduler.ts';
import { schedulerPolicies, type SchedulerPolicy } from '../../src/engine/scheduling/schedulerPolicy.ts';
import { schedulingEvents } from '../../src/engine/scheduling/schedulingEvents.ts';
import {
  horizonNs,
  responseTo,
  rotationNs,
  worstArrival,
  type RotationOptions,
} from '../../src/engine/scheduling/worstArrival.ts';

/** The longest wait and response of a rotation, by whatever means. */
type Longest = { readonly waitNs: number; readonly responseNs: number };

const models: readonly RequestModel[] = ['busy', 'blocked', 'dom0-busy', 'dom0-blocked'];

/**
 * The longest wait and response, on paper. With n = vms, T = slice, C = switch cost, c = cold start, S = service:
 *
 *     U = T + C when the switch is added, T when it comes out of the slice      one turn
 *     L = C + c                                      from a turn's beginning until work gets done
 *     P = U - L                                      work done in a turn
 *     k = max(1, ⌈S / P⌉)                            turns of VM 1 that the service takes
 *
 * k turns of VM 1 leave S - (k-1)P of work for the last one, which is done L + S - (k-1)P after that turn begins.
 * A request that arrives as a turn ends has missed that turn, so the worst arrivals are ends of turns.
 *
 * busy: the request arrives as VM 1's turn ends. n-1 turns of others follow, so VM 1's turn begins after (n-1)U, and it
 * runs C later: wait = (n-1)U + C, which for C added is (n-1)T + nC. VM 1's turns lie nU apart:
 *     response = (n-1)U + (k-1)nU + L + S - (k-1)P
 * and for c = 0, C added, that is k((n-1)T + nC) + S: each of the k turns is preceded by n-1 slices and n switches.
 * One VM alone is never switched: wait 0, response S.
 *
 * blocked: the request arrives as the turn of another begins. VM 1 joins the tail behind that turn and n-2 waiting: (n-1)U,
 * then as busy. With n = 2 the other one is alone until then and its turn has no switch: T instead of U. With n = 1
 * the CPU is idle: wait C, and the service is then never interrupted.
 *
 * dom0-busy: order Dom0, VM 1 … VM n, all ready: n+1 turns per round. The request arrives as Dom0's turn ends. Dom0's next turn begins
 * after nU, where it hands on; VM 1's turn is the next: wait = (n+1)U + C. VM 1's k-th turn begins at k(n+1)U, and Dom0's turn
 * n turns after that beginning, where it responds: response = (k(n+1) + n)U + L.
 *
 * dom0-blocked: the n VMs take turns. The request arrives as a turn begins and Dom0 joins the tail behind all n: nU. Dom0 acts after L and
 * sleeps again. VM 1 is at worst the last of n: wait = nU + L + (n-1)U + C. Its k-th turn begins (k-1)nU later; Dom0 joins the tail
 * during it, and has its turn nU after that beginning: response = (2n-1 + kn)U + 2L.
 * With n = 1, VM 1 is alone but for Dom0's visits. The first T passes without a switch, then Dom0 (L), then VM 1 runs after C; its
 * first turn (U, work P) is followed by turns of T without a switch until the service is done, in m turns altogether.
 */
function onPaper(options: RotationOptions): Longest {
  const { vms: n, sliceNs: T, switchCostNs: C, coldStartNs: c, serviceNs: S, model } = options;
  const U = options.switchCharge === 'added' ? T + C : T;
  const L = C + c;
  const P = U - L;
  const k = Math.max(1, Math.ceil(S / P));
  const inLastTurn = L + S - (k - 1) * P;
  switch (model) {
    case 'busy':
      if (n === 1) return { waitNs: 0, responseNs: S };
      return { waitNs: (n - 1) * U + C, responseNs: (n - 1) * U + (k - 1) * n * U + inLastTurn };
    case 'blocked': {
      if (n === 1) return { waitNs: C, responseNs: L + S };
      const first = n === 2 ? T : (n - 1) * U;
      return { waitNs: first + C, responseNs: first + (k - 1) * n * U + inLastTurn };
    }
    case 'dom0-busy':
      return { waitNs: (n + 1) * U + C, responseNs: (k * (n + 1) + n) * U + L };
    case 'dom0-blocked': {
      if (n > 1) {
        return { waitNs: (2 * n - 1) * U + L + C, responseNs: (2 * n - 1 + k * n) * U + 2 * L };
      }
      const m = S <= P ? 1 : 1 + Math.ceil((S - P) / T);
      return { waitNs: T + L + C, responseNs: T + L + (U + (m - 1) * T) + L };
    }
  }
}

const optionsOf = (given: Partial<RotationOptions>): RotationOptions => ({
  cpus: 1,
  vms: 4,
  sliceNs: 30e6,
  switchCostNs: 0,
  switchCharge: 'added',
  coldStartNs: 0,
  serviceNs: given.sliceNs ?? 30e6,
  model: 'busy',
  stepBudget: 1_000_000,
  ...given,
});

/** Rotations in which a slice is longer than what a switch takes out of it. */
function rotations(limits: { vms: number; sliceNs: number; costNs: number; serviceNs: number }) {
  return fc
    .record({
      vms: fc.integer({ min: 1, max: limits.vms }),
      sliceNs: fc.integer({ min: 1, max: limits.sliceNs }),
      switchCostNs: fc.integer({ min: 0, max: limits.costNs }),
      coldStartNs: fc.integer({ min: 0, max: limits.costNs }),
      switchCharge: fc.constantFrom('added' as const, 'slice' as const),
      serviceNs: fc.integer({ min: 0, max: limits.serviceNs }),
      model: fc.constantFrom(...models),
    })
    .filter((each) => lostNs(each) < each.sliceNs)
    .map(optionsOf);
}

const lostNs = (options: Pick<RotationOptions, 'coldStartNs' | 'switchCostNs' | 'switchCharge'>): number =>
  options.coldStartNs + (options.switchCharge === 'slice' ? options.switchCostNs : 0);

const both = ({ waitNs, responseNs }: Longest): Longest => ({ waitNs, responseNs });

/** Every small rotation: n ≤ 4, T ≤ 9, C ≤ 3, c ≤ 2, S ≤ 20, all models and charges. */
function* smallRotations(): Generator<RotationOptions> {
  for (const model of models)
    for (const switchCharge of ['added', 'slice'] as const)
      for (let vms = 1; vms <= 4; vms++)
        for (const sliceNs of [1, 2, 3, 5, 9])
          for (let switchCostNs = 0; switchCostNs <= 3; switchCostNs++)
            for (const coldStartNs of [0, 2])
              for (const serviceNs of [0, 1, sliceNs - 1, sliceNs, sliceNs + 1, 13, 20]) {
                const options = optionsOf({
                  vms,
                  sliceNs,
                  switchCostNs,
                  switchCharge,
                  coldStartNs,
                  serviceNs,
                  model,
                });
                if (lostNs(options) < sliceNs) yield options;
              }
}

type Start = PolicySubmission<typeof schedulerPolicies>['start'];
const startOf = (scheduler: () => PolicyImplementation<typeof SchedulerPolicy>): Start => {
  const submission = submissionOf(schedulerPolicies, { scheduler });
  return (handlers) => submission.start(handlers);
};
const roundRobinStart = startOf(roundRobinScheduler);
const neverRefused = (): never => assert.fail('round robin was refused');

/** The longest over every nanosecond of the second rotation, each simulated from the beginning. */
function byEveryNanosecond(options: RotationOptions): Longest {
  const fromNs = rotationNs(options) + options.switchCostNs;
  let waitNs = 0;
  let responseNs = 0;
  for (let arrivalNs = fromNs; arrivalNs < fromNs + rotationNs(options); arrivalNs++) {
    const one = responseTo(options, arrivalNs, roundRobinStart, neverRefused);
    waitNs = Math.max(waitNs, one.waitNs);
    responseNs = Math.max(responseNs, one.responseNs);
  }
  return { waitNs, responseNs };
}

function assertOnPaper(longest: (options: RotationOptions) => Longest, options: RotationOptions): void {
  assert.deepEqual(both(longest(options)), onPaper(options));
}

describe('the longest wait and response of round robin', () => {
  it('equal the forms on paper for any n, T, C, c, S, charge and model', () => {
    fc.assert(
      fc.property(
        rotations({ vms: 12, sliceNs: 50_000_000, costNs: 100_000, serviceNs: 400_000_000 }),
        (options) => assertOnPaper(worstArrival, options),
      ),
      { numRuns: 400 },
    );
  });

  it('equal them where costs are as long as slices', () => {
    fc.assert(
      fc.property(rotations({ vms: 6, sliceNs: 40, costNs: 60, serviceNs: 300 }), (options) =>
        assertOnPaper(worstArrival, options),
      ),
      { numRuns: 1000 },
    );
  });

  it('equal a search over every nanosecond of small rotations', () => {
    let tried = 0;
    for (const options of smallRotations()) {
      // Longer rotations add instants and no new cases: one service is enough for them.
      if (rotationNs(options) > 30 && options.serviceNs !== 13) continue;
      assert.deepEqual(both(worstArrival(options)), byEveryNanosecond(options), JSON.stringify(options));
      tried++;
    }
    assert.ok(tried > 5000, `${tried} rotations were tried`);
  });

  it('begin at the instant that it names', () => {
    fc.assert(
      fc.property(rotations({ vms: 5, sliceNs: 1000, costNs: 50, serviceNs: 5000 }), (options) => {
        const worst = worstArrival(options);
        const there = responseTo(options, worst.arrivalNs, roundRobinStart, neverRefused);
        assert.equal(there.responseNs, worst.responseNs);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the homework', () => {
  const ms = (options: Partial<RotationOptions>): [wait: number, response: number] => {
    const { waitNs, responseNs } = worstArrival(optionsOf(options));
    return [waitNs / 1e6, responseNs / 1e6];
  };
  /** T, then per model the longest wait and response in ms, for four VMs and one whole slice of service. */
  const table = [
    { sliceMs: 30, busy: [90, 120], 'dom0-busy': 270, 'dom0-blocked': 330 },
    { sliceMs: 10, busy: [30, 40], 'dom0-busy': 90, 'dom0-blocked': 110 },
    { sliceMs: 1, busy: [3, 4], 'dom0-busy': 9, 'dom0-blocked': 11 },
  ];
  for (const row of table) {
    const slice = { sliceNs: row.sliceMs * 1e6 };
    it(`with slices of ${row.sliceMs} ms: wait ${row.busy[0]} ms, response ${row.busy[1]} ms`, () => {
      assert.deepEqual(ms(slice), row.busy);
      assert.equal(ms({ ...slice, model: 'blocked' })[0], row.busy[0]);
    });
    it(`with slices of ${row.sliceMs} ms through Dom0: ${row['dom0-busy']} ms and ${row['dom0-blocked']} ms`, () => {
      for (const serviceNs of [0, 1, slice.sliceNs]) {
        assert.equal(ms({ ...slice, serviceNs, model: 'dom0-busy' })[1], row['dom0-busy']);
        assert.equal(ms({ ...slice, serviceNs, model: 'dom0-blocked' })[1], row['dom0-blocked']);
      }
    });
  }

  it('5 ms of service with slices of 1 ms take 20 ms, not 4', () => {
    assert.deepEqual(ms({ sliceNs: 1e6, serviceNs: 5e6 }), [3, 20]);
  });

  it('a switch cost adds n of them to the wait', () => {
    for (const sliceNs of [30e6, 10e6, 1e6]) {
      assert.equal(ms({ sliceNs, switchCostNs: 50_000 })[0], (3 * sliceNs + 4 * 50_000) / 1e6);
    }
  });
});

describe('the scenario scheduling.round-robin', () => {
  const metrics = (params: Record<string, number | string>) => {
    const outcome = scenarios['scheduling.round-robin']!.execute({ params });
    assert.ok(outcome.ok, JSON.stringify(outcome));
    assert.deepEqual(outcome.run.end, { kind: 'finished' });
    return outcome.run.metrics;
  };

  it('has (n-1)·T and n·T as its worst wait and response when only VMs and slice are given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 1000 }), (vms, sliceMs) => {
        const { worstWaitMs, worstResponseMs } = metrics({ vms, sliceMs });
        assert.deepEqual([worstWaitMs, worstResponseMs], [(vms - 1) * sliceMs, vms * sliceMs]);
      }),
      { numRuns: 60 },
    );
  });

  const parameters = fc
    .record({
      vms: fc.integer({ min: 1, max: 8 }),
      sliceMs: fc.integer({ min: 1, max: 100 }).map((tenths) => tenths / 10),
      switchCostUs: fc.integer({ min: 0, max: 300 }),
      coldStartUs: fc.integer({ min: 0, max: 300 }),
      switchCharge: fc.constantFrom('added' as const, 'slice' as const),
      serviceMs: fc.integer({ min: 0, max: 300 }).map((tenths) => tenths / 10),
      model: fc.constantFrom(...models),
    })
    .filter((each) => each.coldStartUs + each.switchCostUs < each.sliceMs * 1000);

  it('takes its parameters in their own units', () => {
    fc.assert(
      fc.property(parameters, (params) => {
        const expected = onPaper(
          optionsOf({
            vms: params.vms,
            sliceNs: Math.round(params.sliceMs * 1e6),
            switchCostNs: params.switchCostUs * 1000,
            coldStartNs: params.coldStartUs * 1000,
            switchCharge: params.switchCharge,
            serviceNs: Math.round(params.serviceMs * 1e6),
            model: params.model,
          }),
        );
        const { worstWaitMs, worstResponseMs, responseMs } = metrics(params);
        assert.deepEqual([worstWaitMs, worstResponseMs], [expected.waitNs / 1e6, expected.responseNs / 1e6]);
        assert.equal(responseMs, worstResponseMs, 'arrivalPhase 0 is the worst arrival');
      }),
      { numRuns: 150 },
    );
  });

  it('repeats after one rotation, and is never worse in between', () => {
    fc.assert(
      fc.property(parameters, fc.integer({ min: 1, max: 99 }), (params, arrivalPhase) => {
        const worst = metrics(params);
        const later = metrics({ ...params, arrivalPhase: 100 });
        assert.deepEqual([later['waitMs'], later['responseMs']], [worst['waitMs'], worst['responseMs']]);
        const between = metrics({ ...params, arrivalPhase });
        assert.ok(between['responseMs']! <= worst['worstResponseMs']!);
        assert.ok(between['waitMs']! <= worst['worstWaitMs']!);
      }),
      { numRuns: 150 },
    );
  });

  it('loses C/T to switching when 50 µs come out of the slice', () => {
    const lost = [30, 10, 1].map(
      (sliceMs) => metrics({ sliceMs, switchCostUs: 50, switchCharge: 'slice' })['switchOverheadPercent']!,
    );
    assert.deepEqual(
      lost.map((percent) => Number(percent.toFixed(3))),
      [0.167, 0.5, 5],
    );
  });

  it('takes ⌈S/(T - cold)⌉ turns when every turn begins with cold caches', () => {
    // T = 10 ms, 1 ms cold: 9 ms of work per turn. 27 ms take three turns, 28 ms four; each turn is preceded by three others.
    const response = (serviceMs: number) =>
      metrics({ vms: 4, sliceMs: 10, coldStartUs: 1000, serviceMs })['worstResponseMs'];
    assert.equal(response(27), 3 * 30 + 3 * 1 + 27);
    assert.equal(response(28), 4 * 30 + 4 * 1 + 28);
  });

  it('refuses slices in which nothing gets done, and says so', () => {
    const outcome = scenarios['scheduling.round-robin']!.execute({
      params: { sliceMs: 0.1, switchCostUs: 100, switchCharge: 'slice' },
    });
    assert.ok(outcome.ok && outcome.run.end.kind === 'refused');
    assert.equal(
      outcome.run.end.witness.expected,
      'a slice longer than the 0.1 ms that each switch takes out of it',
    );
  });

  it('answers at the ends of its ranges without searching for minutes', () => {
    const { worstWaitMs, worstResponseMs } = metrics({ vms: 64, sliceMs: 1, serviceMs: 1000 });
    assert.deepEqual([worstWaitMs, worstResponseMs], [63, 64_000]);
  });
});

/** Engines with a fault. The forms on paper must reject each, or they prove nothing about the one that is right. */
describe('a faulty round robin is rejected by the forms on paper', () => {
  const search =
    (run: (options: RotationOptions, arrivalNs: number) => Longest) =>
    (options: RotationOptions): Longest => {
      const rotation = rotationNs(options);
      let waitNs = 0;
      let responseNs = 0;
      for (let arrivalNs = 2 * rotation; arrivalNs <= 3 * rotation; arrivalNs++) {
        const one = run(options, arrivalNs);
        waitNs = Math.max(waitNs, one.waitNs);
        responseNs = Math.max(responseNs, one.responseNs);
      }
      return { waitNs, responseNs };
    };

  /** One request, with an arrival that goes before whatever else happens at its instant. */
  const arrivingBeforeSliceEnd = (options: RotationOptions, arrivalNs: number): Longest => {
    const host = new Host(
      options,
      roundRobinStart({ scheduler: {} }).scheduler,
      new Trace(schedulingEvents),
      neverRefused,
    );
    addDomains(host, options.vms, options.model);
    host.start();
    let request: ReturnType<typeof sendRequest> | undefined;
    host.simulation.at(
      arrivalNs,
      () => (request = sendRequest(host, options.model, options.serviceNs, () => host.simulation.stop())),
      instant.workDone - 1,
    );
    host.simulation.run({ untilNs: arrivalNs + horizonNs(options) });
    return { waitNs: request!.handledNs! - arrivalNs, responseNs: request!.respondedNs! - arrivalNs };
  };

  const newestFirst = startOf(() => {
    const stack: number[] = [];
    return {
      enqueue: ({ vcpu }) => void stack.push(vcpu),
      pickNext: ({ sliceMs }) => {
        const vcpu = stack.pop();
        return vcpu === undefined ? undefined : { vcpu, runForMs: sliceMs };
      },
    };
  });

  const faulty: Record<string, { longest: (options: RotationOptions) => Longest; example: RotationOptions }> =
    {
      'the vCPU that came last runs first': {
        longest: search((options, arrivalNs) => responseTo(options, arrivalNs, newestFirst, neverRefused)),
        example: optionsOf({ vms: 3, sliceNs: 4, serviceNs: 4 }),
      },
      'an arrival at the end of a slice still gets that slice': {
        longest: search(arrivingBeforeSliceEnd),
        example: optionsOf({ vms: 3, sliceNs: 4, serviceNs: 4 }),
      },
      'the switch cost is charged once and not per switch': {
        longest: (options) => {
          const free = worstArrival({ ...options, switchCostNs: 0 });
          return {
            waitNs: free.waitNs + options.switchCostNs,
            responseNs: free.responseNs + options.switchCostNs,
          };
        },
        example: optionsOf({ vms: 3, sliceNs: 4, serviceNs: 4, switchCostNs: 1 }),
      },
      'the response takes n·T whatever the service': {
        longest: (options) => ({
          waitNs: onPaper(options).waitNs,
          responseNs: options.vms * options.sliceNs,
        }),
        example: optionsOf({ vms: 3, sliceNs: 4, serviceNs: 9 }),
      },
      'each hop through Dom0 takes n·T': {
        longest: (options) => ({
          waitNs: 2 * options.vms * options.sliceNs,
          responseNs: 3 * options.vms * options.sliceNs,
        }),
        example: optionsOf({ vms: 3, sliceNs: 4, serviceNs: 4, model: 'dom0-busy' }),
      },
    };
  for (const [fault, { longest, example }] of Object.entries(faulty)) {
    it(fault, () => {
      assertOnPaper(worstArrival, example);
      assert.throws(() => assertOnPaper(longest, example), assert.AssertionError);
    });
  }
});
