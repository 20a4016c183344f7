import assert from 'node:assert/strict';
import {
  critiquePart,
  numberPart,
  numberRight,
  numberUnreadable,
  numberWrong,
  onePart,
  oneRight,
  pageWith,
  predictionCommitted,
  predictionPart,
  severalPart,
  severalWrong,
  unanswered,
} from './examplePage.ts';
import { lessonTabs } from './webviewHarness.ts';

describe('answering by keyboard alone', () => {
  const open = lessonTabs();

  it('sends a number, shows the feedback for it in a live region, and keeps the focus where it was', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: pageWith(numberPart), exercises: {} });
    const { keyboard } = tab.page;
    await keyboard.press('Tab');
    assert.equal(await tab.focused(), 'text: Your answer');
    await keyboard.type(' 120 ');
    await keyboard.press('Tab');
    assert.equal(await tab.focused(), 'submit: Check answer');
    await keyboard.press('Enter');
    assert.deepEqual(await tab.sent('answer'), {
      type: 'answer',
      id: 'worst-wait',
      response: { form: 'number', text: '120' },
    });
    // Until the answer is judged, it is not sent again.
    await keyboard.press('Enter');
    assert.equal((await tab.sentMessages()).filter(({ type }) => type === 'answer').length, 1);

    await tab.post({ type: 'exercise', id: 'worst-wait', state: numberWrong });
    assert.equal(await tab.focused(), 'submit: Try again');
    const said = tab.page.getByRole('status').filter({ hasText: 'Not right yet' });
    assert.match((await said.textContent())!, /That counts VM 1’s own slice as waiting/);
    assert.equal(await said.locator('svg').count(), 1);
    assert.equal(await tab.page.getByLabel('Your answer').isEditable(), false);

    await keyboard.press('Enter');
    assert.deepEqual(await tab.sent('retry'), { type: 'retry', id: 'worst-wait' });
    await tab.post({ type: 'exercise', id: 'worst-wait', state: unanswered });
    assert.equal(await tab.focused(), 'text: Your answer');
    assert.equal(await tab.page.getByLabel('Your answer').inputValue(), '120');
    await keyboard.press('Control+A');
    await keyboard.type('90');
    await keyboard.press('Enter');
    assert.deepEqual(await tab.sent('answer'), {
      type: 'answer',
      id: 'worst-wait',
      response: { form: 'number', text: '90' },
    });
    await tab.post({ type: 'exercise', id: 'worst-wait', state: numberRight });
    assert.equal(await tab.focused(), 'text: Your answer');
    assert.match((await tab.page.getByRole('status').textContent())!, /^\s*Right90 ms it is\.Every other VM/);
    assert.equal(await tab.page.locator('.exercise-points').textContent(), '2 of 2 points');
  });

  it('begins with an empty field when the question returns with other numbers', async () => {
    const tab = await open();
    await tab.post({
      type: 'lesson',
      page: pageWith(numberPart),
      exercises: { 'worst-wait': numberRight },
    });
    assert.notEqual(await tab.page.getByLabel('Your answer').inputValue(), '');
    const returned = { ...numberPart, askHtml: '<p>7 VMs, 5 ms?</p>' };
    await tab.post({ type: 'lesson', page: pageWith(returned), exercises: {} });
    assert.equal(await tab.page.getByLabel('Your answer').inputValue(), '');
  });

  it('forgets a draft once it is sent', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: pageWith(numberPart), exercises: {} });
    await tab.page.getByLabel('Your answer').fill('7');
    assert.deepEqual(((await tab.state()) as { drafts: unknown }).drafts, { 'worst-wait': { text: '7' } });
    await tab.page.getByLabel('Your answer').press('Enter');
    await tab.sent('answer');
    assert.deepEqual(((await tab.state()) as { drafts: unknown }).drafts, {});
  });

  it('asks for what is missing instead of sending nothing', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: pageWith(numberPart, severalPart), exercises: {} });
    await tab.page.getByLabel('Your answer').press('Enter');
    assert.equal(await tab.page.getByRole('alert').first().textContent(), ' Type a number first.');
    assert.equal(await tab.focused(), 'text: Your answer');
    await tab.page.getByRole('button', { name: 'Check answer' }).nth(1).press('Enter');
    assert.equal(await tab.focused(), 'checkbox: The wait shrinks in proportion to the slice.');
    assert.deepEqual(await tab.sentMessages(), [{ type: 'ready' }]);
  });

  it('shows an answer that could not be read, as it was typed, and lets it be corrected', async () => {
    const tab = await open();
    await tab.post({
      type: 'lesson',
      page: pageWith(numberPart),
      exercises: { 'worst-wait': numberUnreadable },
    });
    assert.equal(await tab.page.getByLabel('Your answer').inputValue(), 'abc');
    assert.equal(await tab.page.getByLabel('Your answer').getAttribute('aria-invalid'), 'true');
    assert.match((await tab.page.getByRole('status').textContent())!, /“abc” is not a number/);
    assert.equal(await tab.page.locator('.exercise-points').textContent(), '2 points');
    await tab.page.getByLabel('Your answer').fill('90');
    await tab.page.getByLabel('Your answer').press('Enter');
    assert.deepEqual(await tab.sent('answer'), {
      type: 'answer',
      id: 'worst-wait',
      response: { form: 'number', text: '90' },
    });
  });

  it('chooses one option with the arrow keys', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: pageWith(onePart), exercises: {} });
    const { keyboard } = tab.page;
    await keyboard.press('Tab');
    await keyboard.press('Space');
    await keyboard.press('ArrowDown');
    assert.equal(await tab.focused(), 'radio: The slices of the other VMs.');
    await keyboard.press('Enter');
    assert.deepEqual(await tab.sent('answer'), {
      type: 'answer',
      id: 'who-waits',
      response: { form: 'choice', chosen: [1] },
    });
    await tab.post({ type: 'exercise', id: 'who-waits', state: oneRight });
    assert.equal(await tab.focused(), 'radio: The slices of the other VMs.');
    await keyboard.press('ArrowDown');
    assert.ok(
      await tab.page.getByLabel('The slices of the other VMs.').isChecked(),
      'an answered choice is locked',
    );
    assert.match(
      (await tab.page.locator('.option.right').textContent())!,
      /Right\s*Every one of them has a whole slice/,
    );
  });

  it('names the group of options by the question', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: pageWith(onePart), exercises: {} });
    assert.equal(
      await tab.page.getByRole('group', { name: 'What makes the request wait? Choose one.' }).count(),
      1,
    );
  });

  it('chooses several options, sent in their order, and says what each choice was worth', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: pageWith(severalPart), exercises: {} });
    const { keyboard } = tab.page;
    for (const key of [
      'Tab',
      'Tab',
      'Tab',
      'Tab',
      'Space',
      'Shift+Tab',
      'Shift+Tab',
      'Space',
      'Space',
      'Shift+Tab',
      'Space',
      'Enter',
    ])
      await keyboard.press(key);
    assert.deepEqual(await tab.sent('answer'), {
      type: 'answer',
      id: 'gains-and-losses',
      response: { form: 'choice', chosen: [0, 3] },
    });
    await tab.post({ type: 'exercise', id: 'gains-and-losses', state: severalWrong });
    assert.match((await tab.page.locator('.option').nth(0).textContent())!, /Right\s*Yes: the wait/);
    assert.equal(await tab.page.locator('.option').nth(1).locator('.verdict').count(), 0);
    assert.match((await tab.page.locator('.option').nth(3).textContent())!, /Wrong\s*They lose/);
  });

  it('judges a classmate’s claim', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: pageWith(critiquePart), exercises: {} });
    assert.match((await tab.page.locator('blockquote').textContent())!, /whatever the request needs/);
    await tab.page.keyboard.press('Tab');
    await tab.page.keyboard.press('Space');
    await tab.page.keyboard.press('Enter');
    assert.deepEqual(await tab.sent('answer'), {
      type: 'answer',
      id: 'any-service',
      response: { form: 'choice', chosen: [0] },
    });
  });

  it('shows hints in steps, and says so when there are no more', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: pageWith(numberPart), exercises: {} });
    const hint = tab.page.locator('.hints button');
    assert.match((await hint.textContent())!, /Show hint 1 of 2/);
    await hint.press('Enter');
    assert.deepEqual(await tab.sent('hint'), { type: 'hint', id: 'worst-wait' });
    await tab.post({
      type: 'exercise',
      id: 'worst-wait',
      state: { ...unanswered, hintsHtml: ['<p>First.</p>'] },
    });
    assert.match((await hint.textContent())!, /Show hint 2 of 2/);
    await tab.post({
      type: 'exercise',
      id: 'worst-wait',
      state: { ...unanswered, hintsHtml: ['<p>First.</p>', '<p>Second.</p>'] },
    });
    assert.match((await hint.textContent())!, /All 2 hints shown/);
    await hint.press('Enter');
    assert.equal((await tab.sentMessages()).filter(({ type }) => type === 'hint').length, 1);
    assert.deepEqual(await tab.page.locator('.hint-list li').allTextContents(), ['First.', 'Second.']);
    assert.equal(await tab.page.locator('.hint-list').getAttribute('aria-live'), 'polite');
  });
});

describe('a prediction', () => {
  const open = lessonTabs();

  it('is committed with a confidence, locked, and then shown on the run’s own timeline', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: pageWith(predictionPart), exercises: {} });
    assert.equal(await tab.page.locator('canvas').count(), 0, 'nothing of the run is shown before');
    const { keyboard } = tab.page;
    await keyboard.press('Tab');
    await keyboard.type('14');
    await keyboard.press('Enter');
    assert.equal(await tab.page.getByRole('alert').textContent(), ' Say how sure you are first.');
    assert.equal(await tab.focused(), 'radio: A guess 50 %');
    await keyboard.press('Space');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    assert.deepEqual(await tab.sent('answer'), {
      type: 'answer',
      id: 'longer-work',
      response: { form: 'prediction', text: '14', confidence: 70 },
    });
    await tab.post({ type: 'exercise', id: 'longer-work', state: predictionCommitted });
    assert.equal(await tab.focused(), 'h3: What the run shows');
    await tab.settled();
    assert.equal(await tab.page.getByRole('button', { name: /Commit|Try again/ }).count(), 0);
    assert.deepEqual(await tab.page.locator('.comparison > div').allTextContents(), [
      'You predicted14 ms70 % sure',
      'The run20 ms',
    ]);
    await tab.page.getByRole('button', { name: 'Table' }).click();
    const rows = (await tab.page.locator('tbody tr').allTextContents()).join('\n');
    assert.match(rows, /14 ms.*measured: Your prediction/);
    assert.match(rows, /20 ms.*measured: response/);
  });

  it('may be marked on an empty time axis, which goes along with the number', async () => {
    const tab = await open();
    await tab.post({ type: 'lesson', page: pageWith(predictionPart), exercises: {} });
    const field = tab.page.getByRole('textbox', { name: 'Your prediction' });
    const mark = tab.page.getByRole('slider', { name: 'Or mark it on the time axis' });
    const said = async (): Promise<string> => (await mark.getAttribute('aria-valuetext'))!;
    assert.equal(await said(), 'No mark yet');
    const box = (await mark.boundingBox())!;
    // The thumb is 18 px wide: its middle stands for the value.
    const at = async (share: number): Promise<void> =>
      tab.page.mouse.click(box.x + 9 + (box.width - 18) * share, box.y + box.height / 2);
    await at(0.5);
    assert.deepEqual([await field.inputValue(), await said()], ['25', '25 ms']);
    await at(1);
    assert.equal(await field.inputValue(), '50');
    await mark.focus();
    await tab.page.keyboard.press('Home');
    for (let presses = 0; presses < 3; presses++) await tab.page.keyboard.press('ArrowRight');
    assert.deepEqual([await field.inputValue(), await said()], ['0.6', '0.6 ms']);
    await field.fill('0.014 s');
    assert.deepEqual([await mark.inputValue(), await said()], ['14', '14 ms']);
    await field.fill('70');
    assert.equal(await said(), 'Not on this axis');
    await field.fill('soon');
    assert.equal(await said(), 'No mark yet');
    await at(0.28);
    await tab.page.getByRole('radio', { name: /Very sure/ }).check();
    await tab.page.getByRole('button', { name: 'Commit and run' }).click();
    assert.deepEqual(await tab.sent('answer'), {
      type: 'answer',
      id: 'longer-work',
      response: { form: 'prediction', text: '14', confidence: 90 },
    });
    assert.ok(await mark.isDisabled());
    await tab.post({ type: 'exercise', id: 'longer-work', state: predictionCommitted });
    assert.equal(await mark.count(), 0);
    await tab.settled();
  });

  it('is typed alone where the lesson gives no axis', async () => {
    const tab = await open();
    const { axis: _none, ...part } = predictionPart;
    await tab.post({ type: 'lesson', page: pageWith(part), exercises: {} });
    assert.equal(await tab.page.getByRole('textbox', { name: 'Your prediction' }).count(), 1);
    assert.equal(await tab.page.getByRole('slider').count(), 0);
  });

  it('does not take the focus when the page opens with it', async () => {
    const tab = await open();
    await tab.post({
      type: 'lesson',
      page: pageWith(predictionPart),
      exercises: { 'longer-work': predictionCommitted },
    });
    await tab.settled();
    assert.equal(await tab.focused(), 'nothing');
  });
});
