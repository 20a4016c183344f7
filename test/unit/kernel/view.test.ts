import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { sayMs, SpanBuilder } from '../../../src/engine/kernel/view.ts';

describe('milliseconds as a person reads them', () => {
  for (const [ns, said] of [
    [0, '0 ms'],
    [1, '0.000001 ms'],
    [90e6, '90 ms'],
    [30_050_000, '30.05 ms'],
    [100_000 + 200_000, '0.3 ms'],
    [3_600e9, '3600000 ms'],
  ] as const) {
    it(`${ns} ns are ${said}`, () => assert.equal(sayMs(ns), said));
  }

  it('lose nothing in a simulated day', () => {
    fc.assert(
      fc.property(fc.nat(86_400e9), (ns) => {
        const said = sayMs(ns);
        assert.match(said, /^\d+(\.\d{0,5}[1-9])? ms$/);
        assert.equal(Math.round(Number.parseFloat(said) * 1e6), ns);
      }),
    );
  });
});

describe('the spans of a timeline', () => {
  it('are sorted by start and then by lane, and empty ones are left out', () => {
    const spans = new SpanBuilder();
    spans.add(1, 0, 5, 9, 10);
    spans.add(0, 1, 5, 7, 11);
    spans.add(0, 1, 2, 2, 12);
    spans.add(2, 0, 0, 5, 13);
    assert.deepEqual(spans.build(), {
      lane: Int32Array.of(2, 0, 1),
      style: Uint8Array.of(0, 1, 0),
      startNs: Float64Array.of(0, 5, 5),
      endNs: Float64Array.of(5, 7, 9),
      event: Int32Array.of(13, 11, 10),
    });
  });
});
