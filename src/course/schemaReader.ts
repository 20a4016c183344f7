import * as z from 'zod';
import { nearest } from '../engine/kernel/parameters.ts';
import { languagePattern, tagMeant } from './languageTag.ts';
import type { Advice } from './model.ts';
import { addingKey, replacing, type ProblemList } from './problemList.ts';
import { idPattern } from './schemas.ts';
import type { YamlPath, YamlSource } from './yamlSource.ts';

/**
 * Validates YAML against a schema; what does not fit becomes problems with a place and, where one is near, the key or
 * value that was probably meant.
 */
export function readWith<S extends z.ZodType>(
  schema: S,
  source: YamlSource,
  problems: ProblemList,
): z.infer<S> | undefined {
  problems.addAll(source.problems);
  if (source.problems.some((problem) => problem.severity === 'error')) return undefined;
  const result = schema.safeParse(source.value);
  if (result.success) return result.data;
  const misspelt = new Set<string>();
  const issues = result.error.issues.toSorted((a, b) => Number(isUnknownKey(b)) - Number(isUnknownKey(a)));
  for (const issue of issues) report(issue, schema, source, problems, misspelt);
  return undefined;
}

const isUnknownKey = (issue: z.core.$ZodIssue): boolean => issue.code === 'unrecognized_keys';

function report(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  source: YamlSource,
  problems: ProblemList,
  misspelt: Set<string>,
): void {
  const { path } = issue;
  const value = valueAt(source.value, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemaAt(schema, path, source.value));
    const present = Object.keys((value as object | undefined) ?? {});
    for (const key of issue.keys) {
      const near = nearest(
        key,
        known.filter((name) => !present.includes(name)),
      );
      if (near !== undefined) misspelt.add([...path, near].join('/'));
      const advice =
        near !== undefined
          ? replacing(key, near)
          : known.length > 0
            ? `Known keys: ${known.join(', ')}.`
            : undefined;
      problems.error(source.positionOfKey([...path, key]), `There is no key "${key}" here.`, advice);
    }
    return;
  }
  const name = nameOf(path);
  if (value === undefined && path.length > 0) {
    // The misspelt key was reported: one mistake, one message.
    if (misspelt.has(path.join('/'))) return;
    problems.error(
      source.positionOf(path.slice(0, -1)),
      `The key "${String(path.at(-1))}" is missing.`,
      addingKey(String(path.at(-1)), undefined, path.slice(0, -1)),
    );
    return;
  }
  const { expected, advice = formOf(issue, schemaAt(schema, path, source.value)) } = expectation(
    issue,
    value,
    schema,
  );
  problems.error(source.positionOf(path), `${name} ${expected}, but it is ${shown(value)}.`, advice);
}

function expectation(
  issue: z.core.$ZodIssue,
  value: unknown,
  schema: z.ZodType,
): { expected: string; advice?: Advice } {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = typeWords[issue.expected] ?? issue.expected;
      if (issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
        const text = `Put it in quotes: "${String(value)}".`;
        return {
          expected: `must be ${expected}`,
          advice: replacing(String(value), `"${String(value)}"`, text),
        };
      }
      if (issue.expected === 'string' && typeof value === 'object' && value !== null) {
        return {
          expected: `must be ${expected}`,
          advice: 'Put the text in quotes if it starts with { or [.',
        };
      }
      return { expected: `must be ${expected}` };
    }
    case 'too_small':
      if (issue.origin === 'string') return { expected: 'must not be empty' };
      if (issue.origin === 'array') return { expected: `must have at least ${issue.minimum} entries` };
      return { expected: `must be at least ${issue.minimum}` };
    case 'too_big':
      if (issue.origin === 'string') return { expected: `must have at most ${issue.maximum} characters` };
      if (issue.origin === 'array')
        return { expected: `must have ${issue.exact ? 'exactly' : 'at most'} ${issue.maximum} entries` };
      return { expected: `must be at most ${issue.maximum}` };
    case 'invalid_format': {
      const meant = meantBy(issue.pattern, String(value));
      return {
        expected: issue.message,
        ...(meant === undefined ? {} : { advice: replacing(String(value), meant) }),
      };
    }
    case 'invalid_value':
      return oneOf(issue.values.map(String), value);
    case 'invalid_union': {
      if (issue.discriminator !== undefined) return oneOf(kindsOf(schema), value);
      const types = issue.errors.flatMap((branch) =>
        branch.flatMap((inner) =>
          inner.code === 'invalid_type' ? [typeWords[inner.expected] ?? inner.expected] : [],
        ),
      );
      return { expected: `must be ${[...new Set(types)].join(' or ')}` };
    }
    default:
      return { expected: `is not accepted (${issue.message})` };
  }
}

/** What is probably meant by a text that does not fit a pattern. */
function meantBy(pattern: string | undefined, value: string): string | undefined {
  if (pattern === String(languagePattern)) return tagMeant(value);
  return pattern === String(idPattern) ? inKebabCase(value) || undefined : undefined;
}

/** How a map is written, where its schema says so and something else stands there. */
const formOf = (issue: z.core.$ZodIssue, schema: z.ZodType | undefined): string | undefined =>
  issue.code === 'invalid_type' && issue.expected === 'object' ? schema?.description : undefined;

function oneOf(values: readonly string[], seen: unknown): { expected: string; advice?: Advice } {
  const last = values.at(-1);
  const near = values.length > 1 ? nearest(String(seen), values) : undefined;
  return {
    expected: `must be ${values.length > 1 ? `${values.slice(0, -1).join(', ')} or ${last}` : last}`,
    ...(near === undefined ? {} : { advice: replacing(String(seen), near) }),
  };
}

/** The values that tell the members of a union apart. */
function kindsOf(schema: z.ZodType): readonly string[] {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return [];
  const { discriminator } = schema.def;
  return schema.options.map((option) =>
    String(((option as z.ZodObject).shape[discriminator] as z.ZodLiteral).value),
  );
}

export const inKebabCase = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list of two numbers',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'empty';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string')
    return value === '' ? 'empty' : `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function nameOf(path: YamlPath): string {
  if (path.length === 0) return 'This block';
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

function valueAt(value: unknown, path: YamlPath): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}

function schemaAt(schema: z.ZodType, path: YamlPath, value: unknown): z.ZodType | undefined {
  let at: unknown = schema;
  let data = value;
  for (const step of [...path, undefined]) {
    while (at instanceof z.ZodOptional) at = at.unwrap();
    if (at instanceof z.ZodDiscriminatedUnion) {
      const { discriminator } = at.def;
      const kind = valueAt(data, [discriminator]);
      at = at.options.find((o) => ((o as z.ZodObject).shape[discriminator] as z.ZodLiteral).value === kind);
    }
    if (step === undefined) break;
    if (at instanceof z.ZodObject) at = at.shape[step as string];
    else if (at instanceof z.ZodArray) at = at.element;
    else if (at instanceof z.ZodRecord) at = at.valueType;
    else return undefined;
    data = valueAt(data, [step]);
  }
  return at as z.ZodType | undefined;
}

const keysOf = (schema: z.ZodType | undefined): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
