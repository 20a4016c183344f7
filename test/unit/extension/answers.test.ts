import assert from 'node:assert/strict';
import { answersOf, mergeAnswers, serializeAnswers, type Answers } from '../../../src/extension/answers.ts';
import { noProgress, withEvent, type ProgressEvent } from '../../../src/extension/progress.ts';

const answered = (exercise: string, at: number, text: string, seed: number): ProgressEvent => ({
  id: `${exercise}-${at}`,
  at,
  kind: 'answered',
  exercise,
  response: { form: 'number', text },
  seed,
  right: text === '90',
  points: 1,
});
const lesson = [
  answered('worst-wait', 1, '120', 7),
  answered('worst-wait', 2, '90', 7),
  answered('elsewhere', 3, '5', 8),
].reduce(withEvent, noProgress('rr'));

describe('answers.json', () => {
  it('holds the answer that stands, of this learner alone', () => {
    assert.deepEqual(answersOf([lesson], 7), {
      format: 1,
      answers: {
        'worst-wait': { response: { form: 'number', text: '90' }, right: true, points: 1, attempts: 2 },
      },
    });
  });

  it('keeps what is already there: answers of another machine, and of questions opened again', () => {
    const saved: Answers = {
      format: 1,
      answers: { a: { response: { form: 'choice', chosen: [1] }, right: false, points: 0, attempts: 1 } },
    };
    const merged = mergeAnswers(serializeAnswers(saved), answersOf([lesson], 7));
    assert.deepEqual(Object.keys(merged!.answers), ['a', 'worst-wait']);
  });

  it('counts hints, those of reviews aside, and keeps the counts of another machine', () => {
    const hinted = (at: number): ProgressEvent => ({
      id: `h${at}`,
      at,
      kind: 'hinted',
      exercise: 'worst-wait',
    });
    const reviewed: ProgressEvent = { id: 'r', at: 12, kind: 'reviewed', exercise: 'worst-wait', round: 1 };
    const withHints = [hinted(10), hinted(11), reviewed, hinted(13)].reduce(withEvent, lesson);
    assert.deepEqual(answersOf([withHints], 7).hints, { 'worst-wait': 2 });
    const saved: Answers = { format: 1, answers: {}, hints: { other: 3 } };
    assert.deepEqual(mergeAnswers(serializeAnswers(saved), answersOf([withHints], 7))?.hints, {
      other: 3,
      'worst-wait': 2,
    });
  });

  it('leaves a file alone that it does not understand', () => {
    for (const text of ['{', '[]', 'null', '{"format":2,"answers":{}}', '{"format":1,"answers":[]}']) {
      assert.equal(mergeAnswers(text, answersOf([lesson], 7)), undefined, text);
    }
  });
});
