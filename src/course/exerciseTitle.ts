import type { Exercise, Lesson } from './model.ts';

/**
 * A short name for an exercise: its title, and where the author gave none the words of their id without the word that all ids of
 * the lesson begin with (`rr-worst-wait`: *Worst wait*). What they ask is too long for a row, and begins alike. Plain text.
 */
export function exerciseTitle(exercise: Exercise, lesson: Pick<Lesson, 'parts'>): string {
  if (exercise.kind === 'task') return exercise.task.title;
  if (exercise.title !== undefined) return exercise.title;
  const words = exercise.id.split('-');
  const answered = lesson.parts.filter(
    ({ kind }) => kind !== 'prose' && kind !== 'figure' && kind !== 'task',
  );
  const shared =
    answered.length > 1 &&
    answered.every((part) => {
      const [first, ...others] = 'id' in part ? part.id.split('-') : [];
      return others.length > 0 && first === words[0];
    });
  const name = (shared ? words.slice(1) : words).join(' ');
  return name.charAt(0).toUpperCase() + name.slice(1);
}
