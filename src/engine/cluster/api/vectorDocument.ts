import { defineDocument, type DocumentDefinition } from '../../kernel/document.ts';
import { readJsonDocument, type DocumentProblems, type Validator } from '../../kernel/structuredDocument.ts';

/**
 * A document of one calculation, alone. `{}` stands for none: then the parameters are simulated, and the value is undefined.
 * @param inPlaceOf the parameters that it replaces
 * @param check reports what the schema cannot say, and gives the calculation
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names what the schema has established
export const vectorDocument = <Written, V>(
  doc: string,
  inPlaceOf: readonly string[] | 'all',
  validate: Validator,
  check: (written: Written, problems: DocumentProblems) => V | undefined,
): DocumentDefinition<V | undefined> =>
  defineDocument<V | undefined>({
    doc: `${doc} The default \`{}\` calculates nothing, and the parameters are simulated.`,
    file: 'vector.json',
    language: 'json',
    inPlaceOf,
    builtIn: '{}\n',
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
