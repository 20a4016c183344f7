import type { ParameterValue } from '../engine/kernel/parameters.ts';
import type { TraceColumns } from '../engine/kernel/trace.ts';

/**
 * Messages between the extension and the trace panel, which steps through runs. The panel says `ready`; the extension
 * answers with one whole `replay`, and sends another whenever a different run is to be shown.
 */
export type ToTracePanel = { readonly type: 'replay'; readonly replay: Replay };

export type FromTracePanel =
  | { readonly type: 'ready' }
  /** Something failed in the webview: logged, never shown as raw text. */
  | { readonly type: 'failed'; readonly message: string };

/** One case, and the runs of it that are compared: the learner's first, then the reference's where there is one. */
export interface Replay {
  readonly title: string;
  /** Of the title, as `lang` has it: `de`. */
  readonly language: string;
  readonly scenario: string;
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly seed: number;
  /** What happened in each. Without any, the panel runs the case with the built-in policies. */
  readonly runs: readonly RecordedRun[];
  readonly failure?: ReplayedFailure;
}

export interface RecordedRun {
  readonly label: string;
  readonly columns: TraceColumns;
  readonly metrics: Readonly<Record<string, number>>;
  /** Texts of the documents that it ran with, by name, where they were not the scenario's own. */
  readonly documents?: Readonly<Record<string, string>>;
}

export interface ReplayedFailure {
  /** Row of the first run's trace. */
  readonly decidingEvent: number;
  readonly expected: string;
  readonly actual: string;
  readonly because: string;
}
