import assert from 'node:assert/strict';
import type { PolicyFaultDetail } from '../../../src/engine/kernel/policy.ts';
import type { Run, RunEnd, Witness } from '../../../src/engine/kernel/scenario.ts';
import { defineEvents, Trace } from '../../../src/engine/kernel/trace.ts';
import { decidingEvent } from '../../../src/grading/explainFailure.ts';
import { countingScenarios } from './countingPack.ts';

const scenario = countingScenarios['test.counting']!;
const events = defineEvents({
  pick: { doc: 'A choice.', fields: ['who'], decides: true, say: ({ who }) => `picks ${who}` },
  ran: { doc: 'What came of it.', fields: ['who'], say: ({ who }) => `${who} ran` },
});

/** A run whose events are `pick 1` or `ran 1`; each `ran` follows from the pick before it. */
function runOf(lines: readonly string[], end: RunEnd = { kind: 'finished' }): Run {
  const trace = new Trace(events);
  let pick = -1;
  lines.forEach((line, index) => {
    const [kind, who] = line.split(' ') as ['pick' | 'ran', string];
    if (kind === 'pick') trace.countDecision();
    const row = trace.append(trace.codes[kind], index * 1e6, kind === 'pick' ? -1 : pick, Number(who));
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

  it('is nowhere in a run without events, and says so without breaking', () => {
    const { event, ordinal } = explained(runOf([]), undefined, { ...witness, event: -1 });
    assert.deepEqual([event, ordinal], [-1, undefined]);
  });
});
