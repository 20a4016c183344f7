import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Pod } from '../../../src/engine/cluster/api/apiObjects.ts';
import { Informer } from '../../../src/engine/cluster/api/informer.ts';
import { ObjectStore } from '../../../src/engine/cluster/api/objectStore.ts';
import { randomStreams } from '../../../src/engine/kernel/random.ts';
import { Simulation } from '../../../src/engine/kernel/simulation.ts';

const pod = (name: string) => ({
  kind: 'Pod' as const,
  metadata: { name },
  spec: { containers: [] },
  status: { phase: 'Pending' as const, ready: false, readySinceNs: 0, containers: [] },
});

function world(staleNs: number, duplicateShare: number, seed = 1) {
  const simulation = new Simulation();
  const store = new ObjectStore(() => simulation.now);
  const told: string[] = [];
  const informer = new Informer(
    simulation,
    store,
    ['Pod'],
    { staleNs, duplicateShare },
    randomStreams(seed).stream('watch'),
    {
      seen: (type, object) => told.push(`${type} ${object.metadata.name}`),
      listed: (objects) => told.push(`listed ${objects}`),
      resumed: () => told.push('resumed'),
    },
  );
  return { simulation, store, informer, told };
}

type Step =
  | { readonly do: 'create' | 'ready' | 'remove'; readonly pod: number }
  | { readonly do: 'break' | 'reconnect' | 'compact' | 'wait' };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('create' as const, 'ready' as const, 'remove' as const), pod: fc.nat(4) }),
  fc.record({
    do: fc.constantFrom('break' as const, 'reconnect' as const, 'compact' as const, 'wait' as const),
  }),
);

describe('the cache of a controller', () => {
  it('is in the end what the store has, whatever was delayed, repeated, missed and forgotten', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.nat(1000),
        fc.constantFrom(0, 0.5, 1),
        fc.nat(),
        (steps, staleNs, duplicateShare, seed) => {
          const { simulation, store, informer } = world(staleNs, duplicateShare, seed);
          informer.listAnew();
          for (const each of steps) {
            const key = 'pod' in each ? `default/p${each.pod}` : '';
            const there = store.get('Pod', key);
            if (each.do === 'create') store.create<'Pod'>(pod(`p${each.pod}`));
            else if (each.do === 'ready' && there !== undefined)
              store.update({ ...there, status: { ...there.status, ready: true } });
            else if (each.do === 'remove') store.remove('Pod', key);
            else if (each.do === 'break') informer.break();
            else if (each.do === 'reconnect') {
              informer.break();
              informer.reconnect();
            } else if (each.do === 'compact') store.compact(store.version);
            else simulation.run({ untilNs: simulation.now + 100 });
          }
          informer.break();
          informer.reconnect();
          simulation.run();
          const byName = (pods: readonly Pod[]): readonly Pod[] =>
            pods.toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
          assert.deepEqual(byName(informer.list('Pod')), byName([...store.list('Pod')]));
        },
      ),
    );
  });

  it('goes on where it had ended, as long as the store remembers that', () => {
    const { simulation, store, informer, told } = world(0, 0);
    informer.listAnew();
    informer.break();
    store.create<'Pod'>(pod('a'));
    store.remove('Pod', 'default/a');
    informer.reconnect();
    simulation.run();
    assert.deepEqual(told, ['listed 0', 'resumed', 'ADDED a', 'DELETED a']);
  });

  it('lists when the store has forgotten it, and never tells what vanished meanwhile', () => {
    const { simulation, store, informer, told } = world(0, 0);
    store.create<'Pod'>(pod('a'));
    informer.listAnew();
    informer.break();
    store.remove('Pod', 'default/a');
    store.create<'Pod'>(pod('b'));
    store.compact(store.version);
    informer.reconnect();
    simulation.run();
    assert.deepEqual(told, ['ADDED a', 'listed 1', 'ADDED b', 'listed 1']);
    assert.deepEqual(
      informer.list('Pod').map(({ metadata }) => metadata.name),
      ['b'],
    );
  });

  it('shows what was written only when the watch has told of it', () => {
    const { simulation, store, informer } = world(1000, 0);
    informer.listAnew();
    store.create<'Pod'>(pod('a'));
    assert.deepEqual(informer.list('Pod'), []);
    simulation.run();
    assert.equal(informer.list('Pod').length, 1);
  });

  it('tells an event twice when it is told to', () => {
    const { simulation, store, informer, told } = world(0, 1);
    informer.listAnew();
    store.create<'Pod'>(pod('a'));
    simulation.run();
    assert.deepEqual(told, ['listed 0', 'ADDED a', 'ADDED a']);
  });
});
