import type { ParameterValue } from '../../src/engine/kernel/parameters.ts';
import type { AnySubmission, PolicyImplementation } from '../../src/engine/kernel/policy.ts';
import { submissionOf, type Run, type RunOptions } from '../../src/engine/kernel/scenario.ts';
import { firstDivergence } from '../../src/engine/kernel/trace.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import { schedulerPolicies, type SchedulerPolicy } from '../../src/engine/scheduling/schedulerPolicy.ts';
import type { Replay, ReplayedFailure } from '../../src/protocol/tracePanel.ts';

/** A case as the extension sends it: the run of a wrong policy, and the reference's beside it. */
export interface ExampleReplay {
  readonly replay: Replay;
  readonly actual: Run;
  readonly expected: Run;
}

export interface FailingReplay extends ExampleReplay {
  readonly replay: Replay & { readonly failure: ReplayedFailure };
}

/** Wrong: who has the lowest number runs, however long the others have waited. */
export function lowestNumberFirst(): PolicyImplementation<typeof SchedulerPolicy> {
  return { pickNext: ({ waiting, sliceMs }) => ({ vcpu: waiting[0]!.vcpu, runForMs: sliceMs }) };
}

/** Two runs that may be equal: nothing has gone wrong. */
export function comparedRuns(
  scenario: string,
  params: Readonly<Record<string, ParameterValue>>,
  seed = 1,
): ExampleReplay {
  const wrong = submissionOf(schedulerPolicies, {
    scheduler: lowestNumberFirst,
  }) as unknown as AnySubmission;
  const actual = runOf(scenario, { params, seed, submission: wrong });
  const expected = runOf(scenario, { params, seed });
  return {
    actual,
    expected,
    replay: {
      title: 'Write the scheduler: every VM has its turn, in the same order',
      language: 'en',
      scenario,
      params,
      seed,
      runs: [
        { label: 'Your run', columns: actual.trace.columns(), metrics: actual.metrics },
        { label: 'Expected', columns: expected.trace.columns(), metrics: expected.metrics },
      ],
    },
  };
}

/** The same with what went wrong, where the runs differ. */
export function failingCase(...given: Parameters<typeof comparedRuns>): FailingReplay {
  const { actual, expected, replay } = comparedRuns(...given);
  const decidingEvent = firstDivergence(actual.trace, expected.trace)!;
  const failure = {
    decidingEvent,
    expected: `${expected.trace.say(decidingEvent)}.`,
    actual: `${actual.trace.say(decidingEvent)}.`,
    because: 'In strict rotation the vCPU that has waited longest runs next.',
  };
  return { actual, expected, replay: { ...replay, failure } };
}

export function runOf(scenario: string, options: RunOptions): Run {
  const outcome = scenarios[scenario]!.execute(options);
  if (!outcome.ok) throw new Error(outcome.problems.map((problem) => problem.message).join(' '));
  return outcome.run;
}

export const oneRequest = (): FailingReplay => failingCase('scheduling.round-robin', { vms: 3, sliceMs: 10 });
export const busyHost = (): FailingReplay =>
  failingCase('scheduling.host', { vms: 4, ioVms: 2, durationMs: 400 }, 7);

/** A figure's run: nothing was recorded, and nothing failed. */
export const figureRun: Replay = {
  title: 'One request in the rotation',
  language: 'en',
  scenario: 'scheduling.round-robin',
  params: { vms: 4, sliceMs: 30, model: 'dom0-busy' },
  seed: 1,
  runs: [],
};
