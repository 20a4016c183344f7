import { argumentsFor, checksOf } from '../course/checks.ts';
import type { TaskCheck } from '../course/model.ts';
import type { PolicyFaultDetail } from '../engine/kernel/policy.ts';
import type { Run, Scenario, Witness } from '../engine/kernel/scenario.ts';

/** Why a run does not satisfy a check. */
export type Violation =
  | { readonly kind: 'witness'; readonly witness: Witness }
  | { readonly kind: 'fault'; readonly fault: PolicyFaultDetail };

/** What a run does wrong in the eyes of a check; undefined when it satisfies the check. */
export function violationOf(
  scenario: Scenario,
  check: Pick<TaskCheck, 'use' | 'with'>,
  run: Run,
): Violation | undefined {
  switch (run.end.kind) {
    case 'fault':
      return { kind: 'fault', fault: run.end.fault };
    case 'refused':
      return { kind: 'witness', witness: run.end.witness };
    case 'steps':
      return {
        kind: 'witness',
        witness: {
          event: run.trace.length - 1,
          expected: `a run that ends within ${run.end.steps} steps`,
          actual: 'a run that goes on',
          because:
            'Something keeps happening without time moving on. Look for a choice that changes nothing.',
        },
      };
    case 'finished': {
      const predicate = checksOf(scenario)[check.use];
      if (predicate === undefined)
        throw new Error(`${scenario.id} has no check ${check.use}; lint finds this.`);
      const args = argumentsFor(scenario, check.use, check.with, run.params);
      if (!args.ok) throw new Error(`${check.use}: ${args.error}`);
      const witness = predicate.violated(run, args.value);
      return witness === undefined ? undefined : { kind: 'witness', witness };
    }
  }
}

/** Whether a fault is the machinery's or the file's, so that nothing can be said of the work. */
export const isUngradable = (fault: PolicyFaultDetail): boolean =>
  fault.kind === 'syntax' || fault.kind === 'crash' || fault.kind === 'wall';
