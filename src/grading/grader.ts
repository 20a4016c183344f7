import type { Task } from '../course/model.ts';
import type { PinnedCase } from './pinnedCase.ts';
import type { FailureRecording, FailurePictures, TaskReport } from './report.ts';

/** Whether a proof wants failures explained, or only to know what fails. */
export type Proof = 'explained' | 'verdicts';

/** What grading one submission needs. */
export interface GradingRequest {
  readonly task: Task;
  /** The learner's file as text. */
  readonly source: string;
  /** The exercise's seed: `exerciseSeed(work.seed, task.id)` of `src/course/seeds.ts`. */
  readonly seed: number;
  /** Content hash of the lesson that the task belongs to. */
  readonly lessonHash: string;
  /** Cases that the learner keeps, which run before those that are drawn. Default: none. */
  readonly pinned?: readonly PinnedCase[];
  /**
   * One file is graded for many learners, to prove a task: it is loaded once, and runs that do not depend on the seed are
   * not repeated. What the file printed is then not of this request alone. Default: no proof.
   */
  readonly proof?: Proof;
}

export interface GradingResult {
  readonly report: TaskReport;
  /** By check id, for failed checks: what the panel draws. */
  readonly pictures: Readonly<Record<string, FailurePictures>>;
  /** By check id, for failed checks: what the trace panel steps through. */
  readonly recordings: Readonly<Record<string, FailureRecording>>;
}

/** Grades in a worker that can be killed; one request at a time, later requests for the same task replace waiting ones. */
export interface Grader {
  /** Starts the worker and loads its heavy parts, so that the first check is quick. */
  prepare(): Promise<void>;
  /** Never rejects for what a submission did: a runaway is an `ungradable` report. */
  grade(request: GradingRequest): Promise<GradingResult>;
  dispose(): void;
}
