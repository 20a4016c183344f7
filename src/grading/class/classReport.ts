import type { TaskReport } from '../report.ts';
import type { Learner } from './classList.ts';

/** What grading a class says. Plain data with a fixed key order: equal classes give equal bytes, however they are sharded. */

/** What every learner of a class was graded on, and how. */
export interface ClassHeader {
  readonly format: 1;
  readonly kind: 'trapframe class report';
  readonly pack: {
    readonly id: string;
    readonly title: string;
    /** Which the course's own texts are in, as a tag. Absent: English. */
    readonly language?: string;
    readonly contentHash: string;
  };
  readonly engineVersion: string;
  /** Root of the seeds of all learners. */
  readonly courseSeed: number;
  /** Root of the tasks' cases, where they are drawn from one that learners do not know. */
  readonly hiddenSeed?: number;
  /** Hash of the class list; absent when there was none. */
  readonly classList?: string;
  /** Part of a class, from 1; absent in a whole one. */
  readonly shard?: Shard;
  /** Of the items, in the order of the course. */
  readonly lessons: readonly { readonly id: string; readonly title: string }[];
  readonly items: readonly ClassItem[];
  /** What concerns no single learner. */
  readonly problems: readonly SubmissionProblem[];
}

export interface Shard {
  readonly index: number;
  readonly of: number;
}

export interface ClassReport extends ClassHeader {
  /** By id. */
  readonly learners: readonly LearnerResult[];
}

export type ItemKind = 'question' | 'prediction' | 'critique' | 'task';

/** An exercise that the class was graded on. */
export interface ClassItem {
  readonly id: string;
  readonly kind: ItemKind;
  /** A short name. Plain text. */
  readonly title: string;
  /** Id of its lesson. */
  readonly lesson: string;
  readonly maxPoints: number;
  /** Of a task: the file that is handed in, with its folder. */
  readonly file?: string;
  /** Of a task. */
  readonly checks?: readonly { readonly id: string; readonly title: string; readonly maxPoints: number }[];
  /** What can be wrong in a known way. */
  readonly mistakes: readonly KnownMistake[];
}

export interface KnownMistake {
  /** Unique in its exercise: the name of a known-wrong file, an option's letter, `2` for the second misconception. */
  readonly id: string;
  /** An option's text. Markdown, with the numbers of the lesson itself, since every learner has others. */
  readonly text?: string;
  /** What learners are told. Markdown, with the same numbers. */
  readonly say: string;
}

export interface LearnerResult {
  readonly learner: Learner;
  /** Whether the class list names the learner; true without a list. */
  readonly listed: boolean;
  /** Root of the learner's variants. */
  readonly seed: number;
  /** Where the submission lies in the folder; absent when there is none. */
  readonly place?: string;
  readonly points: number;
  readonly maxPoints: number;
  readonly exercises: readonly ExerciseResult[];
  readonly problems: readonly SubmissionProblem[];
}

/**
 * - `passed`, `failed`: it was judged.
 * - `missing`: nothing was handed in for it.
 * - `ungradable`: what was handed in could not be judged.
 */
export type ExerciseVerdict = 'passed' | 'failed' | 'missing' | 'ungradable';

export interface ExerciseResult {
  readonly id: string;
  readonly verdict: ExerciseVerdict;
  readonly points: number;
  readonly maxPoints: number;
  /** The file of a task, inside the submission. */
  readonly file?: string;
  /** What was asked, with the learner's numbers. Markdown. */
  readonly asked?: string;
  /** What was answered: the learner's text, or the letters of what was chosen or put into an order. */
  readonly response?: string;
  /** The texts behind those letters, with the learner's numbers. Markdown. */
  readonly chosen?: readonly string[];
  readonly order?: readonly string[];
  /** About this answer, as the learner is told. Markdown. */
  readonly feedback?: string;
  /** Ids of {@link KnownMistake} that were recognized. */
  readonly mistakes: readonly string[];
  readonly attempts?: number;
  readonly hints?: number;
  readonly report?: TaskReport;
  readonly receipt?: ReceiptFinding;
}

export interface ReceiptFinding {
  /**
   * - `holds`: re-executing it gives its very bytes.
   * - `older file`: it holds for another version of the file than the one that was handed in.
   * - `other version`: the engine or the lesson changed since, so that nothing can be said.
   * - `other learner`: it was made with the seed of somebody else.
   * - `forged`: re-execution gives something else.
   * - `unreadable`: it is no receipt, or could not be repeated.
   */
  readonly state: 'holds' | 'older file' | 'other version' | 'other learner' | 'forged' | 'unreadable';
  readonly says: readonly string[];
}

/** Something to know of a submission: where, what, and what to do next. */
export interface SubmissionProblem {
  readonly where: string;
  readonly what: string;
  readonly next: string;
  /** Whether the learner is told too, because it is about the files. The rest is for instructors alone. */
  readonly toLearner?: true;
}

export const problemLine = ({ where, what, next }: SubmissionProblem): string =>
  `${where}: ${what} ${next}`.trim();

/** What messages call a file of a submission, or all of it; a folder that is one submission has no name of its own. */
export const whereIn = (place: string, path?: string): string =>
  place === '.' ? (path ?? 'The submission') : path === undefined ? place : `${place}/${path}`;

/** What a learner is told in a report of their own. */
export const learnersProblems = ({ problems }: LearnerResult): readonly SubmissionProblem[] =>
  problems.filter(({ toLearner }) => toLearner === true);

export type ClassResults = AsyncIterable<LearnerResult>;
