import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Process } from '../../../src/engine/kernel/process.ts';
import { Resource } from '../../../src/engine/kernel/resource.ts';
import { Simulation } from '../../../src/engine/kernel/simulation.ts';

interface User {
  readonly atNs: number;
  readonly holdNs: number;
  readonly priority: number;
}

/** Runs the users against a resource and returns, in the order of service, who was served when. */
function serve(
  users: readonly User[],
  options: { capacity: number; discipline?: 'fifo' | 'priority'; statistics?: boolean },
): { served: string[]; resource: Resource; endNs: number } {
  const sim = new Simulation();
  const resource = new Resource(sim, { name: 'server', ...options });
  const served: string[] = [];
  users.forEach(({ atNs, holdNs, priority }, index) => {
    new Process(sim, `user ${index}`, function* (self) {
      yield self.hold(atNs);
      yield self.acquire(resource, priority);
      served.push(`${index} at ${sim.now}`);
      yield self.hold(holdNs);
      resource.release();
    });
  });
  sim.run();
  return { served, resource, endNs: sim.now };
}

describe('Resource', () => {
  it('serves first come first served, two at a time', () => {
    const users = [0, 0, 1, 2].map((atNs) => ({ atNs, holdNs: 10, priority: 0 }));
    assert.deepEqual(serve(users, { capacity: 2 }).served, ['0 at 0', '1 at 0', '2 at 10', '3 at 10']);
  });

  it('serves the lowest priority number first, equal ones in the order in which they came', () => {
    const priorities = [5, 2, 1, 2, 0, 1];
    const users = priorities.map((priority, index) => ({ atNs: index, holdNs: 10, priority }));
    const order = serve(users, { capacity: 1, discipline: 'priority' }).served.map((line) => Number(line[0]));
    assert.deepEqual(order, [0, 4, 2, 5, 1, 3]);
  });

  it('ignores priorities where it goes first come first served', () => {
    const users = [3, 2, 1].map((priority, index) => ({ atNs: index, holdNs: 10, priority }));
    assert.deepEqual(serve(users, { capacity: 1 }).served, ['0 at 0', '1 at 10', '2 at 20']);
  });

  it('agrees with a count nanosecond by nanosecond in utilisation and queue length', () => {
    const user = fc.record({ atNs: fc.nat(20), holdNs: fc.integer({ min: 1, max: 9 }), priority: fc.nat(3) });
    fc.assert(
      fc.property(
        fc.array(user, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        (users, capacity) => {
          const { served, resource, endNs } = serve(users, {
            capacity,
            discipline: 'priority',
            statistics: true,
          });
          const startOf = new Map(served.map((line) => line.split(' at ').map(Number) as [number, number]));
          let busy = 0;
          let waiting = 0;
          let longest = 0;
          for (let ns = 0; ns < endNs; ns++) {
            const inLine = users.filter((each, index) => each.atNs <= ns && ns < startOf.get(index)!).length;
            busy += users.filter(
              (each, index) => startOf.get(index)! <= ns && ns < startOf.get(index)! + each.holdNs,
            ).length;
            waiting += inLine;
            longest = Math.max(longest, inLine);
          }
          const seen = resource.statistics!;
          assert.ok(Math.abs(seen.utilisation - busy / endNs / capacity) < 1e-12);
          assert.ok(Math.abs(seen.meanQueueLength - waiting / endNs) < 1e-12);
          // A queue that forms and empties within one instant has no duration, but is seen by the maximum.
          assert.ok(seen.longestQueue >= longest);
        },
      ),
    );
  });

  it('keeps statistics only when asked', () => {
    assert.equal(
      serve([{ atNs: 0, holdNs: 1, priority: 0 }], { capacity: 1 }).resource.statistics,
      undefined,
    );
  });

  it('refuses to release what nobody holds, and to have no whole number of units', () => {
    const sim = new Simulation();
    assert.throws(
      () => new Resource(sim, { name: 'cpu', capacity: 1 }).release(),
      /A unit of 'cpu' was released, but none is held/,
    );
    for (const capacity of [0, -1, 1.5, NaN]) {
      assert.throws(
        () => new Resource(sim, { name: 'cpu', capacity }),
        /'cpu' needs a whole number of units/,
      );
    }
  });

  it('lends a free unit to callers that do not wait', () => {
    const resource = new Resource(new Simulation(), { name: 'cpu', capacity: 2 });
    assert.deepEqual(
      [resource.tryAcquire(), resource.tryAcquire(), resource.tryAcquire()],
      [true, true, false],
    );
    resource.release();
    assert.ok(resource.tryAcquire());
  });
});
