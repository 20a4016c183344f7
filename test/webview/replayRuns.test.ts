import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scenarios } from '../../src/engine/scenarios.ts';
import {
  counterpart,
  nextDecision,
  openReplay,
  rowAt,
  type OpenedReplay,
} from '../../src/webview/replay/replayRuns.ts';
import { changeBetween } from '../../src/webview/views/stateChange.ts';
import { comparedRuns } from './exampleReplays.ts';

const opened = (ioVms: number, seed: number): OpenedReplay => {
  const { replay } = comparedRuns('scheduling.host', { vms: 4, ioVms, durationMs: 300 }, seed);
  const opening = openReplay(replay, scenarios);
  assert.ok(opening.ok);
  return opening.value;
};
const runs = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 1000 }), fc.nat());

describe('a replay', () => {
  it('finds the nearest decision before and after an event, as a search row by row does', () => {
    fc.assert(
      fc.property(runs, ([ioVms, seed, at]) => {
        const { first } = opened(ioVms, seed);
        const { trace } = first.run;
        const event = at % trace.length;
        for (const step of [1, -1] as const) {
          let row = event + step;
          while (row >= 0 && row < trace.length && trace.schema[trace.kind(row)]!.decides !== true)
            row += step;
          assert.equal(nextDecision(first, event, step), row < 0 || row >= trace.length ? undefined : row);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('compares with the other run at the same row while both agree, and then at the same instant', () => {
    fc.assert(
      fc.property(runs, ([ioVms, seed, at]) => {
        const { first, other, divergence } = opened(ioVms, seed);
        const [mine, theirs] = [first.run.trace, other!.run.trace];
        const event = at % mine.length;
        const row = counterpart(first, other!, divergence, event);
        if (divergence === undefined || event < divergence) return assert.equal(row, event);
        assert.ok(row >= divergence - 1 && row < theirs.length);
        const atNs = mine.timeNs(event);
        assert.ok(theirs.timeNs(row) <= atNs);
        // Nothing of the other run lies between what is shown and this instant.
        assert.ok(row + 1 === theirs.length || theirs.timeNs(row + 1) >= atNs);
        // At the end of an instant, the other run is shown at its end too.
        if (event === rowAt(mine, atNs))
          assert.ok(row + 1 === theirs.length || theirs.timeNs(row + 1) > atNs);
      }),
      { numRuns: 200 },
    );
  });

  it('goes to the last event of an instant', () => {
    const { first } = opened(2, 7);
    const { trace } = first.run;
    for (let row = 0; row < trace.length; row++) {
      const found = rowAt(trace, trace.timeNs(row));
      assert.ok(found >= row && trace.timeNs(found) === trace.timeNs(row));
      assert.ok(found + 1 === trace.length || trace.timeNs(found + 1) > trace.timeNs(row));
    }
    assert.equal(rowAt(trace, -1), 0);
  });

  it('knows what an event changed: rows by their first cell, wherever they stand', () => {
    const state = (...rows: readonly (readonly string[])[]) => ({
      kind: 'state' as const,
      groups: [{ title: 'Queue', columns: ['who', 'since'], rows, whenEmpty: 'Nobody.' }],
    });
    const change = changeBetween(
      state(['A', '1'], ['B', '2'], ['C', '3']),
      state(['C', '3'], ['B', '5'], ['D', '6']),
    );
    assert.deepEqual([...change.cells], ['0/1/1', '0/2/0', '0/2/1']);
    assert.deepEqual(change.gone, [['A']]);
  });

  it('tells rows with the same first cell apart, and lets none leave where only the latest are shown', () => {
    const state = (...rows: string[][]) => ({
      kind: 'state' as const,
      groups: [
        { title: 'Attacks', columns: ['from', 'outcome'], rows, whenEmpty: 'None.' },
        {
          title: 'Latest',
          columns: ['from', 'outcome'],
          rows,
          whenEmpty: 'None.',
          latestOnly: true as const,
        },
      ],
    });
    const same = state(['A', '1'], ['A', '2'], ['B', '3'], ['A', '1']);
    assert.deepEqual(changeBetween(same, same), { cells: new Set(), gone: [[], []] });
    const change = changeBetween(same, state(['A', '2'], ['A', '5'], ['B', '3']));
    assert.deepEqual([...change.cells], ['0/1/1', '1/1/1']);
    assert.deepEqual(change.gone, [['A'], []]);
  });
});
