import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentSchemas, validatorFiles } from '../../../build/validators.ts';

const root = join(import.meta.dirname, '..', '..', '..');

describe('the validators of documents', () => {
  it('are those that their schemas give; npm run docs makes them', async () => {
    for (const schema of documentSchemas()) {
      for (const [path, text] of await validatorFiles(schema)) {
        assert.equal(readFileSync(join(root, path), 'utf8'), text, path);
      }
    }
  });
});
