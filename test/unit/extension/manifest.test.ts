import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  activationEvents,
  commands,
  manifestContributes,
  walkthrough,
} from '../../../src/extension/contributions.ts';
import { takeTexts } from '../../../build/manifestTexts.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;

describe('the manifest', () => {
  it('contributes exactly what src/extension/contributions.ts says', () => {
    const { contributes, texts } = takeTexts(manifestContributes());
    const expected = JSON.parse(JSON.stringify(contributes)) as unknown;
    assert.deepEqual(manifest['contributes'], expected, 'run: npx tsx build/manifest.ts');
    assert.deepEqual(manifest['activationEvents'], [...activationEvents]);
    assert.deepEqual(
      JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')),
      texts,
      'run: npx tsx build/manifest.ts',
    );
  });

  it('wakes for a work folder or a restored lesson, never for every start', () => {
    for (const event of activationEvents) assert.match(event, /^(?:onWebviewPanel|workspaceContains):/);
  });

  it('refers to commands and pictures that exist', () => {
    const text = JSON.stringify(manifestContributes());
    for (const [, id] of text.matchAll(/command:(trapframe\.[\w.]+)/g)) {
      assert.ok(Object.hasOwn(commands, id!) || id === 'trapframe.course.focus', id);
    }
    for (const [, id] of text.matchAll(/<keybinding:([\w.]+)>/g)) assert.ok(Object.hasOwn(commands, id!), id);
    const icons = [...text.matchAll(/"(media\/[^"]+)"/g)].map(([, path]) => path!);
    assert.ok(icons.length > walkthrough.steps.length);
    for (const path of [...icons, manifest['icon'] as string]) assert.ok(existsSync(join(root, path)), path);
  });

  it('keeps the walkthrough to six steps, each completed by doing what it says', () => {
    assert.ok(walkthrough.steps.length <= 6);
    for (const step of walkthrough.steps) {
      assert.ok(step.completionEvents.length > 0, step.id);
      assert.ok(step.media.altText.endsWith('.'), step.id);
    }
  });
});
