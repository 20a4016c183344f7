// Writes docs/reference/scenarios.md. Run: npm run docs
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarios } from '../src/engine/scenarios.ts';
import { referencePage } from './referencePage.ts';

const path = join(import.meta.dirname, '..', 'docs', 'reference', 'scenarios.md');
writeFileSync(path, await referencePage(Object.values(scenarios), path));
