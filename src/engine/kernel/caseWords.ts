import { unitSymbol, type ParameterValue, type Unit } from './parameters.ts';
import type { Scenario } from './scenario.ts';

/** A case as a person says it: `2 VMs, 10 ms slices`. Parameters that were not given are not said. */
export function caseWords(
  scenario: Scenario,
  { params }: { readonly params: Readonly<Record<string, ParameterValue>> },
): string {
  const words = Object.entries(scenario.params)
    .filter(([name]) => Object.hasOwn(params, name))
    .map(([name, parameter]) => sayParameter(parameter as SaidParameter, params[name]!))
    .filter((said) => said !== '');
  return words.length === 0 ? 'the usual values' : words.join(', ');
}

/** A parameter with the type of its value erased: schemas are checked where they are declared. */
interface SaidParameter {
  readonly label: string;
  readonly unit: Unit;
  say?(value: ParameterValue): string;
}

function sayParameter(parameter: SaidParameter, value: ParameterValue): string {
  if (parameter.say !== undefined) return parameter.say(value);
  return `${insideSentence(parameter.label)} ${String(value)} ${unitSymbol(parameter.unit)}`.trimEnd();
}

/** `Service time` becomes `service time`, and `VMs` stays. */
const insideSentence = (label: string): string =>
  /^[A-Z][a-z]/.test(label) ? label[0]!.toLowerCase() + label.slice(1) : label;
