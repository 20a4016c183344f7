import assert from 'node:assert/strict';
import type { ExerciseState, PredictionPagePart, QuestionPagePart } from '../../src/protocol/lessonPanel.ts';
import { axeViolations } from './axe.ts';
import {
  numberPart,
  numberRight,
  pageWith,
  predictionPart,
  taskFailed,
  taskPart,
  unanswered,
} from './examplePage.ts';
import { lessonTabs, themeNames, type LessonTab, type OpenOptions } from './webviewHarness.ts';

const input = {
  form: 'order',
  items: [
    { item: 2, html: 'KVM with a name that is <em>much</em> longer than a narrow panel is wide' },
    { item: 0, html: 'Application' },
    { item: 1, html: '<code>Kernel</code>' },
  ],
} as const;
const question: QuestionPagePart = {
  kind: 'question',
  id: 'layers',
  title: 'Layers',
  askHtml: '<p>From the application down: who is called?</p>',
  input,
  hintCount: 0,
  points: 1,
};
const { axis: _, ...untimed } = predictionPart;
const prediction: PredictionPagePart = { ...untimed, title: 'Slices', order: input };

describe('an order', () => {
  const open = lessonTabs();
  const shown = async (
    state: ExerciseState = unanswered,
    options: OpenOptions = {},
    part: QuestionPagePart | PredictionPagePart = question,
  ): Promise<LessonTab> => {
    const tab = await open(options);
    await tab.post({ type: 'lesson', page: pageWith(part), exercises: { [part.id]: state } });
    return tab;
  };
  const texts = async (tab: LessonTab): Promise<readonly string[]> =>
    (await tab.page.locator('.order-item .order-text').allTextContents()).map((text) => text.split(' ')[0]!);

  it('is changed by buttons that keep the focus, and each move is said', async () => {
    const tab = await shown();
    assert.deepEqual(await texts(tab), ['KVM', 'Application', 'Kernel']);
    const down = tab.page.getByRole('button', { name: 'Move down' });
    await down.first().focus();
    await tab.page.keyboard.press('Enter');
    assert.deepEqual(await texts(tab), ['Application', 'KVM', 'Kernel']);
    await tab.page.keyboard.press('Enter');
    assert.deepEqual(await texts(tab), ['Application', 'Kernel', 'KVM']);
    assert.equal(await tab.focused(), 'button: Move down');
    assert.equal(await tab.page.locator('.order [role=status]').textContent(), 'Now 3 of 3.');
    await tab.page.keyboard.press('Enter');
    assert.deepEqual(await texts(tab), ['Application', 'Kernel', 'KVM']);
    await tab.page.getByRole('button', { name: 'Check answer' }).click();
    assert.deepEqual(await tab.sent('answer'), {
      type: 'answer',
      id: 'layers',
      response: { form: 'order', order: [0, 1, 2] },
    });
  });

  it('may be answered as it is shown, and is kept over a reload while it is not sent', async () => {
    const untouched = await shown();
    await untouched.page.getByRole('button', { name: 'Check answer' }).click();
    assert.deepEqual((await untouched.sent('answer'))?.['response' as never], {
      form: 'order',
      order: [2, 0, 1],
    });
    const moved = await shown();
    await moved.page.getByRole('button', { name: 'Move up' }).last().click();
    const again = await shown(unanswered, { state: await moved.state() });
    assert.deepEqual(await texts(again), ['KVM', 'Kernel', 'Application']);
  });

  it('is locked once it is answered, and shows what was answered', async () => {
    const tab = await shown({
      ...numberRight,
      kind: 'answered',
      response: { form: 'order', order: [1, 0, 2] },
    } as ExerciseState);
    assert.deepEqual(await texts(tab), ['Kernel', 'Application', 'KVM']);
    await tab.page.getByRole('button', { name: 'Move down' }).first().click({ force: true });
    assert.deepEqual(await texts(tab), ['Kernel', 'Application', 'KVM']);
    assert.equal(await tab.page.getByRole('heading', { name: 'Question 1: Layers' }).count(), 1);
  });

  it('is predicted with how sure one is', async () => {
    const tab = await shown(unanswered, {}, prediction);
    await tab.page.getByRole('button', { name: 'Move up' }).nth(1).click();
    await tab.page.getByRole('button', { name: 'Commit and run' }).click();
    assert.match((await tab.page.locator('.missing').textContent())!, /how sure/);
    await tab.page.getByRole('radio', { name: 'Fairly sure' }).check();
    await tab.page.getByRole('button', { name: 'Commit and run' }).click();
    const response = { form: 'order', order: [0, 2, 1], confidence: 70 } as const;
    assert.deepEqual((await tab.sent('answer'))?.['response' as never], response);
    await tab.post({
      type: 'exercise',
      id: prediction.id,
      state: { ...numberRight, kind: 'answered', response } as ExerciseState,
    });
    assert.deepEqual(await tab.page.locator('.ranked li').allTextContents(), [
      'Application',
      'KVM with a name that is much longer than a narrow panel is wide',
      'Kernel',
    ]);
    await tab.page.locator('.timeline').waitFor();
  });

  for (const theme of themeNames) {
    it(`has no violation that axe finds in ${theme}, and fits 320 px`, async () => {
      const tab = await shown(unanswered, { theme, width: 320 });
      assert.deepEqual(await axeViolations(tab), []);
      assert.equal(await tab.scrollsSideways(), false);
    });
  }
});

describe('an exercise that has changed since it was answered', () => {
  const open = lessonTabs();
  it('says so, with the answer and with the verdict of a task', async () => {
    const tab = await open();
    await tab.post({
      type: 'lesson',
      page: pageWith(numberPart, taskPart),
      exercises: {
        [numberPart.id]: { ...numberRight, changed: true } as ExerciseState,
        [taskPart.id]: { ...taskFailed(), changed: true } as ExerciseState,
      },
    });
    assert.deepEqual(await tab.page.locator('.notice p').allTextContents(), [
      'This exercise has changed since you answered it. Your answer is judged as it is asked now.',
      'This task has changed since this verdict. Check again.',
    ]);
    assert.deepEqual(await axeViolations(tab), []);
  });
});
