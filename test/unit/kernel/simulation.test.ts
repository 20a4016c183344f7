import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Simulation, StepBudgetExceeded } from '../../../src/engine/kernel/simulation.ts';
import { TimeError } from '../../../src/engine/kernel/time.ts';

describe('Simulation', () => {
  it('runs any tree of events by time, then priority, then the order of scheduling', () => {
    // Each event schedules its children when it runs; a child of delay 0 runs after those that stand at that instant.
    const tree = fc.array(
      fc.record({ delay: fc.nat(3), priority: fc.integer({ min: -1, max: 1 }), parent: fc.nat(1000) }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(tree, (nodes) => {
        const childrenOf = nodes.map((): number[] => []);
        nodes.forEach((node, index) => index > 0 && childrenOf[node.parent % index]!.push(index));

        const sim = new Simulation();
        const ran: string[] = [];
        const plant = (index: number): void => {
          const { delay, priority } = nodes[index]!;
          sim.schedule(
            delay,
            () => {
              ran.push(`${sim.now} ${index}`);
              childrenOf[index]!.forEach(plant);
            },
            priority,
          );
        };
        plant(0);
        sim.run();

        const expected: string[] = [];
        const waiting: { at: number; priority: number; order: number; index: number }[] = [];
        let order = 0;
        const wait = (index: number, now: number): void => {
          const { delay, priority } = nodes[index]!;
          waiting.push({ at: now + delay, priority, order: order++, index });
        };
        wait(0, 0);
        while (waiting.length > 0) {
          waiting.sort((x, y) => x.at - y.at || x.priority - y.priority || x.order - y.order);
          const { at, index } = waiting.shift()!;
          expected.push(`${at} ${index}`);
          for (const child of childrenOf[index]!) wait(child, at);
        }
        assert.deepEqual(ran, expected);
      }),
    );
  });

  it('hands each event its two numbers', () => {
    const sim = new Simulation();
    const seen: number[][] = [];
    sim.schedule(2, (a, b) => seen.push([a, b]), 0, 0.5, -3);
    sim.at(1, (a, b) => seen.push([a, b]));
    sim.run();
    assert.deepEqual(seen, [
      [0, 0],
      [0.5, -3],
    ]);
  });

  for (const [what, delay, says] of [
    ['the past', -1, /1 ns in the past \(at 9 ns, now is 10 ns\)/],
    ['NaN', NaN, /at NaN .*missing number/],
    ['half a nanosecond', 0.5, /not a whole number of nanoseconds.*roundToNs/],
    ['the end of time', 2 ** 53, /past the end of simulated time \(2\^53 ns, 104 days\)/],
    ['infinity', Infinity, /past the end of simulated time/],
  ] as const) {
    it(`refuses to schedule at ${what}, and says so`, () => {
      const sim = new Simulation();
      sim.run({ untilNs: 10 });
      assert.throws(
        () => sim.schedule(delay, () => {}),
        (error) => error instanceof TimeError && says.test(error.message),
      );
      assert.equal(sim.pending, 0);
    });
  }

  for (const priority of [-129, 128, 0.5, NaN]) {
    it(`refuses the priority ${priority}`, () => {
      assert.throws(
        () => new Simulation().schedule(0, () => {}, priority),
        /A priority is an integer from -128 to 127/,
      );
    });
  }

  it('orders the extreme priorities at the latest time', () => {
    const sim = new Simulation();
    const ran: number[] = [];
    for (const priority of [127, -128, 0, 127, -128]) {
      sim.at(Number.MAX_SAFE_INTEGER, (a) => ran.push(a), priority, priority);
    }
    sim.run();
    assert.deepEqual(ran, [-128, -128, 0, 127, 127]);
  });

  it('does not run a cancelled event, also when an event of the same instant cancels it', () => {
    const sim = new Simulation();
    const ran: string[] = [];
    sim.schedule(5, () => {
      ran.push('first');
      assert.ok(sim.cancel(second));
      assert.ok(!sim.cancel(second));
      assert.ok(!sim.cancel(first));
    });
    const first = sim.schedule(1, () => ran.push('zeroth'));
    const second = sim.schedule(5, () => ran.push('second'));
    sim.run();
    assert.deepEqual(ran, ['zeroth', 'first']);
  });

  it('runs until a time inclusive, leaves the clock there, and goes on from there', () => {
    const sim = new Simulation();
    const ran: number[] = [];
    for (const at of [1, 5, 6]) sim.at(at, () => ran.push(at));
    sim.run({ untilNs: 5 });
    assert.deepEqual([ran, sim.now, sim.peek(), sim.pending], [[1, 5], 5, 6, 1]);
    sim.run({ untilNs: 9 });
    assert.deepEqual([ran, sim.now, sim.peek()], [[1, 5, 6], 9, Infinity]);
    assert.throws(() => sim.run({ untilNs: 8 }), /cannot run back to 8 ns: it is 9 ns already/);
  });

  it('steps one event at a time', () => {
    const sim = new Simulation();
    sim.at(3, () => {});
    sim.at(4, () => {});
    assert.deepEqual([sim.step(), sim.now, sim.steps], [true, 3, 1]);
    assert.deepEqual([sim.step(), sim.now, sim.steps], [true, 4, 2]);
    assert.deepEqual([sim.step(), sim.now, sim.steps], [false, 4, 2]);
  });

  it('stops after the event that asks for it, and goes on when run again', () => {
    const sim = new Simulation();
    const ran: number[] = [];
    sim.at(1, () => {
      sim.stop();
      ran.push(1);
    });
    sim.at(1, () => ran.push(2));
    sim.run({ untilNs: 7 });
    assert.deepEqual([ran, sim.now], [[1], 1]);
    sim.run({ untilNs: 7 });
    assert.deepEqual([ran, sim.now], [[1, 2], 7]);
  });

  it('runs exactly its step budget of events, then throws with the count', () => {
    const sim = new Simulation({ stepBudget: 100 });
    const again = (): void => void sim.schedule(2, again);
    again();
    assert.throws(
      () => sim.run(),
      (error) =>
        error instanceof StepBudgetExceeded &&
        error.steps === 100 &&
        error.timeNs === 200 &&
        sim.steps === 100,
    );
  });

  it('lets a run end that needs its whole step budget', () => {
    const sim = new Simulation({ stepBudget: 2 });
    sim.at(1, () => {});
    sim.at(2, () => {});
    sim.run();
    assert.equal(sim.steps, 2);
  });

  it('carries the cause from the event that schedules to the event that runs', () => {
    const sim = new Simulation();
    const rows: { name: string; cause: number }[] = [];
    const record = (name: string): void => {
      sim.cause = rows.push({ name, cause: sim.cause }) - 1;
    };
    sim.at(1, () => {
      record('arrival');
      sim.schedule(3, () => record('service'));
      record('queued');
      sim.schedule(1, () => record('tick'));
    });
    sim.at(2, () => record('other'));
    sim.run();
    assert.deepEqual(rows, [
      { name: 'arrival', cause: -1 },
      { name: 'queued', cause: 0 },
      { name: 'other', cause: -1 },
      { name: 'tick', cause: 1 },
      { name: 'service', cause: 0 },
    ]);
    assert.equal(sim.cause, -1);
  });

  it('permutes only ties with tieShuffle, the same way for the same seed', () => {
    const order = (tieShuffle?: number): string => {
      const sim = new Simulation(tieShuffle === undefined ? {} : { tieShuffle });
      let ran = '';
      for (const [name, at] of [
        ['a', 1],
        ['b', 2],
        ['c', 2],
        ['d', 2],
        ['e', 2],
        ['f', 3],
      ] as const) {
        sim.at(at, () => (ran += name));
      }
      sim.run();
      return ran;
    };
    assert.equal(order(), 'abcdef');
    const orders = Array.from({ length: 200 }, (_, seed) => order(seed));
    assert.ok(orders.every((ran) => /^a[bcde]{4}f$/.test(ran) && new Set(ran).size === 6));
    assert.equal(new Set(orders).size, 24);
    assert.deepEqual(orders.slice(0, 5), [0, 1, 2, 3, 4].map(order));
  });
});
