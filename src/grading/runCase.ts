import type { AnySubmission } from '../engine/kernel/policy.ts';
import type { RunOutcome, Scenario } from '../engine/kernel/scenario.ts';
import type { Trace } from '../engine/kernel/trace.ts';
import type { Case } from './drawnCases.ts';
import type { KnownRun } from './runMemory.ts';
import type { MachineSubmission } from './sandbox/policySandbox.ts';

/**
 * Runs a case with a submission, and gives its machine back.
 * @throws when the scenario does not take the parameters; whoever made the case has made sure that it does
 */
export function runCase(scenario: Scenario, asked: Case, submission: MachineSubmission): KnownRun {
  const outcome = scenario.execute({ ...asked, submission: withBuiltIns(scenario, submission) });
  submission.release();
  return known(scenario, outcome);
}

export interface Watching {
  /** What is put around the submission. */
  readonly around?: (complete: AnySubmission) => AnySubmission;
  /**
   * Asked before each decision, with what has happened so far and whether a random number had a part in it: whether the rest
   * would tell nothing more.
   */
  readonly enough: (trace: Trace, seeded: boolean) => boolean;
}

/** As {@link runCase}, but undefined as soon as enough was seen. */
export function watchCase(
  scenario: Scenario,
  asked: Case,
  submission: MachineSubmission,
  { around = (complete) => complete, enough }: Watching,
): KnownRun | undefined {
  const watch = (trace: Trace, seeded: boolean): void => {
    if (enough(trace, seeded)) throw new Enough();
  };
  try {
    const complete = around(withBuiltIns(scenario, submission));
    return known(scenario, scenario.execute({ ...asked, submission: complete, watch }));
  } catch (thrown) {
    if (thrown instanceof Enough) return undefined;
    throw thrown;
  } finally {
    submission.release();
  }
}

class Enough extends Error {}

function known(scenario: Scenario, outcome: RunOutcome): KnownRun {
  if (outcome.ok) return outcome;
  throw new Error(`${scenario.id}: ${outcome.problems.map(({ message }) => message).join(' ')}`);
}

/** A submission of everything that a scenario asks: the scenario's own stands where the learner's file has nothing. */
function withBuiltIns(scenario: Scenario, submission: AnySubmission): AnySubmission {
  return {
    ...(submission.documents === undefined ? {} : { documents: submission.documents }),
    start: (handlers, run) => ({
      ...scenario.builtInSubmission.start(handlers, run),
      ...submission.start(handlers, run),
    }),
  };
}
