import assert from 'node:assert/strict';
import { exercisesOf } from '../../../src/extension/course.ts';
import { exerciseTitle } from '../../../src/course/exerciseTitle.ts';
import { describeExercise, describeLesson } from '../../../src/extension/courseRows.ts';
import {
  exerciseProgress,
  noProgress,
  withEvent,
  type ProgressEvent,
} from '../../../src/extension/progress.ts';
import { bundledCourse } from './bundledCourse.ts';

const answered = (exercise: string, right: boolean): ProgressEvent => ({
  id: `${exercise} ${right}`,
  at: 1,
  kind: 'answered',
  exercise,
  response: { form: 'number', text: '1' },
  seed: 1,
  right,
  points: 1,
});

describe('a row of the course tree', () => {
  it('says how much of a lesson is done, to the eye and to a screen reader', async () => {
    const lesson = (await bundledCourse()).first()!;
    const exercises = exercisesOf(lesson);
    const none = noProgress(lesson.id);
    assert.deepEqual(describeLesson(lesson, none, false), {
      state: 'untouched',
      description: `0 of ${exercises.length}`,
      label: `${lesson.title}, lesson, 0 of ${exercises.length} exercises done`,
    });
    const one = withEvent(none, answered(exercises[0]!.id, true));
    assert.deepEqual(describeLesson(lesson, one, false).state, 'started');
    const all = exercises.reduce((progress, { id }) => withEvent(progress, answered(id, true)), none);
    assert.deepEqual(describeLesson(lesson, all, false).state, 'done');
    assert.equal(
      describeLesson(lesson, all, true).label,
      `${lesson.title}, lesson, cannot be shown: it has an error`,
    );
  });

  it('names exercises of a lesson shortly and differently', async () => {
    for (const lesson of (await bundledCourse()).pack.lessons) {
      const titles = exercisesOf(lesson).map((exercise) => exerciseTitle(exercise, lesson));
      assert.equal(new Set(titles).size, titles.length);
      for (const title of titles) assert.match(title, /^[A-Z].{2,39}$/);
      for (const exercise of exercisesOf(lesson))
        assert.ok(exercise.kind === 'task' || exercise.title, `${exercise.id} has a title of its own`);
    }
  });

  it('takes the name that the author gave', async () => {
    const lesson = (await bundledCourse()).first()!;
    const question = exercisesOf(lesson).find(({ kind }) => kind === 'question')!;
    assert.equal(
      exerciseTitle({ ...question, title: 'The worst wait' } as typeof question, lesson),
      'The worst wait',
    );
  });

  it('says what kind of exercise it is and how it stands', async () => {
    const lesson = (await bundledCourse()).first()!;
    const exercise = exercisesOf(lesson).find(({ kind }) => kind === 'question')!;
    const row = (...events: ProgressEvent[]) =>
      describeExercise(
        exercise,
        lesson,
        exerciseProgress(events.reduce(withEvent, noProgress(lesson.id)), exercise.id),
      );
    const title = exerciseTitle(exercise, lesson);
    assert.deepEqual(row(), {
      state: 'untouched',
      description: 'question',
      label: `${title}, question, not tried yet`,
    });
    assert.deepEqual(row(answered(exercise.id, false)), {
      state: 'started',
      description: 'question, 1 attempt',
      label: `${title}, question, not solved yet, 1 attempt`,
    });
    assert.equal(row(answered(exercise.id, true)).label, `${title}, question, solved`);
  });
});
