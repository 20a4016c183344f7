import { textValues, type Answerable, type TextValues } from '../../course/answering.ts';
import { exerciseTitle } from '../../course/exerciseTitle.ts';
import type { Exercise, Lesson, Pack } from '../../course/model.ts';
import { numberText } from '../../course/quantities.ts';
import { withValues } from '../../course/textValues.ts';
import type { ScenarioTable } from '../../course/variants.ts';
import type { ClassItem, KnownMistake } from './classReport.ts';

/** An exercise that a class is graded on, with its lesson. */
export interface GradedExercise {
  readonly lesson: Lesson;
  readonly exercise: Exercise;
}

/**
 * The exercises of a pack in the order of the course.
 * @param only ids of lessons and exercises; none for all
 */
export function exercisesOf(pack: Pack, only: readonly string[]): readonly GradedExercise[] {
  return pack.lessons.flatMap((lesson) =>
    lesson.parts.flatMap((part) =>
      part.kind === 'prose' || part.kind === 'figure' || !isWanted(only, lesson.id, part.id)
        ? []
        : [{ lesson, exercise: part }],
    ),
  );
}

const isWanted = (only: readonly string[], ...ids: readonly string[]): boolean =>
  only.length === 0 || ids.some((id) => only.includes(id));

/** @param scenarios for the numbers in what is said of mistakes: those of the lesson itself */
export function classItem({ lesson, exercise }: GradedExercise, scenarios: ScenarioTable): ClassItem {
  const common = {
    id: exercise.id,
    kind: exercise.kind,
    title: exerciseTitle(exercise, lesson),
    lesson: lesson.id,
  };
  if (exercise.kind === 'task') {
    const { id, file, checks, wrong } = exercise.task;
    return {
      ...common,
      maxPoints: checks.reduce((sum, check) => sum + check.points, 0),
      file: `${id}/${file}`,
      checks: checks.map((check) => ({ id: check.id, title: check.title, maxPoints: check.points })),
      mistakes: wrong.map(({ file: known, say }) => ({ id: wrongId(known.path), say })),
    };
  }
  const values = textValues(exercise, undefined, scenarios);
  return {
    ...common,
    maxPoints: exercise.points,
    mistakes: mistakesOf(exercise).map(({ id, text, say }) => ({
      id,
      ...(text === undefined ? {} : { text: withVariant(text, values) }),
      say: withVariant(say, values),
    })),
  };
}

/** `wrong/double-slice.ts` as `double-slice`. */
export const wrongId = (path: string): string =>
  path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');

/** The letter under which an option is shown. */
export const optionLetter = (index: number): string => String.fromCharCode(97 + index);

function mistakesOf(exercise: Exclude<Exercise, { kind: 'task' }>): readonly KnownMistake[] {
  if ('options' in exercise) {
    return exercise.options.flatMap(({ right, text, say }, index) =>
      right ? [] : [{ id: optionLetter(index), text, say }],
    );
  }
  if (!('misconceptions' in exercise)) return [];
  return exercise.misconceptions.map(({ say }, index) => ({ id: String(index + 1), say }));
}

/** What an exercise asks, with a learner's numbers. Markdown. */
export function askedText(exercise: Answerable, values: TextValues): string {
  const claim = exercise.kind === 'critique' ? [exercise.claim.trim().replaceAll(/^/gm, '> ')] : [];
  return withVariant([...claim, exercise.ask.trim()].join('\n\n'), values);
}

/** A text with a learner's numbers in place of their names. */
export const withVariant = (text: string, values: TextValues): string =>
  withValues(text, (name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === 'number' ? numberText(value) : value?.toString();
  });
