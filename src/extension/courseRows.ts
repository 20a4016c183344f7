import type { Exercise, Lesson } from '../course/model.ts';
import { exercisesOf } from './course.ts';
import { exerciseProgress, type ExerciseProgress, type LessonProgress } from './progress.ts';

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
    return { state: 'broken', description: 'cannot be shown', label: `${lesson.title}, lesson, cannot be shown: it has an error` };
  }
  const exercises = exercisesOf(lesson);
  const states = exercises.map(({ id }) => exerciseProgress(progress, id).state);
  const done = states.filter((state) => state === 'done').length;
  const opened = progress.events.length > 0;
  const counted = exercises.length > 0;
  return {
    state: counted && done === exercises.length ? 'done' : opened ? 'started' : 'untouched',
    description: counted ? `${done} of ${exercises.length}` : `${lesson.minutes} min`,
    label: counted
      ? `${lesson.title}, lesson, ${done} of ${exercises.length} exercises done`
      : `${lesson.title}, lesson, ${lesson.minutes} minutes of reading`,
  };
}

export function describeExercise(exercise: Exercise, { state, attempts }: ExerciseProgress): RowText {
  const kind = kindNames[exercise.kind];
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const title = exerciseTitle(exercise);
  switch (state) {
    case 'untouched':
      return { state: 'untouched', description: kind, label: `${title}, ${kind}, not tried yet` };
    case 'tried':
      return { state: 'started', description: `${kind}, ${tries}`, label: `${title}, ${kind}, not solved yet, ${tries}` };
    case 'done':
      return { state: 'done', description: kind, label: `${title}, ${kind}, solved` };
  }
}

const kindNames = { question: 'question', prediction: 'prediction', critique: 'critique', task: 'code task' } as const;

/** A task has a title; everything else is called by the first words of what it asks. */
export function exerciseTitle(exercise: Exercise): string {
  if (exercise.kind === 'task') return exercise.task.title;
  const text = exercise.ask
    .replaceAll(/[*_`]/g, '')
    .replaceAll(/\{(\w+)\}/g, '…')
    .replaceAll(/\s+/g, ' ')
    .trim();
  // The question itself says more than the situation before it.
  const sentence = text.split(/(?<=[.?!])\s+/).findLast((part) => part.endsWith('?')) ?? text;
  return sentence.length <= 60 ? sentence : `${sentence.slice(0, sentence.lastIndexOf(' ', 58))} …`;
}
