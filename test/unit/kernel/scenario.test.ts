import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { int, nothing, record } from '../../../src/engine/kernel/codec.ts';
import { count } from '../../../src/engine/kernel/parameters.ts';
import { chromeTrace } from '../../../src/engine/kernel/perfetto.ts';
import {
  CallError,
  definePolicy,
  PolicyFault,
  type AnySubmission,
  type PolicyImplementation,
} from '../../../src/engine/kernel/policy.ts';
import {
  defineScenario,
  submissionOf,
  type Run,
  type RunOptions,
} from '../../../src/engine/kernel/scenario.ts';
import { Simulation } from '../../../src/engine/kernel/simulation.ts';
import { defineEvents, noCause } from '../../../src/engine/kernel/trace.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { assertGolden } from '../../golden.ts';

/** A till that asks its policy for a price per customer; the policy may ask how many are left. */
const TillPolicy = definePolicy({
  id: 'till',
  typeName: 'TillPolicy',
  doc: 'Prices.',
  decisions: {
    price: {
      doc: 'The price for a customer.',
      input: record('A customer.', 'Customer', { customer: int('Number.', { min: 0, max: 100 }) }),
      output: int('Price.', { min: 0, max: 1000 }),
    },
    close: {
      doc: 'The till closes.',
      mayBeAbsent: true,
      input: record('The end.', 'Closing', { sold: int('Sold.', { min: 0, max: 100 }) }),
      output: nothing,
    },
  },
  calls: {
    left: {
      doc: 'Customers left.',
      input: record('Question.', 'Question', { least: int('Least.', { min: 0, max: 100 }) }),
      output: int('Left.', { min: 0, max: 100 }),
      errors: ['EMPTY'],
    },
  },
});
type Till = PolicyImplementation<typeof TillPolicy>;

const till = defineScenario({
  id: 'test.till',
  title: 'A till',
  doc: 'Customers pay.',
  params: {
    customers: count({ label: 'Customers', doc: 'How many.', min: 0, max: 100, default: 3 }),
    rounds: count({ label: 'Rounds', doc: 'How often.', min: 1, max: 5, default: 1 }),
  },
  metrics: { takings: { label: 'Takings', doc: 'Sum of the prices.', better: 'higher' } },
  events: defineEvents({
    pay: { doc: 'A customer pays.', fields: ['customer', 'price'], decides: true },
  }),
  policies: { till: TillPolicy },
  builtIn: { till: (): Till => ({ price: () => 10 }) },
  checks: {},
  views: {},
  oracle: 'Arithmetic.',
  stepBudget: 1000,
  run({ params, trace, stepBudget, start, refuse }) {
    let takings = 0;
    const simulation = new Simulation({ stepBudget });
    for (let round = 0; round < params.rounds; round++) {
      let left: number = params.customers;
      const running = start({
        till: {
          left: ({ least }) => (left < least ? { ok: false, errno: 'EMPTY' } : { ok: true, value: left }),
        },
      }).till;
      for (let customer = 0; customer < params.customers; customer++) {
        simulation.schedule(customer, () => {
          left--;
          const price = running.price({ customer });
          const event = trace.append(trace.codes.pay, simulation.now, noCause, customer, price);
          if (price > 500) {
            refuse({ event, expected: 'at most 500', actual: String(price), because: 'Nobody pays that.' });
          }
          takings += price;
        });
      }
      simulation.run();
      running.close?.({ sold: params.customers });
    }
    return { takings };
  },
});

const submit = (implementation: () => Till): AnySubmission =>
  submissionOf({ till: TillPolicy }, { till: implementation }) as unknown as AnySubmission;

function runOf(options: RunOptions = {}): Run {
  const outcome = till.execute(options);
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.run;
}

describe('a scenario', () => {
  it('runs its built-in policies with its defaults and seed 1', () => {
    const { scenario, params, seed, metrics, end, trace } = runOf();
    assert.deepEqual(
      { scenario, params, seed, metrics, end, events: trace.length },
      {
        scenario: 'test.till',
        params: { customers: 3, rounds: 1 },
        seed: 1,
        metrics: { takings: 30 },
        end: { kind: 'finished' },
        events: 3,
      },
    );
  });

  it('does not run with parameters that it refuses', () => {
    assert.deepEqual(till.execute({ params: { customers: 101, rownds: 1 } }), {
      ok: false,
      problems: [
        { name: 'rownds', message: 'There is no parameter rownds. Did you mean rounds?' },
        { name: 'customers', message: 'customers is 101, but must be a whole number from 0 to 100.' },
      ],
    });
  });

  it('ends when the simulated system refuses what the policy did, with the trace until then', () => {
    const { end, metrics, trace } = runOf({
      submission: submit(() => ({ price: ({ customer }) => (customer === 1 ? 501 : 5) })),
    });
    assert.deepEqual(end, {
      kind: 'refused',
      witness: { event: 1, expected: 'at most 500', actual: '501', because: 'Nobody pays that.' },
    });
    assert.deepEqual(metrics, { takings: 0 });
    assert.equal(trace.length, 2);
  });

  it('ends when its steps are used up', () => {
    const { end, metrics, trace } = runOf({ stepBudget: 2 });
    assert.deepEqual([end, metrics, trace.length], [{ kind: 'steps', steps: 2 }, { takings: 0 }, 2]);
    assert.deepEqual(runOf({ stepBudget: 3 }).end, { kind: 'finished' });
  });

  it('ends when the policy cannot answer', () => {
    const fault = { kind: 'throw', message: 'price threw: no price today.', line: 3 } as const;
    const { end, metrics } = runOf({
      submission: submit(() => ({
        price: () => {
          throw new PolicyFault(fault);
        },
      })),
    });
    assert.deepEqual([end, metrics], [{ kind: 'fault', fault }, { takings: 0 }]);
  });

  it('lets a bug through', () => {
    const broken = submit(() => ({
      price: () => {
        throw new TypeError('a bug');
      },
    }));
    assert.throws(() => till.execute({ submission: broken }), new TypeError('a bug'));
  });

  it('starts policies afresh, and counts decisions from each start', () => {
    let starts = 0;
    const asked: number[] = [];
    const { trace, metrics } = runOf({
      params: { rounds: 2, customers: 2 },
      submission: submit(() => {
        starts++;
        let sold = 0;
        return { price: () => ++sold, close: (closing) => void asked.push(closing.sold) };
      }),
    });
    assert.equal(starts, 2);
    assert.deepEqual(metrics, { takings: 1 + 2 + 1 + 2 });
    assert.deepEqual(asked, [2, 2]);
    assert.deepEqual(
      [0, 1, 2, 3].map((row) => trace.decision(row)),
      [0, 1, 0, 1],
    );
    // The two prices and the closing of the second round.
    assert.equal(trace.decisionsAsked, 3);
  });

  it('shows whoever watches what has happened before each decision, and ends with what that throws', () => {
    const enough = new Error('enough');
    const seen: (readonly [rows: number, seeded: boolean])[] = [];
    const prices: number[] = [];
    const execute = (): unknown =>
      till.execute({
        params: { rounds: 2, customers: 2 },
        submission: submit(() => ({ price: ({ customer }) => prices.push(customer) })),
        watch: (trace, seeded) => {
          seen.push([trace.length, seeded]);
          if (trace.length === 3) throw enough;
        },
      });
    assert.throws(execute, enough);
    assert.deepEqual(
      seen,
      [0, 1, 2, 3].map((rows) => [rows, false]),
    );
    assert.deepEqual(prices, [0, 1, 0]);
  });

  it("routes a policy's calls to the engine, and a failed call comes back with its errno", () => {
    const seen: unknown[] = [];
    runOf({
      submission: submit(() => ({
        price: (_customer, calls) => {
          try {
            seen.push(calls.left({ least: 1 }));
          } catch (thrown) {
            seen.push(thrown instanceof CallError ? [thrown.errno, thrown.message] : thrown);
          }
          return 1;
        },
      })),
    });
    assert.deepEqual(seen, [2, 1, ['EMPTY', 'left failed with EMPTY']]);
  });
});

const everyScenario = Object.entries(scenarios);

describe('every scenario', () => {
  it('has an id that names its folder, and is listed under it', () => {
    for (const [id, scenario] of everyScenario) {
      assert.equal(scenario.id, id);
      assert.match(id, /^(cpu|scheduling|io|container|gvisor|cluster|kernel)\.[a-z][a-z0-9-]*$/);
    }
  });

  it('has defaults that it accepts, and documents all it has', () => {
    for (const [id, scenario] of everyScenario) {
      const outcome = scenario.execute();
      assert.ok(outcome.ok && outcome.run.end.kind === 'finished', id);
      assert.deepEqual(Object.keys(outcome.run.metrics), Object.keys(scenario.metrics), id);
      const documented = [
        scenario,
        ...Object.values(scenario.params),
        ...Object.values(scenario.metrics),
        ...Object.values(scenario.events),
        ...Object.values(scenario.checks),
        ...Object.values(scenario.policies),
      ];
      for (const { doc } of documented) assert.match(doc, /^[A-Z0-9`].*[.?]$/s, `${id}: ${doc}`);
    }
  });

  it('gives the same bytes for the same seed', () => {
    const bytes = (id: string, seed: number): string => {
      const outcome = scenarios[id]!.execute({ seed });
      assert.ok(outcome.ok);
      const { params, metrics, trace } = outcome.run;
      return JSON.stringify({ params, metrics, seed, traceHash: trace.hash() });
    };
    fc.assert(
      fc.property(fc.constantFrom(...everyScenario.map(([id]) => id)), fc.maxSafeInteger(), (id, seed) => {
        assert.equal(bytes(id, seed), bytes(id, seed));
      }),
      { numRuns: 30 },
    );
  });

  it('is not changed by who observes it', () => {
    for (const [id, scenario] of everyScenario) {
      const plain = scenario.execute();
      assert.ok(plain.ok);
      let observed = 0;
      const watching: AnySubmission = {
        start: (handlers, run) => {
          const running = scenario.builtInSubmission.start(handlers, run);
          return Object.fromEntries(
            Object.entries(running).map(([policy, decisions]) => [
              policy,
              Object.fromEntries(
                Object.entries(decisions).map(([name, decide]) => [
                  name,
                  (input: unknown): unknown => {
                    observed += JSON.stringify(input).length;
                    return decide!(input);
                  },
                ]),
              ),
            ]),
          );
        },
      };
      const watched = scenario.execute({ submission: watching });
      assert.ok(watched.ok);
      assert.equal(observed > 0, Object.keys(scenario.policies).length > 0, id);
      assert.equal(watched.run.trace.hash(), plain.run.trace.hash(), id);
      assert.deepEqual(watched.run.metrics, plain.run.metrics, id);
      const { timeline, state } = scenario.views;
      if (timeline !== undefined) chromeTrace([timeline.model(watched.run)]);
      for (let row = 0; row < watched.run.trace.length; row += 7) {
        state?.model(watched.run, row);
        watched.run.trace.say(row);
        watched.run.trace.causesOf(row);
      }
      assert.equal(watched.run.trace.hash(), plain.run.trace.hash(), `${id} after looking`);
    }
  });

  it('has events whose causes come before them, and say something', () => {
    for (const [id, scenario] of everyScenario) {
      const outcome = scenario.execute();
      assert.ok(outcome.ok);
      const { trace } = outcome.run;
      for (let row = 0; row < trace.length; row++) {
        assert.ok(trace.cause(row) >= noCause && trace.cause(row) < row, `${id}, row ${row}`);
        assert.ok(row === 0 || trace.timeNs(row) >= trace.timeNs(row - 1), `${id}, row ${row}`);
        assert.doesNotMatch(trace.say(row), /undefined|NaN/, `${id}, row ${row}`);
      }
    }
  });

  it('gives at its defaults what it gave before', () => {
    const results = everyScenario.map(([id, scenario]) => {
      const outcome = scenario.execute();
      assert.ok(outcome.ok);
      const { params, metrics, trace } = outcome.run;
      return { scenario: id, params, metrics, traceHash: trace.hash() };
    });
    assertGolden(
      new URL('scenarioDefaults.golden.json', import.meta.url),
      `${JSON.stringify(results, undefined, 2)}\n`,
    );
  });
});
