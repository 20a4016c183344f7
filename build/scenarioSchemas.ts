import * as z from 'zod';
import { variationSchema } from '../src/course/schemas.ts';
import { checksOf } from '../src/course/checks.ts';
import { allowedText } from '../src/engine/kernel/parameterText.ts';
import type { Parameter } from '../src/engine/kernel/parameters.ts';
import type { Scenario } from '../src/engine/kernel/scenario.ts';

/** A JSON Schema, draft 7, with `enumDescriptions`, which the editors' language servers show beside a value. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

export interface ObjectSchema extends JsonSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

/**
 * What YAML or JSON may say of a scenario, as names with their documentation: with the scenario named beside them, those of
 * that scenario; otherwise those of all. The result refers to {@link definitionsOf}, which stand at the root.
 * @param schema has a key `scenario`, and of `set`, `params`, `vary`, `controls`, `metrics`, `use` and `with` those that it has
 */
export function withScenarios(schema: ObjectSchema, scenarios: readonly Scenario[]): ObjectSchema {
  const properties = mapped(schema.properties, open);
  const names = Object.keys(properties);
  const ids = scenarios.map(({ id }) => id);
  return {
    ...schema,
    properties: {
      ...properties,
      scenario: { ...properties['scenario'], ...choices(scenarios.map(({ id, title }) => [id, title])) },
    },
    allOf: [
      ...scenarios.map((scenario) => ({
        if: { required: ['scenario'], properties: { scenario: { const: scenario.id } } },
        then: { properties: keysOf([scenario], names) },
      })),
      // None, or one that is being typed.
      {
        if: { not: { required: ['scenario'], properties: { scenario: { enum: ids } } } },
        then: { properties: keysOf(scenarios, names) },
      },
    ],
  };
}

/** Without the shape of any map: what may be in it is said by scenario, once. */
function open(schema: JsonSchema): JsonSchema {
  const { propertyNames: _names, additionalProperties: _values, ...rest } = schema;
  return rest;
}

/** Parameters, in `set` and in `vary`, by scenario: each is written once in a file. */
export const definitionsOf = (scenarios: readonly Scenario[]): JsonSchema =>
  Object.fromEntries(
    scenarios.map(({ id, params }) => [
      id,
      {
        definitions: {
          set: mapped(params, documentedValue),
          vary: mapped(params, (parameter, name) => variation(parameter, reference(id, 'set', name))),
        },
      },
    ]),
  );

const reference = (scenario: string, kind: 'set' | 'vary', name: string): JsonSchema => ({
  $ref: `#/definitions/${scenario}/definitions/${kind}/${name}`,
});

/** The keys that name something of a scenario. */
function keysOf(scenarios: readonly Scenario[], names: readonly string[]): Record<string, JsonSchema> {
  const named = (kind: 'set' | 'vary'): JsonSchema =>
    closed(merged(scenarios.map(({ id, params }) => mapped(params, (_, name) => reference(id, kind, name)))));
  const checks = merged(scenarios.map(checksOf));
  const schemas: Record<string, JsonSchema> = {
    set: named('set'),
    params: named('set'),
    vary: named('vary'),
    controls: { items: choices(documented(merged(scenarios.map(({ params }) => params)))) },
    metrics: { items: choices(documented(merged(scenarios.map(({ metrics }) => metrics)))) },
    use: choices(documented(checks)),
    with: closed(mapped(merged(Object.values(checks).map(({ args }) => args)), argument)),
  };
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => names.includes(name)));
}

/** The first table to have a name says what it means. */
const merged = <T>(tables: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> =>
  Object.assign({}, ...tables.toReversed()) as Readonly<Record<string, T>>;

const documented = (table: Readonly<Record<string, { readonly doc: string }>>) =>
  Object.entries(table).map(([name, { doc }]) => [name, doc] as const);

export const choices = (values: readonly (readonly [value: string, doc: string])[]): JsonSchema => ({
  enum: values.map(([value]) => value),
  enumDescriptions: values.map(([, doc]) => doc),
});

const closed = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  properties,
  additionalProperties: false,
});

function mapped<T, U>(
  table: Readonly<Record<string, T>>,
  map: (entry: T, name: string) => U,
): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(table).map(([name, entry]) => [name, map(entry, name)]));
}

const documentedValue = (parameter: Parameter): JsonSchema => ({
  description: description(parameter),
  ...value(parameter),
  ...(typeof parameter.default === 'function' ? {} : { default: parameter.default }),
});

/** A number may be an expression too. */
const argument = (parameter: Parameter): JsonSchema => {
  const { description: words, default: usual, ...number } = documentedValue(parameter);
  if (parameter.kind !== 'count' && parameter.kind !== 'quantity') return documentedValue(parameter);
  return {
    description: words,
    ...(typeof usual === 'number' && Number.isFinite(usual) ? { default: usual } : {}),
    anyOf: [number, { type: 'string', description: 'CEL over the parameters of the case.' }],
  };
};

/** @param items the schema of one value */
function variation(parameter: Parameter, items: JsonSchema): JsonSchema {
  const shape = objectSchema(variationSchema);
  const { int, choose } = shape.properties;
  return {
    ...shape,
    description: description(parameter),
    properties: {
      ...(parameter.kind === 'count' || parameter.kind === 'quantity'
        ? { int: { ...int, items: [items, items] } }
        : {}),
      choose: { ...choose, items },
    },
  };
}

export function objectSchema(schema: z.ZodType): ObjectSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7' });
  return rest as unknown as ObjectSchema;
}

const description = (parameter: Parameter): string =>
  parameter.kind === 'count' || parameter.kind === 'quantity'
    ? `${parameter.doc} From ${allowedText(parameter)}.`
    : parameter.doc;

function value(parameter: Parameter): JsonSchema {
  switch (parameter.kind) {
    case 'count':
      return { type: 'integer', minimum: parameter.min, maximum: parameter.max };
    case 'quantity':
      return {
        type: 'number',
        ...(Number.isFinite(parameter.min) ? { minimum: parameter.min } : {}),
        ...(Number.isFinite(parameter.max) ? { maximum: parameter.max } : {}),
      };
    case 'choice':
      return choices(Object.entries(parameter.values));
    case 'flag':
      return { type: 'boolean' };
  }
}
