import { defaultOf, type ParameterValue } from '../engine/kernel/parameters.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import type { Case } from './drawnCases.ts';

/** A case as a person says it: `2 VMs, 10 ms slices`. Only what differs from the scenario's defaults, or was given. */
export function caseWords(scenario: Scenario, { params }: Case): string {
  const earlier: Record<string, ParameterValue> = {};
  const words: string[] = [];
  for (const [name, parameter] of Object.entries(scenario.params)) {
    const usual = defaultOf(parameter, earlier);
    const value = Object.hasOwn(params, name) ? params[name]! : usual;
    earlier[name] = value;
    if (!Object.hasOwn(params, name)) continue;
    words.push(sayParameter(parameter as SaidParameter, value));
  }
  return words.length === 0 ? 'the usual values' : words.join(', ');
}

/** A parameter with the type of its value erased: schemas are checked where they are declared. */
interface SaidParameter {
  readonly label: string;
  readonly unit: string;
  say?(value: ParameterValue): string;
}

function sayParameter(parameter: SaidParameter, value: ParameterValue): string {
  if (parameter.say !== undefined) return parameter.say(value);
  return `${parameter.label.toLowerCase()} ${String(value)}${parameter.unit === 'none' ? '' : ` ${parameter.unit}`}`;
}
