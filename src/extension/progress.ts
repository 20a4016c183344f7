import { t } from '../course/messages.ts';
import type { ExerciseResponse } from '../protocol/lessonPanel.ts';
import { isPinnedCase, pinKey, type PinnedCase } from '../grading/pinnedCase.ts';
import type { TaskReport, Verdict } from '../grading/report.ts';

/**
 * What a learner did in one lesson: a set of events that only grows. Two windows, or two copies of a file, are
 * merged by union, so that no attempt is ever lost; what a lesson looks like now is a fold over the events.
 */
export interface LessonProgress {
  readonly format: typeof progressFormat;
  readonly lesson: string;
  /** Counts resets. A record of a later generation replaces one of an earlier; equal generations are merged. */
  readonly generation: number;
  /** In the order of {@link compareEvents}, each id once. */
  readonly events: readonly ProgressEvent[];
}

export const progressFormat = 1;

interface EventCommon {
  /** Unique over all windows and machines. */
  readonly id: string;
  /** Milliseconds since 1970, of the learner's clock. Orders events; nothing is judged by it. */
  readonly at: number;
}

export type ProgressEvent = (EventCommon & { readonly kind: 'opened' }) | ExerciseEvent;

export type ExerciseEvent = EventCommon & { readonly exercise: string } & (
    | {
        readonly kind: 'answered';
        readonly response: ExerciseResponse;
        /** Seed of the variant that was answered: another work folder has other variants. */
        readonly seed: number;
        readonly right: boolean;
        readonly points: number;
        /** Of review; absent the first time that the question was asked. */
        readonly round?: number;
        /** Of the exercise as it was answered; absent in records of versions that kept none. */
        readonly mark?: string;
      }
    /** A round of review began: the question is open again, with another variant. */
    | { readonly kind: 'reviewed'; readonly round: number }
    /** The question was opened for another try. */
    | { readonly kind: 'retried' }
    | { readonly kind: 'hinted' }
    /** A failing case is kept, and runs first in later checks; or no more. */
    | { readonly kind: 'pinned' | 'unpinned'; readonly pin: PinnedCase }
    | {
        readonly kind: 'graded';
        readonly seed: number;
        readonly verdict: Verdict;
        readonly points: number;
        readonly maxPoints: number;
        readonly submissionHash: string;
        /** Of the task as it was graded. */
        readonly mark?: string;
        /** Kept for the newest grading of an exercise alone. */
        readonly report?: TaskReport;
      }
  );

export type GradedEvent = Extract<ExerciseEvent, { kind: 'graded' }>;
export type AnsweredEvent = Extract<ExerciseEvent, { kind: 'answered' }>;

export const noProgress = (lesson: string): LessonProgress => ({
  format: progressFormat,
  lesson,
  generation: 0,
  events: [],
});

/** A total order: by time, then by id. */
export function compareEvents(a: ProgressEvent, b: ProgressEvent): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export function withEvent(progress: LessonProgress, event: ProgressEvent): LessonProgress {
  return mergeProgress(progress, { ...progress, events: [event] });
}

/** A new beginning that other windows' copies cannot undo. */
export const resetProgress = (progress: LessonProgress): LessonProgress => ({
  ...noProgress(progress.lesson),
  generation: progress.generation + 1,
});

/** Commutative, associative and idempotent, so that the order in which windows save does not matter. */
export function mergeProgress(a: LessonProgress, b: LessonProgress): LessonProgress {
  if (a.generation !== b.generation) return a.generation > b.generation ? a : b;
  const byId = new Map<string, ProgressEvent>();
  for (const event of [...a.events, ...b.events]) {
    const known = byId.get(event.id);
    // Of two copies of a grading, the one that still has its report.
    if (known === undefined || (known.kind === 'graded' && known.report === undefined))
      byId.set(event.id, event);
  }
  return { ...a, events: keepNewestReports([...byId.values()].toSorted(compareEvents)) };
}

/** True when nothing of `part` is missing in `whole`. */
export function includesProgress(whole: LessonProgress, part: LessonProgress): boolean {
  if (whole.generation !== part.generation) return whole.generation > part.generation;
  const ids = new Set(whole.events.map((event) => event.id));
  return part.events.every((event) => ids.has(event.id));
}

/** Ids of the exercises about which two records say different things. */
export function changedExercises(a: LessonProgress, b: LessonProgress): readonly string[] {
  const differ = (from: LessonProgress, other: LessonProgress): readonly string[] => {
    const known = a.generation === b.generation ? new Set(other.events.map(({ id }) => id)) : new Set();
    return from.events.flatMap((event) =>
      event.kind === 'opened' || known.has(event.id) ? [] : [event.exercise],
    );
  };
  return [...new Set([...differ(a, b), ...differ(b, a)])];
}

/** Reports are large, and only the newest is ever shown. */
function keepNewestReports(events: readonly ProgressEvent[]): readonly ProgressEvent[] {
  const newest = new Map<string, string>();
  for (const event of events) if (event.kind === 'graded') newest.set(event.exercise, event.id);
  return events.map((event) => {
    if (event.kind !== 'graded' || event.report === undefined || newest.get(event.exercise) === event.id)
      return event;
    const { report: _, ...summary } = event;
    return summary;
  });
}

/** What is known about an exercise now. */
export interface ExerciseProgress {
  /** The answer that stands, unless the question was opened again since. */
  readonly answer?: AnsweredEvent;
  readonly grading?: GradedEvent;
  /** Answers and gradings that counted. Ungradable work costs no attempt. */
  readonly attempts: number;
  /** In this round. */
  readonly hintsShown: number;
  /** The most points that any attempt earned. */
  readonly points: number;
  readonly state: 'untouched' | 'tried' | 'done';
  /** Of review, which decides the variant: 0 the first time that it is asked. */
  readonly round: number;
  /** Cases of a task that are kept, the first pinned first. */
  readonly pinned: readonly PinnedCase[];
}

export function exerciseProgress(
  progress: LessonProgress,
  exercise: string,
  seed?: number,
): ExerciseProgress {
  let answer: AnsweredEvent | undefined;
  let grading: GradedEvent | undefined;
  let attempts = 0;
  let hintsShown = 0;
  let points = 0;
  let done = false;
  const pinned = new Map<string, PinnedCase>();
  const round = roundOf(progress, exercise);
  for (const event of progress.events) {
    if (event.kind === 'opened' || event.exercise !== exercise) continue;
    switch (event.kind) {
      case 'answered':
        attempts++;
        points = Math.max(points, event.points);
        done ||= event.right;
        if ((event.round ?? 0) === round && (seed === undefined || event.seed === seed)) answer = event;
        break;
      case 'reviewed':
        if (event.round === round) hintsShown = 0;
        break;
      case 'retried':
        answer = undefined;
        break;
      case 'hinted':
        hintsShown++;
        break;
      case 'pinned':
        pinned.set(pinKey(event.pin), event.pin);
        break;
      case 'unpinned':
        pinned.delete(pinKey(event.pin));
        break;
      case 'graded':
        if (event.verdict !== 'ungradable') attempts++;
        points = Math.max(points, event.points);
        done ||= event.verdict === 'passed';
        grading = event;
        break;
    }
  }
  return {
    ...(answer === undefined ? {} : { answer }),
    ...(grading === undefined ? {} : { grading }),
    attempts,
    hintsShown,
    points,
    state: done ? 'done' : attempts > 0 ? 'tried' : 'untouched',
    round,
    pinned: [...pinned.values()].slice(-mostPinned),
  };
}

/** Each of them is run whenever the file is saved. */
const mostPinned = 10;

/** The latest round of review that began, in whichever window. */
function roundOf({ events }: LessonProgress, exercise: string): number {
  const rounds = events.map((event) =>
    event.kind === 'reviewed' && event.exercise === exercise ? event.round : 0,
  );
  return rounds.reduce((latest, round) => Math.max(latest, round), 0);
}

/** The record without reviews: what was answered to the variants that every learner of the seed is asked first. */
export const firstRound = (progress: LessonProgress): LessonProgress => ({
  ...progress,
  events: progress.events.filter(
    (event) => event.kind !== 'reviewed' && (event.kind !== 'answered' || (event.round ?? 0) === 0),
  ),
});

export type ProgressRead =
  { readonly ok: true; readonly value: LessonProgress } | { readonly ok: false; readonly problem: string };

/** Older formats are raised step by step: `migrations[n]` turns format n into n + 1. */
const migrations: Readonly<Record<number, (record: Record<string, unknown>) => Record<string, unknown>>> = {};

/** Reads a saved record. Anything that this version cannot understand is a problem, never a guess. */
export function parseProgress(text: string, lesson: string): ProgressRead {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: t('is not JSON ({0})', (error as Error).message) };
  }
  if (!isRecord(record) || typeof record.format !== 'number')
    return { ok: false, problem: t('has no format number') };
  while (typeof record.format === 'number' && record.format < progressFormat) {
    const migrate = migrations[record.format];
    if (migrate === undefined) return { ok: false, problem: t('has the unknown format {0}', record.format) };
    record = migrate(record);
    if (!isRecord(record)) return { ok: false, problem: t('could not be brought to the current format') };
  }
  if (record.format !== progressFormat) {
    return { ok: false, problem: t('has format {0}, which a newer Trapframe wrote', String(record.format)) };
  }
  if (record.lesson !== lesson)
    return { ok: false, problem: t('belongs to the lesson {0}', String(record.lesson)) };
  if (!isCount(record.generation)) return { ok: false, problem: t('has no generation') };
  if (!Array.isArray(record.events)) return { ok: false, problem: t('has no list of events') };
  const bad = record.events.findIndex((event) => !isEvent(event));
  if (bad >= 0) return { ok: false, problem: t('has an event that cannot be read (number {0})', bad + 1) };
  const { generation, events } = record as unknown as LessonProgress;
  return {
    ok: true,
    value: mergeProgress(
      { ...noProgress(lesson), generation, events },
      { ...noProgress(lesson), generation },
    ),
  };
}

export const serializeProgress = (progress: LessonProgress): string =>
  `${JSON.stringify(progress, undefined, 1)}\n`;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const verdicts: ReadonlySet<unknown> = new Set<Verdict>(['passed', 'failed', 'not reached', 'ungradable']);

function isEvent(value: unknown): value is ProgressEvent {
  if (!isRecord(value) || typeof value.id !== 'string' || !Number.isFinite(value.at)) return false;
  if (value.kind === 'opened') return true;
  if (typeof value.exercise !== 'string') return false;
  switch (value.kind) {
    case 'answered':
      return (
        isResponse(value.response) &&
        Number.isFinite(value.seed) &&
        typeof value.right === 'boolean' &&
        Number.isFinite(value.points) &&
        (value.round === undefined || isCount(value.round)) &&
        (value.mark === undefined || typeof value.mark === 'string')
      );
    case 'reviewed':
      return isCount(value.round);
    case 'retried':
    case 'hinted':
      return true;
    case 'pinned':
    case 'unpinned':
      return isPinnedCase(value.pin);
    case 'graded':
      return (
        Number.isFinite(value.seed) &&
        verdicts.has(value.verdict) &&
        Number.isFinite(value.points) &&
        Number.isFinite(value.maxPoints) &&
        typeof value.submissionHash === 'string' &&
        (value.mark === undefined || typeof value.mark === 'string') &&
        (value.report === undefined || (isRecord(value.report) && Array.isArray(value.report.checks)))
      );
    default:
      return false;
  }
}

const isConfidence = (value: unknown): boolean => [50, 70, 90].includes(value as number);

function isResponse(value: unknown): value is ExerciseResponse {
  if (!isRecord(value)) return false;
  switch (value.form) {
    case 'number':
      return typeof value.text === 'string';
    case 'choice':
      return Array.isArray(value.chosen) && value.chosen.every(isCount);
    case 'prediction':
      return typeof value.text === 'string' && isConfidence(value.confidence);
    case 'order':
      return (
        Array.isArray(value.order) &&
        value.order.every(isCount) &&
        (value.confidence === undefined || isConfidence(value.confidence))
      );
    default:
      return false;
  }
}
