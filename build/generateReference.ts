// Writes docs/reference/scenarios.md, media/schemas/* and the validators of documents. Run: npm run docs
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarios } from '../src/engine/scenarios.ts';
import { jsonSchemas } from './jsonSchemas.ts';
import { referencePage } from './referencePage.ts';
import { documentSchemas, validatorFiles } from './validators.ts';

const root = join(import.meta.dirname, '..');
const table = Object.values(scenarios);

const path = join(root, 'docs', 'reference', 'scenarios.md');
writeFileSync(path, await referencePage(table, path));

const schemas = join(root, 'media', 'schemas');
rmSync(schemas, { recursive: true, force: true });
mkdirSync(schemas, { recursive: true });
for (const [name, text] of await jsonSchemas(table, schemas)) writeFileSync(join(schemas, name), text);

for (const schema of documentSchemas()) {
  for (const [name, text] of await validatorFiles(schema)) writeFileSync(join(root, name), text);
}
