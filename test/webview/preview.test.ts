import assert from 'node:assert/strict';
import type { AnswerSheet } from '../../src/protocol/lessonPanel.ts';
import { examplePage, numberPart, taskPart } from './examplePage.ts';
import { axeViolations } from './axe.ts';
import { lessonTabs, type LessonTab } from './webviewHarness.ts';

const sheet: AnswerSheet = {
  key: '90 ms',
  variant: '4 VMs, 30 ms slices',
  formulas: [{ label: 'By hand', text: '(vms - 1) * sliceMs = 90 ms' }],
  answers: [
    {
      answerHtml: '120 ms',
      right: false,
      sayHtml: '<p>That counts its own slice.</p>',
      note: 'vms * sliceMs',
    },
  ],
  explainHtml: '<p>All others take one slice each.</p>',
  hintsHtml: ['<p>Who runs between?</p>'],
};

describe('the preview', () => {
  const open = lessonTabs();
  const preview = async (options: Parameters<typeof open>[0] = {}): Promise<LessonTab> => {
    const tab = await open(options);
    await tab.post({
      type: 'authoring',
      authoring: {
        seed: 7,
        problems: [{ severity: 'error', where: 'lesson.md:12', message: 'There is no scenario x.' }],
      },
    });
    await tab.post({ type: 'lesson', page: examplePage, exercises: {} });
    await tab.post({ type: 'sheet', id: numberPart.id, sheet });
    await tab.settled();
    return tab;
  };

  it('shows the answer key and the words for each wrong answer below the exercise, and hides them', async () => {
    const tab = await preview();
    const shown = tab.page.locator('.sheet');
    assert.equal(await shown.count(), 1);
    const text = (await shown.innerText()).replaceAll(/\s+/g, ' ');
    for (const part of [
      '90 ms',
      '(vms - 1) * sliceMs = 90 ms',
      'That counts its own slice.',
      'vms * sliceMs',
    ])
      assert.ok(text.includes(part), text);
    await tab.page.getByLabel('Answer keys').uncheck();
    assert.equal(await shown.isVisible(), false);
  });

  it('asks for another variant: the next one, a typed one, and the homework’s own values', async () => {
    const tab = await preview();
    await tab.page.getByRole('button', { name: 'Next variant' }).click();
    assert.deepEqual(await tab.sent('chooseVariant'), { type: 'chooseVariant', seed: 8 });
    const field = tab.page.getByLabel('Variant of learner');
    await field.fill('4711');
    await field.press('Enter');
    assert.deepEqual(await tab.sent('chooseVariant'), { type: 'chooseVariant', seed: 4711 });
    await tab.page.getByLabel("The homework's own values").check();
    assert.deepEqual(await tab.sent('chooseVariant'), { type: 'chooseVariant' });
  });

  it('leads to the source of a part and of a problem', async () => {
    const tab = await preview();
    await tab.page.locator('.part-prose').nth(1).dblclick();
    assert.deepEqual(await tab.sent('goToSource'), { type: 'goToSource', part: 4 });
    await tab.page.locator('summary', { hasText: '1 problem' }).click();
    await tab.page.getByRole('button', { name: 'lesson.md:12' }).click();
    assert.deepEqual(await tab.sent('goToProblem'), { type: 'goToProblem', problem: 0 });
  });

  it('follows the cursor to a part that is out of sight, and leaves one in sight where it is', async () => {
    const tab = await preview({ height: 500 });
    const top = (part: number): Promise<number> =>
      tab.page.locator(`[data-part="${part}"]`).evaluate((one) => one.getBoundingClientRect().top);
    await tab.post({ type: 'follow', part: 9, share: 0 });
    const there = await top(9);
    assert.ok(there > 0 && there < 450, String(there));
    await tab.post({ type: 'follow', part: 9, share: 0.01 });
    assert.equal(await top(9), there);
    assert.equal(await tab.focused(), 'nothing');
  });

  it('keeps what stands on the page when the text changes', async () => {
    const tab = await preview();
    await tab.page.getByLabel('Your answer').first().fill('12');
    await tab.post({ type: 'lesson', page: { ...examplePage, title: 'Another title' }, exercises: {} });
    assert.equal(await tab.page.locator('h1').textContent(), 'Another title');
    assert.equal(await tab.page.getByLabel('Your answer').first().inputValue(), '12');
    assert.equal(await tab.page.locator('.sheet').count(), 1);
  });

  it('grades a file of the pack', async () => {
    const tab = await preview();
    const path = 'rr/tasks/round-robin/wrong/never.ts';
    const answers = [{ answerHtml: '<code>wrong/never.ts</code>', right: false, sayHtml: '', path }];
    await tab.post({
      type: 'sheet',
      id: taskPart.id,
      sheet: { formulas: [], answers, hintsHtml: [] },
    });
    await tab.page.getByRole('button', { name: 'Grade this' }).click();
    assert.deepEqual(await tab.sent('gradeFile'), { type: 'gradeFile', id: taskPart.id, path });
  });

  for (const theme of ['dark', 'highContrastLight'] as const) {
    it(`is accessible in the theme ${theme}`, async () => {
      const tab = await preview({ theme });
      await tab.page.locator('summary', { hasText: '1 problem' }).click();
      assert.deepEqual(await axeViolations(tab), []);
    });
  }
});
