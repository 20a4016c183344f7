import type { KnownWrong, TaskCheck } from '../course/model.ts';
import type { ScenarioTable } from '../course/variants.ts';
import type { AnySubmission } from '../engine/kernel/policy.ts';
import type { Run, Scenario } from '../engine/kernel/scenario.ts';
import type { AuthoredSubmission, AuthoredSubmissions } from './authoredSubmissions.ts';
import { canonicalJson } from './canonicalJson.ts';
import { summed, untried } from './checkReports.ts';
import { drawCase, maxShrinkTries, shrinkCase, type Case } from './drawnCases.ts';
import {
  decidingEvent,
  decisionEvidence,
  failureRecording,
  failureReport,
  failurePictures,
  namedCase,
  type DecidingEvent,
  type FailedCase,
} from './explainFailure.ts';
import type { GradingRequest, GradingResult } from './grader.ts';
import { observeDecisions } from './observeDecisions.ts';
import { pinnedCasesOf } from './pinnedCase.ts';
import type {
  CheckReport,
  DecisionEvidence,
  DocumentTexts,
  FailurePlace,
  FailureRecording,
  FailurePictures,
} from './report.ts';
import type { LocatingSubmission, MachineSubmission, Sandbox } from './sandbox/policySandbox.ts';
import { loadSubmission, loadToLocate, scenarioFor, withBuiltIns, workOf, type Work } from './submissions.ts';
import { behaviourOf, KnownOfRuns, sameBehaviour, type Behaviour } from './runMemory.ts';
import { provenanceOf, ungradable } from './ungradable.ts';
import { isUngradable, violationOf, type Violation } from './violation.ts';

/** What grading stands on. */
export interface GradingTools {
  readonly scenarios: ScenarioTable;
  readonly sandbox: Sandbox;
  /** The sandbox's loads of what authors wrote, kept from one request to the next. */
  readonly authored: AuthoredSubmissions;
  readonly engineVersion: string;
}

/** Grades one submission: each check in author order, case by case, until it fails. */
export async function gradeTask(request: GradingRequest, tools: GradingTools): Promise<GradingResult> {
  const { task } = request;
  const work = workOf(task, tools.scenarios);
  const proven = request.proof === true ? await tools.authored.load(sourceOf(request), work) : undefined;
  const outcome =
    proven === undefined
      ? await loadSubmission(sourceOf(request), work, tools.sandbox)
      : ({ ok: true, submission: proven.submission } as const);
  const provenance = provenanceOf(request, tools.engineVersion);
  if (!outcome.ok) {
    if (isUngradable(outcome.fault)) return ungradable(request, outcome.fault, tools.engineVersion);
    const checks = task.checks.map((check) => untried(check, 'not reached'));
    return {
      report: { ...summed(task, 'failed', checks), fault: outcome.fault, output: [], provenance },
      pictures: {},
      recordings: {},
    };
  }
  const { submission } = outcome;
  const held = proven?.held ?? new KnownOfRuns<Set<string>>(mostHeld);
  const graded: Graded = { request, tools, work, submission, held, locate: locating(request, tools, work) };
  const checks: CheckReport[] = [];
  const pictures: Record<string, FailurePictures> = {};
  const recordings: Record<string, FailureRecording> = {};
  for (const check of task.checks) {
    const blocked = check.after.some((id) => checks.find((each) => each.id === id)?.verdict !== 'passed');
    if (blocked) {
      checks.push(untried(check, 'not reached'));
      continue;
    }
    const { report, pictures: drawn, recording } = await new CheckGrading(check, graded).grade();
    checks.push(report);
    if (drawn !== undefined) pictures[check.id] = drawn;
    if (recording !== undefined) recordings[check.id] = recording;
  }
  const worst = (['ungradable', 'failed', 'not reached'] as const).find((verdict) =>
    checks.some((check) => check.verdict === verdict),
  );
  return {
    report: {
      ...summed(task, worst ?? 'passed', checks),
      output: submission.output(),
      ...(submission.notes === undefined ? {} : { notes: submission.notes }),
      provenance,
    },
    pictures,
    recordings,
  };
}

/** A submission that is being graded. */
interface Graded {
  readonly request: GradingRequest;
  readonly tools: GradingTools;
  readonly work: Work;
  readonly submission: MachineSubmission;
  /** Which properties its runs were found to satisfy. */
  readonly held: KnownOfRuns<Set<string>>;
  /** The same with instrumented returns; undefined when it does not load with them. */
  readonly locate: () => Promise<LocatingSubmission | undefined>;
}

/** Cases of one submission whose runs need not be judged again. */
const mostHeld = 2000;

const sourceOf = ({ task, source }: GradingRequest) => ({ file: task.file, text: source });

/** Loads a submission with instrumented returns when a first check needs it, and once. */
function locating(request: GradingRequest, tools: GradingTools, work: Work): Graded['locate'] {
  let loaded: Promise<LocatingSubmission | undefined> | undefined;
  return () => (loaded ??= loadToLocate(sourceOf(request), work, tools.sandbox));
}

interface FailingRun {
  readonly case: Case;
  readonly run: Run;
  readonly violation: Violation;
}

/**
 * A decision that never ends takes as long as a thousand others, in every run. Looking for the smallest case in which it
 * does would take longer than anybody waits for a verdict.
 */
const isEndless = ({ violation }: FailingRun): boolean =>
  violation.kind === 'fault' && violation.fault.kind === 'steps';
const endlessTries = 3;

/** Enough to tell mistakes apart that differ in every other case. */
const furtherCases = 10;

/** Orders of simultaneous events that are tried beside the usual one. */
const triedOrders = 3;

interface GradedCheck {
  readonly report: CheckReport;
  readonly pictures?: FailurePictures;
  readonly recording?: FailureRecording;
}

/** The cases that the learner keeps for a check, and which of them failed. */
interface PinnedRun {
  readonly kept: readonly Case[];
  /** Index of the one that failed; absent when all held. */
  readonly failed?: number;
}

/** What is put around a submission for a run that must be watched. */
type Around = (complete: AnySubmission) => AnySubmission;

/** One check of one submission. */
class CheckGrading {
  readonly #check: TaskCheck;
  readonly #graded: Graded;
  readonly #scenario: Scenario;
  /** This check and those that are asked of the same cases: one run is judged for all of them. */
  readonly #sharing: readonly TaskCheck[];

  constructor(check: TaskCheck, graded: Graded) {
    this.#check = check;
    this.#graded = graded;
    this.#sharing = graded.request.task.checks.filter(({ drawnAs }) => drawnAs === check.drawnAs);
    this.#scenario = scenarioFor(check, graded.tools.scenarios);
  }

  async grade(): Promise<GradedCheck> {
    const check = this.#check;
    const kept = pinnedCasesOf(check, this.#scenario, this.#graded.request.pinned);
    for (const [index, each] of kept.entries()) {
      // It is the smallest already, and the one that the learner wants to see.
      const failing = this.#judge(each);
      if (failing !== undefined)
        return this.#explain(failing, failing, 0, { kept, failed: index, casesRun: index + 1 });
    }
    for (let index = 0; index < check.cases; index++) {
      const each = drawCase(check, index, this.#graded.request.seed);
      const drawn = this.#judge(each) ?? this.#judgeOtherOrders(each);
      if (drawn === undefined) continue;
      const casesRun = kept.length + index + 1;
      return this.#explain(drawn, this.#shrink(drawn), index + 1, { kept, casesRun });
    }
    const casesRun = kept.length + check.cases;
    const report = { ...untried(check, 'passed'), points: check.points, casesRun };
    return { report: { ...report, ...this.#pinnedOutcomes({ kept }) } };
  }

  #pinnedOutcomes({ kept, failed = kept.length }: PinnedRun): Pick<CheckReport, 'pinned'> {
    if (kept.length === 0) return {};
    return {
      pinned: kept.map((each, index) => ({
        case: namedCase(this.#scenario, each),
        verdict: index < failed ? 'passed' : index === failed ? 'failed' : 'not reached',
      })),
    };
  }

  /** Undefined for a case that holds. */
  #judge(each: Case): FailingRun | undefined {
    const { held } = this.#graded;
    if (held.of(this.#scenario, each)?.has(propertyOf(this.#check)) === true) return undefined;
    const { run, seeded } = this.#execute(each);
    const violation = violationOf(this.#scenario, this.#check, run);
    const satisfied = this.#sharing.filter((check) =>
      check === this.#check ? violation === undefined : violationOf(this.#scenario, check, run) === undefined,
    );
    held.learn(this.#scenario, each, seeded, new Set(satisfied.map(propertyOf)));
    return violation === undefined ? undefined : { case: each, run, violation };
  }

  /** A case that holds, in other orders of simultaneous events. */
  #judgeOtherOrders(each: Case): FailingRun | undefined {
    if (!this.#check.anyTies) return undefined;
    for (let ties = 1; ties <= triedOrders; ties++) {
      const failing = this.#judge({ ...each, ties });
      if (failing !== undefined) return failing;
    }
    return undefined;
  }

  #shrink(drawn: FailingRun): FailingRun {
    let smallest = drawn;
    const fails = (candidate: Case): boolean => {
      // What fails in the usual order too says nothing about the order.
      if (candidate.ties !== undefined && this.#inUsualOrder(candidate) === undefined) return false;
      const failing = this.#judge(candidate);
      smallest = failing ?? smallest;
      return failing !== undefined;
    };
    shrinkCase(drawn.case, this.#check, fails, isEndless(drawn) ? endlessTries : maxShrinkTries);
    return smallest;
  }

  /** @param next index of the first case that was not drawn yet */
  async #explain(
    drawn: FailingRun,
    smallest: FailingRun,
    next: number,
    run: PinnedRun & { readonly casesRun: number },
  ): Promise<GradedCheck> {
    const { task } = this.#graded.request;
    const reference = task.deterministic
      ? await this.#reference(smallest.case)
      : this.#inUsualOrder(smallest.case);
    const failed: FailedCase = {
      ...smallest,
      scenario: this.#scenario,
      ...(reference === undefined ? {} : { reference }),
    };
    const deciding = decidingEvent(failed);
    const decision =
      deciding.ordinal === undefined || isEndless(smallest)
        ? undefined
        : await this.#evidence(smallest.case, deciding.ordinal);
    const misconception = await this.#misconceptionBehind(smallest, drawn, next);
    const say = misconception?.say ?? this.#sayByProperty(smallest) ?? this.#check.say;
    const failure = failureReport(failed, deciding, decision, this.#place(failed, deciding), say);
    const verdict = failure.fault !== undefined && isUngradable(failure.fault) ? 'ungradable' : 'failed';
    const pictures = failurePictures(failed, deciding);
    return {
      report: {
        ...untried(this.#check, verdict),
        casesRun: run.casesRun,
        ...this.#pinnedOutcomes(run),
        failure,
      },
      ...(pictures === undefined ? {} : { pictures }),
      recording: failureRecording(failed, deciding, this.#documentTexts()),
    };
  }

  /** The words of the author for a failing run that also breaks a certain property. */
  #sayByProperty({ run, violation }: FailingRun): string | undefined {
    if (violation.kind === 'fault') return undefined;
    return this.#check.feedback.find((each) => violationOf(this.#scenario, each, run) !== undefined)?.say;
  }

  #documentTexts(): { readonly actual: DocumentTexts; readonly expected: DocumentTexts } {
    const { work, request } = this.#graded;
    const named = (text: string): DocumentTexts => (work.kind === 'document' ? { [work.name]: text } : {});
    return { actual: named(request.source), expected: named(request.task.solution.text) };
  }

  /** The part of the submitted document that the deciding event follows from. */
  #place({ run, violation }: FailedCase, deciding: DecidingEvent): FailurePlace | undefined {
    const { work, submission } = this.#graded;
    if (work.kind !== 'document') return undefined;
    const witnessed = violation.kind === 'witness' ? violation.witness.place : undefined;
    const pointer = witnessed ?? run.trace.placeOf(deciding.event);
    const place = pointer === undefined ? undefined : submission.documents?.[work.name]?.at(pointer);
    return pointer === undefined || place === undefined ? undefined : { pointer, ...place };
  }

  /** The run of the task's own solution, in the same sandbox. */
  async #reference(smallest: Case): Promise<Run | undefined> {
    const solution = await this.#authored(this.#graded.request.task.solution.text);
    if (solution === undefined) return undefined;
    const run = this.#run(smallest, solution.submission);
    return run.end.kind === 'finished' ? run : undefined;
  }

  /** The submission's own run of a case that fails in another order, when it holds in the usual one. */
  #inUsualOrder({ ties, ...usual }: Case): Run | undefined {
    if (ties === undefined) return undefined;
    const run = this.#run(usual);
    return violationOf(this.#scenario, this.#check, run) === undefined ? run : undefined;
  }

  /**
   * The known-wrong solution that does exactly the same. The smallest case alone would not tell: several mistakes can
   * look alike in it, so the case that was drawn has to agree as well. Where several still do, the cases that would have
   * come next decide.
   */
  async #misconceptionBehind(
    smallest: FailingRun,
    drawn: FailingRun,
    next: number,
  ): Promise<KnownWrong | undefined> {
    let alike: { readonly wrong: KnownWrong; readonly known: AuthoredSubmission }[] = [];
    for (const wrong of this.#graded.request.task.wrong) {
      const known = await this.#authored(wrong.file.text);
      if (known !== undefined) alike.push({ wrong, known });
    }
    for (const { run, case: each } of [smallest, drawn]) {
      const seen = behaviourOf(run);
      alike = alike.filter(({ known }) => sameBehaviour(seen, this.#behaviour(each, known)));
    }
    for (let index = next; alike.length > 1 && index < next + furtherCases; index++) {
      const further = drawCase(this.#check, index, this.#graded.request.seed);
      const seen = behaviourOf(this.#run(further));
      const closer = alike.filter(({ known }) => sameBehaviour(seen, this.#behaviour(further, known)));
      if (closer.length > 0) alike = closer;
    }
    return alike[0]?.wrong;
  }

  #behaviour(each: Case, { submission, behaviours }: AuthoredSubmission): Behaviour {
    const known = behaviours.of(this.#scenario, each);
    if (known !== undefined) return known;
    const { run, seeded } = this.#execute(each, submission);
    const behaviour = behaviourOf(run);
    behaviours.learn(this.#scenario, each, seeded, behaviour);
    return behaviour;
  }

  #authored(text: string): Promise<AuthoredSubmission | undefined> {
    const { request, tools, work } = this.#graded;
    return tools.authored.load({ file: request.task.file, text }, work);
  }

  /** Runs the case once more, to see what the decision was given, what it returned and on which line. */
  async #evidence(smallest: Case, ordinal: number): Promise<DecisionEvidence | undefined> {
    const submission = await this.#graded.locate();
    if (submission === undefined) return undefined;
    let seen: DecisionEvidence | undefined;
    const around: Around = (complete) =>
      observeDecisions(complete, this.#scenario.policies, (decision) => {
        if (decision.ordinal !== ordinal) return;
        const { work } = this.#graded;
        const isTheirs = work.kind === 'policies' && Object.hasOwn(work.policies, decision.policy);
        // Put into words at once: what was given may be the engine's own state, which moves on.
        const declared = this.#scenario.policies[decision.policy]?.decisions[decision.decision];
        seen = decisionEvidence(decision, declared, isTheirs ? submission.lastReturnLine() : undefined);
      });
    this.#run(smallest, submission, around);
    return seen;
  }

  #run(asked: Case, submission?: MachineSubmission, around?: Around): Run {
    return this.#execute(asked, submission, around).run;
  }

  #execute(
    asked: Case,
    submission = this.#graded.submission,
    around: Around = (complete) => complete,
  ): { readonly run: Run; readonly seeded: boolean } {
    const complete = withBuiltIns(this.#scenario, submission);
    const outcome = this.#scenario.execute({ ...asked, submission: around(complete) });
    submission.release();
    if (outcome.ok) return outcome;
    const problems = outcome.problems.map((problem) => problem.message).join(' ');
    throw new Error(`${this.#scenario.id}: ${problems}`);
  }
}

/** What a check asks of a run, whatever the check is called. */
const propertyOf = ({ use, with: args }: TaskCheck): string => canonicalJson([use, args]);
