import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Pod, Service } from '../../../src/engine/cluster/api/apiObjects.ts';
import { EndpointSlices, slicesOf } from '../../../src/engine/cluster/controllers/endpointSlices.ts';
import { ObjectStore } from '../../../src/engine/cluster/api/objectStore.ts';
import { PodTally, isActive } from '../../../src/engine/cluster/controllers/podTally.ts';
import { firstToGo } from '../../../src/engine/cluster/controllers/replicaSetController.ts';

/** What is kept by event, or found without sorting all, is what counting and sorting everything would give. */

const pod = fc
  .record({
    node: fc.constantFrom(undefined, 'a', 'b', 'c'),
    phase: fc.constantFrom('Pending' as const, 'Running' as const, 'Failed' as const),
    ready: fc.boolean(),
    deleted: fc.boolean(),
    readySinceNs: fc.nat(3),
    creationNs: fc.nat(3),
  })
  .map(
    ({
      node,
      phase,
      ready,
      deleted,
      readySinceNs,
      creationNs,
    }): Omit<Pod, 'metadata'> & {
      readonly metadata: Partial<Pod['metadata']>;
    } => ({
      kind: 'Pod',
      metadata: { creationNs, ...(deleted ? { deletionNs: 1 } : {}) },
      spec: { containers: [], ...(node === undefined ? {} : { nodeName: node }) },
      status: { phase, ready, readySinceNs, containers: [] },
    }),
  );
const pods = fc
  .array(pod, { maxLength: 40 })
  .map((all) =>
    all.map((each, index) => ({ ...each, metadata: { ...each.metadata, resourceVersion: index } }) as Pod),
  );

describe('in large clusters', () => {
  it('the Pods that go first are those that sorting all of them puts first', () => {
    const serves = ({ spec, status }: Pod): number =>
      spec.nodeName === undefined ? 0 : status.phase === 'Pending' ? 1 : status.ready ? 3 : 2;
    fc.assert(
      fc.property(pods, fc.nat(45), (all, count) => {
        const together = ({ spec }: Pod): number =>
          spec.nodeName === undefined ? 0 : all.filter((each) => each.spec.nodeName === spec.nodeName).length;
        const sorted = all.toSorted(
          (a, b) =>
            serves(a) - serves(b) ||
            together(b) - together(a) ||
            b.status.readySinceNs - a.status.readySinceNs ||
            b.metadata.creationNs - a.metadata.creationNs ||
            b.metadata.resourceVersion - a.metadata.resourceVersion,
        );
        assert.deepEqual(firstToGo(all, count), sorted.slice(0, count));
      }),
    );
  });

  it('a tally that hears of every change has counted what there is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5), fc.option(pod, { nil: undefined })), { maxLength: 60 }),
        (steps) => {
          const tally = new PodTally();
          const there = new Map<number, Pod>();
          for (const [key, next] of steps) {
            const before = there.get(key);
            const object = next as Pod | undefined;
            if (object === undefined) {
              if (before === undefined) continue;
              there.delete(key);
              tally.observe({ type: 'DELETED', object: before, before, version: 0 });
            } else {
              there.set(key, object);
              tally.observe({
                type: before === undefined ? 'ADDED' : 'MODIFIED',
                object,
                before,
                version: 0,
              });
            }
          }
          const active = [...there.values()].filter(isActive);
          assert.deepEqual(
            [tally.active, tally.ready],
            [active.length, active.filter(({ status }) => status.ready).length],
          );
        },
      ),
    );
  });

  it('slices hold every endpoint once, at most 100 each, and only those that changed are written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(400), fc.boolean(), fc.boolean()), { maxLength: 900 }),
        fc.integer({ min: 1, max: 50 }),
        (steps, batch) => {
          const store = new ObjectStore(() => 0);
          const created = store.create<'Service'>({
            kind: 'Service',
            metadata: { name: 'shop' },
            spec: {},
            status: {},
          });
          assert.ok(created.ok);
          const service: Service = created.value;
          const slices = new EndpointSlices(store, service);
          const expected = new Map<string, boolean>();
          steps.forEach(([number, there, ready], index) => {
            const name = `default/pod-${number}`;
            if (there) expected.set(name, ready);
            else expected.delete(name);
            slices.set(name, there ? { pod: name, ready, ports: [80] } : undefined);
            if (index % batch === 0) slices.write();
          });
          slices.write();
          const written = slicesOf(store, service);
          assert.ok(written.every(({ spec }) => spec.endpoints.length <= 100));
          const all = written.flatMap(({ spec }) => spec.endpoints);
          assert.equal(slices.size, all.length);
          assert.deepEqual(
            all
              .map(({ pod: name, ready }) => [name, ready] as const)
              .toSorted(([a], [b]) => (a < b ? -1 : 1)),
            [...expected].toSorted(([a], [b]) => (a < b ? -1 : 1)),
          );
          const { version } = store;
          slices.write();
          assert.equal(store.version, version);
        },
      ),
      { numRuns: 50 },
    );
  });
});
