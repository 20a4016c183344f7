import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answeredStates, examplePage, untouchedStates } from './examplePage.ts';
import { comparedRuns } from './exampleReplays.ts';
import { trapScenario } from './trapScenario.ts';
import { german, lessonTabs, traceTabs } from './webviewHarness.ts';

/** Everything that a page says: its texts, and the names of what has none. */
const saidIn = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const said: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node instanceof Text) said.push(node.data.trim());
      else
        for (const name of ['aria-label', 'title', 'aria-valuetext'])
          said.push((node as Element).getAttribute(name) ?? '');
    }
    return said;
  });

/** The texts of the user interface that a page says in English, though there is a German one. */
const english = (said: readonly string[]): readonly string[] =>
  said.filter((text) => Object.hasOwn(german, text) && german[text] !== text);

/** Every text of a page with the language that it says it is in. */
const languagesIn = (page: Page): Promise<readonly { readonly text: string; readonly lang: string }[]> =>
  page.evaluate(() => {
    const found: { text: string; lang: string }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = (node as Text).data.trim();
      if (text !== '')
        found.push({ text, lang: node.parentElement!.closest('[lang]')!.getAttribute('lang')! });
    }
    return found;
  });

/** Texts that are in one language, and on a page said to be in the other. */
function wronglyMarked(
  texts: readonly { readonly text: string; readonly lang: string }[],
  isEnglish: (text: string) => boolean,
): readonly string[] {
  const words = new Set(Object.entries(german).flatMap(([key, text]) => (key === text ? [] : [text])));
  return texts.flatMap(({ text, lang }) => {
    if (lang === 'en' && words.has(text)) return [`not English: ${text}`];
    return lang === 'de' && isEnglish(text) ? [`not German: ${text}`] : [];
  });
}

describe('the pages in German', () => {
  const lesson = lessonTabs();
  const trace = traceTabs();

  it('ask, judge and explain in German, whatever the language of the lesson', async () => {
    const tab = await lesson({ german: true });
    // Heads of a table in the lesson's own text, and what can be chosen by its name.
    const own = new Set(['Slice', 'Wait', 'Response', 'blocked']);
    for (const exercises of [untouchedStates, answeredStates()]) {
      await tab.post({ type: 'lesson', page: examplePage, exercises });
      await tab.settled();
      assert.deepEqual(
        english(await saidIn(tab.page)).filter((text) => !own.has(text)),
        [],
      );
    }
    const said = await saidIn(tab.page);
    for (const text of [
      'Zeitscheibe',
      'Längste Wartezeit',
      'Noch nicht richtig',
      'Der kleinste Fall, der scheitert',
      'Diesen Fall durchgehen',
    ])
      assert.ok(
        said.some((each) => each.startsWith(text)),
        text,
      );
  });

  it('say which texts are in English', async () => {
    const tab = await lesson({ german: true });
    await tab.post({ type: 'lesson', page: examplePage, exercises: answeredStates() });
    await tab.settled();
    const texts = await languagesIn(tab.page);
    assert.equal(await tab.page.locator('html').getAttribute('lang'), 'de');
    assert.equal(await tab.page.locator('article').getAttribute('lang'), 'en');
    assert.deepEqual(
      wronglyMarked(texts, (text) => /\b(the|is|of|every|and)\b/.test(text)),
      [],
    );
    const langOf = (wanted: string): unknown => texts.find(({ text }) => text === wanted)?.lang;
    assert.equal(langOf(examplePage.title), 'en');
    assert.equal(langOf('Zeitscheibe'), 'de');
  });

  it('say no language again where the lesson is in the editor\u2019s', async () => {
    const tab = await lesson({ german: true });
    await tab.post({ type: 'lesson', page: { ...examplePage, language: 'de' }, exercises: answeredStates() });
    await tab.settled();
    assert.equal(await tab.page.locator('article').getAttribute('lang'), 'de');
    assert.equal(await tab.page.locator('article .prose[lang]').count(), 0);
  });

  it('say of what a translation lacks that it is in the language of the original', async () => {
    const tab = await lesson({ german: true });
    const lacking = examplePage.parts.findIndex(({ kind }) => kind === 'question');
    const parts = examplePage.parts.map((part, index) =>
      index === lacking ? { ...part, language: 'en' } : part,
    );
    const page = { ...examplePage, language: 'de', parts };
    await tab.post({ type: 'lesson', page, exercises: answeredStates() });
    await tab.settled();
    const marked = tab.page.locator('article .prose[lang=en]');
    assert.ok((await marked.count()) > 0);
    assert.equal(await marked.count(), await tab.page.locator(`[data-part="${lacking}"] .prose`).count());
  });

  it('are as wide as the window, with longer words too', async () => {
    const tab = await lesson({ german: true, width: 320 });
    await tab.post({ type: 'lesson', page: examplePage, exercises: answeredStates() });
    await tab.settled();
    assert.equal(await tab.scrollsSideways(), false);
  });

  it('step through a run in German', async () => {
    const tab = await trace({ german: true });
    const { replay } = comparedRuns('scheduling.round-robin', { vms: 3, sliceMs: 10 });
    await tab.post({ type: 'replay', replay });
    await tab.page.locator('.stepper-said').waitFor();
    const said = await saidIn(tab.page);
    // What the runs are called comes with the replay.
    const given = new Set(['Your run', 'Expected']);
    assert.deepEqual(
      english(said).filter((text) => !given.has(text)),
      [],
    );
    assert.ok(said.includes('Nächstes Ereignis'));
    assert.ok(said.includes('VM 1 wartet auf eine CPU (Beginn)'));
    // Only the case's title, which is the lesson's.
    assert.deepEqual(await tab.page.locator('[lang=en]').allTextContents(), [replay.title]);
  });

  it('leave events of other subjects in English, and say so', async () => {
    const tab = await trace({ german: true, testScenario: true });
    const replay = {
      title: 'Traps',
      language: 'de',
      scenario: trapScenario.id,
      params: {},
      seed: 1,
      runs: [],
    };
    await tab.post({ type: 'replay', replay });
    await tab.page.locator('.stepper-said').waitFor();
    const event = tab.page.locator('.stepper-said [lang=en]');
    assert.match((await event.textContent())!, /^[a-z ]+/);
    assert.equal((await tab.page.locator('.events [lang=en]').count()) > 0, true);
  });
});
