import { textValues, type Answerable, type TextValues } from '../../course/answering.ts';
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

/** @param scenarios for the numbers in what questions ask: those of the homework, since every learner has others */
export function classItem({ lesson, exercise }: GradedExercise, scenarios: ScenarioTable): ClassItem {
  const common = { id: exercise.id, kind: exercise.kind, lesson: lesson.id };
  if (exercise.kind === 'task') {
    const { title, checks, wrong } = exercise.task;
    return {
      ...common,
      title,
      maxPoints: checks.reduce((sum, check) => sum + check.points, 0),
      checks: checks.map((check) => ({ id: check.id, title: check.title, maxPoints: check.points })),
      mistakes: wrong.map(({ file, say }) => ({ id: wrongId(file.path), say })),
    };
  }
  return {
    ...common,
    title: askedTitle(exercise, textValues(exercise, undefined, scenarios)),
    maxPoints: exercise.points,
    mistakes: mistakesOf(exercise),
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

/** What an exercise asks, in one line of plain text with a learner's numbers. */
export function askedTitle(exercise: Answerable, values: TextValues): string {
  const text = exercise.kind === 'critique' ? exercise.claim : exercise.ask;
  return mainSentence(withVariant(text, values));
}

/** A text with a learner's numbers in place of their names. */
export const withVariant = (text: string, values: TextValues): string =>
  withValues(text, (name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === 'number' ? numberText(value) : value?.toString();
  });

const longestTitle = 110;

/** The first question of a Markdown text, else its first sentence. */
function mainSentence(markdown: string): string {
  const plain = markdown
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[*_`]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const sentences = plain.split(/(?<=[.?!])\s/);
  const sentence = sentences.find((each) => each.endsWith('?')) ?? sentences[0] ?? plain;
  return sentence.length <= longestTitle ? sentence : `${sentence.slice(0, longestTitle - 1)}…`;
}
