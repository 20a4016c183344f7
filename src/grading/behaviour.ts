import type { Run, Scenario } from '../engine/kernel/scenario.ts';
import type { Trace } from '../engine/kernel/trace.ts';
import type { Case } from './drawnCases.ts';
import { watchCase } from './runCase.ts';
import type { MachineSubmission } from './sandbox/policySandbox.ts';

/** What a submission does in a case, as far as it is known. */
export interface Behaviour {
  /** How many events are known, and their fingerprint. */
  readonly rows: number;
  readonly trace: string;
  /** Absent where it was not followed to its end. */
  readonly ended?: RunsEnd;
}

interface RunsEnd {
  /** Two runs that end at one event may still end by different mistakes, when the policy could not answer. */
  readonly end: string;
  /** Not all that a document sets shows in the events of a run. */
  readonly metrics: readonly number[];
}

export const behaviourOf = (run: Run): Behaviour => ({
  rows: run.trace.length,
  trace: run.trace.hash(),
  ended: endOf(run),
});

const endOf = ({ end, metrics }: Run): RunsEnd => ({
  end: end.kind === 'fault' ? `${end.fault.kind} in ${end.fault.decision}` : end.kind,
  metrics: Object.values(metrics),
});

/**
 * Whether a run of the same scenario did the same: how it ended, its trace event by event, and what was measured.
 * Undefined where too little is known.
 */
export function didTheSame(run: Run, known: Behaviour): boolean | undefined {
  const { trace } = run;
  if (known.rows > trace.length || trace.hash(known.rows) !== known.trace) return false;
  if (known.ended === undefined) return undefined;
  const { end, metrics } = endOf(run);
  return (
    known.rows === trace.length &&
    known.ended.end === end &&
    known.ended.metrics.every((value, index) => Object.is(value, metrics[index]))
  );
}

/**
 * What a submission does in a case, as long as it does what a run of another did. Mistakes part early, and the rest of the
 * run would tell nothing more.
 */
export function follow(
  scenario: Scenario,
  asked: Case,
  submission: MachineSubmission,
  other: Trace,
): { readonly behaviour: Behaviour; readonly seeded: boolean } {
  let compared = 0;
  let parted: { readonly behaviour: Behaviour; readonly seeded: boolean } | undefined;
  const enough = (trace: Trace, seeded: boolean): boolean => {
    while (compared < trace.length && compared < other.length && trace.sameEvent(compared, other, compared))
      compared++;
    if (compared === trace.length) return false;
    const rows = compared + 1;
    parted = { behaviour: { rows, trace: trace.hash(rows) }, seeded };
    return true;
  };
  const whole = watchCase(scenario, asked, submission, { enough });
  return parted ?? { behaviour: behaviourOf(whole!.run), seeded: whole!.seeded };
}
