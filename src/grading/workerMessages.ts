import type { FigurePart } from '../course/model.ts';
import type { Answerable, Judgement, Response } from '../course/answering.ts';
import type { Mutant } from './verify/mutant.ts';
import type { PartProof } from './verify/provePart.ts';
import type { MutantVerdict, MutantsRequest, ReviewRequest } from './verify/reviewMutant.ts';
import type { GradingRequest, GradingResult } from './grader.ts';
import type { TaskReport } from './report.ts';
import type { RunRequest, RunResult } from './runSubmission.ts';

/** Everything that a grading worker does, by name: what it is asked, and what it answers. */
export interface WorkerJobs {
  readonly grade: { readonly request: GradingRequest; readonly result: GradingResult };
  readonly run: { readonly request: RunRequest; readonly result: RunResult };
  /** Without what only a panel shows of a failure, which is many times larger than the report. */
  readonly report: { readonly request: GradingRequest; readonly result: TaskReport };
  readonly judge: { readonly request: JudgingRequest; readonly result: readonly Judgement[] };
  /** Runs nothing of a learner, but may take long. */
  readonly prove: { readonly request: ProofRequest; readonly result: PartProof };
  readonly mutants: { readonly request: MutantsRequest; readonly result: readonly Mutant[] };
  readonly review: { readonly request: ReviewRequest; readonly result: MutantVerdict };
}
export type JobName = keyof WorkerJobs;

/** Answers of one learner; judging one may run a simulation. */
export interface JudgingRequest {
  readonly answered: readonly { readonly exercise: Answerable; readonly response: Response }[];
  readonly seed: number;
}

/** An exercise or a figure, to prove what it promises. */
export interface ProofRequest {
  readonly part: Answerable | FigurePart;
  /** How many learners' variants to try. */
  readonly learners: number;
}

/** Messages between a grader and its worker. One job is under way at a time. */
export type ToGradingWorker =
  /** First of all: the bytes of the sandbox's WebAssembly module. */
  | { readonly type: 'start'; readonly wasm: Uint8Array; readonly engineVersion: string }
  | { readonly [N in JobName]: { readonly type: N; readonly request: WorkerJobs[N]['request'] } }[JobName];

export type FromGradingWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly result: WorkerJobs[JobName]['result'] }
  /** The machinery failed: a bug of ours, never the learner's doing. */
  | { readonly type: 'failed'; readonly message: string };

/** A worker as the grader uses it, on every platform. */
export interface WorkerPort {
  post(message: ToGradingWorker): void;
  onMessage(listen: (message: FromGradingWorker) => void): void;
  /** The worker died or could not start. */
  onError(listen: (message: string) => void): void;
  terminate(): void;
}
