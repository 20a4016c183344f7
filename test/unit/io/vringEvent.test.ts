import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { indexDistance, indexPlus, needsEvent } from '../../../src/engine/io/vringEvent.ts';

const index = fc.integer({ min: 0, max: 65_535 });

describe('indexes that wrap', () => {
  it('ask for a notification exactly when the event is one of the new buffers, counted one by one', () => {
    fc.assert(
      fc.property(
        index,
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: -350, max: 350 }),
        (before, fresh, off) => {
          const event = (before + off + 65_536) % 65_536;
          let isNew = false;
          for (let step = 0; step < fresh; step++) isNew ||= (before + step) % 65_536 === event;
          assert.equal(needsEvent(event, (before + fresh) % 65_536, before), isNew);
        },
      ),
      { numRuns: 3000 },
    );
  });
  it('are as far apart as one was moved', () => {
    fc.assert(
      fc.property(index, fc.integer({ min: -70_000, max: 70_000 }), (from, steps) => {
        const to = indexPlus(from, steps);
        assert.ok(to >= 0 && to < 65_536);
        assert.equal((((indexDistance(from, to) - steps) % 65_536) + 65_536) % 65_536, 0);
      }),
    );
  });
});
