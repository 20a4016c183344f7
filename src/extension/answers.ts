import type { ExerciseResponse } from '../protocol/lessonPanel.ts';
import { exerciseProgress, firstRound, type LessonProgress } from './progress.ts';

/** `answers.json` of a work folder: the answer that stands for each exercise of this learner. */
export interface Answers {
  readonly format: 1;
  /** By exercise id, sorted. */
  readonly answers: Readonly<Record<string, RecordedAnswer>>;
  /** How many hints were taken, by exercise, sorted; absent when none was. For the instructor: nothing is judged by it. */
  readonly hints?: Readonly<Record<string, number>>;
}

export interface RecordedAnswer {
  readonly response: ExerciseResponse;
  readonly right: boolean;
  readonly points: number;
  readonly attempts: number;
}

/** The answers to the variants of one seed. Answers of a review are not among them: they are to other variants. */
export function answersOf(lessons: readonly LessonProgress[], seed: number): Answers {
  const answers = new Map<string, RecordedAnswer>();
  const hints = new Map<string, number>();
  for (const progress of lessons) {
    const inReview = new Set<string>();
    for (const event of progress.events) {
      if (event.kind === 'reviewed') inReview.add(event.exercise);
      else if (event.kind === 'hinted' && !inReview.has(event.exercise))
        hints.set(event.exercise, (hints.get(event.exercise) ?? 0) + 1);
    }
    const exercises = new Set(
      progress.events.flatMap((event) => (event.kind === 'answered' ? [event.exercise] : [])),
    );
    for (const id of exercises) {
      const { answer, attempts } = exerciseProgress(firstRound(progress), id, seed);
      if (answer === undefined) continue;
      const { response, right, points } = answer;
      answers.set(id, { response, right, points, attempts });
    }
  }
  return { format: 1, answers: sorted(answers), ...hintsTaken(hints) };
}

const hintsTaken = (hints: ReadonlyMap<string, number>): Pick<Answers, 'hints'> =>
  hints.size === 0 ? {} : { hints: sorted(hints) };

/**
 * What is saved with the newer answers over it: a question that was opened again keeps the answer that was given.
 * Undefined when the saved file cannot be understood; it is then left alone.
 */
export function mergeAnswers(saved: string | undefined, newer: Answers): Answers | undefined {
  if (saved === undefined) return newer;
  let value: unknown;
  try {
    value = JSON.parse(saved);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { format, answers, hints } = value as Partial<Answers>;
  if (format !== 1 || typeof answers !== 'object' || answers === null || Array.isArray(answers))
    return undefined;
  const taken = typeof hints === 'object' && !Array.isArray(hints) ? hints : {};
  return {
    format: 1,
    answers: sorted(new Map(Object.entries({ ...answers, ...newer.answers }))),
    ...hintsTaken(new Map(Object.entries({ ...taken, ...newer.hints }))),
  };
}

export const serializeAnswers = (answers: Answers): string => `${JSON.stringify(answers, undefined, 2)}\n`;

const sorted = <T>(byId: ReadonlyMap<string, T>): Readonly<Record<string, T>> =>
  Object.fromEntries([...byId].toSorted(([a], [b]) => (a < b ? -1 : 1)));
