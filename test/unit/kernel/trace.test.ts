import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  defineEvents,
  firstDivergence,
  noCause,
  Trace,
  traceFrom,
} from '../../../src/engine/kernel/trace.ts';

const events = defineEvents({
  arrive: { doc: 'A customer arrives.', fields: ['customer'] },
  choose: {
    doc: 'The policy chose.',
    fields: ['server', 'customer'],
    decides: true,
    say: ({ server, customer }) => `server ${server} takes customer ${customer}`,
  },
  leave: { doc: 'A customer leaves.', fields: ['customer', 'waitNs', 'a', 'b'] },
});
const { arrive, choose, leave } = new Trace(events).codes;

interface Row {
  readonly code: number;
  readonly timeNs: number;
  readonly cause: number;
  readonly fields: readonly [number, number, number, number];
}

const anyNumber = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const anyRow: fc.Arbitrary<Row> = fc.record({
  code: fc.integer({ min: 0, max: 2 }),
  timeNs: fc.nat(1e15),
  cause: fc.integer({ min: -1, max: 100 }),
  fields: fc.tuple(anyNumber, anyNumber, anyNumber, anyNumber),
});
const anyRows = fc.array(anyRow, { maxLength: 40 });

function traceOf(rows: readonly Row[]): Trace<typeof events> {
  const trace = new Trace(events);
  for (const { code, timeNs, cause, fields } of rows) trace.append(code, timeNs, cause, ...fields);
  return trace;
}

/** A change of one number in one row: its place, and whether it is really another number. */
const changed = (rows: readonly Row[], at: number, change: (row: Row) => Row): Row[] =>
  rows.map((row, index) => (index === at ? change(row) : row));

describe('a trace', () => {
  it('gives back what was appended, however many rows there are', () => {
    const trace = new Trace(events);
    const length = 1000;
    for (let row = 0; row < length; row++) {
      assert.equal(trace.append(leave, row * 3, row - 1, row, 1 - row, row / 2, 2 ** 52 + row), row);
    }
    assert.equal(trace.length, length);
    for (let row = 0; row < length; row++) {
      assert.deepEqual(
        [trace.kind(row), trace.timeNs(row), trace.cause(row), trace.code(row)],
        ['leave', row * 3, row - 1, leave],
      );
      assert.deepEqual(trace.fieldsOf(row), { customer: row, waitNs: 1 - row, a: row / 2, b: 2 ** 52 + row });
    }
  });

  it('says an event in its own words, or by its fields', () => {
    const trace = traceOf([
      { code: choose, timeNs: 0, cause: noCause, fields: [2, 7, 0, 0] },
      { code: arrive, timeNs: 5, cause: noCause, fields: [7, 0, 0, 0] },
    ]);
    assert.equal(trace.say(0), 'server 2 takes customer 7');
    assert.equal(trace.say(1), 'arrive customer=7');
  });

  it('knows the chain of causes, and the nearest decision in it', () => {
    const trace = new Trace(events);
    const arrived = trace.append(arrive, 0, noCause, 1);
    const chosen = trace.append(choose, 1, arrived, 0, 1);
    const other = trace.append(arrive, 2, noCause, 2);
    const left = trace.append(leave, 3, chosen, 1);
    assert.deepEqual(trace.causesOf(left), [left, chosen, arrived]);
    assert.equal(trace.decidingEvent(left), chosen);
    assert.equal(trace.decidingEvent(chosen), chosen);
    assert.equal(trace.decidingEvent(other), undefined);
  });

  it('knows after which decision each event came', () => {
    const trace = new Trace(events);
    trace.append(arrive, 0, noCause);
    assert.equal(trace.countDecision(), 0);
    trace.append(choose, 0, noCause);
    trace.append(leave, 1, noCause);
    assert.equal(trace.countDecision(), 1);
    trace.append(choose, 2, noCause);
    assert.deepEqual(
      [0, 1, 2, 3].map((row) => trace.decision(row)),
      [-1, 0, 0, 1],
    );
    assert.equal(trace.decisionsAsked, 2);
    trace.restartDecisions();
    trace.append(arrive, 3, noCause);
    assert.equal(trace.decision(4), -1);
  });
});

describe("a trace's hash", () => {
  it('is 16 hexadecimal digits, also for an empty trace', () => {
    assert.match(new Trace(events).hash(), /^[0-9a-f]{16}$/);
    assert.notEqual(
      new Trace(events).hash(),
      traceOf([{ code: 0, timeNs: 0, cause: noCause, fields: [0, 0, 0, 0] }]).hash(),
    );
  });

  it('is equal for equal rows, whatever their causes and decisions', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const other = traceOf(rows.map((row) => ({ ...row, cause: noCause })));
        assert.equal(traceOf(rows).hash(), other.hash());
        assert.equal(firstDivergence(traceOf(rows), other), undefined);
      }),
    );
  });

  it('of the first rows is that of a trace with these alone', () => {
    fc.assert(
      fc.property(anyRows, fc.nat(), (rows, some) => {
        const first = some % (rows.length + 1);
        assert.equal(traceOf(rows).hash(first), traceOf(rows.slice(0, first)).hash());
      }),
    );
  });

  it('differs when a time, a kind, a number or the length differs, and the divergence is found there', () => {
    const change = fc.oneof(
      fc.nat(1e15).map((timeNs) => (row: Row): Row => ({ ...row, timeNs })),
      fc.integer({ min: 0, max: 2 }).map((code) => (row: Row): Row => ({ ...row, code })),
      fc.tuple(fc.integer({ min: 0, max: 3 }), anyNumber).map(([field, value]) => (row: Row): Row => {
        const fields: [number, number, number, number] = [...row.fields];
        fields[field] = value;
        return { ...row, fields };
      }),
    );
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 20 }), fc.nat(), change, (rows, place, one) => {
        const at = place % rows.length;
        const other = changed(rows, at, one);
        // JSON writes -0 and 0 alike, and so does the trace.
        const same = JSON.stringify(other) === JSON.stringify(rows);
        assert.equal(traceOf(rows).hash() === traceOf(other).hash(), same);
        assert.equal(firstDivergence(traceOf(rows), traceOf(other)), same ? undefined : at);
        const shorter = traceOf(rows.slice(0, at));
        assert.notEqual(shorter.hash(), traceOf(rows).hash());
        assert.equal(firstDivergence(shorter, traceOf(rows)), at);
        assert.equal(firstDivergence(traceOf(rows), shorter), at);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes 0 and -0 for one number', () => {
    const zero = traceOf([{ code: leave, timeNs: 0, cause: noCause, fields: [0, 0, 0, 0] }]);
    const minusZero = traceOf([{ code: leave, timeNs: -0, cause: noCause, fields: [-0, 0, -0, 0] }]);
    assert.equal(zero.hash(), minusZero.hash());
    assert.equal(firstDivergence(zero, minusZero), undefined);
  });

  it('depends on the order of numbers and of rows', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        fc.pre(a !== b);
        const rows = [a, b].map((each): Row => ({
          code: leave,
          timeNs: 1,
          cause: noCause,
          fields: [each, 0, 0, 0],
        }));
        assert.notEqual(traceOf(rows).hash(), traceOf(rows.toReversed()).hash());
        const pair = (first: number, second: number) =>
          traceOf([{ code: leave, timeNs: 1, cause: noCause, fields: [first, second, 0, 0] }]).hash();
        assert.notEqual(pair(a, b), pair(b, a));
      }),
    );
  });

  it('does not collide over a hundred thousand near-equal traces', () => {
    const seen = new Set<string>();
    for (let a = 0; a < 320; a++) {
      for (let b = 0; b < 320; b++) {
        seen.add(traceOf([{ code: leave, timeNs: a, cause: noCause, fields: [b, 0, 0, 0] }]).hash());
      }
    }
    assert.equal(seen.size, 320 * 320);
  });
});

describe('texts in a trace', () => {
  const named = defineEvents({
    create: {
      doc: 'Something is created.',
      fields: ['name', 'replicas'],
      texts: ['name'],
      say: ({ replicas }, { name }) => `${name} is created with ${replicas} replicas`,
    },
    remove: { doc: 'Something is removed.', fields: ['name'], texts: ['name'] },
  });
  const { create, remove } = new Trace(named).codes;

  it('are said by name', () => {
    const trace = new Trace(named);
    trace.append(create, 0, noCause, trace.text('web'), 3);
    trace.append(remove, 1, 0, trace.text('web'));
    assert.equal(trace.say(0), 'web is created with 3 replicas');
    assert.equal(trace.say(1), 'remove name=web');
  });

  it('are compared as texts, whatever their numbers', () => {
    const traceWith = (before: readonly string[], name: string): Trace<typeof named> => {
      const trace = new Trace(named);
      for (const other of before) trace.text(other);
      trace.append(create, 0, noCause, trace.text(name), 1);
      return trace;
    };
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), fc.string(), (before, a, b) => {
        const [one, same, other] = [traceWith([], a), traceWith(before, a), traceWith(before, b)];
        assert.equal(one.hash(), same.hash());
        assert.equal(firstDivergence(one, same), undefined);
        assert.equal(firstDivergence(one, other), a === b ? undefined : 0);
        assert.equal(one.hash() === other.hash(), a === b);
      }),
    );
  });

  it('and places cross to another thread, and places are inherited from causes', () => {
    const trace = new Trace(named);
    trace.append(create, 0, noCause, trace.text('web'), 3);
    trace.setPlace(0, '/0/spec');
    trace.append(remove, 1, 0, trace.text('web'));
    const copy = traceFrom(named, structuredClone(trace.columns()));
    assert.equal(copy.say(0), trace.say(0));
    assert.equal(copy.placeOf(1), '/0/spec');
    assert.equal(copy.text('web'), 0);
    assert.equal(copy.hash(), trace.hash());
  });
});
