import assert from 'node:assert/strict';
import type { CheckFailure, CheckReport, TaskReport, Verdict } from '../../../src/grading/report.ts';
import { failureLines, reportText } from '../../../src/grading/reportText.ts';

const failure: CheckFailure = {
  case: { scenario: 's', params: {}, seed: 1, words: '2 turns' },
  expected: 'more than 1',
  actual: '1',
  because: 'A count goes up.',
  atNs: 2_500_000,
  actualText: [],
};
const check = (verdict: Verdict, more: Partial<CheckReport> = {}): CheckReport => ({
  id: verdict,
  title: `It is ${verdict}`,
  verdict,
  points: verdict === 'passed' ? 2 : 0,
  maxPoints: 2,
  casesRun: 1,
  ...more,
});
const report = (more: Partial<TaskReport>): TaskReport => ({
  task: 'count-up',
  verdict: 'failed',
  points: 2,
  maxPoints: 8,
  checks: [],
  output: [],
  provenance: { lessonHash: '', engineVersion: '', seed: 1, submissionHash: '' },
  ...more,
});

describe('a report as text', () => {
  it('says of each check what became of it and of its pinned cases, what was printed and noted, and the points', () =>
    assert.equal(
      reportText(
        report({
          checks: [
            check('passed', {
              pinned: [
                { case: failure.case, verdict: 'passed' },
                { case: { ...failure.case, words: '3 turns' }, verdict: 'failed' },
              ],
            }),
            check('failed', { failure }),
            check('not reached'),
            check('ungradable'),
          ],
          output: ['one', 'two'],
          notes: [{ line: 4, column: 2, message: 'Colors are not simulated.' }],
        }),
        'counter.ts',
      ),
      `✓ It is passed (2/2)
    pinned ✓ 2 turns
    pinned ✗ 3 turns
✗ It is failed (0/2)
    with 2 turns, at 2.5 ms
    expected  more than 1
    actual    1
    because   A count goes up.
· It is not reached (0/2), not reached
? It is ungradable (0/2)

Your code printed:
  one
  two

counter.ts:4:2: note: Colors are not simulated.

count-up: failed, 2 of 8 points`,
    ));

  it('has no line for checks of a file that could not be graded', () => {
    const fault = { kind: 'syntax', message: 'Syntax error.' } as const;
    const checks = [check('ungradable')];
    assert.equal(
      reportText(report({ verdict: 'ungradable', points: 0, checks, fault }), 'counter.ts'),
      'counter.ts: Syntax error.\n\ncount-up: ungradable, 0 of 8 points',
    );
    assert.equal(
      reportText(report({ verdict: 'ungradable', points: 0, checks }), 'counter.ts'),
      '? It is ungradable (0/2)\n\ncount-up: ungradable, 0 of 8 points',
    );
  });

  it('names a fault at its place, with the others of a document, and the checks that it keeps from being reached', () =>
    assert.equal(
      reportText(
        report({
          points: 0,
          checks: [check('not reached')],
          fault: {
            kind: 'load',
            message: 'First.',
            line: 2,
            others: [{ line: 3, column: 7, message: 'Second.' }],
          },
        }),
        'plan.yaml',
      ),
      'plan.yaml:2:1: First.\nplan.yaml:3:7: Second.\n\n· It is not reached (0/2), not reached\n\ncount-up: failed, 0 of 8 points',
    ));
});

describe('why a check failed, as lines', () => {
  const after = (more: Partial<CheckFailure>): readonly string[] =>
    failureLines({ ...failure, ...more }, 'counter.ts').slice(4);
  const decision = { policy: 'counter', decision: 'next', ordinal: 0, input: '{ last: 1 }' };

  it('are the words of the author, the decision, and its line', () =>
    assert.deepEqual(after({ say: 'It **never** moves.', decision: { ...decision, line: 3, output: '1' } }), [
      'It never moves.',
      'decided at counter.ts:3',
      'next({ last: 1 }) returned 1',
    ]));

  it('are the line of a fault, and the decision that gave no answer', () =>
    assert.deepEqual(after({ decision, fault: { kind: 'throw', message: 'It threw.', line: 5 } }), [
      'decided at counter.ts:5',
      'next({ last: 1 })',
    ]));

  it('are nothing more where nothing is known, and the place in a document', () => {
    assert.deepEqual(after({}), []);
    assert.deepEqual(after({ place: { pointer: '/a/0', line: 2, column: 4, endLine: 2, endColumn: 5 } }), [
      'decided at counter.ts:2:4 (/a/0)',
    ]);
  });
});
