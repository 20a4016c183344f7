import { nearest } from '../../engine/kernel/parameters.ts';
import type { SandboxPlan } from './sandboxPlan.ts';

/** What the guest reports of a decision: 1 a method, 0 no method, -1 no such export, -2 an export that is no object. */
type Presence = number;

/**
 * What a loaded module lacks, and what to add; undefined when every policy and method is there.
 *
 * @param presence of each decision of the plan
 * @param exported the names that the module exports
 */
export function whatIsMissing(
  plan: SandboxPlan,
  presence: readonly Presence[],
  file: string,
  exported: readonly string[],
): string | undefined {
  for (const [index, { policyId, name }] of plan.decisions.entries()) {
    const { decisions, typeName } = plan.policies[policyId]!;
    const constant = `export const ${policyId}: ${typeName} = { … }`;
    switch (presence[index]) {
      case 1:
        break;
      case 0:
        if (decisions[name]!.mayBeAbsent === true) break;
        return `The ${policyId} that ${file} exports has no method ${name}. Add: ${name}(input) { … }`;
      case -2:
        return `The ${policyId} that ${file} exports is not an object. Write: ${constant}`;
      default:
        return `${file} does not export ${policyId}.${insteadOf(policyId, exported)} Add: ${constant}`;
    }
  }
  return undefined;
}

function insteadOf(policyId: string, exported: readonly string[]): string {
  if (exported.includes('default')) return ' A default export is not found: give it its name.';
  const near = nearest(
    policyId,
    exported.filter((name) => name !== ''),
  );
  return near === undefined ? '' : ` Did you mean to rename ${near}?`;
}
