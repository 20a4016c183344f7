import { defineDocument, type DocumentReading } from '../../kernel/document.ts';
import { readJsonDocument, type DocumentProblems } from '../../kernel/structuredDocument.ts';
import type { DataPath } from '../../kernel/structuredText.ts';
import { ociBundle } from './ociBundle.ts';
import { contradictions } from './ociProblems.ts';
import { ociSpec, type OciConfig } from './ociSpec.ts';
import schema from './ociConfig.schema.json' with { type: 'json' };
import { validate } from './ociConfig.validator.js';
import { defaultConfig } from './defaultConfig.ts';
import type { ContainerSpec } from '../runtime/ociRuntime.ts';
import { seccompFilter, type SeccompFilter } from '../linux/seccompFilter.ts';
import { checkSeccompProfile } from '../linux/seccompProfile.ts';

/** A `config.json` that was read: the file itself, and what the runtime of the engine is asked for. */
export interface ReadOciConfig {
  readonly config: OciConfig;
  readonly spec: ContainerSpec;
  /** `linux.seccomp`, compiled. Places of its decisions start at the profile. */
  readonly filter: SeccompFilter | undefined;
}

type Schema = Readonly<Record<string, unknown>>;

/** The configuration of a container as the OCI runtime specification defines it: runc, crun and youki read such files. */
export const ociConfig = defineDocument<ReadOciConfig>({
  doc: 'The configuration of a container in the format of the OCI runtime specification: what `runc run` reads.',
  file: 'config.json',
  language: 'json',
  schema,
  builtIn: `${JSON.stringify(defaultConfig, undefined, 2)}\n`,
  bundle: ociBundle,
  read: readOciConfig,
});

export function readOciConfig(text: string): DocumentReading<ReadOciConfig> {
  return readJsonDocument(text, (json, problems) => {
    // First: of two problems at one place it has the better words.
    const seccomp = (json.value as OciConfig | null)?.linux?.seccomp;
    const profile =
      seccomp === undefined ? undefined : checkSeccompProfile(seccomp, problems, ['linux', 'seccomp']);
    unknownKeys(json.value, schema, [], problems);
    // Parts contradict each other only where each is what it should be.
    if (!problems.schema(validate) || problems.found.length > 0) return undefined;
    const config = json.value as OciConfig;
    contradictions(config, problems);
    if (problems.found.length > 0) return undefined;
    const filter = profile === undefined ? undefined : seccompFilter(profile);
    return { config, spec: ociSpec(config), filter };
  });
}

/** Keys that the schema does not know. A runtime would ignore them in silence, which is never what was meant. */
function unknownKeys(value: unknown, at: Schema, path: DataPath, problems: DocumentProblems): void {
  const known = resolved(at);
  if (Array.isArray(value)) {
    const { items } = known;
    if (items !== undefined)
      value.forEach((item, index) => unknownKeys(item, items as Schema, [...path, index], problems));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const properties = known['properties'] as Readonly<Record<string, Schema>> | undefined;
  if (properties === undefined) return;
  for (const [key, inner] of Object.entries(value)) {
    const property = properties[key];
    if (property !== undefined) {
      unknownKeys(inner, property, [...path, key], problems);
      continue;
    }
    const names = Object.keys(properties);
    problems.unknownKey(
      [...path, key],
      names,
      `The specification has no "${key}" ${path.length === 0 ? 'here' : `in "${String(path.at(-1))}"`}; a runtime would ignore it without a word.`,
      `It has: ${names.toSorted().join(', ')}.`,
    );
  }
}

/** Follows a reference, and looks through the alternatives that the schema wraps single types in. */
function resolved(at: Schema): Schema {
  const reference = at['$ref'];
  if (typeof reference === 'string') {
    return resolved((schema.definitions as Readonly<Record<string, Schema>>)[reference.split('/').at(-1)!]!);
  }
  for (const keyword of ['anyOf', 'allOf', 'oneOf']) {
    const alternatives = at[keyword] as readonly Schema[] | undefined;
    if (alternatives?.length === 1) return resolved(alternatives[0]!);
  }
  return at;
}
