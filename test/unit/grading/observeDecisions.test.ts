import assert from 'node:assert/strict';
import fc from 'fast-check';
import { randomStreams } from '../../../src/engine/kernel/random.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { observeDecisions, type ObservedDecision } from '../../../src/grading/observeDecisions.ts';

const host = scenarios['scheduling.host']!;

describe('observing decisions', () => {
  it('changes nothing of a run, and numbers the decisions as the trace does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 8 }),
        fc.nat(),
        (vms, ioVms, seed) => {
          const asked = { params: { vms, ioVms, durationMs: 100 }, seed };
          const plain = host.execute(asked);
          const seen: ObservedDecision[] = [];
          const submission = observeDecisions(host.builtInSubmission, host.policies, (decision) =>
            seen.push(decision),
          );
          const observed = host.execute({ ...asked, submission });
          assert.ok(plain.ok && observed.ok);
          assert.equal(observed.run.trace.hash(), plain.run.trace.hash());
          assert.deepEqual(observed.run.metrics, plain.run.metrics);
          assert.equal(seen.length, plain.run.trace.decisionsAsked);
          assert.ok(seen.every(({ ordinal }, index) => ordinal === index));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('tells of a decision that threw, without an answer, and lets the exception pass', () => {
    const boom = new Error('boom');
    const seen: ObservedDecision[] = [];
    const policies = observeDecisions(
      {
        start: () => ({
          scheduler: {
            pickNext: () => {
              throw boom;
            },
          },
        }),
      },
      host.policies,
      (decision) => seen.push(decision),
    ).start({});
    assert.equal(policies['scheduler']!['enqueue'], undefined);
    assert.throws(() => policies['scheduler']!['pickNext']!({ cpu: 0 }), boom);
    assert.deepEqual(seen, [{ policy: 'scheduler', decision: 'pickNext', ordinal: 0, input: { cpu: 0 } }]);
  });

  it('tells what was answered, whatever that was', () => {
    const answers = [{ vcpu: 1, runForMs: 5 }, undefined, 0];
    const seen: ObservedDecision[] = [];
    const given = [...answers];
    const policies = observeDecisions(
      { start: () => ({ scheduler: { pickNext: () => given.shift() } }) },
      host.policies,
      (decision) => seen.push(decision),
    ).start({});
    for (const answer of answers) assert.equal(policies['scheduler']!['pickNext']!({}), answer);
    assert.deepEqual(
      seen.map(({ answer }) => answer),
      answers.map((output) => ({ output })),
    );
  });

  it('has no decisions for policies that a submission does not have', () => {
    const policies = observeDecisions({ start: () => ({}) }, host.policies, () => {}).start({});
    assert.deepEqual(policies['scheduler'], {});
  });

  it('counts on where a policy is started again within a run', () => {
    const seen: number[] = [];
    const submission = observeDecisions(
      { start: () => ({ scheduler: { pickNext: () => 0 } }) },
      host.policies,
      ({ ordinal }) => seen.push(ordinal),
    );
    const run = { params: {}, random: randomStreams(1) };
    const ask = (again: boolean): unknown =>
      submission.start({}, { ...run, again })['scheduler']!['pickNext']!({});
    ask(false);
    ask(true);
    ask(true);
    ask(false);
    assert.deepEqual(seen, [0, 1, 2, 0]);
  });

  it('counts anew in every run', () => {
    const seen: number[] = [];
    const submission = observeDecisions(host.builtInSubmission, host.policies, ({ ordinal }) =>
      seen.push(ordinal),
    );
    for (let run = 0; run < 2; run++) host.execute({ params: { durationMs: 1 }, submission });
    assert.equal(seen.filter((ordinal) => ordinal === 0).length, 2);
  });
});
