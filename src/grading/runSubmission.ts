import { scenarioOf } from '../course/variants.ts';
import type { ParameterValue } from '../engine/kernel/parameters.ts';
import type { DocumentProblem } from '../engine/kernel/document.ts';
import type { PolicyFaultDetail, PolicyTable } from '../engine/kernel/policy.ts';
import type { Run, RunEnd, Scenario } from '../engine/kernel/scenario.ts';
import type { ViewModel } from '../engine/kernel/view.ts';
import { followsEvents, modelOf, type ViewKind } from '../engine/kernel/views.ts';
import type { Case } from './drawnCases.ts';
import type { GradingTools } from './gradingTools.ts';
import { runCase } from './runCase.ts';
import type { LearnerSource } from './sandbox/policySandbox.ts';
import { loadSubmission, type Work } from './submissions.ts';

/**
 * One run of a scenario with what a learner's file gives, policies or a document, in place of the scenario's own, judged by nothing.
 */
export interface RunRequest {
  /** Id of a scenario that takes what the source is. */
  readonly scenario: string;
  /** Its parameters have been resolved before: they are allowed. */
  readonly case: Case;
  readonly source: LearnerSource;
  /** Name of the scenario's document that the source is; absent for a module of policies. */
  readonly document?: string;
  readonly views?: ViewsAsked;
}

/** Pictures to make of a run. */
export interface ViewsAsked {
  /** The scenario has them all. */
  readonly kinds: readonly ViewKind[];
  /** Of views that follow events: a row of the trace. Default, and where the run has fewer: the last. */
  readonly event?: number;
}

export type RunResult =
  | {
      readonly ok: true;
      readonly run: RunSummary;
      readonly output: readonly string[];
      /** What the scenario says of the document that it ran: fields that it ignores. */
      readonly notes?: readonly DocumentProblem[];
    }
  /** The module could not be loaded, or the run was stopped from outside. */
  | { readonly ok: false; readonly fault: PolicyFaultDetail };

/** What people and programs ask of a run, as plain data that crosses to another thread. */
export interface RunSummary {
  readonly scenario: string;
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly seed: number;
  readonly end: RunEnd;
  /** All zero unless the run finished. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly traceHash: string;
  /** What was asked for, as far as the run has it. */
  readonly views: readonly DrawnView[];
}

export interface DrawnView {
  readonly model: ViewModel;
  /** The event that it stands right after, where it follows events. */
  readonly after?: {
    readonly event: number;
    readonly events: number;
    readonly atNs: number;
    readonly said: string;
  };
}

export function summaryOf(scenario: Scenario, run: Run, asked: ViewsAsked = { kinds: [] }): RunSummary {
  const { params, seed, end, metrics } = run;
  return {
    scenario: scenario.id,
    params,
    seed,
    end,
    metrics,
    traceHash: run.trace.hash(),
    views: asked.kinds.flatMap((kind) => drawn(scenario, kind, run, asked.event) ?? []),
  };
}

function drawn(scenario: Scenario, kind: ViewKind, run: Run, asked = Infinity): DrawnView | undefined {
  const { trace } = run;
  const event = Math.min(asked, trace.length - 1);
  const model = modelOf(scenario, kind, run, event);
  if (model === undefined || !followsEvents(kind)) return model && { model };
  return { model, after: { event, events: trace.length, atNs: trace.timeNs(event), said: trace.say(event) } };
}

/** The policies whose names a module exports, as far as its text shows; all of them when it shows none. */
function exportedPolicies(text: string, policies: PolicyTable): PolicyTable {
  const exported = Object.entries(policies).filter(([name]) =>
    new RegExp(`\\bexport\\s*(?:(?:const|let|var|class|function)\\s+|\\{[^}]*\\b)${name}\\b`).test(text),
  );
  return exported.length === 0 ? policies : Object.fromEntries(exported);
}

/** `output` is what the learner's code printed, bounded. */
export async function runSubmission(
  { scenario: id, case: asked, source, document, views }: RunRequest,
  tools: Pick<GradingTools, 'scenarios' | 'sandbox'>,
): Promise<RunResult> {
  const scenario = scenarioOf(tools.scenarios, id);
  if (scenario === undefined) throw new Error(`There is no scenario ${id}.`);
  const work: Work =
    document === undefined
      ? { kind: 'policies', policies: exportedPolicies(source.text, scenario.policies) }
      : { kind: 'document', name: document, definition: scenario.documents[document]! };
  const loaded = await loadSubmission(source, work, tools.sandbox);
  if (!loaded.ok) return loaded;
  const { run } = runCase(scenario, asked, loaded.submission);
  const { notes } = loaded.submission;
  return {
    ok: true,
    run: summaryOf(scenario, run, views),
    output: loaded.submission.output(),
    ...(notes === undefined ? {} : { notes }),
  };
}
