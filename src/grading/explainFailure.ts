import type { DecisionDefinition } from '../engine/kernel/policy.ts';
import type { Run, Scenario } from '../engine/kernel/scenario.ts';
import { firstDivergence, type Trace } from '../engine/kernel/trace.ts';
import { sayMs, timelineText } from '../engine/kernel/view.ts';
import { modelOf } from '../engine/kernel/views.ts';
import { caseWords } from '../engine/kernel/caseWords.ts';
import type { Case } from './drawnCases.ts';
import type { ObservedDecision } from './observeDecisions.ts';
import type {
  CheckFailure,
  DecisionEvidence,
  FailingCase,
  DocumentTexts,
  FailurePlace,
  FailurePictures,
  FailureRecording,
  RecordedRun,
} from './report.ts';
import { valueLiteral } from './valueLiteral.ts';
import type { Violation } from './violation.ts';

/** A failing case with all that was run for it. */
export interface FailedCase {
  readonly scenario: Scenario;
  readonly case: Case;
  readonly run: Run;
  readonly violation: Violation;
  /**
   * The run of the same case that holds: the reference's, in tasks with one right behaviour; the submission's own in the
   * usual order of simultaneous events, when it fails in another.
   */
  readonly reference?: Run;
}

/** The event that a failure is explained by, and what stood there instead. */
export interface DecidingEvent {
  /** Row of the submission's trace; -1 where no event says what went wrong. */
  readonly event: number;
  /** Ordinal of the decision behind it, where there is one. */
  readonly ordinal?: number;
  readonly expected: string;
  readonly actual: string;
  readonly because: string;
}

/**
 * Where a run left the right path. With a reference it is the first event in which the two traces differ; otherwise the
 * decision that led to the witness.
 */
export function decidingEvent(failed: FailedCase): DecidingEvent {
  const { run, violation, reference } = failed;
  if (violation.kind === 'fault') {
    const { fault } = violation;
    return {
      event: Math.max(0, run.trace.length - 1),
      // The one asked last; the fault's own number counts the learner's decisions alone.
      ...(fault.decision === undefined ? {} : { ordinal: run.trace.decisionsAsked - 1 }),
      expected: 'an answer to every question',
      actual: fault.message,
      because: 'The run ends there, because nothing says how it would go on.',
    };
  }
  const { witness } = violation;
  // In another order of simultaneous events the runs differ before anything is wrong.
  const divergence =
    reference === undefined || failed.case.ties !== undefined
      ? undefined
      : firstDivergence(run.trace, reference.trace);
  if (reference === undefined || divergence === undefined) {
    const at = run.trace.decidingEvent(witness.event) ?? witness.event;
    return {
      ...decisionAt(run, at),
      expected: witness.expected,
      actual: witness.actual,
      because: witness.because,
    };
  }
  const row = Math.min(divergence, run.trace.length - 1);
  const at = run.trace.decidingEvent(row) ?? row;
  const decision = decisionAt(run, at);
  if (witness.event === at) {
    return { ...decision, expected: witness.expected, actual: witness.actual, because: witness.because };
  }
  return {
    ...decision,
    expected: sayRow(reference, divergence),
    actual: sayRow(run, divergence),
    because: `Up to here your run is the right one. It led to this: expected ${witness.expected}; seen: ${witness.actual}. ${witness.because}`,
  };
}

const sayRow = (run: Run, row: number): string =>
  row < run.trace.length ? run.trace.say(row) : 'the end of the run';

function decisionAt(run: Run, event: number): { readonly event: number; readonly ordinal?: number } {
  const decides = event >= 0 && run.trace.decides(event);
  return decides ? { event, ordinal: run.trace.decision(event) } : { event };
}

/** Lines of text in a diff of two runs: enough to see the surroundings, few enough to read. */
const diffLines = 200;

const orderMatters =
  'It works when the events of this instant come in the usual order, and not in another one. Nothing tells which comes first on a real machine.';

/** A case as a report has it. */
export const namedCase = (scenario: Scenario, { params, seed, ties }: Case): FailingCase => ({
  scenario: scenario.id,
  params,
  seed,
  ...(ties === undefined ? {} : { ties }),
  words: caseWords(scenario, { params }),
});

export function failureReport(
  failed: FailedCase,
  deciding: DecidingEvent,
  decision: DecisionEvidence | undefined,
  place: FailurePlace | undefined,
  say: string | undefined,
): CheckFailure {
  const { scenario, run, reference, violation } = failed;
  return {
    case: namedCase(scenario, failed.case),
    ...(say === undefined ? {} : { say }),
    expected: deciding.expected,
    actual: deciding.actual,
    because: failed.case.ties === undefined ? deciding.because : `${orderMatters} ${deciding.because}`,
    atNs: timeOf(run, deciding.event),
    ...(decision === undefined ? {} : { decision }),
    ...(place === undefined ? {} : { place }),
    ...(violation.kind === 'fault' ? { fault: violation.fault } : {}),
    actualText: runText(scenario, run),
    ...(reference !== undefined ? { expectedText: runText(scenario, reference) } : {}),
  };
}

/** What shows best where two runs part, in this order. */
const tellingViews = ['timeline', 'graph', 'listing', 'state', 'bars', 'curve'] as const;

export function failurePictures(
  { scenario, run, reference }: FailedCase,
  { event }: DecidingEvent,
): FailurePictures | undefined {
  const kind = tellingViews.find((each) => scenario.views[each] !== undefined);
  if (kind === undefined) return undefined;
  const actual = modelOf(scenario, kind, run, event);
  if (actual === undefined) return undefined;
  const expected =
    reference === undefined
      ? undefined
      : modelOf(scenario, kind, reference, counterpart(run.trace, reference.trace, event));
  return {
    actual,
    ...(expected === undefined ? {} : { expected }),
    decidingNs: timeOf(run, event),
  };
}

/** The row of the reference that stands for a row of the run: the same while both agree, then the last at that instant. */
function counterpart(actual: Trace, reference: Trace, event: number): number {
  const last = reference.length - 1;
  if ((firstDivergence(actual, reference) ?? Infinity) >= event) return Math.min(event, last);
  const atNs = actual.timeNs(event);
  let row = last;
  while (row > 0 && reference.timeNs(row) > atNs) row--;
  return row;
}

/** @param documents texts of the submission's documents, and of the reference's */
export function failureRecording(
  { run, reference }: FailedCase,
  deciding: DecidingEvent,
  documents: { readonly actual: DocumentTexts; readonly expected: DocumentTexts },
): FailureRecording {
  const record = ({ trace, metrics }: Run, texts: DocumentTexts): RecordedRun => ({
    columns: trace.columns(),
    metrics,
    ...(Object.keys(texts).length === 0 ? {} : { documents: texts }),
  });
  return {
    actual: record(run, documents.actual),
    ...(reference === undefined ? {} : { expected: record(reference, documents.expected) }),
    decidingEvent: deciding.event,
  };
}

/**
 * The evidence of one observed decision, with the line that returned it.
 * @param declared what the policy says of its values
 */
export const decisionEvidence = (
  observed: ObservedDecision,
  declared: DecisionDefinition,
  line: number | undefined,
): DecisionEvidence => ({
  policy: observed.policy,
  decision: observed.decision,
  ordinal: observed.ordinal,
  ...(line === undefined ? {} : { line }),
  input: valueLiteral(observed.input, declared.input),
  ...(observed.answer === undefined ? {} : { output: valueLiteral(observed.answer.output, declared.output) }),
});

/** When an event happened; what none says holds from the beginning. */
const timeOf = (run: Run, event: number): number => (event >= 0 ? run.trace.timeNs(event) : 0);

/** The run as lines: its timeline, or where it has none its events. */
function runText(scenario: Scenario, run: Run): readonly string[] {
  const view = scenario.views.timeline;
  if (view !== undefined) return timelineText(view.model(run)).slice(0, diffLines);
  const { trace } = run;
  return Array.from(
    { length: Math.min(diffLines, trace.length) },
    (_, row) => `${sayMs(trace.timeNs(row))}: ${trace.say(row)}`,
  );
}
