import { exerciseTitle } from '../course/exerciseTitle.ts';
import type { Exercise, Lesson } from '../course/model.ts';
import { exercisesOf } from './course.ts';
import { exerciseProgress, type ExerciseProgress, type LessonProgress } from './progress.ts';
import { t } from '../course/messages.ts';

export type RowState = 'untouched' | 'started' | 'done' | 'broken';

/** What a row of the course tree says, to the eye and to a screen reader. */
export interface RowText {
  readonly state: RowState;
  /** Muted, after the title. */
  readonly description: string;
  /** The whole row in words. */
  readonly label: string;
}

export function describeLesson(lesson: Lesson, progress: LessonProgress, broken: boolean): RowText {
  if (broken) {
    return {
      state: 'broken',
      description: t('cannot be shown'),
      label: t('{0}, lesson, cannot be shown: it has an error', lesson.title),
    };
  }
  const exercises = exercisesOf(lesson);
  const states = exercises.map(({ id }) => exerciseProgress(progress, id).state);
  const done = states.filter((state) => state === 'done').length;
  const opened = progress.events.length > 0;
  const counted = exercises.length > 0;
  return {
    state: counted && done === exercises.length ? 'done' : opened ? 'started' : 'untouched',
    description: counted ? t('{0} of {1}', done, exercises.length) : t('{0} min', lesson.minutes),
    label: counted
      ? t('{0}, lesson, {1} of {2} exercises done', lesson.title, done, exercises.length)
      : t('{0}, lesson, {1} minutes of reading', lesson.title, lesson.minutes),
  };
}

export function describeExercise(
  exercise: Exercise,
  lesson: Lesson,
  { state, attempts }: ExerciseProgress,
): RowText {
  const kind = kindName(exercise.kind);
  const tries = attempts === 1 ? t('1 attempt') : t('{0} attempts', attempts);
  const title = exerciseTitle(exercise, lesson);
  switch (state) {
    case 'untouched':
      return { state: 'untouched', description: kind, label: t('{0}, {1}, not tried yet', title, kind) };
    case 'tried':
      return {
        state: 'started',
        description: `${kind}, ${tries}`,
        label: t('{0}, {1}, not solved yet, {2}', title, kind, tries),
      };
    case 'done':
      return { state: 'done', description: kind, label: t('{0}, {1}, solved', title, kind) };
  }
}

/** What an exercise or a figure is called in a row. */
export function kindName(kind: Exercise['kind'] | 'figure'): string {
  switch (kind) {
    case 'figure':
      return t('figure');
    case 'question':
      return t('question');
    case 'prediction':
      return t('prediction');
    case 'critique':
      return t('critique');
    case 'task':
      return t('code task');
  }
}
