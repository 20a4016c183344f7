import type * as z from 'zod';
import { format, resolveConfig } from 'prettier';
import * as lesson from '../src/course/schemas.ts';
import type { Scenario } from '../src/engine/kernel/scenario.ts';
import { answersSchema, caseFileSchema, workSettingsSchema } from './jsonFileSchemas.ts';
import {
  choices,
  definitionsOf,
  objectSchema,
  withScenarios,
  type JsonSchema,
  type ObjectSchema,
} from './scenarioSchemas.ts';

/** The JSON Schemas of everything that an author or a learner writes, by file name: what editors complete from. */
export async function jsonSchemas(
  scenarios: readonly Scenario[],
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const config = await resolveConfig(folder);
  const texts = Object.entries(schemasOf(scenarios)).map(async ([name, schema]) => {
    const filepath = `${folder}/${name}.schema.json`;
    const text = JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema });
    return [`${name}.schema.json`, await format(text, { ...config, filepath })] as const;
  });
  return new Map(await Promise.all(texts));
}

function schemasOf(scenarios: readonly Scenario[]): Readonly<Record<string, JsonSchema>> {
  const overScenario = (schema: z.ZodType): ObjectSchema => withScenarios(objectSchema(schema), scenarios);
  const definitions = definitionsOf(scenarios);
  return {
    pack: ifOurs(objectSchema(lesson.packSchema), {}, ['modules'], ['lessons']),
    task: ifOurs(taskSchema(scenarios), definitions, ['checks'], ['policy'], ['policies'], ['document']),
    'lesson-front-matter': objectSchema(lesson.frontMatterSchema),
    figure: { ...overScenario(lesson.figureSchema), definitions },
    question: {
      oneOf: lesson.questionSchema.options.map((kind) =>
        'scenario' in kind.shape ? overScenario(kind) : objectSchema(kind),
      ),
      definitions,
    },
    prediction: { ...overScenario(lesson.predictionSchema), definitions },
    critique: objectSchema(lesson.critiqueSchema),
    'task-block': objectSchema(lesson.taskBlockSchema),
    trapframe: objectSchema(workSettingsSchema),
    answers: ifOurs(objectSchema(answersSchema), {}, ['format', 'answers']),
    case: ifOurs(overScenario(caseFileSchema), definitions, ['format'], ['scenario']),
  };
}

function taskSchema(scenarios: readonly Scenario[]): ObjectSchema {
  const schema = objectSchema(lesson.taskSchema);
  const policies = new Map(
    scenarios.flatMap((scenario) =>
      Object.values(scenario.policies).map(({ id, doc }) => [id, doc] as const),
    ),
  );
  const documents = scenarios.flatMap((scenario) =>
    Object.entries(scenario.documents).map(([name, { doc }]) => [name, doc] as const),
  );
  const { policy, policies: several, document, checks } = schema.properties;
  return {
    ...schema,
    properties: {
      ...schema.properties,
      policy: { ...policy, ...choices([...policies]) },
      policies: { ...several, items: choices([...policies]) },
      ...(documents.length === 0 ? {} : { document: { ...document, ...choices([...new Map(documents)]) } }),
      checks: { ...checks, items: withScenarios(checks!['items'] as ObjectSchema, scenarios) },
    },
  };
}

/**
 * Other tools have files of the same name. Keys are always offered, and nothing is called wrong before the file has one of
 * our own sets of keys.
 */
function ifOurs(
  schema: ObjectSchema,
  definitions: JsonSchema,
  ...keys: readonly (readonly string[])[]
): JsonSchema {
  const properties = Object.entries(schema.properties).map(
    ([name, { description }]) => [name, { description }] as const,
  );
  return {
    ...('description' in schema ? { description: schema['description'] } : {}),
    properties: Object.fromEntries(properties),
    if: { type: 'object', anyOf: keys.map((required) => ({ required })) },
    then: { $ref: '#/definitions/file' },
    definitions: { file: schema, ...definitions },
  };
}
