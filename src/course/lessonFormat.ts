/**
 * Versions of the lesson format. A lesson says in its front matter which one it is written in (`format: 1`); it keeps loading for ever,
 * because each change of the format comes with a step that makes a lesson of the next version out of one of the version before.
 */

/** A step from one version to the next: the whole text of `lesson.md`, with LF alone. It should keep lines where they are, because problems name them. */
export type FormatStep = (text: string) => string;

/** What a change of the format consists of. */
export interface LessonFormats {
  /** The newest version, in which this Trapframe reads lessons. */
  readonly newest: number;
  /** By version: the step that leads from it to the next. Every version below the newest has one. */
  readonly steps: Readonly<Record<number, FormatStep>>;
}

/**
 * The formats that there have been. Whoever changes the format adds 1 to `newest`, a step, and a lesson in the version that is now old to
 * `test/unit/course/formats`, where a test demands it.
 */
export const lessonFormats: LessonFormats = { newest: 1, steps: {} };

const line = /^(---\n(?:(?!---\n).*\n)*?format: *)(\d+)(?= *(?:#.*)?\n)/;

/** The text in the newest format, and as it is where it is of that, of a newer or of no known one. */
export function inNewestFormat(text: string, { newest, steps }: LessonFormats = lessonFormats): string {
  const from = Number(line.exec(text)?.[2] ?? Number.NaN);
  if (!(from >= 1 && from < newest)) return text;
  let migrated = text;
  for (let version = from; version < newest; version++) {
    const step = steps[version];
    if (step === undefined) throw new Error(`There is no step from format ${version} to ${version + 1}.`);
    migrated = step(migrated);
  }
  return migrated.replace(line, `$1${newest}`);
}
