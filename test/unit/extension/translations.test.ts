import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ParameterInput } from '../../../src/engine/kernel/parameters.ts';
import type { ViewKind } from '../../../src/engine/kernel/views.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { runFigure } from '../../../src/webview/figure/runFigure.ts';
import { engineKey, spokenWith } from '../../../src/course/spokenText.ts';
import { engineTexts } from '../../../src/webview/page/spokenTexts.ts';
import { bundledCourse } from './bundledCourse.ts';
import { sentencesOfGermanLessons } from './engineSentences.ts';
import { german } from './inGerman.ts';
import { messagesOf, untranslatedOf } from './messageKeys.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (name: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(join(root, name), 'utf8')) as Record<string, string>;

/** What stands in for something else, and so has to stand in the translation too. */
const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{\w+\}|<keybinding:[\w.]+>|\(command:[\w.]+\)|\$\([\w-]+\)/g)]
    .map(([found]) => found)
    .toSorted();

/** What the engine says in the figures of the lessons that are in German, as its keys, however their controls are set. */
async function figureTexts(): Promise<ReadonlySet<string>> {
  const { pack } = await bundledCourse('de');
  const texts = pack.lessons
    .filter(({ path }) => path.endsWith('.de.md'))
    .flatMap(({ parts }) => parts)
    .flatMap((part) => {
      if (part.kind === 'prediction' && part.form === 'number')
        return runTexts(part.scenario, part.set, part.view);
      if (part.kind !== 'figure') return [];
      const { scenario, set, compare, controls, view } = part;
      const choices = controls.flatMap((name) => {
        const parameter = scenarios[scenario]!.params[name]!;
        return parameter.kind === 'choice'
          ? Object.keys(parameter.values).map((value) => ({ ...set, [name]: value }))
          : [];
      });
      return [set, ...(compare === undefined ? [] : [compare]), ...choices].flatMap((params) =>
        runTexts(scenario, params, view),
      );
    });
  // VMs are called by their numbers in every language.
  return new Set(texts.filter((text) => text !== '' && !/^(VM \d+|Dom0)$/.test(text)).map(engineKey));
}

const runTexts = (scenario: string, params: ParameterInput, view: ViewKind | undefined): readonly string[] =>
  engineTexts(runFigure(scenarios, { request: 1, scenario, params, view }));

describe('the German user interface', () => {
  let inFigures: ReadonlySet<string>;
  let sentences: ReadonlySet<string>;

  before(async () => {
    inFigures = await figureTexts();
    sentences = await sentencesOfGermanLessons();
  });

  const uses = ['course', 'authoring', 'extension', 'webview'].flatMap(messagesOf);

  it('has every text that the code shows, and no other', () => {
    assert.ok(uses.length > 200, String(uses.length));
    const missing = uses.filter(({ text }) => !Object.hasOwn(german, text));
    assert.deepEqual(missing, [], 'add it to l10n/bundle.l10n.de.json');
    const used = new Set([...uses.map(({ text }) => text), ...inFigures]);
    const spoken = spokenWith(german, (key) => used.add(key));
    for (const sentence of sentences) spoken(sentence);
    assert.deepEqual(
      Object.keys(german).filter((text) => !used.has(text)),
      [],
      'nothing shows these any more',
    );
  });

  it('has what the engine says in the figures of German lessons', () => {
    assert.ok(inFigures.size > 20, String(inFigures.size));
    assert.deepEqual(
      [...inFigures].filter((text) => !Object.hasOwn(german, text)),
      [],
      'add it to l10n/bundle.l10n.de.json',
    );
  });

  it('has every sentence that the engine and grading say in German lessons', () => {
    assert.ok(sentences.size > 500, String(sentences.size));
    const spoken = spokenWith(german);
    assert.deepEqual(
      [...sentences].filter((sentence) => spoken(sentence) === undefined),
      [],
      'add it to l10n/bundle.l10n.de.json',
    );
  });

  it('is asked for every text that people see', () => {
    const english = [
      // The manifest's texts stand in package.nls.json.
      /^src\/extension\/contributions\.ts:/,
      // A name, and a label that VS Code never shows.
      / ('Trapframe lint'|'Suggest')$/,
      // The worker of figures has no translator: the page puts its sentences into German as it does with the engine's.
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
