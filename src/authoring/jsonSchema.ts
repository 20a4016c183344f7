import type { DataPath } from '../engine/kernel/structuredText.ts';

/** What a JSON Schema (draft 7) says of a place in a document, for completion and hovers. It judges nothing. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** References and combinations are followed this deep: a schema may refer to itself. */
const mostSteps = 12;

/** The schemas that describe the value at a path, with references and combinations resolved. */
export function schemasAt(root: JsonSchema, path: DataPath, data: unknown): readonly JsonSchema[] {
  let at = expanded(root, root, data, 0);
  let value = data;
  for (const step of path) {
    const part = partOf(value, step);
    at = at.flatMap((schema) => children(schema, step)).flatMap((child) => expanded(child, root, part, 0));
    value = part;
  }
  return at;
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const partOf = (value: unknown, step: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined;

const listOf = (value: unknown): readonly JsonSchema[] =>
  Array.isArray(value) ? value.filter(isSchema) : [];

function expanded(
  schema: JsonSchema,
  root: JsonSchema,
  value: unknown,
  depth: number,
): readonly JsonSchema[] {
  if (depth > mostSteps || !mayBe(schema, value)) return [];
  const into = (inner: readonly JsonSchema[]): readonly JsonSchema[] =>
    inner.flatMap((each) => expanded(each, root, value, depth + 1));
  const reference = typeof schema['$ref'] === 'string' ? referred(root, schema['$ref']) : undefined;
  const condition = isSchema(schema['if']) ? schema['if'] : undefined;
  const branch = condition === undefined ? undefined : schema[holds(condition, value) ? 'then' : 'else'];
  return [
    schema,
    // What a condition asks about is what may be written.
    ...(condition === undefined ? [] : [condition]),
    ...into(reference === undefined ? [] : [reference]),
    ...['allOf', 'anyOf', 'oneOf'].flatMap((key) => into(listOf(schema[key]))),
    ...into(isSchema(branch) ? [branch] : []),
  ];
}

function referred(root: JsonSchema, reference: string): JsonSchema | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let at: unknown = root;
  for (const step of reference.slice(2).split('/'))
    at = partOf(at, step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return isSchema(at) ? at : undefined;
}

/** Whether the words that tell alternatives apart (`kind: Deployment`) allow this one. What is not written yet may still come. */
function mayBe(schema: JsonSchema, value: unknown): boolean {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).every(([name, property]) => {
    const words = isSchema(property) ? wordsOf([property]) : [];
    const seen = partOf(value, name);
    return words.length !== 1 || typeof seen !== 'string' || seen === '' || words.includes(seen);
  });
}

/** Whether the constants of a condition hold. */
function holds(condition: JsonSchema, value: unknown): boolean {
  const properties = isSchema(condition['properties']) ? condition['properties'] : {};
  return Object.entries(properties).every(
    ([name, property]) => isSchema(property) && wordsOf([property]).includes(partOf(value, name)),
  );
}

function children(schema: JsonSchema, step: PropertyKey): readonly JsonSchema[] {
  if (typeof step === 'number') {
    const { items } = schema;
    return isSchema(items) ? [items] : listOf(items).slice(step, step + 1);
  }
  const name = String(step);
  const named = isSchema(schema['properties']) ? schema['properties'][name] : undefined;
  if (isSchema(named)) return [named];
  const patterns = isSchema(schema['patternProperties']) ? Object.entries(schema['patternProperties']) : [];
  const matching = patterns.flatMap(([pattern, each]) =>
    isSchema(each) && new RegExp(pattern, 'u').test(name) ? [each] : [],
  );
  if (matching.length > 0) return matching;
  return isSchema(schema['additionalProperties']) ? [schema['additionalProperties']] : [];
}

/** The keys that these schemas name, each with its schema; the first that has a description stands for a key. */
export function propertiesOf(schemas: readonly JsonSchema[]): ReadonlyMap<string, JsonSchema> {
  const found = new Map<string, JsonSchema>();
  for (const { properties, required } of schemas) {
    if (Array.isArray(required)) {
      for (const name of required)
        if (typeof name === 'string' && !hasKey(schemas, name)) found.set(name, {});
    }
    if (!isSchema(properties)) continue;
    for (const [name, property] of Object.entries(properties)) {
      if (isSchema(property) && !found.has(name)) found.set(name, property);
    }
  }
  return found;
}

const hasKey = (schemas: readonly JsonSchema[], name: string): boolean =>
  schemas.some(({ properties }) => isSchema(properties) && isSchema(properties[name]));

export const isRequiredBy = (schemas: readonly JsonSchema[], key: string): boolean =>
  schemas.some(({ required }) => Array.isArray(required) && required.includes(key));

/** The values that are allowed; empty where there are more than a list. */
export const wordsOf = (schemas: readonly JsonSchema[]): readonly unknown[] => [
  ...new Set(
    schemas.flatMap((schema): readonly unknown[] => {
      if (Array.isArray(schema['enum'])) return schema['enum'];
      if (schema['const'] !== undefined) return [schema['const']];
      return schema['type'] === 'boolean' ? [true, false] : [];
    }),
  ),
];

export const descriptionOf = (schemas: readonly JsonSchema[]): string | undefined =>
  schemas
    .map((schema) => schema['description'] ?? schema['title'])
    .find((text): text is string => typeof text === 'string');

/** `integer, 1 to 10000`, `one of: a, b`: what may stand there. */
export function shapeText(schemas: readonly JsonSchema[]): string {
  const words = wordsOf(schemas).filter((word) => typeof word !== 'boolean');
  if (words.length > 0 && words.length <= 12) return words.map(String).join(' | ');
  const types = [...new Set(schemas.flatMap(({ type }) => type ?? []))].map(String);
  const usual = schemas.map((schema) => schema['default']).find((each) => each !== undefined);
  return `${types.join(' or ')}${rangeOf(schemas)}${usual === undefined ? '' : `, default ${JSON.stringify(usual)}`}`;
}

function rangeOf(schemas: readonly JsonSchema[]): string {
  const bound = (name: string): number | undefined =>
    schemas.map((schema) => schema[name]).find((each): each is number => typeof each === 'number');
  const [low, high] = [bound('minimum'), bound('maximum')];
  if (low === undefined) return high === undefined ? '' : `, at most ${high}`;
  return high === undefined ? `, at least ${low}` : `, ${low} to ${high}`;
}
