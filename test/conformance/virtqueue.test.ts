import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PolicyImplementation } from '../../src/engine/kernel/policy.ts';
import type { ParameterInput } from '../../src/engine/kernel/parameters.ts';
import type { AnySubmission } from '../../src/engine/kernel/policy.ts';
import { submissionOf } from '../../src/engine/kernel/scenario.ts';
import { violationNames } from '../../src/engine/io/virtqueueEvents.ts';
import { virtqueuePolicies, type VirtqueueDriverPolicy } from '../../src/engine/io/virtqueuePolicy.ts';
import { needsEvent } from '../../src/engine/io/vringEvent.ts';
import { scenarios } from '../../src/engine/scenarios.ts';

/*
 * The queue against virtio 1.2, section 2.7: event indexes by their definition, and what section 2.7.13 orders a driver to do,
 * one order left out at a time. A search that lets a driver through which the specification calls wrong, or rejects the right one,
 * is itself wrong.
 */

describe('vring_need_event', () => {
  /** By definition: some index from `before` to `now - 1`, modulo 65536, is the event. */
  const bySearch = (event: number, now: number, before: number): boolean => {
    for (let at = before; at !== now; at = (at + 1) % 65_536) if (at === event) return true;
    return false;
  };
  it('is a search over the indexes that were passed', () => {
    const index = fc.integer({ min: 0, max: 65_535 });
    fc.assert(
      fc.property(
        index,
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: -300, max: 300 }),
        (before, steps, offset) => {
          const now = (before + steps) % 65_536;
          const event = (before + offset + 65_536) % 65_536;
          assert.equal(needsEvent(event, now, before), bySearch(event, now, before));
        },
      ),
      { numRuns: 2000 },
    );
  });
  it('wraps', () => {
    assert.equal(needsEvent(65_535, 0, 65_535), true);
    assert.equal(needsEvent(0, 1, 65_535), true);
    assert.equal(needsEvent(65_534, 1, 65_535), false);
  });
});

/** Rules of the specification that a driver can break. */
interface Rules {
  /** 2.7.13, step 4: a barrier between ring entry and index. */
  readonly writeBarrier: boolean;
  /** 2.7.13, step 6: a barrier between the index and the look at avail_event. */
  readonly fullBarrier: boolean | 'write';
  /** 2.7.13.4.1: notify when the event index is passed; `newest` compares with the newest buffer alone, `never` does not. */
  readonly notify: 'needed' | 'always' | 'never' | 'newest' | 'at-equal-index';
  /** 2.7.14: a barrier between the used index and the used ring. */
  readonly readBarrier: boolean;
  /** 2.7.14: look again after asking for the next interrupt. */
  readonly lookAgain: boolean;
  readonly lookAgainBarrier: boolean;
  readonly wraps: boolean;
  readonly freesDescriptors: boolean;
  readonly takesAll: boolean;
}
const right: Rules = {
  writeBarrier: true,
  fullBarrier: true,
  notify: 'needed',
  readBarrier: true,
  lookAgain: true,
  lookAgainBarrier: true,
  wraps: true,
  freesDescriptors: true,
  takesAll: true,
};

/** Written from the specification, apart from the engine's own driver. */
function driverOf(rules: Rules): PolicyImplementation<typeof VirtqueueDriverPolicy> {
  let size = 0;
  let next = 0;
  let last = 0;
  const owner: number[] = [];
  const wrap = (value: number): number => (rules.wraps ? value % 65_536 : Math.min(value, 65_535));
  return {
    setup: (queue) => {
      size = queue.queueSize;
      next = queue.firstIndex;
      last = queue.firstIndex;
      for (let d = 0; d < size; d++) owner[d] = 0;
    },
    publish: ({ buffers }, calls) => {
      const start = next;
      for (const buffer of buffers) {
        const descriptor = rules.freesDescriptors ? owner.indexOf(0) : next % size;
        owner[descriptor] = buffer.address;
        calls.writeDescriptor({ descriptor, ...buffer });
        calls.writeAvailable({ slot: next % size, descriptor });
        next = wrap(next + 1);
      }
      if (rules.writeBarrier) calls.barrier({ kind: 'write' });
      calls.writeAvailableIndex({ value: next });
      if (rules.fullBarrier !== false) calls.barrier({ kind: rules.fullBarrier === true ? 'full' : 'write' });
      if (rules.notify === 'never') return;
      const event = rules.notify === 'always' ? start : calls.readAvailableEvent({});
      const newest = (next + 65_535) % 65_536;
      const tell =
        rules.notify === 'always' ||
        (rules.notify === 'needed' && needsEvent(event, next, start)) ||
        (rules.notify === 'newest' && event === newest) ||
        (rules.notify === 'at-equal-index' && event === next);
      if (tell) calls.notify({});
    },
    interrupt: (_, calls) => {
      let seen = calls.readUsedIndex({});
      for (;;) {
        if (rules.readBarrier) calls.barrier({ kind: 'read' });
        while (last !== seen) {
          const { descriptor, written } = calls.readUsed({ slot: last % size });
          calls.complete({ address: owner[descriptor]!, written });
          owner[descriptor] = 0;
          last = wrap(last + 1);
          if (!rules.takesAll) break;
        }
        calls.writeUsedEvent({ value: last });
        if (rules.lookAgainBarrier) calls.barrier({ kind: 'full' });
        if (!rules.lookAgain) return;
        seen = calls.readUsedIndex({});
        if (seen === last || !rules.takesAll) return;
      }
    },
  };
}

function explored(rules: Partial<Rules>, params: ParameterInput = {}) {
  const outcome = scenarios['io.virtqueue']!.execute({
    params: { requests: 64, ...params },
    submission: submissionOf(virtqueuePolicies, {
      driver: () => driverOf({ ...right, ...rules }),
    }) as unknown as AnySubmission,
  });
  assert.ok(outcome.ok);
  assert.equal(outcome.run.end.kind, 'finished', JSON.stringify(outcome.run.end));
  const { trace, metrics } = outcome.run;
  let violation: string | undefined;
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) === 'violation') violation = violationNames[trace.field(row, 0)];
  }
  assert.equal(metrics['broken'], violation === undefined ? 0 : 1);
  return { violation, metrics };
}

describe('the search over interleavings', () => {
  it('lets a right driver through, in every memory model, for every size and across the wrap', () => {
    for (const memory of ['sc', 'tso', 'weak']) {
      for (const queueSize of ['4', '8']) {
        for (const firstIndex of [0, 65_533]) {
          for (const batch of [1, 3]) {
            const { violation } = explored({}, { memory, queueSize, firstIndex, batch, interleavings: 1500 });
            assert.equal(violation, undefined, JSON.stringify({ memory, queueSize, firstIndex, batch }));
          }
        }
      }
    }
  });

  const wrong: readonly {
    readonly fault: string;
    readonly rules: Partial<Rules>;
    readonly caught: Readonly<Record<'sc' | 'tso' | 'weak', string | undefined>>;
    readonly params?: ParameterInput;
  }[] = [
    {
      fault: 'no barrier between ring entry and index',
      rules: { writeBarrier: false },
      caught: { sc: undefined, tso: undefined, weak: 'garbage' },
    },
    {
      fault: 'no barrier between index and avail_event',
      rules: { fullBarrier: false },
      caught: { sc: undefined, tso: 'lost-wake-up', weak: 'lost-wake-up' },
    },
    {
      fault: 'a write barrier between index and avail_event',
      rules: { fullBarrier: 'write' },
      caught: { sc: undefined, tso: 'lost-wake-up', weak: 'lost-wake-up' },
    },
    {
      fault: 'no barrier between used index and used ring',
      rules: { readBarrier: false },
      caught: { sc: undefined, tso: undefined, weak: 'duplicate' },
    },
    {
      fault: 'never notifies',
      rules: { notify: 'never' },
      caught: { sc: 'lost-wake-up', tso: 'lost-wake-up', weak: 'lost-wake-up' },
    },
    {
      fault: 'compares avail_event with the new index',
      rules: { notify: 'at-equal-index' },
      caught: { sc: 'lost-wake-up', tso: 'lost-wake-up', weak: 'lost-wake-up' },
    },
    {
      fault: 'compares avail_event with the newest buffer alone',
      rules: { notify: 'newest' },
      caught: { sc: 'lost-wake-up', tso: 'lost-wake-up', weak: 'lost-wake-up' },
    },
    {
      fault: 'does not look again after asking for an interrupt',
      rules: { lookAgain: false },
      caught: { sc: 'lost-interrupt', tso: 'lost-interrupt', weak: 'lost-interrupt' },
    },
    {
      fault: 'looks again without a barrier',
      rules: { lookAgainBarrier: false },
      caught: { sc: undefined, tso: 'lost-interrupt', weak: 'lost-interrupt' },
    },
    {
      fault: 'takes one used buffer per interrupt',
      rules: { takesAll: false },
      caught: { sc: 'lost-interrupt', tso: 'lost-interrupt', weak: 'lost-interrupt' },
    },
    {
      fault: 'lets the index stop at 65535',
      rules: { wraps: false },
      caught: { sc: 'lost-buffer', tso: 'lost-buffer', weak: 'lost-buffer' },
      params: { firstIndex: 65_530 },
    },
  ];
  for (const { fault, rules, caught, params } of wrong) {
    for (const memory of ['sc', 'tso', 'weak'] as const) {
      it(`${fault}, ${memory}: ${caught[memory] ?? 'does no harm'}`, () => {
        assert.equal(explored(rules, { memory, ...params }).violation, caught[memory]);
      });
    }
  }

  it('counts the notifications that were needed', () => {
    const asked = explored({});
    assert.equal(asked.metrics['notificationsPerRequest'], asked.metrics['neededPerRequest']);
    const always = explored({ notify: 'always' }, { batch: 2 });
    assert.equal(always.violation, undefined);
    assert.ok(always.metrics['notificationsPerRequest']! >= 0.5);
    assert.ok(asked.metrics['notificationsPerRequest']! < 0.25);
  });

  it('is the same to the bit each time', () => {
    const hash = (): string => {
      const outcome = scenarios['io.virtqueue']!.execute({ params: { interleavings: 300 } });
      assert.ok(outcome.ok);
      return outcome.run.trace.hash();
    };
    assert.equal(hash(), hash());
  });
});
