import type { ExerciseResponse } from '../protocol/lessonPanel.ts';
import { exerciseProgress, firstRound, type LessonProgress } from './progress.ts';

/** `answers.json` of a work folder: the answer that stands for each exercise of this learner. */
export interface Answers {
  readonly format: 1;
  /** By exercise id, sorted. */
  readonly answers: Readonly<Record<string, RecordedAnswer>>;
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
  for (const progress of lessons) {
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
  return { format: 1, answers: sorted(answers) };
}

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
  const { format, answers } = value as Partial<Answers>;
  if (format !== 1 || typeof answers !== 'object' || answers === null || Array.isArray(answers))
    return undefined;
  return { format: 1, answers: sorted(new Map(Object.entries({ ...answers, ...newer.answers }))) };
}

export const serializeAnswers = (answers: Answers): string => `${JSON.stringify(answers, undefined, 2)}\n`;

const sorted = (answers: ReadonlyMap<string, RecordedAnswer>): Readonly<Record<string, RecordedAnswer>> =>
  Object.fromEntries([...answers].toSorted(([a], [b]) => (a < b ? -1 : 1)));
