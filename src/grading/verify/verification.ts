import type { Exercise, FigurePart, Problem } from '../../course/model.ts';
import type { WorkerOutcome } from '../killableWorker.ts';
import type { JobName, WorkerJobs } from '../workerMessages.ts';

/** What the publish gate found in a pack. Plain data in the pack's own order: equal packs give equal bytes. */
export interface Verification {
  readonly pack: string;
  /** No problem and no finding is an error. */
  readonly ok: boolean;
  /** What is wrong with the files, links included, before anything of them is run. */
  readonly problems: readonly Problem[];
  readonly exercises: readonly ExerciseVerification[];
}

export interface ExerciseVerification {
  readonly lesson: string;
  /** Unique in the pack for exercises, in the lesson for figures. */
  readonly id: string;
  readonly kind: VerifiedPart['kind'];
  readonly ok: boolean;
  readonly findings: readonly Problem[];
  /** Cases that were run, variants or settings that were tried. */
  readonly runs: number;
}

export type VerifiedPart = Exercise | FigurePart;

/** Whatever does the work: a pool of workers, since a pack's files are as untrusted as a learner's. */
export interface Workers {
  ask<N extends JobName>(type: N, request: WorkerJobs[N]['request']): Promise<WorkerOutcome<N>>;
}

export const hasError = (problems: readonly Problem[]): boolean =>
  problems.some((problem) => problem.severity === 'error');
