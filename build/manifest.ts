// Writes what src/extension/contributions.ts says into package.json. Run: npx tsx build/manifest.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activationEvents, manifestContributes } from '../src/extension/contributions.ts';

const file = join(import.meta.dirname, '..', 'package.json');
const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
const written = { ...manifest, activationEvents, contributes: manifestContributes() };
writeFileSync(file, `${JSON.stringify(written, undefined, 2)}\n`);
