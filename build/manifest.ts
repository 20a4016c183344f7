// Writes what src/extension/contributions.ts says into package.json, and its texts into package.nls.json. Run: npx tsx build/manifest.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activationEvents, manifestContributes } from '../src/extension/contributions.ts';
import { takeTexts } from './manifestTexts.ts';

const file = (name: string): string => join(import.meta.dirname, '..', name);
const write = (name: string, value: unknown): void =>
  writeFileSync(file(name), `${JSON.stringify(value, undefined, 2)}\n`);
const manifest = JSON.parse(readFileSync(file('package.json'), 'utf8')) as Record<string, unknown>;
const { contributes, texts } = takeTexts(manifestContributes());
write('package.json', { ...manifest, activationEvents, contributes });
write('package.nls.json', texts);
