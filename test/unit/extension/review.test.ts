import assert from 'node:assert/strict';
import fc from 'fast-check';
import { roundSeed } from '../../../src/course/seeds.ts';
import { exercisesOf } from '../../../src/extension/course.ts';
import {
  exerciseProgress,
  noProgress,
  parseProgress,
  serializeProgress,
  withEvent,
  type LessonProgress,
  type ProgressEvent,
} from '../../../src/extension/progress.ts';
import { answersOf } from '../../../src/extension/answers.ts';
import { dueReviews, dueWords, reviewDays, reviewOf } from '../../../src/extension/review.ts';
import { bundledCourse } from './bundledCourse.ts';

const day = 24 * 60 * 60 * 1000;

type Step = 'right' | 'wrong' | 'hint' | 'review';

/** One step a day, the first on day 0; `review` begins the next round. */
function lived(steps: readonly Step[], exercise = 'a', lesson = 'l'): LessonProgress {
  let round = 0;
  return steps.reduce((progress, step, index): LessonProgress => {
    const common = { id: `${exercise}${index}`, at: index * day, exercise };
    const event = (): ProgressEvent => {
      switch (step) {
        case 'review':
          return { ...common, kind: 'reviewed', round: ++round };
        case 'hint':
          return { ...common, kind: 'hinted' };
        case 'right':
        case 'wrong': {
          const response = { form: 'number', text: String(index) } as const;
          const right = step === 'right';
          const inRound = round === 0 ? {} : { round };
          return { ...common, kind: 'answered', response, seed: 1, right, points: right ? 2 : 0, ...inRound };
        }
      }
    };
    return withEvent(progress, event());
  }, noProgress(lesson));
}

/** Days from the last step until the question returns. */
const waits = (...steps: Step[]): number => reviewOf(lived(steps), 'a')!.dueAt / day - (steps.length - 1);

const steps = fc.array(fc.constantFrom<Step>('right', 'wrong', 'hint', 'review'), { maxLength: 15 });

describe('when a question returns', () => {
  it('is later with every round that goes well, up to five weeks', () => {
    const rounds: Step[] = ['right'];
    const seen = [waits(...rounds)];
    for (let round = 1; round <= 6; round++) {
      rounds.push('review', 'right');
      seen.push(waits(...rounds));
    }
    assert.deepEqual(seen, [1, 3, 7, 16, 35, 35, 35]);
  });

  it('is a day after a wrong answer, and after a right one that followed it or a hint', () => {
    const practised: Step[] = ['right', 'review', 'right', 'review'];
    assert.equal(waits(...practised, 'right'), 7);
    assert.equal(waits(...practised, 'wrong'), 1);
    assert.equal(waits(...practised, 'wrong', 'right'), 1);
    assert.equal(waits(...practised, 'hint', 'right'), 1);
    assert.equal(waits(...practised, 'hint', 'right', 'review', 'right'), 3);
  });

  it('is not moved by answering again what was already right', () => {
    assert.equal(reviewOf(lived(['right', 'right']), 'a')!.dueAt, day);
  });

  it('is never before an answer was given, and always one of the distances after one', () => {
    assert.equal(reviewOf(lived(['hint']), 'a'), undefined);
    fc.assert(
      fc.property(steps, (list) => {
        const review = reviewOf(lived(list), 'a');
        assert.equal(review === undefined, !list.some((step) => step === 'right' || step === 'wrong'));
        if (review === undefined) return;
        const answers = list.flatMap((step, index) => (step === 'right' || step === 'wrong' ? [index] : []));
        assert.ok(answers.some((at) => reviewDays.some((days) => (at + days) * day === review.dueAt)));
      }),
    );
  });
});

describe('a review', () => {
  it('never takes points or the state of being solved away, and opens the question', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const before = exerciseProgress(lived(list), 'a', 1);
        const after = exerciseProgress(lived([...list, 'review']), 'a', 1);
        assert.deepEqual([after.points, after.state], [before.points, before.state]);
        assert.deepEqual([after.answer, after.hintsShown, after.round], [undefined, 0, before.round + 1]);
      }),
    );
  });

  it('is kept in the record, and out of the answers that are handed in', () => {
    const progress = lived(['right', 'review', 'wrong']);
    assert.deepEqual(parseProgress(serializeProgress(progress), 'l'), { ok: true, value: progress });
    assert.deepEqual(answersOf([progress], 1).answers['a']?.response, { form: 'number', text: '0' });
  });

  it('shows no answer of another round, in whichever order windows told of them', () => {
    const late: ProgressEvent = {
      id: 'late',
      at: 9 * day,
      kind: 'answered',
      exercise: 'a',
      response: { form: 'number', text: 'to the old numbers' },
      seed: 1,
      right: false,
      points: 0,
    };
    const known = exerciseProgress(withEvent(lived(['right', 'review']), late), 'a', 1);
    assert.deepEqual([known.answer, known.attempts], [undefined, 2]);
  });

  it('asks with other numbers, and with the same in every window', async () => {
    const course = await bundledCourse();
    const lesson = course.first()!;
    const asked = (round: number): readonly string[] =>
      course.host
        .pageOf(
          course.pack,
          lesson,
          1,
          (path) => path,
          () => round,
        )
        .parts.flatMap((part) => (part.kind === 'question' ? [part.askHtml] : []));
    assert.deepEqual(asked(1), asked(1));
    assert.notDeepEqual(asked(1), asked(0));
    assert.equal(roundSeed(7, 0), 7);
  });

  it('is due for questions alone, the longest first', async () => {
    const lesson = (await bundledCourse()).first()!;
    const [first, second] = exercisesOf(lesson).filter(({ kind }) => kind === 'question');
    const other = exercisesOf(lesson).find(({ kind }) => kind === 'prediction')!;
    const events = [
      ...lived(['hint', 'right'], first!.id).events,
      ...lived(['right'], second!.id).events,
      ...lived(['right'], other.id).events,
    ];
    const progress = events.reduce(withEvent, noProgress(lesson.id));
    const due = (now: number): readonly string[] =>
      dueReviews([lesson], () => progress, now).map(({ exercise }) => exercise.id);
    assert.deepEqual(due(day - 1), []);
    assert.deepEqual(due(day), [second!.id]);
    assert.deepEqual(due(2 * day), [second!.id, first!.id]);
    assert.deepEqual(
      [day, 2 * day, 4.5 * day].map((now) => dueWords(day, now)),
      ['due today', 'due for a day', 'due for 3 days'],
    );
  });
});
