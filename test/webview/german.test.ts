import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answeredStates, examplePage, untouchedStates } from './examplePage.ts';
import { oneRequest } from './exampleReplays.ts';
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

describe('the pages in German', () => {
  const lesson = lessonTabs();
  const trace = traceTabs();

  it('ask, judge and explain in German, whatever the language of the lesson', async () => {
    const tab = await lesson({ german: true });
    // Heads of a table in the lesson's own text.
    const own = new Set(['Slice', 'Wait', 'Response']);
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

  it('are as wide as the window, with longer words too', async () => {
    const tab = await lesson({ german: true, width: 320 });
    await tab.post({ type: 'lesson', page: examplePage, exercises: answeredStates() });
    await tab.settled();
    assert.equal(await tab.scrollsSideways(), false);
  });

  it('step through a run in German', async () => {
    const tab = await trace({ german: true });
    await tab.post({ type: 'replay', replay: oneRequest().replay });
    await tab.page.locator('.stepper-said').waitFor();
    const said = await saidIn(tab.page);
    // What the runs are called comes with the replay, and what their events are from the engine.
    const given = new Set(['Your run', 'Expected', 'start']);
    assert.deepEqual(
      english(said).filter((text) => !given.has(text)),
      [],
    );
    assert.ok(said.includes('Nächstes Ereignis'));
  });
});
