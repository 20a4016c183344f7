import { checksOf } from '../course/checks.ts';
import { scenarioOf, type ScenarioTable } from '../course/variants.ts';
import type { ParameterSchema } from '../engine/kernel/parameters.ts';
import type { Check, Scenario } from '../engine/kernel/scenario.ts';
import type { DataPath } from '../engine/kernel/structuredText.ts';
import { dataAt, type Spot } from './spot.ts';

/** What a key or a value refers to. `word` is all that the schema alone knows. */
export type Meaning =
  | 'word'
  | 'scenario'
  | 'parameter'
  | 'parameter value'
  | 'metric'
  | 'view'
  | 'check'
  | 'argument'
  | 'argument value'
  | 'check id'
  | 'policy'
  | 'document'
  | 'expression'
  | 'text'
  | 'task id'
  | 'module'
  | 'lesson folder'
  | 'file';

/** Lists of maps: what stands in one of their entries means the same wherever the list is. */
const listKeys: ReadonlySet<PropertyKey> = new Set([
  'checks',
  'feedback',
  'items',
  'misconceptions',
  'options',
  'wrong',
]);

/** A path from the innermost entry of a list on, and the name of that list. */
function inner(path: DataPath): { readonly list: PropertyKey | undefined; readonly rest: DataPath } {
  let list: PropertyKey | undefined;
  let rest = path;
  while (rest.length >= 2 && listKeys.has(rest[0]!) && typeof rest[1] === 'number') {
    list = rest[0];
    rest = rest.slice(2);
  }
  return { list, rest };
}

/** What the spot refers to. */
export function meaningOf({ region, role, path }: Spot): Meaning {
  const { list, rest } = inner(path);
  const [first, second, third] = rest;
  if (role === 'key') {
    if (rest.length !== 1) return 'word';
    if (first === 'with') return 'argument';
    return first === 'set' || first === 'compare' || first === 'vary' ? 'parameter' : 'word';
  }
  if (rest.length === 4 && first === 'vary' && (third === 'int' || third === 'choose'))
    return 'parameter value';
  if (rest.length === 2) {
    switch (first) {
      case 'set':
      case 'compare':
        return 'parameter value';
      case 'with':
        return second === 'metric' ? 'metric' : 'argument value';
      case 'controls':
        return 'parameter';
      case 'metrics':
        return 'metric';
      case 'policies':
        return 'policy';
      case 'after':
      case 'fails':
        return 'check id';
      case 'hints':
        return 'text';
      case 'lessons':
        return region.kind === 'pack' ? 'lesson folder' : 'word';
      default:
        return 'word';
    }
  }
  if (rest.length !== 1) return 'word';
  switch (first) {
    case 'scenario':
    case 'view':
    case 'policy':
    case 'document':
    case 'module':
      return first;
    case 'use':
      return 'check';
    case 'answer':
    case 'closedForm':
    case 'value':
      return 'expression';
    case 'ask':
    case 'explain':
    case 'say':
      return 'text';
    case 'file':
      return list === 'wrong' ? 'file' : 'word';
    case 'starter':
    case 'solution':
      return 'file';
    case 'id':
      return region.kind === 'task' ? 'task id' : 'word';
    default:
      return 'word';
  }
}

/** The name of the parameter or argument whose value the spot is. */
export function nameOfValue({ path }: Spot): string | undefined {
  const { rest } = inner(path);
  return rest.length >= 2 ? String(rest[1]) : undefined;
}

/** The scenario that the names at a spot belong to. */
export function scenarioAt({ region, path, data }: Spot, scenarios: ScenarioTable): Scenario | undefined {
  const named = (at: DataPath): Scenario | undefined => {
    const id = dataAt(data, [...at, 'scenario']);
    return typeof id === 'string' ? scenarioOf(scenarios, id) : undefined;
  };
  if (region.kind !== 'task.yaml') return named([]);
  if (path[0] !== 'checks' || typeof path[1] !== 'number') return undefined;
  // A check without a scenario has that of the check before it.
  for (let index = path[1]; index >= 0; index--)
    if (dataAt(data, ['checks', index, 'scenario']) !== undefined) return named(['checks', index]);
  return undefined;
}

/** The scenarios of a task's checks; all that there are before one is named. */
export function scenariosOfTask(data: unknown, scenarios: ScenarioTable): readonly Scenario[] {
  const checks = dataAt(data, ['checks']);
  const ids = Array.isArray(checks) ? checks.map((check: unknown) => dataAt(check, ['scenario'])) : [];
  const used = ids.flatMap((id) => (typeof id === 'string' ? (scenarioOf(scenarios, id) ?? []) : []));
  return used.length > 0 ? [...new Set(used)] : Object.values(scenarios);
}

/** The check whose arguments stand at a spot, by its name. */
export function checkAt(
  spot: Spot,
  scenario: Scenario,
): { readonly name: string; readonly check: Check } | undefined {
  const { rest } = inner(spot.path);
  const entry = spot.path.slice(0, spot.path.length - rest.length);
  const name = dataAt(spot.data, [...entry, 'use']);
  const checks = checksOf(scenario);
  return typeof name === 'string' && Object.hasOwn(checks, name) ? { name, check: checks[name]! } : undefined;
}

/** Names that an expression or a text at a spot may use. */
export const parametersAt = (spot: Spot, scenarios: ScenarioTable): ParameterSchema =>
  scenarioAt(spot, scenarios)?.params ?? {};
