import type { Exercise, Lesson } from '../course/model.ts';
import { exercisesOf } from './course.ts';
import type { LessonProgress } from './progress.ts';
import { t } from '../course/messages.ts';

/** Days until a question returns: after the first right answer, the second in a row, and so on; the last repeats. */
export const reviewDays = [1, 3, 7, 16, 35] as const;

const dayMs = 24 * 60 * 60 * 1000;

/** When a question that was answered is to be answered again. */
export interface Review {
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** The round that it is in: 0 the first time that it is asked. */
  readonly round: number;
  /** The round began and was not answered yet. */
  readonly begun: boolean;
}

/**
 * Each round counts once, with its first right answer. It moves the question one step along {@link reviewDays} when nothing
 * was wrong and no hint was shown before it; otherwise the question starts again with one day.
 * @returns undefined until the question was answered
 */
export function reviewOf(progress: LessonProgress, exercise: string): Review | undefined {
  let round = 0;
  let step = -1;
  let dueAt: number | undefined;
  let clean = true;
  let solved = false;
  let answered = false;
  for (const event of progress.events) {
    if (event.kind === 'opened' || event.exercise !== exercise) continue;
    if (event.kind === 'reviewed' && event.round > round) {
      round = event.round;
      clean = true;
      solved = false;
      answered = false;
    } else if (event.kind === 'hinted') {
      clean = false;
    } else if (event.kind === 'answered' && (event.round ?? 0) === round) {
      answered = true;
      if (event.right && solved) continue;
      clean &&= event.right;
      solved ||= event.right;
      step = clean ? Math.min(step + 1, reviewDays.length - 1) : 0;
      dueAt = event.at + reviewDays[step]! * dayMs;
    }
  }
  return dueAt === undefined ? undefined : { dueAt, round, begun: round > 0 && !answered };
}

export interface DueReview extends Review {
  readonly lesson: Lesson;
  readonly exercise: Exercise;
}

/**
 * The questions that are due, longest first. Predictions, critiques and tasks do not return: once seen, they are not asked
 * again in earnest.
 * @param now milliseconds since 1970
 */
export function dueReviews(
  lessons: readonly Lesson[],
  progressOf: (lesson: string) => LessonProgress,
  now: number,
): readonly DueReview[] {
  return lessons
    .flatMap((lesson) =>
      exercisesOf(lesson).flatMap((exercise) => {
        const review =
          exercise.kind === 'question' ? reviewOf(progressOf(lesson.id), exercise.id) : undefined;
        return review === undefined || review.dueAt > now ? [] : [{ ...review, lesson, exercise }];
      }),
    )
    .toSorted((a, b) => a.dueAt - b.dueAt);
}

/** How long a review has been due: `due today`, `due for 3 days`. */
export function dueWords(dueAt: number, now: number): string {
  const days = Math.floor((now - dueAt) / dayMs);
  return days < 1 ? t('due today') : days === 1 ? t('due for a day') : t('due for {0} days', days);
}
