import { defineDocument, type DocumentDefinition } from '../../kernel/document.ts';
import { readJsonDocument, type DocumentProblems, type Validator } from '../../kernel/structuredDocument.ts';

/** What one kind of vector is. */
export interface VectorDocument<Written, V> {
  /** What stands in it, in a sentence. */
  readonly doc: string;
  /** The parameters that it replaces. */
  readonly inPlaceOf: readonly string[] | 'all';
  /** Its JSON Schema, and the validator that was made of it. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly validate: Validator;
  /** Reports what the schema cannot say, and gives the calculation. */
  readonly check: (written: Written, problems: DocumentProblems) => V | undefined;
}

/** A document of one calculation, alone. `{}` stands for none: then the parameters are simulated, and the value is undefined. */
export const vectorDocument = <Written, V>({
  doc,
  inPlaceOf,
  schema,
  validate,
  check,
}: VectorDocument<Written, V>): DocumentDefinition<V | undefined> =>
  defineDocument<V | undefined>({
    doc: `${doc} The default \`{}\` calculates nothing, and the parameters are simulated.`,
    file: 'vector.json',
    language: 'json',
    schema,
    inPlaceOf,
    builtIn: '{}\n',
    isNone: (text) => /^\s*\{\s*\}\s*$/.test(text),
    read(text) {
      const reading = readJsonDocument<{ readonly vector: V | undefined }>(text, (json, problems) => {
        if (!problems.schema(validate)) return undefined;
        const written = json.value as Written;
        if (Object.keys(json.value as object).length === 0) return { vector: undefined };
        const vector = check(written, problems);
        return problems.found.length > 0 || vector === undefined ? undefined : { vector };
      });
      if (!reading.ok) return reading;
      return { ok: true, value: { ...reading.value, value: reading.value.value.vector } };
    },
  });
