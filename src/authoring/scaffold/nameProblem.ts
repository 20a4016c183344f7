import { t } from '../../course/messages.ts';
import { inKebabCase } from '../../course/schemaReader.ts';
import { idPattern } from '../../course/schemas.ts';

/** Why a name cannot be that of a pack or of a part of one; undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (idPattern.test(name)) return undefined;
  const better = inKebabCase(name);
  return [
    t('"{0}" cannot be a name: it must be lower-case words joined by hyphens.', name),
    ...(better === '' ? [] : [t('Did you mean {0}?', better)]),
  ].join(' ');
}
