import type { CourseModule, Exercise, Lesson, Pack, Problem, TaskPart } from '../course/model.ts';
import type { Uri } from 'vscode';
import type { CourseHost } from './platform.ts';

/** The bundled course and the packs beside it, with what is needed to show and judge it. */
export class Course {
  readonly host: CourseHost;
  readonly pack: Pack;
  readonly problems: readonly Problem[];
  readonly #uriOf: ((path: string) => Uri) | undefined;

  /** @param uriOf where a path of the course lies; not needed where nothing is read from there */
  constructor(host: CourseHost, pack: Pack, problems: readonly Problem[], uriOf?: (path: string) => Uri) {
    this.host = host;
    this.pack = pack;
    this.problems = problems;
    this.#uriOf = uriOf;
  }

  /** Where a file of the course lies, by its path in the course. */
  uriOf(path: string): Uri {
    if (this.#uriOf === undefined) throw new Error('This course lies nowhere.');
    return this.#uriOf(path);
  }

  /** Modules that have lessons, in the order of the course. */
  get modules(): readonly CourseModule[] {
    return this.pack.modules.filter((module) => this.lessonsOf(module.id).length > 0);
  }

  lessonsOf(module: string): readonly Lesson[] {
    return this.pack.lessons.filter((lesson) => lesson.module === module);
  }

  lesson(id: string): Lesson | undefined {
    return this.pack.lessons.find((lesson) => lesson.id === id);
  }

  /** The lesson after this one, across modules. */
  next(id: string): Lesson | undefined {
    const inOrder = this.pack.modules.flatMap((module) => this.lessonsOf(module.id));
    const index = inOrder.findIndex((lesson) => lesson.id === id);
    return index < 0 ? undefined : inOrder[index + 1];
  }

  first(): Lesson | undefined {
    return this.modules.flatMap((module) => this.lessonsOf(module.id))[0];
  }

  tasks(): readonly TaskInLesson[] {
    return this.pack.lessons.flatMap((lesson) =>
      lesson.parts.flatMap((part) => (part.kind === 'task' ? [{ lesson, part }] : [])),
    );
  }

  task(id: string): TaskInLesson | undefined {
    return this.tasks().find(({ part }) => part.id === id);
  }

  problemsIn(lesson: Lesson): readonly Problem[] {
    return this.problems.filter(
      ({ at, severity }) => severity === 'error' && at.file.startsWith(folderOf(lesson.path)),
    );
  }
}

export interface TaskInLesson {
  readonly lesson: Lesson;
  readonly part: TaskPart;
}

export const exercisesOf = (lesson: Lesson): readonly Exercise[] =>
  lesson.parts.filter((part): part is Exercise => part.kind !== 'prose' && part.kind !== 'figure');

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
