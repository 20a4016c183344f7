import { t } from '../course/messages.ts';
import type { CourseModule, Lesson, Loaded, Pack, Problem } from '../course/model.ts';
import { exercisesOf } from './course.ts';

/** A pack that is open beside others. */
export interface PlacedPack {
  readonly loaded: Loaded<Pack>;
  /** Where it came from, for the log: the folder, or the extension. */
  readonly from: string;
}

/** Several packs as one course. */
export interface JoinedPacks extends Loaded<Pack> {
  /** Per pack, in the order given: what its paths begin with in the course. */
  readonly roots: readonly string[];
  /** What could not be taken in: plain sentences. */
  readonly refused: readonly string[];
}

/**
 * One course of the bundled pack and the others after it. Progress, answers and the numbers of variants hang on ids, so ids
 * stay as their authors wrote them, and a lesson whose id, or one of whose exercises', is taken stays out.
 */
export function joinPacks(bundled: Loaded<Pack>, others: readonly PlacedPack[]): JoinedPacks {
  const modules: CourseModule[] = [...bundled.value.modules];
  const lessons: Lesson[] = [...bundled.value.lessons];
  const problems: Problem[] = [...bundled.problems];
  const refused: string[] = [];
  const owners = new Map<string, string>();
  const claim = (lesson: Lesson, title: string): void => {
    owners.set(`lesson ${lesson.id}`, title);
    for (const { id } of exercisesOf(lesson)) owners.set(id, title);
  };
  for (const lesson of bundled.value.lessons) claim(lesson, bundled.value.title);

  const roots = others.map(({ loaded: { value: pack, problems: found }, from }, index) => {
    const root = `pack-${index + 1}/`;
    const own = (module: string): string => `${root}${module}`;
    for (const { id, title } of pack.modules)
      modules.push({
        id: own(id),
        title: pack.modules.length === 1 ? pack.title : `${pack.title}: ${title}`,
      });
    problems.push(
      ...found.map((problem) => ({ ...problem, at: { ...problem.at, file: root + problem.at.file } })),
    );
    for (const lesson of pack.lessons) {
      const taken = [`lesson ${lesson.id}`, ...exercisesOf(lesson).map(({ id }) => id)].find((id) =>
        owners.has(id),
      );
      if (taken !== undefined) {
        const owner = owners.get(taken)!;
        refused.push(
          taken.startsWith('lesson ')
            ? t(
                'The lesson "{0}" of {1} is not shown: its id is taken by the pack "{2}".',
                lesson.title,
                from,
                owner,
              )
            : t(
                'The lesson "{0}" of {1} is not shown: the exercise id {2} is taken by the pack "{3}".',
                lesson.title,
                from,
                taken,
                owner,
              ),
        );
        continue;
      }
      claim(lesson, pack.title);
      lessons.push({ ...lesson, module: own(lesson.module), path: root + lesson.path });
    }
    return root;
  });
  return { value: { ...bundled.value, modules, lessons }, problems, roots, refused };
}
