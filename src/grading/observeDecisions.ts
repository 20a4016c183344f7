import type { AnySubmission, PolicyTable } from '../engine/kernel/policy.ts';

/** A decision that was asked. */
export interface ObservedDecision {
  readonly policy: string;
  readonly decision: string;
  /** Counts from 0 over all decisions since the latest start of a run. */
  readonly ordinal: number;
  readonly input: unknown;
  /** Absent when there was none, because asking ended the run. */
  readonly answer?: { readonly output: unknown };
}

/**
 * The same submission, telling of every decision once it is over. A run is the same with and without.
 * @param tell is given what the decision was given, as it is until `tell` returns; the engine may change it afterwards
 */
export function observeDecisions(
  submission: AnySubmission,
  table: PolicyTable,
  tell: (decision: ObservedDecision) => void,
): AnySubmission {
  let asked = 0;
  return {
    ...submission,
    start(handlers, run) {
      const running = submission.start(handlers, run);
      if (run?.again !== true) asked = 0;
      const observed: Record<string, Record<string, (input: unknown) => unknown>> = {};
      for (const [policy, definition] of Object.entries(table)) {
        const methods: Record<string, (input: unknown) => unknown> = {};
        for (const decision of Object.keys(definition.decisions)) {
          const decide = running[policy]?.[decision];
          if (decide === undefined) continue;
          methods[decision] = (input: unknown) => {
            const ordinal = asked++;
            let answer: { readonly output: unknown } | undefined;
            try {
              answer = { output: decide(input) };
              return answer.output;
            } finally {
              tell({ policy, decision, ordinal, input, ...(answer === undefined ? {} : { answer }) });
            }
          };
        }
        observed[policy] = methods;
      }
      return observed;
    },
  };
}
