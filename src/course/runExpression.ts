import type { ParameterValue } from '../engine/kernel/parameters.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { compileExpression } from './expression.ts';
import type { Expression } from './model.ts';
import { unitInName } from '../engine/kernel/quantityText.ts';
import { scenarioOf, type ScenarioTable } from './variants.ts';

/** The value of an author's expression over one run. */
export function evaluateExpression(
  expression: Expression,
  scenarioId: string,
  params: Readonly<Record<string, ParameterValue>>,
  metrics: Readonly<Record<string, number>>,
  scenarios: ScenarioTable,
): { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: string } {
  const scenario = scenarioOf(scenarios, scenarioId);
  if (scenario === undefined) return { ok: false, error: `There is no scenario ${scenarioId}.` };
  const compiled = compileExpression(expression.text, scenario);
  if (!compiled.ok) return { ok: false, error: compiled.error.message };
  return compiled.value.evaluate(params, metrics);
}

/** The unit in the names of the metrics that expressions read, when they all agree. */
export function unitOfAnswer(texts: readonly string[], scenario: Scenario): string {
  const units = new Set<string>();
  for (const text of texts) {
    const compiled = compileExpression(text, scenario);
    if (!compiled.ok) return '';
    for (const metric of compiled.value.metrics) units.add(unitInName(metric));
  }
  return units.size === 1 ? [...units][0]! : '';
}
