import type { KnownWrong, TaskCheck } from '../course/model.ts';
import type { Run, Scenario } from '../engine/kernel/scenario.ts';
import type { Trace } from '../engine/kernel/trace.ts';
import type { AuthoredSubmission } from './authoredSubmissions.ts';
import { didTheSame, follow } from './behaviour.ts';
import { canonicalJson } from './canonicalJson.ts';
import { untried } from './checkReports.ts';
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
import type { GradingRequest } from './grader.ts';
import { observeDecisions } from './observeDecisions.ts';
import { pinnedCasesOf } from './pinnedCase.ts';
import type {
  CheckReport,
  DecisionEvidence,
  DocumentTexts,
  FailurePlace,
  FailureRecording,
  FailurePictures,
  Verdict,
} from './report.ts';
import type { LocatingSubmission, MachineSubmission } from './sandbox/policySandbox.ts';
import { runCase, watchCase, type Watching } from './runCase.ts';
import { scenarioFor, type Work } from './submissions.ts';
import type { KnownOfRuns, KnownRun } from './runMemory.ts';
import { isUngradable, violationOf, type Violation } from './violation.ts';
import type { GradingTools } from './gradingTools.ts';

/** A submission that is being graded. */
export interface Graded {
  readonly request: GradingRequest;
  readonly tools: GradingTools;
  readonly work: Work;
  readonly submission: MachineSubmission;
  /** Which properties its runs were found to satisfy. */
  readonly held: KnownOfRuns<Set<string>>;
  /** What earlier requests of a proof found of the same file. */
  readonly proven: AuthoredSubmission | undefined;
  /** The same with instrumented returns; undefined when it does not load with them. */
  readonly locate: () => Promise<LocatingSubmission | undefined>;
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

export interface GradedCheck {
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

/** One check of one submission. */
export class CheckGrading {
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
      if (this.#graded.request.proof === 'verdicts')
        return { report: { ...untried(check, verdictOf(drawn.violation)), casesRun } };
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
    const { run, seeded } = this.#recalled(each);
    const satisfied = this.#sharing.filter((check) => violationOf(this.#scenario, check, run) === undefined);
    held.learn(this.#scenario, each, seeded, new Set(satisfied.map(propertyOf)));
    if (satisfied.includes(this.#check)) return undefined;
    this.#graded.proven?.runs.learn(this.#scenario, each, seeded, { run, seeded });
    return { case: each, run, violation: violationOf(this.#scenario, this.#check, run)! };
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
        : await this.#evidence(smallest.case, deciding.event, deciding.ordinal);
    const misconception = await this.#misconceptionBehind(smallest, drawn, next);
    const say = misconception?.say ?? this.#sayByProperty(smallest) ?? this.#check.say;
    const failure = failureReport(failed, deciding, decision, this.#place(failed, deciding), say);
    const verdict = verdictOf(smallest.violation);
    // A proof looks at reports alone.
    const shown = this.#graded.proven === undefined;
    const pictures = shown ? failurePictures(failed, deciding) : undefined;
    return {
      report: {
        ...untried(this.#check, verdict),
        casesRun: run.casesRun,
        ...this.#pinnedOutcomes(run),
        failure,
      },
      ...(pictures === undefined ? {} : { pictures }),
      ...(shown ? { recording: failureRecording(failed, deciding, this.#documentTexts()) } : {}),
    };
  }

  /** The words of the author for a failing run that also breaks a certain property. One that was cut short breaks none. */
  #sayByProperty({ run }: FailingRun): string | undefined {
    if (run.end.kind !== 'finished') return undefined;
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
    if (pointer === undefined) return undefined;
    const place = submission.documents![work.name]!.at(pointer);
    return place && { pointer, ...place };
  }

  /** The run of the task's own solution, in the same sandbox. */
  async #reference(smallest: Case): Promise<Run | undefined> {
    const solution = await this.#authored(this.#graded.request.task.solution.text);
    if (solution === undefined) return undefined;
    const known = this.#recalled(smallest, solution);
    solution.runs.learn(this.#scenario, smallest, known.seeded, known);
    return known.run.end.kind === 'finished' ? known.run : undefined;
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
    for (const failing of [smallest, drawn])
      alike = alike.filter(({ known }) => this.#doesTheSame(failing.case, failing.run, known));
    for (let index = next; alike.length > 1 && index < next + furtherCases; index++) {
      const further = drawCase(this.#check, index, this.#graded.request.seed);
      const run = this.#run(further);
      const closer = alike.filter(({ known }) => this.#doesTheSame(further, run, known));
      if (closer.length > 0) alike = closer;
    }
    return alike[0]?.wrong;
  }

  /** Whether an author's file does in a case what was seen of the submission. */
  #doesTheSame(each: Case, seen: Run, { submission, behaviours }: AuthoredSubmission): boolean {
    if (submission === this.#graded.submission) return true;
    const known = behaviours.of(this.#scenario, each);
    const same = known && didTheSame(seen, known);
    if (same !== undefined) return same;
    const { behaviour, seeded } = follow(this.#scenario, each, submission, seen.trace);
    behaviours.learn(this.#scenario, each, seeded, behaviour);
    return didTheSame(seen, behaviour) === true;
  }

  #authored(text: string): Promise<AuthoredSubmission | undefined> {
    const { request, tools, work } = this.#graded;
    return tools.authored.load({ file: request.task.file, text }, work);
  }

  /**
   * Runs the case once more, to see what the decision was given, what it returned and on which line.
   * @param event the row of the trace in which the decision shows
   */
  async #evidence(smallest: Case, event: number, ordinal: number): Promise<DecisionEvidence | undefined> {
    const evidence = this.#graded.proven?.evidence;
    const known = evidence?.of(this.#scenario, smallest);
    if (known?.ordinal === ordinal) return known.seen;
    const submission = await this.#graded.locate();
    if (submission === undefined) return undefined;
    let seen: DecisionEvidence | undefined;
    let drewRandom = false;
    const around: Watching['around'] = (complete) =>
      observeDecisions(complete, this.#scenario.policies, (decision) => {
        if (decision.ordinal !== ordinal) return;
        const { work } = this.#graded;
        const isTheirs = work.kind === 'policies' && Object.hasOwn(work.policies, decision.policy);
        // Put into words at once: what was given may be the engine's own state, which moves on.
        const declared = this.#scenario.policies[decision.policy]!.decisions[decision.decision]!;
        seen = decisionEvidence(decision, declared, isTheirs ? submission.lastReturnLine() : undefined);
      });
    const enough = (trace: Trace, seeded: boolean): boolean => {
      drewRandom = seeded;
      return seen !== undefined && event < trace.length && trace.decision(event) === ordinal;
    };
    const whole = watchCase(this.#scenario, smallest, submission, { around, enough });
    evidence?.learn(this.#scenario, smallest, whole?.seeded ?? drewRandom, { ordinal, seen });
    return seen;
  }

  #run(asked: Case): Run {
    return this.#execute(asked).run;
  }

  /** A run of the submission, or of an author's, that may be known. */
  #recalled(asked: Case, authored = this.#graded.proven): KnownRun {
    const known = authored?.runs.of(this.#scenario, asked);
    if (known === undefined) return this.#execute(asked, authored?.submission);
    return { ...known, run: { ...known.run, seed: asked.seed } };
  }

  #execute(asked: Case, submission = this.#graded.submission): KnownRun {
    return runCase(this.#scenario, asked, submission);
  }
}

const verdictOf = (violation: Violation): Verdict =>
  violation.kind === 'fault' && isUngradable(violation.fault) ? 'ungradable' : 'failed';

/** What a check asks of a run, whatever the check is called. */
const propertyOf = ({ use, with: args }: TaskCheck): string => canonicalJson([use, args]);
