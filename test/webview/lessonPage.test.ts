import assert from 'node:assert/strict';
import {
  answeredStates,
  examplePage,
  numberPart,
  numberRight,
  pageWith,
  predictionCommitted,
  predictionPart,
  unanswered,
} from './examplePage.ts';
import { lessonTabs } from './webviewHarness.ts';

describe('the lesson page', () => {
  const open = lessonTabs();

  it('says ready once, and shows nothing but that it is opening until the lesson comes', async () => {
    const tab = await open();
    assert.deepEqual(await tab.sentMessages(), [{ type: 'ready' }]);
    assert.equal(await tab.page.locator('h1').count(), 0);
    assert.equal(await tab.page.getByRole('status').textContent(), 'Opening the lesson…');
    assert.equal(await tab.state(), undefined);
  });

  it('shows the head of the lesson, its progress and every part in order', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: examplePage, exercises: { [numberPart.id]: numberRight } });
    await tab.settled();
    assert.equal(await tab.page.locator('h1').textContent(), 'Round robin and I/O latency');
    assert.equal(await tab.page.title(), 'Round robin and I/O latency');
    assert.equal(
      await tab.page.locator('.lesson-progress').textContent(),
      'About 35 minutes1 of 6 exercises done, 2 of 17 points',
    );
    assert.deepEqual(
      await tab.page
        .locator('.part')
        .evaluateAll((parts) =>
          (parts as HTMLElement[]).map((part) => part.getAttribute('class')!.split('part-')[1]),
        ),
      [
        'prose',
        'figure',
        'question',
        'question',
        'prose',
        'question',
        'prediction',
        'critique',
        'prose',
        'task',
      ],
    );
  });

  it('ranks its headings without a gap, and names and numbers the exercises', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: examplePage, exercises: answeredStates() });
    await tab.settled();
    const headings = await tab.page
      .locator('h1, h2, h3, h4, h5, h6')
      .evaluateAll((all) => all.map((one) => `${one.tagName} ${one.textContent}`));
    assert.deepEqual(headings, [
      'H1 Round robin and I/O latency',
      'H2 The model',
      'H3 Question 1',
      'H3 Question 2',
      'H2 What a short slice costs',
      'H3 Question 3',
      'H3 Predict, then run',
      'H4 What the run shows',
      'H3 A classmate says',
      'H2 Write it',
      'H3 Write the scheduler',
      'H4 The smallest case that fails: 3 VMs, 10 ms slices',
    ]);
  });

  it('takes the same message twice without harm, and a new state for one exercise', async () => {
    const tab = await open();
    const message = { type: 'lesson', page: pageWith(numberPart), exercises: {} } as const;
    await tab.post(message);
    await tab.page.getByLabel('Your answer').fill('12');
    await tab.post(message);
    assert.equal(await tab.page.getByLabel('Your answer').inputValue(), '12');
    await tab.post({ type: 'exercise', id: numberPart.id, state: numberRight });
    await tab.post({ type: 'exercise', id: numberPart.id, state: numberRight });
    assert.equal(await tab.page.getByText('90 ms it is.').count(), 1);
    await tab.post({ type: 'exercise', id: 'of-another-lesson', state: numberRight });
    assert.equal(await tab.page.getByText('90 ms it is.').count(), 1);
  });

  it('counts a committed prediction as done, right or not', async () => {
    const tab = await open();
    await tab.post({
      type: 'lesson',
      page: pageWith(predictionPart),
      exercises: { [predictionPart.id]: predictionCommitted },
    });
    assert.match(
      (await tab.page.locator('.lesson-progress').textContent())!,
      /1 of 1 exercises done, 1 of 1 points/,
    );
    await tab.settled();
  });

  it('opens the next lesson, and a lesson that the text links to', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: examplePage, exercises: {} });
    await tab.page.getByRole('button', { name: 'Boosting, and what it costs' }).click();
    assert.deepEqual(await tab.sent('openLesson'), { type: 'openLesson', id: 'boosting' });
    await tab.page.getByRole('link', { name: 'boosting' }).click();
    assert.deepEqual(
      (await tab.sentMessages()).filter(({ type }) => type === 'openLesson'),
      [
        { type: 'openLesson', id: 'boosting' },
        { type: 'openLesson', id: 'boosting' },
      ],
    );
    await tab.settled();
  });

  it('follows a link to its own headings with the focus', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: examplePage, exercises: {} });
    await tab.page.getByRole('link', { name: 'the cost' }).click();
    assert.equal(await tab.focused(), 'h2: What a short slice costs');
    assert.deepEqual(await tab.sentMessages(), [{ type: 'ready' }]);
    await tab.settled();
  });

  it('brings a part into view and focuses its heading, whether it is told before or after the lesson', async () => {
    for (const order of ['before', 'after']) {
      const tab = await open({ height: 500 });
      if (order === 'before') await tab.post({ type: 'reveal', partId: 'round-robin' });
      await tab.post({ type: 'lesson', page: examplePage, exercises: {} });
      if (order === 'after') await tab.post({ type: 'reveal', partId: 'round-robin' });
      assert.equal(await tab.focused(), 'h3: Write the scheduler');
      const box = (await tab.page.locator('#part-round-robin').boundingBox())!;
      assert.ok(box.y >= 0 && box.y < 500, `the part is at ${box.y}`);
      await tab.settled();
    }
  });

  it('says what is wrong with a lesson that cannot be shown, and shows it once it can', async () => {
    const tab = await open();
    await tab.post({
      type: 'broken',
      title: 'No such lesson',
      message: 'lesson.md:12:3 Unknown key.\nDid you mean "kind"?',
    });
    assert.match((await tab.page.locator('h1').textContent())!, /No such lesson/);
    assert.equal(
      await tab.page.locator('main p').textContent(),
      'lesson.md:12:3 Unknown key.\nDid you mean "kind"?',
    );
    await tab.post({
      type: 'lesson',
      page: pageWith(numberPart),
      exercises: { [numberPart.id]: unanswered },
    });
    assert.equal(await tab.page.locator('h1').textContent(), examplePage.title);
  });

  it('finds again what was typed and where the reader was', async () => {
    const first = await open({ height: 500 });
    await first.post({ type: 'lesson', page: examplePage, exercises: {} });
    await first.settled();
    await first.page.getByLabel('Your answer').fill('12');
    await first.page.getByRole('button', { name: 'VMs: one more' }).click();
    await first.page.getByLabel('The disk.').check();
    await first.page.getByLabel('Very sure').check();
    await first.page.evaluate(() => document.getElementById('part-any-service')!.scrollIntoView());
    // The place is remembered a while after the last scrolling; before that, of where the last box was checked.
    await first.page.waitForFunction(() => {
      const { reading } = window.fakeVsCode.state as { reading?: { part: number; pastPx: number } };
      const part = document.querySelector(`[data-part="${reading?.part}"]`);
      const { top } = document.getElementById('part-any-service')!.getBoundingClientRect();
      const isThere = Math.abs(top) <= 40 && part !== null;
      return isThere && Math.abs(part.getBoundingClientRect().top + reading!.pastPx) <= 1;
    });
    const state = await first.state();
    const before = (await first.page.locator('#part-any-service').boundingBox())!.y;

    const second = await open({ height: 500, state });
    await second.post({ type: 'lesson', page: examplePage, exercises: {} });
    await second.settled();
    assert.equal(await second.page.getByLabel('Your answer').inputValue(), '12');
    assert.equal(await second.page.getByRole('textbox', { name: 'VMs' }).inputValue(), '5');
    assert.ok(await second.page.getByLabel('The disk.').isChecked());
    assert.ok(await second.page.getByLabel('Very sure').isChecked());
    const after = (await second.page.locator('#part-any-service').boundingBox())!.y;
    assert.ok(Math.abs(after - before) <= 2, `was at ${before}, is at ${after}`);
  });

  it('finds the place in a figure again, also before that is drawn, unless the reader goes elsewhere', async () => {
    const figure = examplePage.parts.findIndex(({ kind }) => kind === 'figure');
    const reading = { part: figure, pastPx: 600 };
    const state = { format: 1, lessonId: examplePage.id, figures: {}, drafts: {}, reading };
    for (const moves of [false, true]) {
      const tab = await open({ height: 500, state });
      let draw = (): void => undefined;
      const mayDraw = new Promise<void>((resolve) => (draw = resolve));
      await tab.page.route('**/runs.js', (route) => mayDraw.then(() => route.continue()));
      await tab.post({ type: 'lesson', page: examplePage, exercises: {} });
      const place = (): Promise<number> =>
        tab.page
          .locator(`[data-part="${figure}"]`)
          .evaluate((part) => Math.round(part.getBoundingClientRect().top));
      if (moves) await tab.page.mouse.wheel(0, -100);
      await tab.page.locator('.figure-empty').first().waitFor();
      draw();
      await tab.settled();
      // Whoever has moved is not brought back.
      if (moves) assert.notEqual(await place(), -600);
      else assert.equal(await place(), -600);
    }
  });

  it('starts afresh where the saved state is of another lesson or damaged', async () => {
    for (const state of [
      { format: 1, lessonId: 'other', figures: {}, drafts: { 'worst-wait': { text: '12' } } },
      'x',
      null,
      { format: 1, lessonId: examplePage.id },
    ]) {
      const tab = await open({ state });
      await tab.post({ type: 'lesson', page: pageWith(numberPart), exercises: {} });
      assert.equal(await tab.page.getByLabel('Your answer').inputValue(), '');
      assert.deepEqual(await tab.state(), { format: 1, lessonId: examplePage.id, figures: {}, drafts: {} });
    }
  });
});
