import type { VaryInput } from '../../course/schemas.ts';
import {
  resolveParameters,
  type Parameter,
  type ParameterInput,
  type ParameterValue,
} from '../../engine/kernel/parameters.ts';
import type { Run, Scenario } from '../../engine/kernel/scenario.ts';

/** Parameters that an example can draw, each with values at which the scenario runs. */
export function exampleVary(scenario: Scenario, most: number): VaryInput {
  const vary: Record<string, VaryInput[string]> = {};
  for (const [name, parameter] of Object.entries(scenario.params)) {
    if (Object.keys(vary).length === most) break;
    const variation = aroundDefault(parameter);
    const runs =
      variation !== undefined && valuesOf(variation).every((value) => finished(scenario, { [name]: value }));
    if (runs) vary[name] = variation;
  }
  return vary;
}

/** Half to double the default of a number that does not follow from another parameter. */
function aroundDefault(parameter: Parameter): VaryInput[string] | undefined {
  if (parameter.kind !== 'count' && parameter.kind !== 'quantity') return undefined;
  const { default: usual, min, max } = parameter;
  if (typeof usual === 'function' || usual === 0) return undefined;
  if (parameter.kind === 'count') {
    const from = Math.max(min, Math.ceil(usual / 2));
    const to = Math.min(max, usual * 2);
    return from < to ? { int: [from, to] } : undefined;
  }
  return { choose: [usual, usual / 2, usual * 2].filter((value) => value >= min && value <= max) };
}

/** The ends of a variation. */
export const valuesOf = ({ int, choose }: VaryInput[string]): readonly ParameterValue[] =>
  int ?? choose ?? [];

/** The run of the built-in policies, when it comes to its end. */
function finished(scenario: Scenario, params: ParameterInput): Run | undefined {
  const outcome = scenario.execute({ params });
  return outcome.ok && outcome.run.end.kind === 'finished' ? outcome.run : undefined;
}

/** Runs of the built-in policies at the defaults and at the ends of each variation. */
const exampleRuns = (scenario: Scenario, vary: VaryInput): readonly Run[] =>
  [
    {},
    ...Object.entries(vary).flatMap(([name, variation]) =>
      valuesOf(variation).map((value) => ({ [name]: value })),
    ),
  ]
    .map((params) => finished(scenario, params))
    .filter((run) => run !== undefined);

/** A metric that depends on what is varied, so that a question can ask for it; else the first. */
export function exampleMetric(scenario: Scenario, vary: VaryInput): string {
  const runs = exampleRuns(scenario, vary);
  const names = Object.keys(scenario.metrics);
  return names.find((name) => new Set(runs.map((run) => run.metrics[name])).size > 1) ?? names[0]!;
}

/** Checks, with their default arguments, that the built-in policies satisfy. */
export function exampleChecks(scenario: Scenario, vary: VaryInput, most: number): readonly string[] {
  const runs = exampleRuns(scenario, vary);
  const holds = Object.entries(scenario.checks).filter(([, check]) => {
    const args = resolveParameters(check.args, {});
    return args.ok && runs.every((run) => check.violated(run, args.value) === undefined);
  });
  return holds.slice(0, most).map(([name]) => name);
}
