import assert from 'node:assert/strict';
import { int, record } from '../../../src/engine/kernel/codec.ts';
import { definePolicy, PolicyFault } from '../../../src/engine/kernel/policy.ts';
import { count } from '../../../src/engine/kernel/parameters.ts';
import { defineScenario, submissionOf, type Run } from '../../../src/engine/kernel/scenario.ts';
import { defineEvents } from '../../../src/engine/kernel/trace.ts';
import { behaviourOf, didTheSame, follow } from '../../../src/grading/behaviour.ts';
import { runCase } from '../../../src/grading/runCase.ts';
import type { MachineSubmission } from '../../../src/grading/sandbox/policySandbox.ts';

const counter = definePolicy({
  id: 'counter',
  typeName: 'CounterPolicy',
  doc: 'Counts.',
  decisions: {
    next: {
      doc: 'Says a number.',
      input: record('The turn.', 'Turn', { turn: int('From 0.', { min: 0, max: 100 }) }),
      output: int('The number.', { min: -1000, max: 1000 }),
    },
  },
  calls: {},
});

const counting = defineScenario({
  id: 'test.counting',
  title: 'Counting',
  doc: 'Somebody counts, and at the end the number is drawn that wins.',
  params: {
    turns: count({ label: 'Turns', doc: 'How often.', min: 0, max: 100, default: 10 }),
    drawnAt: count({
      label: 'Drawn at',
      doc: 'Before which turn the number is drawn.',
      min: 0,
      max: 100,
      default: 100,
    }),
  },
  metrics: { silent: { doc: 'What no event tells.', label: 'Silent', better: 'neither' } },
  events: defineEvents({
    said: { doc: 'A number.', fields: ['number', 'word'], texts: ['word'], decides: true },
  }),
  policies: { counter },
  builtIn: { counter: () => ({ next: ({ turn }) => turn }) },
  checks: {},
  views: {},
  oracle: 'arithmetic',
  stepBudget: 1000,
  run({ params, trace, random, start }) {
    const policy = start({ counter: {} }).counter;
    let last = 0;
    for (let turn = 0; turn < params.turns; turn++) {
      if (turn === params.drawnAt) random.stream('winner').uniform();
      last = policy.next({ turn });
      // Its sign stays silent.
      const word = trace.text(`word ${Math.abs(last)}`);
      trace.append(trace.codes.said, turn, -1, 0, word);
    }
    return { silent: last };
  },
});

/** What says these numbers, and how often it was asked and given back. */
function saying(next: (turn: number) => number): MachineSubmission & { asked: number; released: number } {
  const submission = {
    asked: 0,
    released: 0,
    ...submissionOf(counting.policies, {
      counter: () => ({
        next: ({ turn }: { turn: number }) => {
          submission.asked++;
          return next(turn);
        },
      }),
    } as never),
    release: () => void submission.released++,
  };
  return submission as never;
}

const plain = { params: { turns: 10, drawnAt: 100 }, seed: 1 };
const runOf = (next: (turn: number) => number, asked: typeof plain = plain): Run =>
  runCase(counting, asked, saying(next)).run;

const failing = (): never => {
  throw new PolicyFault({ kind: 'value', message: 'It is -1.', policy: 'counter', decision: 'next' });
};

describe('what a submission does', () => {
  const seen = runOf((turn) => turn);

  it('is the same when end, trace and every number are', () => {
    assert.equal(didTheSame(seen, behaviourOf(runOf((turn) => turn))), true);
    assert.equal(didTheSame(seen, behaviourOf(runOf((turn) => (turn === 5 ? 6 : turn)))), false);
    assert.equal(
      didTheSame(seen, behaviourOf(runOf((turn) => turn, { ...plain, params: { turns: 9, drawnAt: 100 } }))),
      false,
    );
    assert.equal(
      didTheSame(seen, behaviourOf(runOf((turn) => turn, { ...plain, params: { turns: 11, drawnAt: 100 } }))),
      false,
    );
    assert.equal(didTheSame(seen, behaviourOf(runOf((turn) => -turn))), false, 'no event tells the sign');
  });

  it('is the same where a number is none in both, and not where it is none in one', () => {
    const measured = (silent: number): Run => ({ ...seen, metrics: { silent } });
    assert.equal(didTheSame(measured(Number.NaN), behaviourOf(measured(Number.NaN))), true);
    assert.equal(didTheSame(measured(Number.NaN), behaviourOf(measured(1))), false);
  });

  it('differs where two mistakes end a run at one event', () => {
    const until = (fault: () => number) => runOf((turn) => (turn === 9 ? fault() : turn));
    const [value, thrown] = [
      until(failing),
      until(() => {
        throw new PolicyFault({ kind: 'throw', message: 'No.', policy: 'counter', decision: 'next' });
      }),
    ];
    assert.equal(behaviourOf(seen).ended?.end, 'finished');
    assert.equal(behaviourOf(value).ended?.end, 'value in next');
    assert.equal(didTheSame(value, behaviourOf(until(failing))), true);
    assert.equal(didTheSame(value, behaviourOf(thrown)), false);
  });
});

describe('following a run', () => {
  const seen = runOf((turn) => turn);

  it('goes to its end as long as the same happens', () => {
    const same = saying((turn) => turn);
    const { behaviour, seeded } = follow(counting, plain, same, seen.trace);
    assert.deepEqual([behaviour, seeded, same.asked, same.released], [behaviourOf(seen), false, 10, 1]);
  });

  it('ends at the first decision after another event, and gives the machine back', () => {
    const other = saying((turn) => (turn === 3 ? 7 : turn));
    const { behaviour } = follow(counting, plain, other, seen.trace);
    assert.deepEqual([behaviour.rows, behaviour.ended, other.asked, other.released], [4, undefined, 4, 1]);
    assert.equal(didTheSame(seen, behaviour), false);
  });

  it('ends where the other run had ended', () => {
    const longer = saying((turn) => turn);
    const short = runOf((turn) => (turn === 4 ? failing() : turn));
    const { behaviour } = follow(counting, plain, longer, short.trace);
    assert.deepEqual([behaviour.rows, longer.asked], [5, 5]);
    assert.equal(didTheSame(short, behaviour), false);
  });

  it('leaves open what a run did that went the same way further', () => {
    const { behaviour } = follow(
      counting,
      plain,
      saying((turn) => (turn === 3 ? 7 : turn)),
      seen.trace,
    );
    const alike = runOf((turn) => (turn === 3 || turn === 8 ? 7 : turn));
    assert.equal(didTheSame(alike, behaviour), undefined);
  });

  it('tells whether a random number had a part in what is known', () => {
    const parting = () => saying((turn) => (turn === 3 ? 7 : turn));
    const seededBy = (drawnAt: number) => {
      const asked = { ...plain, params: { turns: 10, drawnAt } };
      return follow(counting, asked, parting(), runOf((turn) => turn, asked).trace).seeded;
    };
    assert.deepEqual([2, 6].map(seededBy), [true, false]);
  });

  it('lets through what goes wrong on the way', () => {
    const broken = saying(() => {
      throw new Error('the engine is wrong');
    });
    assert.throws(() => follow(counting, plain, broken, seen.trace), /the engine is wrong/);
  });
});
