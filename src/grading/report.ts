import type { DocumentPlace, DocumentProblem } from '../engine/kernel/document.ts';
import type { ParameterValue } from '../engine/kernel/parameters.ts';
import type { PolicyFaultDetail } from '../engine/kernel/policy.ts';
import type { TraceColumns } from '../engine/kernel/trace.ts';
import type { ViewModel } from '../engine/kernel/view.ts';
import type { PinnedCase } from './pinnedCase.ts';

/** What grading says. Plain data with a fixed key order: equal submissions give equal bytes. */

/**
 * - `passed`, `failed`: the work was run and judged.
 * - `not reached`: an earlier check has to pass first.
 * - `ungradable`: it could not be run (syntax error, a crash of the machinery). It costs nothing.
 */
export type Verdict = 'passed' | 'failed' | 'not reached' | 'ungradable';

export interface TaskReport {
  readonly task: string;
  readonly verdict: Verdict;
  readonly points: number;
  readonly maxPoints: number;
  readonly checks: readonly CheckReport[];
  /** Why nothing could be judged; the checks are then `ungradable`, or `not reached` where the file itself is at fault. */
  readonly fault?: PolicyFaultDetail;
  /** What the learner's code printed, bounded. */
  readonly output: readonly string[];
  /** What is no mistake, but worth knowing of a document: fields that the simulation ignores. */
  readonly notes?: readonly DocumentProblem[];
  /** What a second run of the same grading needs, to the byte. */
  readonly provenance: Provenance;
}

export interface Provenance {
  readonly lessonHash: string;
  readonly engineVersion: string;
  readonly seed: number;
  readonly submissionHash: string;
  /** Cases that were run before those that the seed gives. */
  readonly pinned?: readonly PinnedCase[];
}

export interface CheckReport {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly points: number;
  readonly maxPoints: number;
  /** Cases run until the verdict, pinned ones among them. */
  readonly casesRun: number;
  /** What became of the cases that the learner keeps for this check, in their order. */
  readonly pinned?: readonly PinnedOutcome[];
  readonly failure?: CheckFailure;
}

export interface PinnedOutcome {
  readonly case: FailingCase;
  /** `not reached` after one that failed. */
  readonly verdict: Exclude<Verdict, 'ungradable'>;
}

/** A failing case and why it fails. */
export interface CheckFailure {
  readonly case: FailingCase;
  /** The author's words for this check or for the misconception that was recognized. Markdown. */
  readonly say?: string;
  /** One sentence each; plain text with numbers in it. */
  readonly expected: string;
  readonly actual: string;
  readonly because: string;
  /** When it happened in the run, in simulated nanoseconds. */
  readonly atNs: number;
  /** The decision that led to it, where one did. */
  readonly decision?: DecisionEvidence;
  /** The part of the learner's document that led to it, where one did. */
  readonly place?: FailurePlace;
  /** A fault of the learner's code, when that ended the run. */
  readonly fault?: PolicyFaultDetail;
  /** The learner's schedule as lines of text, and the reference's where the task has only one right behaviour. */
  readonly actualText: readonly string[];
  readonly expectedText?: readonly string[];
}

export interface FailingCase {
  readonly scenario: string;
  /** Only the parameters that differ from the scenario's defaults. */
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly seed: number;
  /** Seed of the order of simultaneous events in which it fails, where it holds in the usual one. */
  readonly ties?: number;
  /** `2 VMs, 10 ms slices`. */
  readonly words: string;
}

export interface FailurePlace extends DocumentPlace {
  /** As the document's `at` takes it: a JSON pointer, mostly. */
  readonly pointer: string;
}

export interface DecisionEvidence {
  readonly policy: string;
  readonly decision: string;
  /** Counts from 0 over all decisions of the run. */
  readonly ordinal: number;
  /** Line of the learner's file that returned the decision, from 1. */
  readonly line?: number;
  /** What the policy was given, as a TypeScript literal. */
  readonly input: string;
  /** What it returned, likewise; absent when asking it ended the run. */
  readonly output?: string;
}

/** Pictures of a failing case for the panel. Not part of a report. */
export interface FailurePictures {
  /** A view of the run; of views that follow events, right after the deciding one. */
  readonly actual: ViewModel;
  /** Of the reference; in a case with `ties`, of the learner's own run in the usual order. */
  readonly expected?: ViewModel;
  readonly decidingNs: number;
}

/** A run as it crosses to another thread. */
export interface RecordedRun {
  readonly columns: TraceColumns;
  readonly metrics: Readonly<Record<string, number>>;
  /** Texts of the documents that it ran with, by name, where they were not the scenario's own. */
  readonly documents?: DocumentTexts;
}

export type DocumentTexts = Readonly<Record<string, string>>;

/** What happened in the runs of a failing case, event by event, for stepping through them. Not part of a report. */
export interface FailureRecording {
  readonly actual: RecordedRun;
  readonly expected?: RecordedRun;
  /** Row of the actual run's trace. */
  readonly decidingEvent: number;
}
