import type { GradingRequest, GradingResult } from './grader.ts';
import type { RunRequest, RunResult } from './runSubmission.ts';

/** Messages between a grader and its worker. One request is under way at a time. */
export type ToGradingWorker =
  /** First of all: the bytes of the sandbox's WebAssembly module. */
  | { readonly type: 'start'; readonly wasm: Uint8Array; readonly engineVersion: string }
  | { readonly type: 'grade'; readonly request: GradingRequest }
  | { readonly type: 'run'; readonly request: RunRequest };

export type FromGradingWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'graded'; readonly result: GradingResult }
  | { readonly type: 'ran'; readonly result: RunResult }
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
