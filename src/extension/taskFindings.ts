import { said, t } from '../course/messages.ts';
import type { PolicyFaultDetail } from '../engine/kernel/policy.ts';
import type { CheckFailure, CheckReport, DecisionEvidence, TaskReport } from '../grading/report.ts';

/** Something to say about a line of the learner's file. */
export interface TaskFinding {
  /** Of the check that found it; absent for what keeps the whole file from being judged. */
  readonly check?: CheckReport;
  /** From 1; absent where no line of the file did it. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'information';
  /** Evidence, each a line of its own. */
  readonly evidence: readonly string[];
}

/** What a report says about the file. A fault of the whole file is the only finding: nothing else is known then. */
export function taskFindings(report: TaskReport): readonly TaskFinding[] {
  const { fault } = report;
  if (fault !== undefined)
    return [fault, ...(fault.others ?? [])].map((each) => faultFinding({ kind: fault.kind, ...each }));
  return [
    ...report.checks.flatMap((check) =>
      check.failure === undefined ? [] : [checkFinding(check, check.failure)],
    ),
    ...(report.notes ?? []).map(({ line, column, message }): TaskFinding => ({
      line,
      column,
      message: said(message),
      severity: 'information',
      evidence: [],
    })),
  ];
}

function faultFinding(fault: PolicyFaultDetail): TaskFinding {
  return {
    ...position(fault),
    message: said(fault.message),
    severity: fault.kind === 'crash' || fault.kind === 'wall' ? 'warning' : 'error',
    evidence: [],
  };
}

function checkFinding(check: CheckReport, failure: CheckFailure): TaskFinding {
  const { decision, fault } = failure;
  const at = position(fault ?? failure.place ?? {});
  const line = at.line ?? decision?.line;
  return {
    check,
    ...at,
    ...(line === undefined ? {} : { line }),
    message: fault === undefined ? failureSentence(check, failure) : `${check.title}: ${said(fault.message)}`,
    severity: 'error',
    evidence: [
      t('Smallest case that fails: {0}.', said(failure.case.words)),
      ...(decision === undefined ? [] : [decisionSentence(decision)]),
    ],
  };
}

const decisionSentence = ({ policy, decision, input, output }: DecisionEvidence): string =>
  output === undefined
    ? t('{0} was given {1}.', `${policy}.${decision}`, input)
    : t('{0} was given {1}, and returned {2}.', `${policy}.${decision}`, input, output);

/** What was expected, what was seen, and why, in one paragraph. The phrases are the scenario's, so labels join them. */
export const failureSentence = (check: CheckReport, { expected, actual, because }: CheckFailure): string =>
  t(
    '{0}. Expected: {1}. Seen: {2}. {3}',
    check.title,
    withoutStop(said(expected)),
    withoutStop(said(actual)),
    said(because),
  );

const withoutStop = (text: string): string => text.replace(/\.$/, '');

const position = ({
  line,
  column,
}: Pick<PolicyFaultDetail, 'line' | 'column'>): { line?: number; column?: number } => ({
  ...(line === undefined ? {} : { line }),
  ...(column === undefined ? {} : { column }),
});
