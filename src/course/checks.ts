import {
  choice,
  quantity,
  resolveParameters,
  type ParameterSchema,
  type ParametersOf,
  type ParameterValue,
} from '../engine/kernel/parameters.ts';
import type { Check, Run, Scenario, Witness } from '../engine/kernel/scenario.ts';
import { sayQuantity, unitInName } from '../engine/kernel/quantityText.ts';
import type { CheckArguments } from './model.ts';
import { evaluateOnce } from './expression.ts';

/** Every check that a task may use over a scenario: the scenario's own, and two that every scenario has. */
export function checksOf(scenario: Scenario): Readonly<Record<string, Check>> {
  return {
    ...scenario.checks,
    finishes,
    ...(Object.keys(scenario.metrics).length > 0 ? { metric: metricBound(scenario) } : {}),
  };
}

const finishes: Check = {
  title: 'Every run finishes',
  doc: 'Holds for every run that ends well.',
  args: {},
  violated: () => undefined,
};

/** A bound on one of the scenario's metrics. */
function metricBound(scenario: Scenario): Check {
  const names = Object.keys(scenario.metrics);
  const bound = (label: string, doc: string, none: number) =>
    quantity('none', { label, doc, min: -Infinity, max: Infinity, step: 1, default: none });
  const args = {
    metric: choice({
      label: 'Metric',
      doc: 'Which metric is bounded.',
      values: Object.fromEntries(names.map((name) => [name, scenario.metrics[name]!.label])),
      default: names[0]!,
    }),
    atMost: bound('At most', 'The largest value that is allowed. Default: any.', Infinity),
    atLeast: bound('At least', 'The smallest value that is allowed. Default: any.', -Infinity),
  } satisfies ParameterSchema;
  return {
    title: 'A number stays in its bounds',
    doc: 'The metric `metric` of the run is at most `atMost` and at least `atLeast`.',
    args,
    violated: (run, given) => outside(scenario, run, given as ParametersOf<typeof args>),
  };
}

function outside(
  scenario: Scenario,
  run: Run,
  { metric, atMost, atLeast }: { readonly metric: string; readonly atMost: number; readonly atLeast: number },
): Witness | undefined {
  const value = run.metrics[metric]!;
  if (value <= atMost && value >= atLeast) return undefined;
  const { label, doc } = scenario.metrics[metric]!;
  const unit = unitInName(metric);
  const shown = (number: number): string => sayQuantity(number, unit);
  return {
    event: run.trace.length - 1,
    expected: value > atMost ? `${label}: at most ${shown(atMost)}` : `${label}: at least ${shown(atLeast)}`,
    actual: shown(value),
    because: doc,
  };
}

export type ArgumentsOutcome =
  | { readonly ok: true; readonly value: ParametersOf<ParameterSchema> }
  | { readonly ok: false; readonly error: string };

/** The arguments of a check for one case: expressions computed from its parameters, defaults filled in. */
export function argumentsFor(
  scenario: Scenario,
  use: string,
  given: CheckArguments,
  params: Readonly<Record<string, ParameterValue>>,
): ArgumentsOutcome {
  const values: Record<string, ParameterValue> = {};
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'object') {
      values[name] = value;
      continue;
    }
    const outcome = evaluateOnce(value.text, scenario.params, params);
    if (!outcome.ok) return { ok: false, error: `${name}: ${outcome.error}` };
    values[name] = outcome.value;
  }
  const resolved = resolveParameters(checksOf(scenario)[use]!.args, values);
  return resolved.ok
    ? { ok: true, value: resolved.value }
    : { ok: false, error: resolved.problems.map((problem) => problem.message).join(' ') };
}
