import { inKebabCase } from '../../course/schemaReader.ts';
import { idPattern } from '../../course/schemas.ts';

/** Why a name cannot be that of a pack, a lesson or a task; undefined when it can. */
export function nameProblem(name: string, what: string): string | undefined {
  if (idPattern.test(name)) return undefined;
  const better = inKebabCase(name);
  return `"${name}" cannot be the name of a ${what}: it must be lower-case words joined by hyphens.${better === '' ? '' : ` Did you mean ${better}?`}`;
}
