import assert from 'node:assert/strict';
import type { PolicyFaultDetail } from '../../../src/engine/kernel/policy.ts';
import type { Run, RunEnd, Witness } from '../../../src/engine/kernel/scenario.ts';
import { defineEvents, Trace } from '../../../src/engine/kernel/trace.ts';
import { decidingEvent, failurePictures, failureReport } from '../../../src/grading/explainFailure.ts';
import { countingScenarios } from './countingPack.ts';

const scenario = countingScenarios['test.counting']!;
const events = defineEvents({
  pick: { doc: 'A choice.', fields: ['who'], decides: true, say: ({ who }) => `picks ${who}` },
  ran: { doc: 'What came of it.', fields: ['who'], say: ({ who }) => `${who} ran` },
});

/**
 * A run whose events are `pick 1` or `ran 1`, one in each millisecond, or `ran 1 @7` at 7 ms; each `ran` follows from the
 * pick before it.
 */
function runOf(lines: readonly string[], end: RunEnd = { kind: 'finished' }): Run {
  const trace = new Trace(events);
  let pick = -1;
  lines.forEach((line, index) => {
    const [event, ms = index] = line.split(' @');
    const [kind, who] = event!.split(' ') as ['pick' | 'ran', string];
    if (kind === 'pick') trace.countDecision();
    const row = trace.append(trace.codes[kind], Number(ms) * 1e6, kind === 'pick' ? -1 : pick, Number(who));
    if (kind === 'pick') pick = row;
  });
  return { scenario: 'test', params: {}, seed: 1, metrics: {}, trace, end } as unknown as Run;
}

const witness: Witness = { event: 3, expected: 'one', actual: 'other', because: 'So it is.' };
const failedCase = { scenario, case: { params: {}, seed: 1 } };
const explained = (run: Run, reference: Run | undefined, seen: Witness = witness) =>
  decidingEvent({
    ...failedCase,
    run,
    violation: { kind: 'witness', witness: seen },
    ...(reference === undefined ? {} : { reference }),
  });
const right = ['pick 1', 'ran 1', 'pick 2', 'ran 2', 'pick 3', 'ran 3'];

describe('the event that explains a failure', () => {
  it('is, without a reference, the decision that led to the witness', () => {
    assert.deepEqual(explained(runOf(right), undefined), {
      event: 2,
      ordinal: 1,
      expected: 'one',
      actual: 'other',
      because: 'So it is.',
    });
  });

  it('may be the first of the run', () => {
    const { event, ordinal } = explained(runOf(right), undefined, { ...witness, event: 1 });
    assert.deepEqual([event, ordinal], [0, 0]);
  });

  it('is the witness itself where no decision led to it', () => {
    const { event, ordinal } = explained(runOf(['ran 1', 'ran 2']), undefined, { ...witness, event: 1 });
    assert.deepEqual([event, ordinal], [1, undefined]);
  });

  it('is the first event that the reference does not have', () => {
    const run = runOf(['pick 1', 'ran 1', 'pick 3', 'ran 3', 'pick 2', 'ran 2']);
    assert.deepEqual(explained(run, runOf(right), { ...witness, event: 5 }), {
      event: 2,
      ordinal: 1,
      expected: 'picks 2',
      actual: 'picks 3',
      because: 'Up to here your run is the right one. It led to this: expected one; seen: other. So it is.',
    });
  });

  it('says what the check says where both mean one event', () => {
    const run = runOf(['pick 1', 'ran 1', 'pick 3', 'ran 3']);
    const { event, expected, because } = explained(run, runOf(right), { ...witness, event: 2 });
    assert.deepEqual([event, expected, because], [2, 'one', 'So it is.']);
  });

  it('is the decision behind the first difference, where that is no decision', () => {
    const run = runOf(['pick 1', 'ran 1', 'pick 2', 'ran 9']);
    const { event, ordinal, expected, actual } = explained(run, runOf(right), { ...witness, event: 1 });
    assert.deepEqual([event, ordinal, expected, actual], [2, 1, '2 ran', '9 ran']);
  });

  it('is the last decision of a run that ends too early', () => {
    const { event, ordinal, expected, actual } = explained(runOf(right.slice(0, 4)), runOf(right), {
      ...witness,
      event: 0,
    });
    assert.deepEqual([event, ordinal, expected, actual], [2, 1, 'picks 3', 'the end of the run']);
  });

  it('is the first decision beyond the end of the reference', () => {
    const { event, expected, actual } = explained(runOf(right), runOf(right.slice(0, 4)), {
      ...witness,
      event: 0,
    });
    assert.deepEqual([event, expected, actual], [4, 'the end of the run', 'picks 3']);
  });

  it('is that of the witness where the run is the reference to the last event', () => {
    const { event, expected } = explained(runOf(right), runOf(right));
    assert.deepEqual([event, expected], [2, 'one']);
  });

  it('is the end of the run for a decision that was not answered', () => {
    const fault: PolicyFaultDetail = { kind: 'throw', message: 'next threw.', decision: 'next', ordinal: 0 };
    const run = runOf(right.slice(0, 4), { kind: 'fault', fault });
    run.trace.countDecision();
    assert.deepEqual(decidingEvent({ ...failedCase, run, violation: { kind: 'fault', fault } }), {
      event: 3,
      ordinal: 2,
      expected: 'an answer to every question',
      actual: 'next threw.',
      because: 'The run ends there, because nothing says how it would go on.',
    });
  });

  it('is the end of the run, and no decision, for a fault outside of decisions', () => {
    const fault: PolicyFaultDetail = { kind: 'memory', message: 'Too much memory.' };
    const run = runOf(right.slice(0, 3), { kind: 'fault', fault });
    const { event, ordinal } = decidingEvent({ ...failedCase, run, violation: { kind: 'fault', fault } });
    assert.deepEqual([event, ordinal], [2, undefined]);
  });

  it('is nowhere in a run without events, and says so without breaking', () => {
    const { event, ordinal } = explained(runOf([]), undefined, { ...witness, event: -1 });
    assert.deepEqual([event, ordinal], [-1, undefined]);
  });
});

describe('the pictures of a failure', () => {
  const view = { doc: '', model: (run: Run, event?: number) => ({ rows: run.trace.length, event }) };
  const pictures = (views: readonly string[], event: number, run: Run, reference?: Run) =>
    failurePictures(
      {
        ...failedCase,
        scenario: { ...scenario, views: Object.fromEntries(views.map((kind) => [kind, view])) },
        run,
        violation: { kind: 'witness', witness },
        ...(reference === undefined ? {} : { reference }),
      },
      { event, expected: '', actual: '', because: '' },
    );
  /** The event right after which the reference is drawn beside an event of the run. */
  const beside = (event: number, run: readonly string[], reference: readonly string[]): number | undefined =>
    (
      pictures(['state'], event, runOf(run), runOf(reference))!.expected as unknown as {
        readonly event: number;
      }
    ).event;

  it('are of the view that tells most, right after the event and when it was', () => {
    const run = runOf(right);
    assert.deepEqual(pictures(['curve', 'bars', 'state'], 2, run), {
      actual: { rows: 6, event: 2 },
      decidingNs: 2e6,
    });
    assert.deepEqual(pictures(['state', 'timeline'], 2, run, runOf(right.slice(0, 3))), {
      actual: { rows: 6, event: undefined },
      expected: { rows: 3, event: undefined },
      decidingNs: 2e6,
    });
    assert.equal(pictures([], 2, run), undefined);
    assert.equal(pictures(['state'], -1, run), undefined);
  });

  it('show the reference at the same event, while both runs are one', () => {
    assert.equal(beside(3, right, right), 3);
    assert.equal(beside(3, [...right.slice(0, 3), 'ran 9'], right), 3);
    assert.equal(beside(4, right, right.slice(0, 4)), 3);
    // What it does in its place, however much later.
    assert.equal(beside(2, right, ['pick 1', 'ran 1', 'pick 2 @9']), 2);
  });

  it('show the reference as it is at the same instant, when the runs have parted', () => {
    const parted = ['pick 1', 'ran 9', 'ran 9', 'ran 9'];
    assert.equal(beside(3, parted, right), 3);
    assert.equal(beside(3, parted, ['pick 1', 'ran 1', 'ran 1 @2', 'ran 1 @2', 'ran 1 @3', 'ran 1 @4']), 4);
    assert.equal(beside(3, parted, ['pick 1', 'ran 1']), 1);
    assert.equal(beside(1, parted, ['pick 1 @5', 'ran 1 @6']), 0);
  });
});

describe('the runs of a failure as lines', () => {
  const report = (views: object, run: Run, reference?: Run) => {
    const failed = {
      ...failedCase,
      scenario: { ...scenario, views } as never,
      run,
      violation: { kind: 'witness', witness } as const,
      ...(reference === undefined ? {} : { reference }),
    };
    return failureReport(failed, decidingEvent(failed), undefined, undefined, undefined);
  };
  const timeline = {
    doc: '',
    model: ({ trace }: Run) => ({
      lanes: [{ label: 'CPU 1' }],
      styles: [{ label: 'runs' }],
      spans: {
        startNs: Array.from({ length: trace.length }, (_, row) => row * 1e6),
        endNs: Array.from({ length: trace.length }, (_, row) => (row + 1) * 1e6),
        lane: new Uint8Array(trace.length),
        style: new Uint8Array(trace.length),
      },
    }),
  };
  const long = runOf(Array.from({ length: 300 }, () => 'ran 1'));

  it('are their timelines, as much as anybody reads', () => {
    const { actualText, expectedText } = report({ timeline }, runOf(['pick 1', 'ran 2']), runOf(['pick 1']));
    assert.deepEqual(actualText, ['0 ms to 1 ms: CPU 1, runs', '1 ms to 2 ms: CPU 1, runs']);
    assert.deepEqual(expectedText, ['0 ms to 1 ms: CPU 1, runs']);
    assert.equal(report({ timeline }, long).actualText.length, 200);
  });

  it('are their events where there is no timeline', () => {
    const { actualText } = report({}, runOf(['pick 1', 'ran 2']));
    assert.deepEqual(actualText, ['0 ms: picks 1', '1 ms: 2 ran']);
    assert.equal(report({}, long).actualText.length, 200);
  });
});
