import assert from 'node:assert/strict';
import type { TaskCheck } from '../../../src/course/model.ts';
import type { Run } from '../../../src/engine/kernel/scenario.ts';
import { isUngradable, violationOf } from '../../../src/grading/violation.ts';
import { countingScenarios } from './countingPack.ts';

const scenario = countingScenarios['test.counting']!;
const check = (use: string, args: TaskCheck['with'] = {}): TaskCheck =>
  ({ id: 'check', use, with: args }) as unknown as TaskCheck;

function runFor(params: Record<string, number>): Run {
  const outcome = scenario.execute({ params });
  assert.ok(outcome.ok);
  return outcome.run;
}
const ended = (end: Run['end']): Run => ({ ...runFor({ turns: 3 }), end });

describe('a violation', () => {
  it('is none where the predicate holds', () => {
    assert.equal(violationOf(scenario, check('goesUp'), runFor({ turns: 4 })), undefined);
    assert.equal(violationOf(scenario, check('endsBelow', { limit: 5 }), runFor({ turns: 4 })), undefined);
  });

  it('is the witness of the predicate, with the arguments of the check', () => {
    assert.deepEqual(violationOf(scenario, check('endsBelow', { limit: 4 }), runFor({ turns: 4 })), {
      kind: 'witness',
      witness: { event: 4, expected: 'less than 4', actual: '4', because: 'It was to stay small.' },
    });
    assert.equal(violationOf(scenario, check('endsBelow'), runFor({ turns: 50, doubleFrom: 2 })), undefined);
  });

  it('is that a run did not come to its end, whatever was asked', () => {
    const witness = { event: 0, expected: 'a', actual: 'b', because: 'c' };
    const fault = { kind: 'throw', message: 'it threw' } as const;
    for (const use of ['goesUp', 'finishes']) {
      assert.deepEqual(violationOf(scenario, check(use), ended({ kind: 'refused', witness })), {
        kind: 'witness',
        witness,
      });
      assert.deepEqual(violationOf(scenario, check(use), ended({ kind: 'fault', fault })), {
        kind: 'fault',
        fault,
      });
      const endless = violationOf(scenario, check(use), ended({ kind: 'steps', steps: 1000 }));
      assert.ok(endless?.kind === 'witness');
      assert.deepEqual(endless.witness, {
        event: 3,
        expected: 'a run that ends within 1000 steps',
        actual: 'a run that goes on',
        because: 'Something keeps happening without time moving on. Look for a choice that changes nothing.',
      });
    }
  });

  it('is none for a run that ended, where only that is asked', () =>
    assert.equal(violationOf(scenario, check('finishes'), runFor({ turns: 1 })), undefined));

  it('is a bug where lint let a name or an argument pass', () => {
    assert.throws(
      () => violationOf(scenario, check('goesDown'), runFor({})),
      /test\.counting has no check goesDown/,
    );
    assert.throws(
      () => violationOf(scenario, check('endsBelow', { limit: -1 }), runFor({})),
      /endsBelow: limit is -1/,
    );
  });
});

it('a fault is ungradable when nothing can be said of the work', () => {
  const kinds = ['syntax', 'load', 'throw', 'steps', 'value', 'memory', 'crash', 'wall'] as const;
  assert.deepEqual(
    kinds.filter((kind) => isUngradable({ kind, message: '' })),
    ['syntax', 'crash', 'wall'],
  );
});
