import assert from 'node:assert/strict';
import { isClassView } from '../../src/extension/classViewFile.ts';
import { chromium, type Browser } from 'playwright-core';
import { chromiumLaunchOptions } from '../../build/chromium.mjs';
import type { ClassHeader, LearnerResult } from '../../src/grading/class/classReport.ts';
import { ClassTally } from '../../src/grading/class/classSummary.ts';
import { classViewPage } from '../../src/grading/class/reports/classView.ts';
import { axeViolations } from './axe.ts';

const header: ClassHeader = {
  format: 1,
  kind: 'trapframe class report',
  pack: { id: 'p', title: 'A <course>', contentHash: 'h' },
  engineVersion: '1.2.3',
  courseSeed: 7,
  lessons: [{ id: 'l', title: 'A <lesson>' }],
  items: [
    {
      id: 'wait',
      kind: 'question',
      title: 'How long does VM 1 wait at worst?',
      lesson: 'l',
      maxPoints: 1,
      mistakes: [{ id: '1', say: 'That counts VM 1 *itself* as waiting.' }],
    },
    {
      id: 'why',
      kind: 'question',
      title: 'What does a shorter slice cost?',
      lesson: 'l',
      maxPoints: 2,
      mistakes: [{ id: 'b', text: 'Nothing at all', say: 'Every switch takes time.' }],
    },
  ],
  problems: [],
};

/** Learner n of 12 has the first question right from the fifth on, the second from the ninth on. */
const result = (n: number): LearnerResult => {
  const first = n >= 4;
  const second = n >= 8;
  return {
    learner: { id: `s${n}`, name: n === 0 ? '<img src=x onerror=alert(1)>' : `Student ${n}`, aliases: [] },
    listed: true,
    seed: n,
    place: `s${n}`,
    points: (first ? 1 : 0) + (second ? 2 : 0),
    maxPoints: 3,
    exercises: [
      {
        id: 'wait',
        verdict: first ? 'passed' : 'failed',
        points: first ? 1 : 0,
        maxPoints: 1,
        mistakes: first ? [] : ['1'],
        attempts: 2,
        hints: n === 0 ? 3 : 0,
      },
      {
        id: 'why',
        verdict: second ? 'passed' : 'failed',
        points: second ? 2 : 0,
        maxPoints: 2,
        mistakes: second ? [] : ['b'],
      },
    ],
    problems: n === 1 ? [{ where: 's1/x.ts', what: 'is odd.', next: 'Ask.' }] : [],
  };
};

const tally = new ClassTally(header);
for (let n = 0; n < 12; n++) tally.add(result(n));
const page = classViewPage(header, tally.summary(), {
  compared: 12,
  differences: ['the pack was edited', 'points in all 2 → 3'],
  changes: [
    { learner: 's3', before: 2, after: 1, exercises: [{ id: 'why', before: 2, after: 1, because: [] }] },
  ],
  gone: [],
  added: [],
});

describe('the class view', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch(await chromiumLaunchOptions());
  });
  after(() => browser.close());

  for (const colorScheme of ['light', 'dark'] as const) {
    it('is what the editor opens as a class report', () => {
      assert.equal(isClassView(page), true);
    });

    it(`has nothing that axe finds wrong, and runs no script of a name, in a ${colorScheme} theme`, async () => {
      const tab = await browser.newPage({ colorScheme, viewport: { width: 1000, height: 900 } });
      const asked: string[] = [];
      tab.on('request', (request) => void asked.push(request.url()));
      tab.on('dialog', (dialog) => void asked.push(dialog.message()));
      await tab.setContent(page);
      assert.deepEqual(await axeViolations({ page: tab }), []);
      assert.deepEqual(asked, []);
      await tab.close();
    });
  }

  it('marks what a course in another language says', () => {
    const { pack } = header;
    const german = classViewPage(
      { ...header, pack: { ...pack, language: 'de' } },
      tally.summary(),
      undefined,
    );
    assert.match(german, /<html lang="en">/);
    assert.match(german, /<h1><span lang="de">A &lt;course&gt;<\/span>: the class<\/h1>/);
    assert.match(german, /<span lang="de">A &lt;lesson&gt;<\/span>/);
    assert.match(german, /<span lang="de">What does a shorter slice cost\?<\/span> <span class="id">why/);
    assert.match(german, /<blockquote lang="de">Nothing at all<\/blockquote><div class="say" lang="de">/);
    assert.equal(german.replaceAll(/ lang="de"/g, '').includes('lang="de"'), false);
    assert.equal(page.match(/lang=/g)?.length, 1);
  });

  it('says how a class did, in text', async () => {
    const tab = await browser.newPage();
    await tab.setContent(page);
    const text = (await tab.locator('main').innerText()).replaceAll(/\s+/g, ' ');
    assert.match(text, /How long does VM 1 wait at worst\? wait 8 of 12 67 % 0\.50 1\.00 0 0 2\.0 3 by 1/);
    assert.match(text, /8 of 12 in What does a shorter slice cost\?/);
    assert.match(text, /s1\/x\.ts: is odd\. Ask\./);
    assert.match(text, /s3 2 1 −1/);
    await tab.close();
  });

  it('leads to every part, to the report of each learner, and says once what is found in many places', async () => {
    const many = new ClassTally(header);
    for (let n = 0; n < 12; n++)
      many.add({
        ...result(n),
        problems: [{ where: `s${n}`, what: 'holds no file.', next: 'It counts 0.' }],
      });
    const tab = await browser.newPage({ viewport: { width: 420, height: 800 } });
    await tab.setContent(classViewPage(header, many.summary(), undefined));
    const targets = await tab
      .locator('a[href^="#"]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')!.slice(1)));
    assert.deepEqual(targets, ['problems', 'exercises', 'mistakes', 'learners', 'learners', 'problems']);
    for (const id of targets) assert.equal(await tab.locator(`h2#${id}`).count(), 1, id);
    assert.equal(await tab.locator('h2').nth(1).innerText(), 'To look at', 'right below the overview');
    assert.equal(await tab.locator('#learners ~ .scroll a').first().getAttribute('href'), 'students/s0.md');
    const list = (await tab.locator('ul.problems').innerText()).replaceAll(/\s+/g, ' ');
    assert.equal(list, 'In 12 places: holds no file. It counts 0. All 12 places');
    await tab.locator('summary').click();
    assert.match(await tab.locator('ul.problems').innerText(), /s0, s1, .*s11/);
    assert.equal(
      await tab.evaluate(() => document.documentElement.scrollWidth),
      420,
      'a narrow page scrolls its tables, not itself',
    );
    assert.deepEqual(await axeViolations({ page: tab }), []);
    await tab.close();
  });

  it('says of a class that handed in nothing who is in it, and no statistics', async () => {
    const none = new ClassTally(header);
    for (let n = 0; n < 2; n++) {
      const { place: _, ...absent } = result(n);
      none.add({ ...absent, points: 0, problems: [] });
    }
    const tab = await browser.newPage();
    await tab.setContent(classViewPage(header, none.summary(), undefined));
    assert.deepEqual(await tab.locator('h2').allInnerTexts(), ['Overview', 'Learners']);
    const text = (await tab.locator('main').innerText()).replaceAll(/\s+/g, ' ');
    assert.match(text, /Handed in 0 of 2 learners Mean – Median – To look at nothing /);
    assert.match(text, /s1 Student 1 nothing handed in/);
    await tab.close();
  });
});
