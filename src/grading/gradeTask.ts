import type { KnownWrong, Task, TaskCheck } from '../course/model.ts';
import { scenarioOf, type ScenarioTable } from '../course/variants.ts';
import type { PolicyTable } from '../engine/kernel/policy.ts';
import type { Run, Scenario } from '../engine/kernel/scenario.ts';
import { drawCase, shrinkCase, type Case } from './drawnCases.ts';
import {
  decidingEvent,
  decisionEvidence,
  failureReport,
  failureTimelines,
  type FailedCase,
} from './explainFailure.ts';
import type { GradingRequest, GradingResult } from './grader.ts';
import { observeDecisions, type ObservedDecision } from './observeDecisions.ts';
import type {
  CheckFailure,
  CheckReport,
  DecisionEvidence,
  FailureTimelines,
  TaskReport,
  Verdict,
} from './report.ts';
import type { LoadedSubmission, SubmissionLoader } from './submissionLoader.ts';
import { provenanceOf, ungradable } from './ungradable.ts';
import { isUngradable, violationOf } from './violation.ts';

/** What grading stands on. */
export interface GradingTools {
  readonly scenarios: ScenarioTable;
  readonly loader: SubmissionLoader;
  readonly engineVersion: string;
}

/** Grades one submission: each check in author order, case by case, until it fails. */
export async function gradeTask(request: GradingRequest, tools: GradingTools): Promise<GradingResult> {
  const { task, source } = request;
  const outcome = await tools.loader.load({
    file: task.file,
    text: source,
    policies: policiesOf(task, tools.scenarios),
    locate: false,
  });
  const provenance = provenanceOf(request, tools.engineVersion);
  if (!outcome.ok) {
    if (isUngradable(outcome.fault)) return ungradable(request, outcome.fault, tools.engineVersion);
    const checks = task.checks.map((check) => untried(check, 'not reached'));
    return {
      report: { ...summed(task, 'failed', checks), fault: outcome.fault, output: [], provenance },
      timelines: {},
    };
  }
  const { loaded } = outcome;
  const checks: CheckReport[] = [];
  const timelines: Record<string, FailureTimelines> = {};
  for (const check of task.checks) {
    if (check.after.some((id) => checks.find((each) => each.id === id)?.verdict !== 'passed')) {
      checks.push(untried(check, 'not reached'));
      continue;
    }
    const graded = await gradeCheck(check, loaded, request, tools);
    checks.push(graded.report);
    if (graded.timelines !== undefined) timelines[check.id] = graded.timelines;
  }
  const output = loaded.output();
  loaded.dispose();
  const worst = (['ungradable', 'failed', 'not reached'] as const).find((verdict) =>
    checks.some((check) => check.verdict === verdict),
  );
  return { report: { ...summed(task, worst ?? 'passed', checks), output, provenance }, timelines };
}

interface GradedCheck {
  readonly report: CheckReport;
  readonly timelines?: FailureTimelines;
}

async function gradeCheck(
  check: TaskCheck,
  loaded: LoadedSubmission,
  request: GradingRequest,
  tools: GradingTools,
): Promise<GradedCheck> {
  const scenario = scenarioFor(check, tools.scenarios);
  for (let index = 0; index < check.cases; index++) {
    const drawn = drawCase(check, index, request.seed);
    const run = await runCase(scenario, drawn, loaded);
    if (violationOf(scenario, check, run) === undefined) continue;
    const smallest = await shrinkCase(drawn, check, async (candidate) => {
      const candidateRun = await runCase(scenario, candidate, loaded);
      return violationOf(scenario, check, candidateRun) !== undefined;
    });
    return explained(check, scenario, smallest, index + 1, loaded, request, tools);
  }
  return {
    report: { ...untried(check, 'passed'), points: check.points, casesRun: check.cases },
  };
}

async function explained(
  check: TaskCheck,
  scenario: Scenario,
  smallest: Case,
  casesRun: number,
  loaded: LoadedSubmission,
  request: GradingRequest,
  tools: GradingTools,
): Promise<GradedCheck> {
  const { task } = request;
  const run = await runCase(scenario, smallest, loaded);
  const reference = task.deterministic ? await referenceRun(task, scenario, smallest, tools) : undefined;
  const failed: FailedCase = {
    scenario,
    case: smallest,
    run,
    violation: violationOf(scenario, check, run)!,
    ...(reference === undefined ? {} : { reference }),
  };
  const deciding = decidingEvent(failed);
  const decision =
    deciding.ordinal === undefined
      ? undefined
      : await decisionAt(deciding.ordinal, scenario, smallest, request, tools);
  const misconception = await misconceptionBehind(task, scenario, smallest, run, tools);
  const failure: CheckFailure = failureReport(
    task,
    failed,
    deciding,
    decision,
    misconception?.say ?? check.say,
  );
  const ungradable = failure.fault !== undefined && isUngradable(failure.fault);
  const timelines = failureTimelines(failed, deciding);
  return {
    report: { ...untried(check, ungradable ? 'ungradable' : 'failed'), casesRun, failure },
    ...(timelines === undefined ? {} : { timelines }),
  };
}

/** Runs the case once more, to see what the decision was given, what it returned and on which line. */
async function decisionAt(
  ordinal: number,
  scenario: Scenario,
  smallest: Case,
  request: GradingRequest,
  tools: GradingTools,
): Promise<DecisionEvidence | undefined> {
  const outcome = await tools.loader.load({
    file: request.task.file,
    text: request.source,
    policies: scenario.policies,
    locate: true,
  });
  if (!outcome.ok) return undefined;
  const { loaded } = outcome;
  let seen: { readonly decision: ObservedDecision; readonly line: number | undefined } | undefined;
  const observed = observeDecisions(loaded.submission, scenario.policies, (decision) => {
    if (decision.ordinal === ordinal) seen = { decision, line: loaded.lastReturnLine() };
  });
  await runCase(scenario, smallest, { ...loaded, submission: observed });
  loaded.dispose();
  return seen === undefined ? undefined : decisionEvidence(seen.decision, seen.line);
}

/** The run of the task's own solution, in the same sandbox. */
async function referenceRun(
  task: Task,
  scenario: Scenario,
  smallest: Case,
  tools: GradingTools,
): Promise<Run | undefined> {
  const run = await runText(task.solution.text, task, scenario, smallest, tools);
  return run?.end.kind === 'finished' ? run : undefined;
}

/** The known-wrong solution that does exactly the same on this case, where there is one. */
async function misconceptionBehind(
  task: Task,
  scenario: Scenario,
  smallest: Case,
  run: Run,
  tools: GradingTools,
): Promise<KnownWrong | undefined> {
  const hash = run.trace.hash();
  for (const wrong of task.wrong) {
    const wrongRun = await runText(wrong.file.text, task, scenario, smallest, tools);
    if (wrongRun?.end.kind === run.end.kind && wrongRun.trace.hash() === hash) return wrong;
  }
  return undefined;
}

async function runText(
  text: string,
  task: Task,
  scenario: Scenario,
  smallest: Case,
  tools: GradingTools,
): Promise<Run | undefined> {
  const outcome = await tools.loader.load({
    file: task.file,
    text,
    policies: scenario.policies,
    locate: false,
  });
  if (!outcome.ok) return undefined;
  const run = await runCase(scenario, smallest, outcome.loaded);
  outcome.loaded.dispose();
  return run;
}

async function runCase(scenario: Scenario, { params, seed }: Case, loaded: LoadedSubmission): Promise<Run> {
  await loaded.prepare();
  const outcome = scenario.execute({ params, seed, submission: loaded.submission });
  if (!outcome.ok) {
    throw new Error(`${scenario.id}: ${outcome.problems.map((problem) => problem.message).join(' ')}`);
  }
  return outcome.run;
}

/** Every policy that the task's scenarios ask for. */
export function policiesOf(task: Task, scenarios: ScenarioTable): PolicyTable {
  return Object.assign(
    {},
    ...task.checks.map((check) => scenarioFor(check, scenarios).policies),
  ) as PolicyTable;
}

function scenarioFor(check: TaskCheck, scenarios: ScenarioTable): Scenario {
  const scenario = scenarioOf(scenarios, check.scenario);
  if (scenario === undefined) throw new Error(`There is no scenario ${check.scenario}; lint finds this.`);
  return scenario;
}

const untried = (check: TaskCheck, verdict: Verdict): CheckReport => ({
  id: check.id,
  title: check.title,
  verdict,
  points: 0,
  maxPoints: check.points,
  casesRun: 0,
});

const summed = (task: Task, verdict: Verdict, checks: readonly CheckReport[]) =>
  ({
    task: task.id,
    verdict,
    points: checks.reduce((sum, check) => sum + check.points, 0),
    maxPoints: checks.reduce((sum, check) => sum + check.maxPoints, 0),
    checks,
  }) satisfies Partial<TaskReport>;
