import type { Task, TaskCheck } from '../course/model.ts';
import { scenarioOf, type ScenarioTable } from '../course/variants.ts';
import type { AnySubmission, PolicyTable } from '../engine/kernel/policy.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';

/** The scenario that a check runs. Loading a task has made sure that there is one. */
export function scenarioFor(check: TaskCheck, scenarios: ScenarioTable): Scenario {
  const scenario = scenarioOf(scenarios, check.scenario);
  if (scenario === undefined) throw new Error(`There is no scenario ${check.scenario}; lint finds this.`);
  return scenario;
}

/** The policies that a task's file exports, as its scenarios declare them. */
export function policiesOf(task: Task, scenarios: ScenarioTable): PolicyTable {
  const declared: PolicyTable = Object.fromEntries(
    task.checks.flatMap((check) => Object.entries(scenarioFor(check, scenarios).policies)),
  );
  return Object.fromEntries(task.policies.map((name) => [name, declared[name]!]));
}

/** A submission for every policy that a scenario asks: the scenario's own stand where the task's file has none. */
export function withBuiltIns(scenario: Scenario, submission: AnySubmission): AnySubmission {
  return {
    start: (handlers) => ({
      ...scenario.builtInSubmission.start(handlers),
      ...submission.start(handlers),
    }),
  };
}
