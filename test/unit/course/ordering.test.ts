import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { judge } from '../../../src/course/answering.ts';
import { proveExercise } from '../../../src/course/exerciseProof.ts';
import { parseLesson } from '../../../src/course/lessonParser.ts';
import type { OrderExercise } from '../../../src/course/model.ts';
import { orderKey, presentedOrder } from '../../../src/course/ordering.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import { rotation } from './rotationScenario.ts';

const scenarios = { [rotation.id]: rotation };
const at = { file: 'lesson.md', line: 1, column: 1 };
const expression = (text: string) => ({ text, at });

const layers: OrderExercise = {
  kind: 'question',
  form: 'order',
  id: 'layers',
  ask: 'Which is nearest to the guest?',
  explain: 'So it is.',
  hints: [],
  points: 2,
  items: ['Application', 'Kernel', 'KVM', 'Card'].map((text) => ({ text, set: {} })),
  set: {},
  vary: {},
  first: 'lowest',
  unit: '',
  misconceptions: [{ order: [1, 0, 2, 3], say: 'The kernel serves the application.' }],
  at,
};

/** 4 VMs wait longer than 2 with the same slice; with half the slice, 3 VMs wait as long as 2. */
const waits: OrderExercise = {
  kind: 'prediction',
  form: 'order',
  id: 'waits',
  ask: 'Who waits longest?',
  explain: 'By the formula.',
  points: 1,
  scenario: rotation.id,
  items: [
    { text: 'two', set: { vms: 2 }, value: expression('metrics.worstWaitMs') },
    { text: 'four', set: { vms: 4 }, value: expression('metrics.worstWaitMs') },
    { text: 'three', set: { vms: 3 }, value: expression('metrics.worstWaitMs / 2') },
  ],
  set: { sliceMs: 10 },
  vary: { sliceMs: { kind: 'choose', from: [10, 20] } },
  first: 'highest',
  unit: 'ms',
  misconceptions: [],
  at,
};

const judged = (exercise: OrderExercise, order: readonly number[]) => {
  const judgement = judge(exercise, { form: 'order', order, confidence: 70 }, undefined, scenarios);
  assert.equal(judgement.kind, 'judged');
  return judgement;
};

describe('an order', () => {
  it('is right as the author wrote it, and only so', () =>
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) => {
        const { right, points, explain } = judged(layers, order);
        assert.equal(
          right,
          order.every((item, place) => item === place),
        );
        assert.equal(points, right ? 2 : 0);
        assert.equal(explain, right ? 'So it is.' : undefined);
      }),
    ));

  it('has feedback of its own for a misconception, and for others what stands the wrong way round', () => {
    assert.equal(judged(layers, [1, 0, 2, 3]).feedback, 'The kernel serves the application.');
    assert.equal(
      judged(layers, [0, 1, 3, 2]).feedback,
      '1 of the 6 pairs stands the wrong way round. Look again at *Card* before *KVM*.',
    );
    assert.equal(judged(layers, [3, 2, 1, 0]).feedback, 'It is exactly the other way round.');
  });

  it('is computed by a run of each item, and items of equal value may stand either way', () => {
    const key = orderKey(waits, undefined, scenarios);
    assert.ok(key.ok);
    assert.deepEqual(key.values, [10, 30, 10]);
    assert.equal(judged(waits, [1, 0, 2]).right, true);
    assert.equal(judged(waits, [1, 2, 0]).right, true);
    assert.equal(judged(waits, [0, 1, 2]).right, false);
  });

  it('of a prediction shows the run’s own, with the values, right or not', () => {
    assert.equal(
      judged(waits, [0, 1, 2]).feedback,
      '1 of the 3 pairs stands the wrong way round. Look again at *two* before *four*.\n\nThe run shows:\n\n1. four: 30 ms\n2. two: 10 ms\n3. three: 10 ms',
    );
    assert.equal(judged(waits, [0, 1, 2]).explain, 'By the formula.');
  });

  it('is no answer with an item missing, twice, or unknown', () => {
    for (const order of [
      [0, 1, 2],
      [0, 1, 2, 2],
      [0, 1, 2, 4],
      [0, 1, 2, 3, 3],
      [0.5, 1, 2, 3],
    ]) {
      const judgement = judge(layers, { form: 'order', order }, undefined, scenarios);
      assert.deepEqual(judgement, { kind: 'unreadable', message: 'Put all items into an order.' });
    }
    assert.equal(judge(layers, { form: 'choice', chosen: [0] }, undefined, scenarios).kind, 'unreadable');
  });

  it('is shown shuffled by the learner’s seed, never as the right one that the author wrote', () =>
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const shown = presentedOrder(layers, seed);
        assert.deepEqual(
          shown.toSorted((a, b) => a - b),
          [0, 1, 2, 3],
        );
        assert.notDeepEqual(shown, [0, 1, 2, 3]);
        assert.deepEqual(presentedOrder(layers, seed), shown);
      }),
    ));
});

describe('the proof of an order', () => {
  const proven = (exercise: OrderExercise): readonly string[] =>
    proveExercise(exercise, scenarios, 20).map((problem) => formatProblem(problem));

  it('finds nothing wrong with an author’s order', () => assert.deepEqual(proven(layers), []));

  it('warns of items that have one value', () =>
    assert.deepEqual(proven(waits), [
      'lesson.md:1:1: warning: In 21 of 21 variants "two" and "three" of waits have one value, such as 10 ms, and either may come first. Vary so that they differ, if that is not meant.',
    ]));

  it('finds a misconception that is right, a value that is no number, and a run that is refused', () => {
    assert.match(
      proven({ ...waits, misconceptions: [{ order: [1, 2, 0], say: 'No.' }] })[0]!,
      /the misconception "No\." of waits is the right order/,
    );
    const odd = { text: 'odd', set: {}, value: expression('1 / (vms - 4)') };
    assert.match(proven({ ...waits, items: [...waits.items, odd] })[0]!, /There is no order|has the value/);
    const refused = { text: 'many', set: { vms: 65 }, value: expression('vms') };
    assert.match(
      proven({ ...waits, items: [...waits.items, refused] })[0]!,
      /There is no order .* vms is 65/,
    );
  });
});

describe('an order in a lesson', () => {
  const problemsOf = (yaml: string, kind = 'question'): readonly string[] => {
    const text = `---\nid: l\ntitle: L\nmodule: io\nformat: 1\n---\nText.\n\n\`\`\`${kind}\n${yaml}\n\`\`\`\n`;
    const source = { path: 'lesson.md', text, tasks: new Map(), contentHash: '' };
    return parseLesson(source as never, scenarios).problems.map((problem) => formatProblem(problem));
  };

  it('is read', () =>
    assert.deepEqual(
      problemsOf(
        'id: q\nkind: order\nask: A?\nitems: [{ text: a }, { text: b }]\nmisconceptions: [{ order: [2, 1], say: no }]',
      ),
      [],
    ));

  for (const [what, yaml, problem, kind] of [
    [
      'an item twice',
      'id: q\nkind: order\nask: A?\nitems:\n  - { text: a }\n  - { text: a }',
      'lesson.md:15:13: error: There are two items "a".',
    ],
    [
      'values without a scenario',
      'id: q\nkind: order\nask: A?\nanswer: metrics.worstWaitMs\nitems: [{ text: a }, { text: b }]',
      'lesson.md:13:1: error: "answer" needs a scenario. Add "scenario: …", or leave it out: then the order of the items is the right one.',
    ],
    [
      'an item without a value',
      'id: q\nkind: order\nask: A?\nscenario: test.rotation\nitems:\n  - { text: a, value: vms }\n  - { text: b }',
      'lesson.md:16:5: error: This item has nothing that it is ranked by. Add "value: …" to it, or "answer: …" for all.',
    ],
    [
      'an order of other items',
      'id: q\nkind: order\nask: A?\nitems: [{ text: a }, { text: b }]\nmisconceptions:\n  - { order: [1, 3], say: no }',
      'lesson.md:15:14: error: [1, 3] is no order of the 2 items. Write each number from 1 to 2 once.',
    ],
    [
      'a right misconception',
      'id: q\nkind: order\nask: A?\nitems: [{ text: a }, { text: b }]\nmisconceptions:\n  - { order: [1, 2], say: no }',
      'lesson.md:15:14: error: This is the right order, the one in which the items stand.',
    ],
    [
      'items in a prediction of a number',
      'id: p\nask: A?\nscenario: test.rotation\nanswer: metrics.worstWaitMs\nitems: [{ text: a }, { text: b }]',
      'lesson.md:14:1: error: "items" belongs to a prediction of kind order. Write "kind: order", or leave it out.',
      'prediction',
    ],
    [
      'a prediction without an answer',
      'id: p\nask: A?\nscenario: test.rotation',
      'lesson.md:9:1: error: The prediction has no answer. Add "answer: metrics.…".',
      'prediction',
    ],
  ] as const) {
    it(`says what is wrong: ${what}`, () => assert.deepEqual(problemsOf(yaml, kind), [problem]));
  }
});
