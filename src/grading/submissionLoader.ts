import type { AnySubmission, PolicyFaultDetail, PolicyTable } from '../engine/kernel/policy.ts';

/** How a learner's file becomes policies. Grading knows only this; the sandbox is behind it. */
export interface SubmissionLoader {
  load(source: SubmissionSource): Promise<LoadOutcome>;
}

export interface SubmissionSource {
  /** Name of the file, for messages: `scheduler.ts`. */
  readonly file: string;
  readonly text: string;
  readonly policies: PolicyTable;
  /** Also tell on which line each decision was returned. Slower; such a run locates and never grades. */
  readonly locate: boolean;
}

export type LoadOutcome =
  | { readonly ok: true; readonly loaded: LoadedSubmission }
  | { readonly ok: false; readonly fault: PolicyFaultDetail };

export interface LoadedSubmission {
  /** To be awaited before each run: makes the fresh module state that the run's `start` takes. */
  prepare(): Promise<void>;
  readonly submission: AnySubmission;
  /** What the code printed since loading, bounded. */
  output(): readonly string[];
  /** Where `locate` was asked for: the line, from 1, that returned the latest decision. */
  lastReturnLine(): number | undefined;
  dispose(): void;
}
