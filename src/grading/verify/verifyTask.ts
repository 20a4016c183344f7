import { fewestKnownWrong } from '../../course/lintTask.ts';
import { idleModule } from '../../course/idleModule.ts';
import type { KnownWrong, Problem, SourcePosition, Task, TaskFile } from '../../course/model.ts';
import { exerciseSeed } from '../../course/seeds.ts';
import type { PolicyFaultDetail } from '../../engine/kernel/policy.ts';
import { checkVariants } from '../../course/variants.ts';
import type { Proof } from '../grader.ts';
import type { CheckReport, TaskReport } from '../report.ts';
import { faultOf, notRun } from '../notRun.ts';
import { Findings } from './findings.ts';
import type { Workers } from './verification.ts';

/**
 * Learners for whom the starter and each known-wrong solution are graded. Failing takes many times longer than passing,
 * since each failure is made small and explained.
 */
const failingLearners = 5;

/**
 * Proves of a task: its reference passes in every variant of every check, so for every learner; the starter and an empty
 * file fail, functions that do nothing earn less than half of the points, and every known-wrong solution fails the checks
 * that it names, with its own feedback, and for a first learner no others.
 */
export async function verifyTask(
  task: Task,
  lessonHash: string,
  workers: Workers,
): Promise<{ readonly findings: readonly Problem[]; readonly runs: number }> {
  let runs = 0;
  const gradeFor = async (
    source: string,
    learner: number,
    proof: Proof,
    asked = task,
  ): Promise<TaskReport> => {
    const seed = exerciseSeed(learner, task.id);
    const request = { task: asked, source, seed, lessonHash, proof };
    const outcome = await workers.ask('report', request);
    const report = outcome.ok ? outcome.result : notRun(request, faultOf(outcome), '').report;
    runs += report.checks.reduce((sum, check) => sum + check.casesRun, 0);
    return report;
  };
  const gradeForAll = (grade: (learner: number) => Promise<TaskReport>): Promise<readonly TaskReport[]> =>
    Promise.all(Array.from({ length: failingLearners }, (_, index) => grade(index + 1)));
  /**
   * The first learner's cases prove what a known-wrong solution passes. The others ask only what it fails, as long as it
   * does.
   */
  const gradeKnown = async ({ file, fails }: KnownWrong, learner: number): Promise<TaskReport> => {
    if (learner > 1 && fails.length > 0) {
      const report = await gradeFor(file.text, learner, 'explained', askedOnly(task, fails));
      const failed = failedChecks(report);
      if (fails.every((id) => failed.includes(id))) return report;
    }
    return gradeFor(file.text, learner, 'explained');
  };

  // A document has no methods.
  const idleSource = task.work.kind === 'policies' ? idleModule(task.work.policies) : undefined;
  const [reference, starter, empty, idle, ...wrong] = await Promise.all([
    Promise.all(inEveryVariant(task).map((asked) => gradeFor(task.solution.text, 1, 'explained', asked))),
    gradeForAll((learner) => gradeFor(task.starter.text, learner, 'verdicts')),
    gradeFor('', 1, 'verdicts'),
    idleSource === undefined ? undefined : gradeFor(idleSource, 1, 'verdicts'),
    ...task.wrong.map((known) => gradeForAll((learner) => gradeKnown(known, learner))),
  ]);
  const findings = new Findings();
  for (const report of reference) proveReference(task, report, findings);
  starter.forEach((report, index) => proveStarter(task, report, index + 1, findings));
  proveEmpty(task, empty, findings);
  if (idle !== undefined) proveIdle(task, idle, findings);
  proveKnownWrongCount(task, findings);
  task.wrong.forEach((known, which) => {
    const proof = new KnownWrongProof(task, known, findings);
    wrong[which]!.forEach((report, index) => proof.prove(report, index + 1));
    proof.proveFound(wrong[which]!);
  });
  return { findings: findings.problems(), runs };
}

/**
 * The task once for each space of cases: the checks of that space are asked of all of its variants, whatever they come
 * after, and the others of none.
 */
function inEveryVariant(task: Task): readonly Task[] {
  const spaces = new Set(task.checks.map(({ drawnAs }) => drawnAs));
  return [...spaces].map((space) => ({
    ...task,
    checks: task.checks.map((check) => ({
      ...check,
      cases: check.drawnAs === space ? Math.ceil(check.cases / checkVariants) * checkVariants : 0,
      after: [],
    })),
  }));
}

/** The task with no cases for its other checks, which so are passed. */
const askedOnly = (task: Task, checks: readonly string[]): Task => ({
  ...task,
  checks: task.checks.map((check) => (checks.includes(check.id) ? check : { ...check, cases: 0 })),
});

const failedChecks = ({ checks }: TaskReport): readonly string[] =>
  checks.flatMap(({ id, verdict }) => (verdict === 'failed' ? [id] : []));

function proveReference(task: Task, report: TaskReport, findings: Findings): void {
  if (report.fault !== undefined) {
    findings.error(placeOf(task.solution, report.fault), 'reference', undefined, {
      message: `The reference cannot be graded. ${report.fault.message}`,
    });
    return;
  }
  for (const check of report.checks) {
    if (check.verdict === 'passed') continue;
    const failure = check.failure!;
    const at = placeOf(task.solution, failure.fault ?? failure.decision ?? {});
    const seen = `fails ${check.id} with ${failure.case.words}: expected ${failure.expected}; seen: ${failure.actual}`;
    findings.error(at, `reference ${check.id}`, undefined, {
      message: `The reference ${seen}.`,
      suggestion: 'A correct solution would fail here too: mend the check or the reference.',
    });
  }
}

function proveStarter(task: Task, report: TaskReport, learner: number, findings: Findings): void {
  const at = placeOf(task.starter, report.fault ?? {});
  if (report.verdict === 'passed') {
    findings.error(at, 'starter', learner, {
      message: 'The starter passes, so there is nothing to do.',
      suggestion: 'Take something out of it, or add a check.',
    });
  } else if (report.fault !== undefined) {
    findings.error(at, 'starter', learner, {
      message: `The starter does not run, so a learner begins with an error. ${report.fault.message}`,
      suggestion: 'Let it run and fail a check.',
    });
  }
}

function proveEmpty(task: Task, report: TaskReport, findings: Findings): void {
  if (report.verdict === 'failed' && report.points === 0) return;
  findings.error(task.at, 'empty', 1, {
    message: `An empty file is ${report.verdict}, with ${report.points} of ${report.maxPoints} points. It must fail, with none.`,
  });
}

function proveIdle(task: Task, report: TaskReport, findings: Findings): void {
  if (report.points * 2 < report.maxPoints) return;
  const passed = report.checks.flatMap((check) => (check.verdict === 'passed' ? [check.id] : []));
  findings.error(task.at, 'idle', 1, {
    message: `Functions that do nothing get ${report.points} of ${report.maxPoints} points, since they pass ${passed.join(', ')}.`,
    suggestion: 'Let these checks also fail where nothing is done, or name in "after" a check that sees it.',
  });
}

function proveKnownWrongCount(task: Task, findings: Findings): void {
  if (task.wrong.length >= fewestKnownWrong) return;
  findings.error(task.at, 'count', undefined, {
    message: `The task ${task.id} has ${task.wrong.length} known-wrong solutions, but needs at least ${fewestKnownWrong}.`,
    suggestion: 'Add the mistakes that learners make, each with its feedback, to "wrong".',
  });
}

class KnownWrongProof {
  readonly #task: Task;
  readonly #known: KnownWrong;
  readonly #findings: Findings;
  readonly #name: string;

  constructor(task: Task, known: KnownWrong, findings: Findings) {
    this.#task = task;
    this.#known = known;
    this.#findings = findings;
    this.#name = known.file.path.slice(task.path.length + 1);
  }

  prove(report: TaskReport, learner: number): void {
    const { fault } = report;
    if (fault !== undefined) {
      const what = fault.kind === 'syntax' ? 'does not compile' : 'cannot be graded';
      this.#error(placeOf(this.#known.file, fault), 'fault', learner, {
        message: `${this.#name} ${what}. ${fault.message}`,
      });
      return;
    }
    if (report.verdict === 'passed') {
      this.#error(this.#known.at, 'passes', learner, {
        message: `${this.#name} passes every check.`,
        suggestion: 'Draw more cases, or add a check that sees the mistake.',
      });
      return;
    }
    this.#proveFails(report, learner);
    for (const check of report.checks) if (check.failure !== undefined) this.#proveFeedback(check, learner);
  }

  /** Five learners may all have been lucky: the later a mistake shows in their cases, the more others never meet it. */
  proveFound(reports: readonly TaskReport[]): void {
    for (const check of this.#task.checks) {
      const ran = reports.flatMap(({ checks }) =>
        checks
          .filter(({ id, verdict }) => id === check.id && verdict === 'failed')
          .map(({ casesRun }) => casesRun),
      );
      if (ran.length < failingLearners) continue;
      // Most likely, one case shows the mistake in as many as they took on average.
      const shows = ran.length / ran.reduce((sum, each) => sum + each, 0);
      const unmet = (1 - shows) ** check.cases;
      if (unmet < mostUnmet) continue;
      this.#findings.warning(this.#known.at, `${this.#name} late ${check.id}`, undefined, {
        message: `${this.#name} fails ${check.id} in ${shows.toFixed(2)} of the cases: about ${Math.round(unmet * 100)} of 100 learners would pass it with this mistake.`,
        suggestion: 'Draw more cases, or cases in which the mistake shows more often.',
      });
    }
  }

  #proveFails(report: TaskReport, learner: number): void {
    const { fails, at } = this.#known;
    if (fails.length === 0) {
      this.#findings.warning(at, `${this.#name} fails`, learner, {
        message: `${this.#name} does not say which checks it must fail.`,
        suggestion: `Add "fails: [${failedChecks(report).join(', ')}]".`,
      });
      return;
    }
    for (const { id, verdict } of report.checks) {
      if (verdict === 'ungradable') {
        this.#error(at, `ungradable ${id}`, learner, { message: `${this.#name} cannot be graded in ${id}.` });
      } else if (fails.includes(id) && verdict !== 'failed') {
        const seen = verdict === 'passed' ? 'passes' : 'does not reach';
        this.#error(at, `${verdict} ${id}`, learner, {
          message: `${this.#name} ${seen} ${id}, which it must fail.`,
          suggestion:
            verdict === 'passed'
              ? 'Draw more cases, or correct "fails".'
              : `Take ${id} out of "fails" or "after".`,
        });
      } else if (!fails.includes(id) && verdict === 'failed') {
        this.#error(at, `fails ${id}`, learner, {
          message: `${this.#name} also fails ${id}, which its "fails" does not name.`,
          suggestion: 'Add it, if that is as it should be.',
        });
      }
    }
  }

  #proveFeedback({ id, failure }: CheckReport, learner: number): void {
    const { decision, say, fault } = failure!;
    if (say !== this.#known.say) {
      const other = this.#task.wrong.find((each) => each.say === say);
      const instead =
        other === undefined
          ? 'its feedback does not lead'
          : `it does the same as ${other.file.path.slice(this.#task.path.length + 1)}, whose feedback leads`;
      this.#error(this.#known.at, `feedback ${id}`, learner, {
        message: `${this.#name} fails ${id}, but ${instead}.`,
        suggestion: 'Let the check draw cases in which the two differ.',
      });
    }
    if (fault === undefined && decision?.output !== undefined && decision.line === undefined) {
      this.#error(this.#known.at, `line ${id}`, learner, {
        message: `${this.#name} fails ${id} by its ${decision.decision}, but the line is not found. This is a bug of Trapframe.`,
      });
    }
  }

  #error(
    at: SourcePosition,
    key: string,
    learner: number,
    words: { readonly message: string; readonly suggestion?: string },
  ): void {
    this.#findings.error(at, `${this.#name} ${key}`, learner, words);
  }
}

/** A share of learners that is worth saying: five of them tell it no better. */
const mostUnmet = 0.1;

/** The place of a fault or a decision in a file of the task, or the file's beginning. */
const placeOf = (
  file: TaskFile,
  { line = 1, column = 1 }: Pick<PolicyFaultDetail, 'line' | 'column'>,
): SourcePosition => ({
  file: file.path,
  line,
  column,
});
