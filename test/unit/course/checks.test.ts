import assert from 'node:assert/strict';
import { argumentsFor, checksOf } from '../../../src/course/checks.ts';
import type { CheckArguments } from '../../../src/course/model.ts';
import type { Witness } from '../../../src/engine/kernel/scenario.ts';
import { rotation } from './rotationScenario.ts';

const params = { vms: 4, sliceMs: 10, phase: 'worst' };
const expression = (text: string) => ({ text, at: { file: 'task.yaml', line: 1, column: 1 } });

describe('the checks of a scenario', () => {
  it('are its own, that a run finishes, and a bound where it measures something', () => {
    assert.deepEqual(Object.keys(checksOf(rotation)), ['strictRotation', 'maxWait', 'finishes', 'metric']);
    assert.deepEqual(Object.keys(checksOf({ ...rotation, metrics: {} })), [
      'strictRotation',
      'maxWait',
      'finishes',
    ]);
  });

  it('are called by what they look at', () => {
    const { finishes, metric } = checksOf(rotation);
    assert.deepEqual(
      [finishes, metric].map((check) => [check!.title, check!.doc]),
      [
        ['Every run finishes', 'Holds for every run that ends well.'],
        [
          'A number stays in its bounds',
          'The metric `metric` of the run is at most `atMost` and at least `atLeast`.',
        ],
      ],
    );
    const { metric: which, atMost, atLeast } = metric!.args;
    assert.ok(which?.kind === 'choice');
    assert.deepEqual(which.values, {
      worstWaitMs: 'Wait',
      worstResponseMs: 'Response',
      switches: 'Switches',
    });
    assert.deepEqual(
      [which, atMost, atLeast].map((each) => [each!.label, each!.doc, each!.default]),
      [
        ['Metric', 'Which metric is bounded.', 'worstWaitMs'],
        ['At most', 'The largest value that is allowed. Default: any.', Infinity],
        ['At least', 'The smallest value that is allowed. Default: any.', -Infinity],
      ],
    );
  });
});

describe('a bound on a metric', () => {
  const outcome = rotation.execute({ params });
  assert.ok(outcome.ok);
  const { run } = outcome;
  function outside(given: CheckArguments): Witness | undefined {
    const args = argumentsFor(rotation, 'metric', given, params);
    assert.ok(args.ok);
    return checksOf(rotation)['metric']!.violated(run, args.value);
  }

  it('is kept by its own value', () => {
    assert.equal(outside({ metric: 'worstWaitMs', atMost: 30, atLeast: 30 }), undefined);
    assert.equal(outside({}), undefined);
  });

  it('says which end a value is beyond, in its unit', () => {
    const event = run.trace.length - 1;
    assert.deepEqual(outside({ metric: 'worstWaitMs', atMost: 29 }), {
      event,
      expected: 'Wait: at most 29 ms',
      actual: '30 ms',
      because: 'Until it runs.',
    });
    assert.deepEqual(outside({ metric: 'switches', atLeast: 5 }), {
      event,
      expected: 'Switches: at least 5',
      actual: '4',
      because: 'Switches.',
    });
    assert.equal(
      outside({ metric: 'worstWaitMs', atLeast: 31, atMost: 30 })?.expected,
      'Wait: at least 31 ms',
    );
  });
});

describe('the arguments of a check', () => {
  it('are computed from the parameters of a case, and else what is written or usual', () => {
    assert.deepEqual(argumentsFor(rotation, 'maxWait', { belowMs: expression('vms * sliceMs') }, params), {
      ok: true,
      value: { belowMs: 40 },
    });
    assert.deepEqual(argumentsFor(rotation, 'maxWait', { belowMs: 7 }, params), {
      ok: true,
      value: { belowMs: 7 },
    });
    assert.deepEqual(argumentsFor(rotation, 'maxWait', {}, params), { ok: true, value: { belowMs: 100 } });
  });

  it('are numbers of no unit where a metric is bounded', () =>
    assert.deepEqual(argumentsFor(rotation, 'metric', { atMost: true }, params), {
      ok: false,
      error: 'atMost is true, but must be a number.',
    }));

  it('are refused with all that is wrong with them', () => {
    assert.deepEqual(argumentsFor(rotation, 'maxWait', { belowMs: expression('vms / (vms - 4)') }, params), {
      ok: false,
      error: 'belowMs: The expression gives no finite number here; does it divide by zero?',
    });
    assert.deepEqual(
      argumentsFor(rotation, 'maxWait', { belowMs: expression('0 - vms'), aboveMs: 1 }, params),
      {
        ok: false,
        error:
          'There is no parameter aboveMs. Parameters: belowMs. belowMs is -4, but must be a number of milliseconds from 0 to 1000.',
      },
    );
  });
});
