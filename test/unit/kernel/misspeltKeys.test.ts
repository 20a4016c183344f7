import assert from 'node:assert/strict';
import { parseAllDocuments, stringify } from 'yaml';
import { readDocument, type DocumentDefinition } from '../../../src/engine/kernel/document.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';

/** Every kind of structured document, by the name of its file: those of the same file are read by the same rules. */
const definitions = new Map<string, DocumentDefinition>(
  Object.values(scenarios).flatMap((scenario) =>
    Object.values(scenario.documents as Readonly<Record<string, DocumentDefinition>>).flatMap((document) =>
      document.language === 'yaml' || document.language === 'json'
        ? [[document.file, document] as const]
        : [],
    ),
  ),
);

type Fields = Record<string, unknown>;

/** Maps whose keys are names of their author's choice. */
const ownNames = /(?:^|\/)(?:vms|labels|annotations|matchLabels|nodeSelector|selector|sysctl|unified)$/;

/** Every map of a value with its path, lists left out of it. */
function* mapsOf(value: unknown, path = ''): Generator<readonly [string, Fields]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Fields];
  for (const [key, inner] of Object.entries(value))
    yield* mapsOf(inner, Array.isArray(value) ? path : `${path}/${key}`);
}

/** Whether a reader says something of a key, as a problem or as a note. */
function isTold(definition: DocumentDefinition, text: string, key: string): boolean {
  const reading = readDocument(definition, text);
  const said = reading.ok ? (reading.value.notes ?? []) : reading.problems;
  return said.some(({ message }) => message.includes(key));
}

describe('a key that no document may have', () => {
  for (const [file, definition] of definitions) {
    it(`is told in ${file}, wherever it stands`, () => {
      const documents = parseAllDocuments(definition.builtIn).map((each) => each.toJS() as unknown);
      for (const [path, map] of documents.flatMap((document) => [...mapsOf(document)])) {
        if (ownNames.test(path)) continue;
        map['zzqx'] = '1';
        const text =
          definition.language === 'json'
            ? JSON.stringify(documents[0])
            : documents.map((document) => stringify(document)).join('---\n');
        delete map['zzqx'];
        assert.ok(isTold(definition, text, 'zzqx'), `${path} of\n${text}`);
      }
    });
  }
});
