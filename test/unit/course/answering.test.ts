import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  answerKey,
  judge,
  textValues,
  type Answerable,
  type Judgement,
  type Response,
} from '../../../src/course/answering.ts';
import type { NumberQuestion } from '../../../src/course/model.ts';
import { loadPack } from '../../../src/course/packLoader.ts';
import { inGerman } from '../extension/inGerman.ts';
import { goldenWith } from './goldenPack.ts';
import { scenarios } from './rotationScenario.ts';

const exercises = new Map<string, Answerable>();
const exercise = (id: string): Answerable => exercises.get(id)!;
const numberQuestion = (): NumberQuestion => exercise('rr-worst-wait') as NumberQuestion;

type Judged = Extract<Judgement, { kind: 'judged' }>;
function judged(what: Answerable, response: Response, seed?: number): Judged {
  const judgement = judge(what, response, seed, scenarios);
  assert.ok(judgement.kind === 'judged', JSON.stringify(judgement));
  return judgement;
}
const number = (text: string): Response => ({ form: 'number', text });
const choice = (...chosen: number[]): Response => ({ form: 'choice', chosen });

describe('answers', () => {
  before(async () => {
    const { value } = await loadPack(goldenWith({}), scenarios);
    for (const part of value.lessons[0]!.parts) {
      if (part.kind === 'question' || part.kind === 'prediction' || part.kind === 'critique')
        exercises.set(part.id, part);
    }
  });

  it('have the key that the engine computes for the variant', () => {
    const key = answerKey(numberQuestion(), undefined, scenarios);
    assert.ok(key.ok && key.kind === 'number');
    assert.deepEqual([key.value, key.unit], [90, 'ms']);
    assert.deepEqual(answerKey(exercise('gains-and-losses'), undefined, scenarios), {
      ok: true,
      kind: 'options',
      right: [0, 1],
    });
  });

  it('are right when they equal the key of the variant, for any seed', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const key = answerKey(numberQuestion(), seed, scenarios);
        assert.ok(key.ok && key.kind === 'number');
        assert.equal(key.value, ((key.params['vms'] as number) - 1) * (key.params['sliceMs'] as number));
        const result = judged(numberQuestion(), number(`${key.value / 1000} s`), seed);
        assert.ok(result.right);
        assert.equal(result.points, 1);
        assert.equal(result.values['answer'], key.value);
        assert.deepEqual(textValues(numberQuestion(), seed, scenarios), key.params);
        assert.ok(!judged(numberQuestion(), number(String(key.value + 0.5)), seed).right);
      }),
    );
  });

  const wrong: readonly (readonly [typed: string, feedback: string])[] = [
    ['120', "That counts VM 1's own slice as waiting."],
    ['0.12 s', "That counts VM 1's own slice as waiting."],
    ['30', 'That is one slice,\nbut {vms} VMs take turns.\n'],
    ['88', '88 ms is close, but a little too small.'],
    ['150', '150 ms is too large.'],
    ['10', '10 ms is far too small.'],
    ['90 s', '90000 ms is off by a factor of a thousand. Which unit is asked for?'],
    ['-90', '-90 ms is negative, but the value is not.'],
    ['0', '0 ms is too small.'],
    ['1,5', '1.5 ms is far too small. Read as 1.5: a point separates decimals here.'],
  ];
  for (const [typed, feedback] of wrong) {
    it(`say why ${typed} is wrong, and not what is right`, () => {
      const result = judged(numberQuestion(), number(typed));
      assert.equal(result.right, false);
      assert.equal(result.points, 0);
      assert.equal(result.feedback, feedback);
      assert.equal(result.explain, undefined);
      assert.equal(result.values['answer'], undefined);
    });
  }

  it('say so in the language of the editor', async () => {
    const feedback = (text: string): Promise<string> =>
      inGerman(() => judged(numberQuestion(), number(text)).feedback);
    assert.equal(await feedback('90'), '90 ms ist richtig.');
    assert.equal(await feedback('88'), '88 ms ist nah dran, aber ein wenig zu klein.');
    assert.equal(
      await feedback('1,5'),
      '1.5 ms ist viel zu klein. Gelesen als 1.5: Dezimalstellen trennt hier ein Punkt.',
    );
  });

  it('take the key before a misconception that has the same value', () => {
    const same = { ...numberQuestion(), misconceptions: [{ value: numberQuestion().answer, say: 'No.' }] };
    assert.ok(judged(same, number('90')).right);
  });

  it('may be rounded to three digits, but not to two', () => {
    const third: NumberQuestion = {
      ...numberQuestion(),
      answer: { ...numberQuestion().answer, text: 'sliceMs / 9' },
    };
    assert.deepEqual(
      ['3.33', '3.333', '3.3', '3.34', '3.30', '3.33e0', '0.00333 s'].map(
        (typed) => judged(third, number(typed)).right,
      ),
      [true, true, false, false, false, true, true],
    );
  });

  it('may differ by the tolerance', () => {
    const loose = { ...numberQuestion(), tolerance: 2, misconceptions: [] };
    assert.deepEqual(
      ['88', '92', '87.9', '92.1'].map((typed) => judged(loose, number(typed)).right),
      [true, true, false, false],
    );
  });

  it('that cannot be read cost nothing', () => {
    for (const typed of ['', 'abc', '1,000', '90 KiB']) {
      assert.equal(judge(numberQuestion(), number(typed), undefined, scenarios).kind, 'unreadable');
    }
    assert.deepEqual(judge(numberQuestion(), choice(0), undefined, scenarios), {
      kind: 'unreadable',
      message: 'Write a number.',
    });
    assert.deepEqual(judge(exercise('gains-and-losses'), number('1'), undefined, scenarios), {
      kind: 'unreadable',
      message: 'Choose from the options.',
    });
    assert.deepEqual(judge(exercise('gains-and-losses'), choice(), undefined, scenarios), {
      kind: 'unreadable',
      message: 'Nothing is chosen yet.',
    });
    assert.deepEqual(judge(exercise('shorter-is-better'), choice(0, 1), undefined, scenarios), {
      kind: 'unreadable',
      message: 'Choose one option only.',
    });
    assert.deepEqual(judge(exercise('shorter-is-better'), choice(7), undefined, scenarios), {
      kind: 'unreadable',
      message: 'One of the chosen options is no longer there. Choose again.',
    });
  });

  it('cost nothing when the exercise is broken', () => {
    const gone = { ...numberQuestion(), scenario: 'test.gone' };
    assert.deepEqual(judge(gone, number('90'), undefined, scenarios), {
      kind: 'ungradable',
      message: 'There is no scenario test.gone.',
    });
    const outside = { ...numberQuestion(), set: { vms: 99 } };
    assert.deepEqual(judge(outside, number('90'), undefined, scenarios), {
      kind: 'ungradable',
      message: 'vms is 99, but must be a whole number from 1 to 64.',
    });
  });

  const choices: readonly (readonly [chosen: readonly number[], right: boolean, feedback: string])[] = [
    [[0, 1], true, 'Exactly these are right.'],
    [[1, 0, 1], true, 'Exactly these are right.'],
    [[0], false, 'What you chose is right, but one more is right too.'],
    [[2], false, 'None of what you chose is right.'],
    [[0, 2], false, '1 of your 2 choices is wrong, and something right is missing.'],
    [[0, 1, 2], false, '1 of your 3 choices is wrong.'],
  ];
  for (const [chosen, right, feedback] of choices) {
    it(`of several, ${chosen.join('+')}: ${right ? 'right' : 'wrong'}`, () => {
      const result = judged(exercise('gains-and-losses'), choice(...chosen));
      assert.deepEqual([result.right, result.feedback], [right, feedback]);
      assert.deepEqual(
        result.optionFeedback?.map(({ option }) => option),
        [...new Set(chosen)].toSorted((a, b) => a - b),
      );
      assert.equal(result.explain, right ? 'Waits against switches.' : undefined);
    });
  }

  it('of one give the feedback of the option', () => {
    const result = judged(exercise('shorter-is-better'), choice(1));
    assert.equal(result.feedback, 'That is not it.');
    assert.deepEqual(result.optionFeedback, [{ option: 1, right: false, say: 'No, it shrinks.' }]);
  });

  it('that predict are compared with the run, and explained in any case', () => {
    const prediction = (text: string): Response => ({ form: 'prediction', text, confidence: 70 });
    const missed = judged(exercise('predict-response'), prediction('30'));
    assert.deepEqual(
      [missed.right, missed.points, missed.actual, missed.explain],
      [false, 0, 40, 'All take a turn.'],
    );
    assert.equal(missed.feedback, 'You predicted 30 ms; the run shows 40 ms.');
    const hit = judged(exercise('predict-response'), prediction('0.04 s'));
    assert.deepEqual([hit.right, hit.points], [true, 1]);
  });
});
