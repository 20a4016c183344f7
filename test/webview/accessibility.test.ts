import assert from 'node:assert/strict';
import {
  answeredStates,
  examplePage,
  numberPart,
  numberUnreadable,
  taskPart,
  taskUngradable,
} from './examplePage.ts';
import { axeViolations } from './axe.ts';
import { lessonTabs, themeNames } from './webviewHarness.ts';

describe('accessibility', () => {
  const open = lessonTabs();

  for (const theme of themeNames) {
    it(`has no violation that axe finds, in ${theme}: fresh, answered, with open tables and with errors`, async () => {
      const tab = await open({ theme });
      await tab.post({ type: 'lesson', page: examplePage, exercises: {} });
      await tab.settled();
      assert.deepEqual(await axeViolations(tab), []);
      await tab.post({ type: 'lesson', page: examplePage, exercises: answeredStates() });
      await tab.settled();
      for (const button of await tab.page.getByRole('button', { name: 'Table' }).all()) await button.click();
      await tab.page.locator('details summary').click();
      assert.deepEqual(await axeViolations(tab), []);
      await tab.post({ type: 'exercise', id: numberPart.id, state: numberUnreadable });
      await tab.post({ type: 'exercise', id: taskPart.id, state: taskUngradable });
      await tab.page.getByRole('textbox', { name: 'VMs' }).fill('0');
      await tab.page.locator('.control.has-problem').waitFor();
      assert.deepEqual(await axeViolations(tab), []);
      await tab.post({
        type: 'broken',
        title: 'No such lesson',
        message: 'Open another from the course view.',
      });
      assert.deepEqual(await axeViolations(tab), []);
    });
  }

  it('can be walked through with the Tab key, in reading order, without a trap and with a visible focus', async () => {
    const tab = await open({ height: 600 });
    await tab.post({ type: 'lesson', page: examplePage, exercises: answeredStates() });
    await tab.settled();
    const visited: string[] = [];
    let lastTop = -Infinity;
    for (let i = 0; i < 200; i++) {
      await tab.page.keyboard.press('Tab');
      const stop = await tab.focused();
      if (stop === 'nothing') break;
      const { top, outlined } = await tab.page.evaluate(() => {
        const element = document.activeElement!;
        const style = getComputedStyle(element);
        const rect = element.getBoundingClientRect();
        return {
          top: rect.top + window.scrollY,
          outlined: style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1,
        };
      });
      assert.ok(outlined, `${stop} has the focus and does not show it`);
      assert.ok(top > lastTop - 60, `${stop} comes after something below it`);
      lastTop = top;
      visited.push(stop);
    }
    for (const expected of [
      'text: VMs',
      'range: Time slice, slider',
      'slider: Schedule: step through its events',
      'text: Your answer',
      'submit: Try again',
      'button: Check',
      'button: Go to the line that decided (line 14)',
      'slider: Your run: step through its events',
      'summary: What your code printed (2 lines)',
      'button: Boosting, and what it costs',
    ])
      assert.ok(visited.includes(expected), `${expected} is not among\n${visited.join('\n')}`);
    assert.equal(visited.at(-1), 'button: Boosting, and what it costs');
    await tab.page.keyboard.press('Shift+Tab');
    assert.notEqual(await tab.focused(), 'nothing');
  });

  it('never scrolls sideways: 300 px wide, and at 200 % zoom', async () => {
    for (const [width, ratio] of [
      [300, 1],
      [450, 2],
    ] as const) {
      const tab = await open({ width, ratio });
      await tab.post({ type: 'lesson', page: examplePage, exercises: answeredStates() });
      await tab.settled();
      for (const button of await tab.page.getByRole('button', { name: 'Table' }).all()) await button.click();
      assert.equal(await tab.scrollsSideways(), false, `at ${width} px`);
      const cut = await tab.page.evaluate(() =>
        [
          ...document.querySelectorAll(
            'button, input, select, p, h1, h2, h3, h4, label, dd, dt, legend, summary',
          ),
        ]
          .filter(
            (element) =>
              element.getBoundingClientRect().right > window.innerWidth &&
              element.closest('.table-scroll, pre, .visually-hidden') === null,
          )
          .map((element) => element.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(cut, []);
    }
  });

  it('wraps long words and long lists of values', async () => {
    const tab = await open({ width: 320 });
    const long = 'x'.repeat(300);
    await tab.post({
      type: 'lesson',
      page: {
        ...examplePage,
        title: long,
        parts: [
          { kind: 'prose', html: `<p>${long} <code>${long}</code></p>` },
          { ...numberPart, askHtml: `<p>${long}</p>` },
        ],
        next: { id: 'next', title: long },
      },
      exercises: {
        [numberPart.id]: {
          kind: 'unreadable',
          hintsHtml: [],
          response: { form: 'number', text: long },
          message: long,
        },
      },
    });
    assert.equal(await tab.scrollsSideways(), false);
  });

  it('does not move what is being used when feedback appears', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: examplePage, exercises: {} });
    await tab.settled();
    const button = tab.page.locator('#part-worst-wait button[type=submit]');
    await button.scrollIntoViewIfNeeded();
    const before = await button.boundingBox();
    await tab.post({ type: 'exercise', id: numberPart.id, state: answeredStates()[numberPart.id]! });
    const after = await button.boundingBox();
    assert.deepEqual([after!.x, after!.y], [before!.x, before!.y]);
  });

  it('moves nothing by itself', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: examplePage, exercises: answeredStates() });
    await tab.settled();
    const animations = await tab.page.evaluate(
      () => document.getAnimations().filter((one) => one.playState === 'running').length,
    );
    assert.equal(animations, 0);
  });

  it('is in English, as its document says', async () => {
    const tab = await open();
    assert.equal(await tab.page.locator('html').getAttribute('lang'), 'en');
  });
});
