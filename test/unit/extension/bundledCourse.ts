import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Course } from '../../../src/extension/course.ts';
import * as courseHost from '../../../src/extension/courseHost.ts';
import { packFilesOf } from '../../../src/extension/lessonIndex.ts';

const lessons = join(import.meta.dirname, '..', '..', '..', 'lessons');

/** The course of this repository, as the extension opens it. */
export async function bundledCourse(locale = 'en'): Promise<Course> {
  const entries = readdirSync(lessons, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(lessons.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')];
    }),
  );
  const { value, problems } = await courseHost.openPack(packFilesOf({ files }), locale);
  return new Course(courseHost, value, problems);
}
