import type { LessonProgress } from './progress.ts';

/** All progress as one readable file. */
export function serializeProgressExport(lessons: readonly LessonProgress[]): string {
  const sorted = lessons.toSorted((a, b) => (a.lesson < b.lesson ? -1 : 1));
  return `${JSON.stringify({ format: 1, lessons: sorted }, undefined, 2)}\n`;
}
