import type { KnownWrong, Task, TaskCheck } from '../course/model.ts';
import { scenarioOf, type ScenarioTable } from '../course/variants.ts';
import type { AnySubmission, PolicyTable } from '../engine/kernel/policy.ts';
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
import type { CheckReport, DecisionEvidence, FailureTimelines, TaskReport, Verdict } from './report.ts';
import type { Sandbox } from './sandbox/policySandbox.ts';
import { provenanceOf, ungradable } from './ungradable.ts';
import { isUngradable, violationOf } from './violation.ts';

/** What grading stands on. */
export interface GradingTools {
  readonly scenarios: ScenarioTable;
  readonly sandbox: Sandbox;
  readonly engineVersion: string;
}

/** Grades one submission: each check in author order, case by case, until it fails. */
export async function gradeTask(request: GradingRequest, tools: GradingTools): Promise<GradingResult> {
  const { task, source } = request;
  const file = { file: task.file, text: source };
  const outcome = await tools.sandbox.load(file, policiesOf(task, tools.scenarios));
  const provenance = provenanceOf(request, tools.engineVersion);
  if (!outcome.ok) {
    if (isUngradable(outcome.fault)) return ungradable(request, outcome.fault, tools.engineVersion);
    const checks = task.checks.map((check) => untried(check, 'not reached'));
    return {
      report: { ...summed(task, 'failed', checks), fault: outcome.fault, output: [], provenance },
      timelines: {},
    };
  }
  const { submission } = outcome;
  const checks: CheckReport[] = [];
  const timelines: Record<string, FailureTimelines> = {};
  for (const check of task.checks) {
    const blocked = check.after.some((id) => checks.find((each) => each.id === id)?.verdict !== 'passed');
    if (blocked) {
      checks.push(untried(check, 'not reached'));
      continue;
    }
    const graded = await new CheckGrading(check, request, tools).grade(submission);
    checks.push(graded.report);
    if (graded.timelines !== undefined) timelines[check.id] = graded.timelines;
  }
  const worst = (['ungradable', 'failed', 'not reached'] as const).find((verdict) =>
    checks.some((check) => check.verdict === verdict),
  );
  return {
    report: { ...summed(task, worst ?? 'passed', checks), output: submission.output(), provenance },
    timelines,
  };
}

interface GradedCheck {
  readonly report: CheckReport;
  readonly timelines?: FailureTimelines;
}

/** One check of one submission. */
class CheckGrading {
  readonly #check: TaskCheck;
  readonly #request: GradingRequest;
  readonly #tools: GradingTools;
  readonly #scenario: Scenario;

  constructor(check: TaskCheck, request: GradingRequest, tools: GradingTools) {
    this.#check = check;
    this.#request = request;
    this.#tools = tools;
    this.#scenario = scenarioFor(check, tools.scenarios);
  }

  async grade(submission: AnySubmission): Promise<GradedCheck> {
    const check = this.#check;
    for (let index = 0; index < check.cases; index++) {
      const drawn = drawCase(check, index, this.#request.seed);
      if (this.#holds(drawn, submission)) continue;
      const smallest = shrinkCase(drawn, check, (candidate) => !this.#holds(candidate, submission));
      return this.#explain(drawn, smallest, index + 1, submission);
    }
    return { report: { ...untried(check, 'passed'), points: check.points, casesRun: check.cases } };
  }

  #holds(candidate: Case, submission: AnySubmission): boolean {
    return (
      violationOf(this.#scenario, this.#check, runCase(this.#scenario, candidate, submission)) === undefined
    );
  }

  async #explain(
    drawn: Case,
    smallest: Case,
    casesRun: number,
    submission: AnySubmission,
  ): Promise<GradedCheck> {
    const { task } = this.#request;
    const run = runCase(this.#scenario, smallest, submission);
    const reference = task.deterministic ? await this.#reference(smallest) : undefined;
    const failed: FailedCase = {
      scenario: this.#scenario,
      case: smallest,
      run,
      violation: violationOf(this.#scenario, this.#check, run)!,
      ...(reference === undefined ? {} : { reference }),
    };
    const deciding = decidingEvent(failed);
    const decision =
      deciding.ordinal === undefined ? undefined : await this.#evidence(smallest, deciding.ordinal);
    const misconception = await this.#misconceptionBehind([smallest, drawn], submission);
    const failure = failureReport(task, failed, deciding, decision, misconception?.say ?? this.#check.say);
    const verdict = failure.fault !== undefined && isUngradable(failure.fault) ? 'ungradable' : 'failed';
    const timelines = failureTimelines(failed, deciding);
    return {
      report: { ...untried(this.#check, verdict), casesRun, failure },
      ...(timelines === undefined ? {} : { timelines }),
    };
  }

  /** The run of the task's own solution, in the same sandbox. */
  async #reference(smallest: Case): Promise<Run | undefined> {
    const solution = await this.#load(this.#request.task.solution.text);
    if (solution === undefined) return undefined;
    const run = runCase(this.#scenario, smallest, solution);
    return run.end.kind === 'finished' ? run : undefined;
  }

  /**
   * The known-wrong solution that does exactly the same. The smallest case alone would not tell: several mistakes can
   * look alike in it, so the case that was drawn has to agree as well.
   */
  async #misconceptionBehind(
    cases: readonly Case[],
    submission: AnySubmission,
  ): Promise<KnownWrong | undefined> {
    const runs = cases.map((each) => runCase(this.#scenario, each, submission));
    for (const wrong of this.#request.task.wrong) {
      const known = await this.#load(wrong.file.text);
      const same =
        known !== undefined &&
        cases.every((each, index) => sameBehaviour(runs[index]!, runCase(this.#scenario, each, known)));
      if (same) return wrong;
    }
    return undefined;
  }

  async #load(text: string): Promise<AnySubmission | undefined> {
    const source = { file: this.#request.task.file, text };
    const outcome = await this.#tools.sandbox.load(source, this.#scenario.policies);
    return outcome.ok ? outcome.submission : undefined;
  }

  /** Runs the case once more, to see what the decision was given, what it returned and on which line. */
  async #evidence(smallest: Case, ordinal: number): Promise<DecisionEvidence | undefined> {
    const source = { file: this.#request.task.file, text: this.#request.source };
    const outcome = await this.#tools.sandbox.loadToLocate(source, this.#scenario.policies);
    if (!outcome.ok) return undefined;
    const { submission } = outcome;
    let seen: { readonly decision: ObservedDecision; readonly line: number | undefined } | undefined;
    const observed = observeDecisions(submission, this.#scenario.policies, (decision) => {
      if (decision.ordinal === ordinal) seen = { decision, line: submission.lastReturnLine() };
    });
    runCase(this.#scenario, smallest, observed);
    return seen === undefined ? undefined : decisionEvidence(seen.decision, seen.line);
  }
}

function runCase(scenario: Scenario, { params, seed }: Case, submission: AnySubmission): Run {
  const outcome = scenario.execute({ params, seed, submission });
  if (!outcome.ok) {
    throw new Error(`${scenario.id}: ${outcome.problems.map((problem) => problem.message).join(' ')}`);
  }
  return outcome.run;
}

const sameBehaviour = (a: Run, b: Run): boolean =>
  a.end.kind === b.end.kind && a.trace.hash() === b.trace.hash();

/** Every policy that the task's scenarios ask for. */
export function policiesOf(task: Task, scenarios: ScenarioTable): PolicyTable {
  const tables = task.checks.map((check) => scenarioFor(check, scenarios).policies);
  return Object.fromEntries(tables.flatMap((table) => Object.entries(table)));
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
