import { parse } from 'yaml';

/** A student as Gradescope's export of submissions names them. */
export interface GradescopeSubmitter {
  readonly name?: string;
  readonly sid?: string;
  readonly email?: string;
}

/**
 * `submission_metadata.yml` of a Gradescope export: who handed in each `submission_…` folder. Its keys are Ruby symbols
 * (`:submitters:`), which YAML reads as strings.
 * @throws when it is no YAML
 */
export function parseGradescopeMetadata(text: string): ReadonlyMap<string, readonly GradescopeSubmitter[]> {
  const value: unknown = parse(text, { maxAliasCount: 100, logLevel: 'silent' });
  const found = new Map<string, readonly GradescopeSubmitter[]>();
  if (!isObject(value)) return found;
  for (const [folder, about] of Object.entries(value)) {
    const submitters: unknown = isObject(about) ? about[':submitters'] : undefined;
    if (Array.isArray(submitters)) found.set(folder, submitters.filter(isObject).map(submitterOf));
  }
  return found;
}

function submitterOf(given: Readonly<Record<string, unknown>>): GradescopeSubmitter {
  const text = (name: string): string | undefined => {
    const value = given[`:${name}`];
    if (typeof value === 'number') return String(value);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [name, sid, email] = [text('name'), text('sid'), text('email')];
  return {
    ...(name === undefined ? {} : { name }),
    ...(sid === undefined ? {} : { sid }),
    ...(email === undefined ? {} : { email }),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
