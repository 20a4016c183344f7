import * as z from 'zod';
import {
  critiqueSchema,
  figureSchema,
  frontMatterSchema,
  packSchema,
  predictionSchema,
  questionSchema,
  taskBlockSchema,
  taskSchema,
} from '../course/schemas.ts';
import type { DataPath } from '../engine/kernel/structuredText.ts';
import type { RegionKind } from './yamlRegion.ts';

/** What the schemas of the lesson format say of a place, for editors: which keys there are, and what they mean. */

const schemas: Readonly<Record<RegionKind, z.ZodType>> = {
  pack: packSchema,
  'task.yaml': taskSchema,
  'front matter': frontMatterSchema,
  figure: figureSchema,
  question: questionSchema,
  prediction: predictionSchema,
  critique: critiqueSchema,
  task: taskBlockSchema,
};

export const schemaOf = (kind: RegionKind): z.ZodType => schemas[kind];

/** The schema of the value at a path. @param data what is written, which tells kinds of questions apart */
export function schemaAt(schema: z.ZodType, path: DataPath, data: unknown): z.ZodType | undefined {
  let at: z.ZodType | undefined = schema;
  let value = data;
  for (const step of path) {
    at = at === undefined ? undefined : inner(bare(at), step, value);
    value = part(value, step);
  }
  return at;
}

const part = (value: unknown, step: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined;

function inner(schema: z.ZodType, step: PropertyKey, value: unknown): z.ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodTuple) return (schema.def.items as readonly z.ZodType[])[Number(step)];
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  return keysOf(schema, value)?.get(String(step));
}

/** The schema without what only says that it may be absent. */
export function bare(schema: z.ZodType): z.ZodType {
  let at = schema;
  while (at instanceof z.ZodOptional) at = at.unwrap() as z.ZodType;
  return at;
}

/** What a value means, in a sentence. */
export const docOf = (schema: z.ZodType): string | undefined =>
  schema.description ?? (schema instanceof z.ZodOptional ? docOf(schema.unwrap() as z.ZodType) : undefined);

export const isRequired = (schema: z.ZodType): boolean => !(schema instanceof z.ZodOptional);

/** The keys that a map may have; undefined for what is no map of known keys. */
export function keysOf(schema: z.ZodType, value: unknown): ReadonlyMap<string, z.ZodType> | undefined {
  const map = bare(schema);
  if (map instanceof z.ZodObject) return new Map(Object.entries<z.ZodType>(map.shape));
  if (!(map instanceof z.ZodDiscriminatedUnion)) return undefined;
  const { discriminator } = map.def;
  const options = map.options as readonly z.ZodObject[];
  const kind = part(value, discriminator);
  const chosen = options.find((option) => kindOf(option, discriminator) === kind);
  if (chosen !== undefined) return keysOf(chosen, value);
  // Before the kind is written, every key is one that may come.
  return new Map(options.flatMap((option) => Object.entries(option.shape as Record<string, z.ZodType>)));
}

const kindOf = (option: z.ZodObject, discriminator: string): unknown =>
  (bare((option.shape as Record<string, z.ZodType>)[discriminator]!) as z.ZodLiteral).value;

/** The words that a value may be, each with what it means; empty for what is no choice. */
export function wordsOf(schema: z.ZodType): readonly string[] {
  const value = bare(schema);
  if (value instanceof z.ZodEnum) return value.options.map(String);
  if (value instanceof z.ZodLiteral) return [...value.values].map(String);
  if (value instanceof z.ZodBoolean) return ['true', 'false'];
  return [];
}

/** The kinds of a union of maps with what each means: `number` and its doc for a question. */
export function kindsOf(schema: z.ZodType): readonly (readonly [kind: string, doc: string])[] {
  const union = bare(schema);
  if (!(union instanceof z.ZodDiscriminatedUnion)) return [];
  const { discriminator } = union.def;
  return (union.options as readonly z.ZodObject[]).map((option) => {
    const kind = (option.shape as Record<string, z.ZodType>)[discriminator]!;
    return [String(kindOf(option, discriminator)), docOf(kind) ?? ''] as const;
  });
}

/** Whether a place takes a word, a number or a flag, and no map or list. */
export function isScalarSchema(schema: z.ZodType | undefined): boolean {
  if (schema === undefined) return false;
  const value = bare(schema);
  return !(
    value instanceof z.ZodObject ||
    value instanceof z.ZodArray ||
    value instanceof z.ZodTuple ||
    value instanceof z.ZodRecord ||
    value instanceof z.ZodDiscriminatedUnion
  );
}
