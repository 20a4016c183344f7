import type { AnySubmission } from '../engine/kernel/policy.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import type { Case } from './drawnCases.ts';
import type { KnownRun } from './runMemory.ts';
import type { MachineSubmission } from './sandbox/policySandbox.ts';

/** What is put around a submission for a run that must be watched. */
export type Around = (complete: AnySubmission) => AnySubmission;

/**
 * Runs a case with a submission, and gives its machine back.
 * @throws when the scenario does not take the parameters; whoever made the case has made sure that it does
 */
export function runCase(
  scenario: Scenario,
  asked: Case,
  submission: MachineSubmission,
  around: Around = (complete) => complete,
): KnownRun {
  const complete = withBuiltIns(scenario, submission);
  const outcome = scenario.execute({ ...asked, submission: around(complete) });
  submission.release();
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
