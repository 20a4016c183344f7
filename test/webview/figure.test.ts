import assert from 'node:assert/strict';
import type { FigurePagePart } from '../../src/protocol/lessonPanel.ts';
import { figurePart, pageWith, scheduleOf } from './examplePage.ts';
import { lessonTabs, type LessonTab } from './webviewHarness.ts';

const metrics = async (tab: LessonTab): Promise<readonly string[]> =>
  tab.page.locator('.metric-value').allTextContents();
const page = pageWith(figurePart);

describe('a figure', () => {
  const open = lessonTabs();
  const shown = async (part = figurePart, state?: unknown): Promise<LessonTab> => {
    const tab = await open({ state });
    await tab.post({ type: 'lesson', page: pageWith(part), exercises: {} });
    await tab.settled();
    return tab;
  };

  it('runs its scenario and shows the numbers that the lesson names', async () => {
    const tab = await shown();
    assert.deepEqual(await metrics(tab), ['90 ms', '120 ms']);
    assert.deepEqual(await tab.page.locator('.metric dt').allTextContents(), [
      'Worst wait',
      'Worst response',
    ]);
    assert.equal(await tab.page.getByRole('figure', { name: 'One request in the rotation' }).count(), 1);
  });

  it('has a control for each parameter that the lesson names, with its help', async () => {
    const tab = await shown({ ...figurePart, controls: ['vms', 'sliceMs', 'model', 'arrivalPhase'] });
    assert.equal(await tab.page.getByRole('textbox', { name: 'VMs' }).inputValue(), '4');
    assert.equal(await tab.page.getByRole('textbox', { name: 'Time slice' }).inputValue(), '30');
    assert.equal(
      await tab.page.getByRole('slider', { name: 'Time slice, slider' }).getAttribute('aria-valuetext'),
      '30 ms',
    );
    assert.equal(await tab.page.getByRole('combobox', { name: 'Model' }).inputValue(), 'busy');
    const described = await tab.page
      .getByRole('textbox', { name: 'Time slice' })
      .getAttribute('aria-describedby');
    assert.equal(
      await tab.page.locator(`[id="${described!.split(' ')[0]}"]`).textContent(),
      'How long a vCPU may run before the next one has its turn.',
    );
  });

  it('explains its settings and numbers on request', async () => {
    const tab = await shown();
    const docs = tab.page.locator('.control-doc, .metric-doc');
    const visible = (): Promise<number> =>
      docs.evaluateAll((all) => all.filter((one) => one.clientHeight > 0).length);
    assert.equal(await visible(), 0);
    await tab.page.getByRole('button', { name: 'Explain' }).press('Enter');
    assert.equal(
      await tab.page.getByRole('button', { name: 'Explain' }).getAttribute('aria-pressed'),
      'true',
    );
    assert.equal(await visible(), await docs.count());
  });

  it('runs again with what is set: by button, by slider, by typing, by choosing', async () => {
    const tab = await shown();
    await tab.page.getByRole('button', { name: 'VMs: one more' }).click();
    await tab.settled();
    assert.deepEqual(await metrics(tab), ['120 ms', '150 ms']);
    await tab.page.getByRole('slider', { name: 'Time slice, slider' }).press('ArrowLeft');
    await tab.settled();
    assert.deepEqual(await metrics(tab), ['80 ms', '100 ms']);
    await tab.page.getByRole('textbox', { name: 'Time slice' }).fill('10');
    await tab.settled();
    assert.deepEqual(await metrics(tab), ['40 ms', '50 ms']);
    await tab.page.getByRole('textbox', { name: 'VMs' }).press('ArrowDown');
    await tab.settled();
    assert.deepEqual(await metrics(tab), ['30 ms', '40 ms']);
    const options = await tab.page.getByRole('combobox', { name: 'Model' }).locator('option').count();
    await tab.page.getByRole('combobox', { name: 'Model' }).selectOption({ index: options - 1 });
    await tab.settled();
    assert.notDeepEqual(await metrics(tab), ['30 ms', '40 ms']);
  });

  it('tells screen readers the new numbers, and nothing when the page opens', async () => {
    const tab = await shown();
    const live = tab.page.locator('.figure [aria-live=polite]').last();
    assert.equal(await live.textContent(), '');
    await tab.page.getByRole('button', { name: 'VMs: one more' }).click();
    await tab.page.waitForFunction(
      () => document.querySelector('.figure > .visually-hidden')!.textContent !== '',
    );
    assert.equal(await live.textContent(), 'Worst wait: 120 ms; Worst response: 150 ms');
  });

  it('keeps the last picture and says what is wrong with a value, at its control', async () => {
    const tab = await shown();
    const field = tab.page.getByRole('textbox', { name: 'VMs' });
    await field.fill('200');
    await tab.settled();
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    assert.equal(
      await tab.page.locator('.control-problem').first().textContent(),
      ' vms is 200, but must be a whole number from 1 to 64.',
    );
    assert.deepEqual(await metrics(tab), ['90 ms', '120 ms']);
    await field.fill('');
    await tab.settled();
    assert.match(
      (await tab.page.locator('.control-problem').first().textContent())!,
      /but must be a whole number/,
    );
    await field.fill('3');
    await tab.settled();
    assert.equal(await field.getAttribute('aria-invalid'), 'false');
    assert.deepEqual(await metrics(tab), ['60 ms', '90 ms']);
  });

  it('opens the run that it shows in the trace panel', async () => {
    const tab = await shown();
    const stepThrough = tab.page.getByRole('button', { name: 'Step through' });
    const opened = async (vms: number): Promise<void> => {
      await stepThrough.click();
      assert.deepEqual(await tab.sent('stepThroughFigure'), {
        type: 'stepThroughFigure',
        title: 'One request in the rotation',
        language: 'en',
        scenario: 'scheduling.round-robin',
        params: { vms, sliceMs: 30 },
      });
    };
    await opened(4);
    await tab.page.getByRole('button', { name: 'VMs: one more' }).click();
    await tab.settled();
    await opened(5);
    await tab.page.getByRole('textbox', { name: 'VMs' }).fill('200');
    await tab.page.locator('.control.has-problem').waitFor();
    await opened(5);
  });

  it('offers a terminal where its scenario has a console: with its settings, at the instant shown', async () => {
    const rollout: FigurePagePart = {
      ...figurePart,
      scenario: 'cluster.rollout',
      controls: ['replicas'],
      set: { replicas: 4 },
      metrics: [],
    };
    const stepped = await shown({ ...rollout, view: 'graph' });
    const tab = stepped.page.getByRole('button', { name: 'Open terminal here' });
    await stepped.page.getByRole('button', { name: 'Next event' }).click();
    await stepped.page.getByRole('button', { name: 'Next event' }).click();
    await stepped.settled();
    await tab.focus();
    await stepped.page.keyboard.press('Enter');
    const asked = { type: 'openConsole', scenario: 'cluster.rollout' };
    assert.deepEqual(await stepped.sent('openConsole'), { ...asked, params: { replicas: 4 }, event: 2 });
    await stepped.page.getByRole('button', { name: 'Replicas: one more' }).click();
    await stepped.settled();
    await stepped.page.keyboard.press('Tab');
    await tab.press('Space');
    assert.deepEqual(await stepped.sent('openConsole'), { ...asked, params: { replicas: 5 }, event: 2 });

    const sides = await shown({ ...rollout, view: 'timeline', compare: { replicas: 2 } });
    const second = sides.page.getByRole('button', { name: 'Open terminal here B' });
    await second.click();
    assert.deepEqual(await sides.sent('openConsole'), { ...asked, params: { replicas: 2 } });
    await sides.page
      .getByRole('slider', { name: /step through its events/ })
      .last()
      .press('Home');
    await second.click();
    assert.deepEqual(await sides.sent('openConsole'), { ...asked, params: { replicas: 2 }, atNs: 100e6 });
    assert.equal(await (await shown()).page.getByRole('button', { name: /terminal/ }).count(), 0);
  });

  it('goes back to its own values', async () => {
    const tab = await shown();
    const reset = tab.page.getByRole('button', { name: 'Reset to defaults' });
    assert.equal(await reset.getAttribute('aria-disabled'), 'true');
    await tab.page.getByRole('button', { name: 'VMs: one fewer' }).click();
    await tab.page.getByRole('textbox', { name: 'Time slice' }).fill('5');
    await tab.settled();
    assert.deepEqual(await metrics(tab), ['10 ms', '15 ms']);
    assert.deepEqual(((await tab.state()) as { figures: unknown }).figures, {
      'one-request': { vms: 3, sliceMs: 5 },
    });
    await reset.click();
    await tab.settled();
    assert.deepEqual(await metrics(tab), ['90 ms', '120 ms']);
    assert.equal(await tab.page.getByRole('textbox', { name: 'Time slice' }).inputValue(), '30');
    assert.deepEqual(((await tab.state()) as { figures: unknown }).figures, { 'one-request': {} });
  });

  it('shows values that were set before a reload', async () => {
    const state = {
      format: 1,
      lessonId: page.id,
      figures: { 'one-request': { vms: 2, sliceMs: 7 } },
      drafts: {},
    };
    const tab = await shown(figurePart, state);
    assert.deepEqual(await metrics(tab), ['7 ms', '14 ms']);
    assert.equal(await tab.page.getByRole('textbox', { name: 'VMs' }).inputValue(), '2');
  });

  it('runs only the latest of many values', async () => {
    const tab = await shown();
    const slider = tab.page.getByRole('slider', { name: 'Time slice, slider' });
    await slider.focus();
    for (let i = 0; i < 12; i++) await tab.page.keyboard.press('ArrowLeft');
    await tab.page.keyboard.press('End');
    await tab.settled();
    assert.deepEqual(await metrics(tab), ['3,000 ms', '4,000 ms']);
  });

  it('has a table with exactly the spans, marks and measures of the picture', async () => {
    const tab = await shown();
    const button = tab.page.getByRole('button', { name: 'Table' });
    assert.equal(await button.getAttribute('aria-expanded'), 'false');
    await button.click();
    assert.equal(await button.getAttribute('aria-expanded'), 'true');
    const rows = await tab.page
      .locator('tbody tr')
      .evaluateAll((all) =>
        all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent).join('|')),
      );
    const model = scheduleOf({ vms: 4, sliceMs: 30 });
    const ms = (ns: number): string => `${ns / 1e6} ms`;
    const expected = [
      ...Array.from(model.spans.startNs, (from, i) => {
        const to = model.spans.endNs[i]!;
        if (to <= model.fromNs || from >= model.toNs) return undefined;
        return [
          ms(from),
          ms(to),
          ms(to - from),
          model.lanes[model.spans.lane[i]!]!.label,
          model.styles[model.spans.style[i]!]!.label,
        ].join('|');
      }).filter((row) => row !== undefined),
      ...model.marks.map(
        (mark) => `${ms(mark.atNs)}|||${model.lanes[mark.lane!]!.label}|${mark.tone}: ${mark.label}`,
      ),
      ...model.measures.map(
        (one) => `${ms(one.fromNs)}|${ms(one.toNs)}|${ms(one.toNs - one.fromNs)}||measured: ${one.label}`,
      ),
    ];
    assert.ok(expected.length > 10);
    assert.deepEqual(rows.toSorted(), expected.toSorted());
    const starts = rows.map((row) => Number.parseFloat(row));
    assert.deepEqual(
      starts,
      starts.toSorted((a, b) => a - b),
    );
  });
});

describe('a figure that cannot run', () => {
  const open = lessonTabs();
  const workerUrl = '**/runs.js';

  it('says so in words, logs the cause, and runs when it is tried again', async () => {
    const tab = await open();
    tab.forgive(/no engine/);
    await tab.page.route(workerUrl, (route) =>
      route.fulfill({ body: 'throw new Error("no engine");', contentType: 'text/javascript' }),
    );
    await tab.post({ type: 'lesson', page, exercises: {} });
    await tab.page.getByText('The simulation could not be started in this panel.').waitFor();
    const logged = await tab.sent('failed');
    assert.ok(logged.type === 'failed' && /no engine/.test(logged.message), JSON.stringify(logged));
    assert.ok(
      !(await tab.page.locator('main').textContent())!.includes('no engine'),
      'raw errors are not shown',
    );
    await tab.page.unroute(workerUrl);
    await tab.page.getByRole('button', { name: 'Try again' }).click();
    await tab.settled();
    assert.deepEqual(await metrics(tab), ['90 ms', '120 ms']);
  });

  it('does the same when its worker cannot be fetched', async () => {
    const tab = await open();
    tab.forgive(/Failed to load resource|runs.js: 404/);
    await tab.page.route(workerUrl, (route) => route.fulfill({ status: 404, body: '' }));
    await tab.post({ type: 'lesson', page, exercises: {} });
    await tab.page.getByRole('button', { name: 'Try again' }).waitFor();
    const logged = await tab.sent('failed');
    assert.ok(logged.type === 'failed' && /404/.test(logged.message));
  });

  it('names a scenario that this version does not have', async () => {
    const tab = await open();
    await tab.post({
      type: 'lesson',
      page: pageWith({ ...figurePart, scenario: 'scheduling.fifo' }),
      exercises: {},
    });
    await tab.page.getByText('which this version of Trapframe does not have').waitFor();
    assert.equal(await tab.page.locator('canvas').count(), 0);
  });

  it('says which of the lesson’s own values does not fit', async () => {
    const tab = await open();
    await tab.post({
      type: 'lesson',
      page: pageWith({ ...figurePart, controls: ['sliceMs'], set: { vms: 0 } }),
      exercises: {},
    });
    await tab.page.getByText('vms is 0, but must be a whole number from 1 to 64.').waitFor();
  });
});
