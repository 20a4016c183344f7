import type { Lesson, LessonPart, Pack, Problem } from '../../course/model.ts';
import type { VerifiedPart } from './verification.ts';

/** Whether a part is to be proven. @param ids of lessons, exercises and figures; without any, everything is */
export const isWanted =
  (ids: readonly string[]) =>
  (lesson: Lesson, part: VerifiedPart): boolean =>
    ids.length === 0 || ids.includes(lesson.id) || ids.includes(part.id);

/**
 * What lint says of the parts that are to be proven: of a lesson all that stands in its folder, of an exercise or a figure
 * its block and the folder of its task. Its block in a translation is not told from others: all of that file counts.
 * @param problems what lint says of the pack
 */
export function problemsOfWanted(
  pack: Pack,
  problems: readonly Problem[],
  ids: readonly string[],
): readonly Problem[] {
  if (ids.length === 0) return problems;
  const kept = pack.lessons.map((lesson) => isAbout(lesson, ids));
  return problems.filter((problem) => kept.some((about) => about(problem)));
}

function isAbout(lesson: Lesson, ids: readonly string[]): (problem: Problem) => boolean {
  const folder = lesson.path.replace(/[^/]*$/, '');
  if (ids.includes(lesson.id)) return ({ at }) => at.file.startsWith(folder);
  const wanted = lesson.parts.flatMap((part, index) =>
    part.kind !== 'prose' && ids.includes(part.id) ? [{ part, next: lesson.parts[index + 1] }] : [],
  );
  return (problem) =>
    wanted.some(({ part, next }) =>
      problem.at.file === lesson.path
        ? isInBlock(problem, part, next)
        : problem.at.file.startsWith(part.kind === 'task' ? `${part.task.path}/` : `${folder}lesson.`),
    );
}

const isInBlock = ({ at }: Problem, part: LessonPart, next: LessonPart | undefined): boolean =>
  at.line >= part.at.line && (next === undefined || at.line < next.at.line);
