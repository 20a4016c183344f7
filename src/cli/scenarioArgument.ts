import { nearest, parseParameter, type ParameterValue } from '../engine/kernel/parameters.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { scenarios } from '../engine/scenarios.ts';
import { UsageError } from './command.ts';

/** The scenario of that id. */
export function scenarioNamed(id: string | undefined): Scenario {
  if (id === undefined) {
    throw new UsageError('No scenario was named. `trapframe scenarios` lists them.');
  }
  const scenario = Object.hasOwn(scenarios, id) ? scenarios[id] : undefined;
  if (scenario !== undefined) return scenario;
  const near = nearest(id, Object.keys(scenarios));
  throw new UsageError(
    `There is no scenario "${id}". ${near === undefined ? '`trapframe scenarios` lists them.' : `Did you mean ${near}?`}`,
  );
}

/** `--set name=value` options as parameters of the scenario. */
export function parametersFrom(
  scenario: Scenario,
  settings: readonly string[],
): Readonly<Record<string, ParameterValue>> {
  const given: Record<string, ParameterValue> = {};
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals <= 0)
      throw new UsageError(`--set is "${setting}", but must be name=value, as in --set vms=4.`);
    const name = setting.slice(0, equals);
    const parameter = Object.hasOwn(scenario.params, name) ? scenario.params[name] : undefined;
    if (parameter === undefined) {
      const names = Object.keys(scenario.params);
      const near = nearest(name, names);
      throw new UsageError(
        `${scenario.id} has no parameter "${name}". ${near === undefined ? `It has: ${names.join(', ')}.` : `Did you mean ${near}?`}`,
      );
    }
    if (Object.hasOwn(given, name)) throw new UsageError(`--set ${name} was given twice. Keep one of them.`);
    const parsed = parseParameter(name, parameter, setting.slice(equals + 1));
    if (!parsed.ok) throw new UsageError(parsed.message);
    given[name] = parsed.value;
  }
  return given;
}
