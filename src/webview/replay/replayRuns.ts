import { inReadersLanguage } from '../page/spokenTexts.ts';
import { documentsFromTexts } from '../../engine/kernel/document.ts';
import { resolveParameters } from '../../engine/kernel/parameters.ts';
import type { Run, RunEnd, Scenario } from '../../engine/kernel/scenario.ts';
import { firstDivergence, traceFrom, type Trace } from '../../engine/kernel/trace.ts';
import type { TimelineModel } from '../../engine/kernel/view.ts';
import type { Replay } from '../../protocol/tracePanel.ts';
import { t } from '../page/messages.ts';

/** A run as the panel steps through it. */
export interface ReplayedRun {
  readonly label: string;
  readonly run: Run;
  readonly timeline?: TimelineModel;
  /** The `lang` of what shows the timeline; undefined where it is in the reader's language. */
  readonly lang: 'en' | undefined;
  /** Rows of the events that a policy decided, ascending. */
  readonly decisions: readonly number[];
}

/** Runs of one case, opened to be stepped through. */
export interface OpenedReplay {
  readonly scenario: Scenario;
  readonly first: ReplayedRun;
  readonly other?: ReplayedRun;
  /** The first row in which the two differ; absent when there is one run or both are equal. */
  readonly divergence?: number;
  /** Equal for equal runs: tells whether a place in a run that was shown before is a place in this one. */
  readonly fingerprint: string;
}

export type ReplayOpening =
  | { readonly ok: true; readonly value: OpenedReplay }
  | { readonly ok: false; readonly errors: readonly string[] };

/** Makes runs of what was recorded; where nothing was, runs the case with the built-in policies. */
export function openReplay(replay: Replay, scenarios: Readonly<Record<string, Scenario>>): ReplayOpening {
  const scenario = Object.hasOwn(scenarios, replay.scenario) ? scenarios[replay.scenario] : undefined;
  if (scenario === undefined) {
    return {
      ok: false,
      errors: [t('This version of Trapframe has no scenario "{0}". Check the task again.', replay.scenario)],
    };
  }
  const resolved = resolveParameters(scenario.params, replay.params);
  if (!resolved.ok) return { ok: false, errors: resolved.problems.map((problem) => problem.message) };
  const runs = replay.runs.map(({ label, columns, metrics, documents = {} }) =>
    replayed(scenario, label, {
      scenario: scenario.id,
      params: resolved.value,
      seed: replay.seed,
      metrics,
      trace: traceFrom(scenario.events, columns),
      documents: documentsFromTexts(scenario.documents, documents),
      end: { kind: 'finished' },
    }),
  );
  if (runs.length === 0) {
    const outcome = scenario.execute({ params: replay.params, seed: replay.seed });
    if (!outcome.ok) return { ok: false, errors: outcome.problems.map((problem) => problem.message) };
    runs.push(replayed(scenario, t('The run'), outcome.run));
    if (outcome.run.trace.length === 0) return { ok: false, errors: sayEmpty(outcome.run.end) };
  }
  const [first, other] = runs;
  if (first!.run.trace.length === 0) return { ok: false, errors: sayEmpty(first!.run.end) };
  const divergence = other === undefined ? undefined : firstDivergence(first!.run.trace, other.run.trace);
  return {
    ok: true,
    value: {
      scenario,
      first: first!,
      ...(other === undefined ? {} : { other }),
      ...(divergence === undefined ? {} : { divergence }),
      fingerprint: runs.map(({ run }) => run.trace.hash()).join(' '),
    },
  };
}

function replayed(scenario: Scenario, label: string, run: Run): ReplayedRun {
  const { trace } = run;
  const { told: timeline, lang } = inReadersLanguage(
    trace.length === 0 ? undefined : scenario.views.timeline?.model(run),
  );
  const decides = trace.kinds.map((kind) => trace.schema[kind]!.decides === true);
  const decisions: number[] = [];
  for (let row = 0; row < trace.length; row++) if (decides[trace.code(row)]) decisions.push(row);
  return { label, run, decisions, lang, ...(timeline === undefined ? {} : { timeline }) };
}

function sayEmpty(end: RunEnd): readonly string[] {
  const nothing = t('Nothing happened in this run: it ended before its first event.');
  return end.kind === 'refused' ? [nothing, end.witness.because] : [nothing];
}

/** The last row at or before an instant; the first row where the instant lies before all events. */
export function rowAt(trace: Trace, ns: number): number {
  let low = 0;
  let high = trace.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (trace.timeNs(middle) <= ns) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/**
 * The row of the other run that stands for a row of the first. As far as both agree, it is the same one. Past that, rows
 * mean different things; what can be compared is the instant, and how far into its events the run is.
 */
export function counterpart(
  first: ReplayedRun,
  other: ReplayedRun,
  divergence: number | undefined,
  event: number,
): number {
  if (divergence === undefined || event < divergence) return event;
  const atNs = first.run.trace.timeNs(event);
  const last = Math.max(divergence - 1, rowAt(other.run.trace, atNs));
  if (other.run.trace.timeNs(last) < atNs || event === rowAt(first.run.trace, atNs)) return last;
  const begin = (trace: Trace): number => (trace.timeNs(0) >= atNs ? 0 : rowAt(trace, previous(atNs)) + 1);
  return Math.min(last, begin(other.run.trace) + event - begin(first.run.trace));
}

/** Times are whole nanoseconds. */
const previous = (ns: number): number => ns - 1;

/** The nearest event before or after `event` that a policy decided; undefined where there is none. */
export function nextDecision({ decisions }: ReplayedRun, event: number, step: 1 | -1): number | undefined {
  let low = 0;
  let high = decisions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (decisions[middle]! < event) low = middle + 1;
    else high = middle;
  }
  if (step === -1) return decisions[low - 1];
  return decisions[low] === event ? decisions[low + 1] : decisions[low];
}
