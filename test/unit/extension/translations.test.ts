import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { german } from './inGerman.ts';
import { messagesOf, untranslatedOf } from './messageKeys.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (name: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(join(root, name), 'utf8')) as Record<string, string>;

/** What stands in for something else, and so has to stand in the translation too. */
const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{\d+\}|<keybinding:[\w.]+>|\(command:[\w.]+\)|\$\([\w-]+\)/g)]
    .map(([found]) => found)
    .toSorted();

describe('the German user interface', () => {
  const uses = ['course', 'authoring', 'extension', 'webview'].flatMap(messagesOf);

  it('has every text that the code shows, and no other', () => {
    assert.ok(uses.length > 200, String(uses.length));
    const missing = uses.filter(({ text }) => !Object.hasOwn(german, text));
    assert.deepEqual(missing, [], 'add it to l10n/bundle.l10n.de.json');
    const used = new Set(uses.map(({ text }) => text));
    assert.deepEqual(
      Object.keys(german).filter((text) => !used.has(text)),
      [],
      'nothing shows these any more',
    );
  });

  it('is asked for every text that people see', () => {
    const english = [
      // The manifest's texts stand in package.nls.json.
      /^src\/extension\/contributions\.ts:/,
      // A name, and a label that VS Code never shows.
      / ('Trapframe lint'|'Suggest')$/,
      // The worker of figures has no translator: what stops a simulation is said in English, as the engine says it.
      /^src\/webview\/figure\/(runFigure|serveFigures)\.ts:/,
    ];
    const seen = [...untranslatedOf('extension', 'words'), ...untranslatedOf('webview', 'shown')];
    assert.deepEqual(
      seen.filter((text) => !english.some((known) => known.test(text))),
      [],
      'put it through t(…)',
    );
  });

  it('gives every text as many values as it has places', () => {
    for (const { text, values, at } of uses) assert.equal(new Set(placeholders(text)).size, values, at);
  });

  it('has every text of the manifest', () => {
    assert.deepEqual(
      Object.keys(read('package.nls.de.json')).toSorted(),
      Object.keys(read('package.nls.json')).toSorted(),
      'write it in package.nls.de.json',
    );
  });

  it('keeps what stands in for values, keys and commands', () => {
    const manifest = read('package.nls.json');
    for (const [key, text] of Object.entries(read('package.nls.de.json'))) {
      assert.deepEqual(placeholders(text), placeholders(manifest[key]!), key);
    }
    for (const [text, translated] of Object.entries(german)) {
      assert.deepEqual(placeholders(translated), placeholders(text), text);
    }
  });
});
