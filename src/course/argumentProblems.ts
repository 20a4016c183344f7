import { caseWords } from '../engine/kernel/caseWords.ts';
import { resolveParameters } from '../engine/kernel/parameters.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { argumentsFor } from './checks.ts';
import type { Expression, Problem, Task, TaskCheck } from './model.ts';
import { checkVariants, scenarioOf, variantOfCheck, type ScenarioTable } from './variants.ts';

/** Arguments of a task's checks that cannot be computed in one of their variants: nobody who draws it could be graded. */
export function argumentProblems(task: Task, scenarios: ScenarioTable): readonly Problem[] {
  return task.checks.flatMap((check) => {
    // Loading a task has made sure that there is one.
    const scenario = scenarioOf(scenarios, check.scenario)!;
    return [check, ...check.feedback].flatMap(({ use, with: given }) =>
      Object.entries(given).flatMap(([name, value]) =>
        typeof value === 'object' ? problemOf(check, scenario, use, name, value) : [],
      ),
    );
  });
}

function problemOf(
  check: TaskCheck,
  scenario: Scenario,
  use: string,
  name: string,
  value: Expression,
): readonly Problem[] {
  for (let which = 0; which < checkVariants; which++) {
    const { params } = variantOfCheck(check, which);
    const resolved = resolveParameters(scenario.params, params);
    if (!resolved.ok) return [];
    const outcome = argumentsFor(scenario, use, { [name]: value }, resolved.value);
    if (outcome.ok) continue;
    const words = caseWords(scenario, { params });
    const message = `This check cannot be asked of a case with ${words}. ${outcome.error}`;
    return [{ severity: 'error', at: value.at, message }];
  }
  return [];
}
