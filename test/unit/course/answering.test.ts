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
import type { ChoiceQuestion, NumberPrediction, NumberQuestion } from '../../../src/course/model.ts';
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
    ['92', '92 ms is close, but a little too large.'],
    ['150', '150 ms is too large.'],
    ['270', '270 ms is far too large.'],
    ['0.09', '0.09 ms is off by a factor of a thousand. Which unit is asked for?'],
    ['0.00009', '0.00009 ms is off by a factor of a million. Which unit is asked for?'],
    ['90000 s', '90000000 ms is off by a factor of a million. Which unit is asked for?'],
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

  /** The question with a key that is another formula of the same run. */
  const keyed = (text: string): NumberQuestion => ({
    ...numberQuestion(),
    answer: { ...numberQuestion().answer, text },
    misconceptions: [],
  });

  it('say on which side of nothing the value lies, and no factor where there is none', () => {
    const feedback = (key: string, typed: string): string => judged(keyed(key), number(typed)).feedback;
    assert.equal(feedback('sliceMs - 100', '70'), '70 ms is not negative, but the value is.');
    assert.equal(feedback('sliceMs - 100', '0'), '0 ms is not negative, but the value is.');
    assert.equal(feedback('sliceMs - 100', '-71'), '-71 ms is close, but a little too small.');
    assert.equal(feedback('sliceMs - sliceMs', '5'), '5 ms is too large.');
    assert.equal(feedback('sliceMs - sliceMs', '-5'), '-5 ms is negative, but the value is not.');
  });

  it('get the feedback of a misconception that they round, after that of one that they equal', () => {
    const near = {
      ...keyed('vms * 1000'),
      tolerance: 1,
      misconceptions: [
        { value: { ...numberQuestion().answer, text: '(vms * 100 + sliceMs) / 9' }, say: 'Rounded.' },
        { value: { ...numberQuestion().answer, text: 'noSuchName' }, say: 'Broken.' },
      ],
    };
    const { vms, sliceMs } = textValues(near, undefined, scenarios) as { vms: number; sliceMs: number };
    const rounded = ((vms * 100 + sliceMs) / 9).toFixed(1);
    assert.equal(judged(near, number(rounded)).feedback, 'Rounded.');
    // Where a tolerance is given, it alone says how near is near enough.
    assert.equal(judged({ ...near, misconceptions: [] }, number(String(vms * 1000 + 1.5))).right, false);
  });

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
    const twice = judge(
      { ...numberQuestion(), set: { vms: 99, sliceMs: 0 } },
      number('90'),
      undefined,
      scenarios,
    );
    assert.match((twice as { message: string }).message, /64\. sliceMs is 0, but /);
    const broken = judge(keyed('noSuchName'), number('90'), undefined, scenarios);
    assert.equal(broken.kind, 'ungradable');
    assert.match(
      (broken as { message: string }).message,
      /^The key of this exercise cannot be computed\. .*noSuchName/,
    );
    const scenario = scenarios[numberQuestion().scenario]!;
    const endless = {
      ...scenario,
      execute: (asked: object) => {
        const outcome = scenario.execute(asked);
        assert.ok(outcome.ok);
        return { ...outcome, run: { ...outcome.run, end: { kind: 'steps', steps: 5 } } };
      },
    } as unknown as typeof scenario;
    assert.deepEqual(
      judge(numberQuestion(), number('90'), undefined, { [numberQuestion().scenario]: endless }),
      { kind: 'ungradable', message: 'The run of this exercise did not finish (steps).' },
    );
    assert.deepEqual(textValues(gone, undefined, scenarios), {});
    assert.deepEqual(textValues(exercise('gains-and-losses'), undefined, scenarios), {});
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

  it('of several say in the plural that more than one is missing or wrong', () => {
    const question = exercise('gains-and-losses') as ChoiceQuestion;
    const [right, , wrong] = question.options;
    const many = { ...question, options: [right!, right!, right!, wrong!, wrong!] };
    const feedback = (...chosen: number[]): string => judged(many, choice(...chosen)).feedback;
    assert.equal(feedback(0), 'What you chose is right, but more are right too.');
    assert.equal(feedback(0, 3, 4), '2 of your 3 choices are wrong, and something right is missing.');
    assert.equal(feedback(0, 1, 2, 3, 4), '2 of your 5 choices are wrong.');
    assert.equal(judge(many, choice(0, 9), undefined, scenarios).kind, 'unreadable');
    const one = { ...question, pick: 'one' as const };
    assert.equal(judge(one, choice(0, 1), undefined, scenarios).kind, 'unreadable');
  });

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
    assert.deepEqual([hit.right, hit.points, hit.values['answer']], [true, 1, 40]);
    assert.equal(hit.feedback, 'You predicted 40 ms, and the run shows 40 ms.');
    assert.equal(
      judged(exercise('predict-response'), prediction('1,5')).feedback,
      'You predicted 1.5 ms; the run shows 40 ms. Read as 1.5: a point separates decimals here.',
    );
  });

  it('that predict may be rounded to three digits where no tolerance is given', () => {
    const asked = exercise('predict-response') as NumberPrediction;
    const third = { ...asked, tolerance: 0, answer: { ...asked.answer, text: 'sliceMs / 9' } };
    const key = answerKey(third, undefined, scenarios);
    assert.ok(key.ok && key.kind === 'number');
    const hits = (prediction: NumberPrediction, text: string): boolean =>
      judged(prediction, { form: 'prediction', text, confidence: 50 }).right;
    assert.ok(hits(third, key.value.toPrecision(3)));
    assert.ok(!hits(third, key.value.toPrecision(2)));
    assert.ok(!hits({ ...third, tolerance: 1e-6 }, key.value.toPrecision(3)));
  });
});
