import { scenarioOf } from '../course/variants.ts';
import type { ParameterValue } from '../engine/kernel/parameters.ts';
import type { PolicyFaultDetail } from '../engine/kernel/policy.ts';
import type { Run, RunEnd, Scenario } from '../engine/kernel/scenario.ts';
import type { TimelineModel } from '../engine/kernel/view.ts';
import type { Case } from './drawnCases.ts';
import type { GradingTools } from './gradeTask.ts';
import type { LearnerSource } from './sandbox/policySandbox.ts';

/** One run of a scenario with a learner's module in place of the built-in policies, judged by nothing. */
export interface RunRequest {
  /** Id of a scenario that asks policies. */
  readonly scenario: string;
  /** Its parameters have been resolved before: they are allowed. */
  readonly case: Case;
  readonly source: LearnerSource;
}

export type RunResult =
  | { readonly ok: true; readonly run: RunSummary; readonly output: readonly string[] }
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
  readonly timeline?: TimelineModel;
}

export function summaryOf(scenario: Scenario, run: Run): RunSummary {
  const timeline = scenario.views.timeline?.model(run);
  const { params, seed, end, metrics } = run;
  return {
    scenario: scenario.id,
    params,
    seed,
    end,
    metrics,
    traceHash: run.trace.hash(),
    ...(timeline === undefined ? {} : { timeline }),
  };
}

/** `output` is what the learner's code printed, bounded. */
export async function runSubmission(
  { scenario: id, case: { params, seed }, source }: RunRequest,
  tools: Pick<GradingTools, 'scenarios' | 'sandbox'>,
): Promise<RunResult> {
  const scenario = scenarioOf(tools.scenarios, id);
  if (scenario === undefined) throw new Error(`There is no scenario ${id}.`);
  const loaded = await tools.sandbox.load(source, scenario.policies);
  if (!loaded.ok) return loaded;
  const outcome = scenario.execute({ params, seed, submission: loaded.submission });
  if (!outcome.ok) throw new Error(outcome.problems.map((problem) => problem.message).join(' '));
  return { ok: true, run: summaryOf(scenario, outcome.run), output: loaded.submission.output() };
}
