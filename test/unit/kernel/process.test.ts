import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  Interrupted,
  Process,
  ProcessError,
  type ProcessBody,
  type Wait,
} from '../../../src/engine/kernel/process.ts';
import { Resource } from '../../../src/engine/kernel/resource.ts';
import { Signal } from '../../../src/engine/kernel/signal.ts';
import { Simulation } from '../../../src/engine/kernel/simulation.ts';
import { TimeError } from '../../../src/engine/kernel/time.ts';

/** A simulation, and a log that notes the time. */
function scene(options?: { tieShuffle: number }): {
  sim: Simulation;
  log: string[];
  note: (what: string) => void;
} {
  const sim = new Simulation(options);
  const log: string[] = [];
  return { sim, log, note: (what) => log.push(`${sim.now} ${what}`) };
}

const throwsProcessError = (sim: Simulation, says: RegExp): void =>
  assert.throws(
    () => sim.run(),
    (error) => error instanceof ProcessError && says.test(error.message),
  );

describe('Process', () => {
  it('holds for exactly as long as it says, beside others', () => {
    const { sim, log, note } = scene();
    const clock = (name: string, periodNs: number) =>
      new Process(sim, name, function* (self) {
        for (;;) {
          note(name);
          yield self.hold(periodNs);
        }
      });
    clock('fast', 2);
    clock('slow', 3);
    sim.run({ untilNs: 6 });
    assert.deepEqual(log, ['0 fast', '0 slow', '2 fast', '3 slow', '4 fast', '6 slow', '6 fast']);
  });

  it('runs parts of itself with yield*', () => {
    const { sim, log, note } = scene();
    function* twice(self: Process): ProcessBody {
      yield self.hold(1);
      note('part');
      yield self.hold(1);
    }
    new Process(sim, 'whole', function* (self) {
      yield* twice(self);
      note('rest');
    });
    sim.run();
    assert.deepEqual(log, ['1 part', '2 rest']);
  });

  it('waits for another to finish, also when that has happened', () => {
    const { sim, log, note } = scene();
    const worker = new Process(sim, 'worker', function* (self) {
      yield self.hold(4);
    });
    const waiter = (atNs: number) =>
      new Process(sim, 'waiter', function* (self) {
        yield self.hold(atNs);
        yield self.join(worker);
        note(`joined, having waited from ${atNs}`);
      });
    waiter(1);
    waiter(9);
    sim.run();
    assert.deepEqual(log, ['4 joined, having waited from 1', '9 joined, having waited from 9']);
  });

  it('wakes at the next emission only, and in the order of waiting', () => {
    const { sim, log, note } = scene();
    const bell = new Signal('bell');
    for (const name of ['one', 'two']) {
      new Process(sim, name, function* (self) {
        yield self.wait(bell);
        note(name);
        yield self.wait(bell);
        note(`${name} again`);
      });
    }
    sim.at(5, () => assert.equal(bell.emit(), 2));
    sim.at(8, () => assert.equal(bell.emit(), 2));
    sim.at(9, () => assert.equal(bell.emit(), 0));
    sim.run();
    assert.deepEqual(log, ['5 one', '5 two', '8 one again', '8 two again']);
  });

  it('waits until a condition holds, however often the signal comes before', () => {
    const { sim, log, note } = scene();
    const changed = new Signal('items changed');
    let items = 0;
    for (const needed of [0, 2, 3]) {
      new Process(sim, `needs ${needed}`, function* (self) {
        yield self.until(() => items >= needed, changed);
        note(`${needed} there`);
      });
    }
    for (const at of [10, 20, 30]) {
      sim.at(at, () => {
        items++;
        changed.emit();
      });
    }
    sim.run();
    assert.deepEqual(log, ['0 0 there', '20 2 there', '30 3 there']);
    assert.equal(changed.waiting, 0);
  });

  it('carries the cause of a wait to what follows it', () => {
    const { sim } = scene();
    const server = new Resource(sim, { name: 'server', capacity: 1 });
    const causes: number[] = [];
    new Process(sim, 'first', function* (self) {
      yield self.acquire(server);
      yield self.hold(5);
      sim.cause = 77;
      server.release();
    });
    new Process(sim, 'second', function* (self) {
      yield self.acquire(server);
      causes.push(sim.cause);
    });
    sim.run();
    assert.deepEqual(causes, [77]);
  });

  describe('tells mistakes, with the process and the place', () => {
    const nothing = undefined as unknown as Wait;

    it('a yield of undefined', () => {
      const { sim } = scene();
      new Process(sim, 'vcpu 3', function* runGuest(self) {
        yield self.hold(5);
        yield nothing;
      });
      throwsProcessError(
        sim,
        /^Process 'vcpu 3' \(function\* runGuest\) yielded undefined at 5 ns, at its yield number 2\. Yield what hold\(\)/,
      );
    });

    it('a wait without yield, at the next wait and with its line', () => {
      const { sim } = scene();
      new Process(sim, 'vcpu', function* runGuest(self) {
        self.hold(7);
        yield self.hold(8);
      });
      assert.throws(
        () => sim.run(),
        (error: Error) => {
          assert.match(
            error.message,
            /called hold\(7\) at 0 ns without yielding it, after its yield number 0\. Write `yield`/,
          );
          assert.match(error.stack!, /process\.test\.ts/);
          return error instanceof ProcessError;
        },
      );
    });

    it('a wait without yield just before the end', () => {
      const { sim } = scene();
      const disk = new Resource(sim, { name: 'disk', capacity: 1 });
      new Process(sim, 'reader', function* (self) {
        yield self.hold(1);
        self.acquire(disk);
      });
      throwsProcessError(
        sim,
        /'reader' .*called acquire\('disk'\) at 1 ns without yielding it, after its yield number 1/,
      );
    });

    it('a wait yielded twice', () => {
      const { sim } = scene();
      new Process(sim, 'vcpu', function* (self) {
        const wait = self.hold(3);
        yield wait;
        yield wait;
      });
      throwsProcessError(sim, /yielded a wait that it had yielded before at 3 ns, at its yield number 2/);
    });

    it('a wait of another process', () => {
      const { sim } = scene();
      const other = new Process(sim, 'other', function* (self) {
        yield self.hold(9);
      });
      new Process(sim, 'vcpu', function* () {
        yield other.hold(1);
      });
      throwsProcessError(sim, /Process 'other' .*is not running: only its own body may ask it to wait/);
    });

    it('a hold into the past, in the line that asks for it', () => {
      const { sim } = scene();
      new Process(sim, 'vcpu', function* (self) {
        yield self.hold(-2);
      });
      assert.throws(
        () => sim.run(),
        (error) => error instanceof TimeError && /process\.test\.ts/.test(error.stack!),
      );
    });
  });
});

describe('Process.interrupt', () => {
  it('ends a hold and takes its event out of the queue', () => {
    const { sim, log, note } = scene();
    const sleeper = new Process(sim, 'sleeper', function* (self) {
      try {
        yield self.hold(100);
      } catch (thrown) {
        assert.ok(thrown instanceof Interrupted);
        note(`woken: ${String(thrown.reason)}`);
      }
      yield self.hold(5);
      note('done');
    });
    sim.at(30, () => {
      assert.ok(sleeper.interrupt('alarm'));
      note('rang');
      assert.equal(sim.pending, 1);
    });
    sim.run();
    assert.deepEqual(log, ['30 rang', '30 woken: alarm', '35 done']);
    assert.equal(sim.now, 35);
  });

  it('leaves the line of a resource, so that the next in line is served', () => {
    const { sim, log, note } = scene();
    const server = new Resource(sim, { name: 'server', capacity: 1 });
    const user = (name: string) =>
      new Process(sim, name, function* (self) {
        yield self.acquire(server);
        note(name);
        yield self.hold(10);
        server.release();
      });
    user('a');
    const impatient = user('b');
    user('c');
    sim.at(4, () => impatient.interrupt());
    sim.run();
    assert.deepEqual(log, ['0 a', '10 c']);
    assert.ok(impatient.finished);
    assert.deepEqual([server.inUse, server.queueLength], [0, 0]);
  });

  it('gives back a unit that was granted at this instant but not yet delivered', () => {
    const { sim, log, note } = scene();
    const server = new Resource(sim, { name: 'server', capacity: 1 });
    const user = (name: string, then?: () => void) =>
      new Process(sim, name, function* (self) {
        yield self.acquire(server);
        note(name);
        yield self.hold(10);
        server.release();
        then?.();
      });
    user('a', () => unlucky.interrupt());
    const unlucky = user('b');
    user('c');
    sim.run();
    assert.deepEqual(log, ['0 a', '10 c']);
    assert.equal(server.inUse, 0);
  });

  it('stops listening to a signal', () => {
    const { sim } = scene();
    const bell = new Signal('bell');
    const listener = new Process(sim, 'listener', function* (self) {
      yield self.wait(bell);
    });
    sim.at(1, () => listener.interrupt());
    sim.at(2, () => assert.equal(bell.emit(), 0));
    sim.run();
    assert.equal(bell.waiting, 0);
  });

  it('ends a process that does not catch it, running its finally blocks and waking who joined it', () => {
    const { sim, log, note } = scene();
    const server = new Resource(sim, { name: 'server', capacity: 1 });
    const holder = new Process(sim, 'holder', function* (self) {
      yield self.acquire(server);
      try {
        yield self.hold(100);
      } finally {
        server.release();
      }
    });
    new Process(sim, 'watcher', function* (self) {
      yield self.join(holder);
      note('over');
    });
    sim.at(7, () => holder.interrupt());
    sim.run();
    assert.deepEqual(log, ['7 over']);
    assert.deepEqual([server.inUse, holder.finished], [0, true]);
  });

  it('ends a process that has not started, before its first line', () => {
    const { sim, log, note } = scene();
    const unborn = new Process(sim, 'unborn', function* (self) {
      note('started');
      yield self.hold(1);
    });
    assert.ok(unborn.interrupt());
    sim.run();
    assert.deepEqual([log, unborn.finished], [[], true]);
  });

  it('counts once when it comes twice at one instant, and not at all when the process is over', () => {
    const { sim, log, note } = scene();
    const sleeper = new Process(sim, 'sleeper', function* (self) {
      for (;;) {
        try {
          yield self.hold(10);
          return;
        } catch (thrown) {
          note((thrown as Interrupted).reason as string);
        }
      }
    });
    sim.at(3, () => {
      assert.ok(sleeper.interrupt('first'));
      assert.ok(!sleeper.interrupt('second'));
    });
    sim.at(4, () => assert.ok(sleeper.interrupt('third')));
    sim.at(20, () => assert.ok(!sleeper.interrupt('fourth')));
    sim.run();
    assert.deepEqual(log, ['3 first', '4 third']);
  });

  it('cannot come from the process itself', () => {
    const { sim } = scene();
    new Process(sim, 'vcpu', function* (self) {
      self.interrupt();
      yield self.hold(1);
    });
    throwsProcessError(sim, /'vcpu' .*cannot interrupt itself/);
  });

  it('never loses or doubles a unit, whatever is interrupted when and in which order ties run', () => {
    const plan = fc.record({
      capacity: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(),
      users: fc.array(
        fc.record({
          startNs: fc.nat(10),
          holdNs: fc.nat(6),
          rounds: fc.integer({ min: 1, max: 3 }),
          priority: fc.nat(2),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      interrupts: fc.array(fc.record({ atNs: fc.nat(30), victim: fc.nat(99) }), { maxLength: 15 }),
    });
    fc.assert(
      fc.property(
        plan,
        fc.constantFrom('fifo' as const, 'priority' as const),
        ({ capacity, seed, users, interrupts }, discipline) => {
          const { sim } = scene({ tieShuffle: seed });
          const server = new Resource(sim, { name: 'server', capacity, discipline });
          let inside = 0;
          const processes = users.map(
            ({ startNs, holdNs, rounds, priority }, index) =>
              new Process(sim, `user ${index}`, function* (self) {
                yield self.hold(startNs);
                for (let round = 0; round < rounds; round++) {
                  yield self.acquire(server, priority);
                  inside++;
                  try {
                    assert.ok(inside <= capacity);
                    yield self.hold(holdNs);
                  } finally {
                    inside--;
                    server.release();
                  }
                }
              }),
          );
          for (const { atNs, victim } of interrupts) {
            sim.at(atNs, () => processes[victim % processes.length]!.interrupt());
          }
          sim.run();
          assert.deepEqual([inside, server.inUse, server.queueLength], [0, 0, 0]);
          assert.ok(processes.every((process) => process.finished));
        },
      ),
      { numRuns: 500 },
    );
  });
});
