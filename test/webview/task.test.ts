import assert from 'node:assert/strict';
import type { ExerciseState } from '../../src/protocol/lessonPanel.ts';
import {
  examplePage,
  figurePart,
  pageWith,
  taskChecking,
  taskFailed,
  taskOpened,
  taskPart,
  taskPassed,
  taskUngradable,
  taskUnopened,
} from './examplePage.ts';
import { axeViolations } from './axe.ts';
import { lessonTabs, type LessonTab } from './webviewHarness.ts';

describe('a task', () => {
  const open = lessonTabs();
  const shown = async (state: ExerciseState | undefined, page = pageWith(taskPart)): Promise<LessonTab> => {
    const tab = await open();
    await tab.post({ type: 'lesson', page, exercises: state === undefined ? {} : { [taskPart.id]: state } });
    await tab.settled();
    return tab;
  };
  const button = (tab: LessonTab, name: RegExp) => tab.page.getByRole('button', { name });

  it('can be opened first, and checked and reset only then', async () => {
    for (const state of [undefined, taskUnopened]) {
      const tab = await shown(state);
      assert.equal(await button(tab, /Reset/).count(), 0);
      assert.equal(await button(tab, /^Check$/).getAttribute('aria-disabled'), 'true');
      await button(tab, /^Check$/).press('Enter');
      await button(tab, /Open scheduler.ts/).press('Enter');
      assert.deepEqual(await tab.sentMessages(), [
        { type: 'ready' },
        { type: 'openTask', id: 'round-robin' },
      ]);
    }
  });

  it('lists its checks before anything was checked', async () => {
    const tab = await shown(taskOpened);
    assert.deepEqual(await tab.page.locator('.checks > li').allTextContents(), [
      'Every VM has its turn, in the same order4 points',
      'The CPU never idles while a VM is ready3 points',
      'Nobody waits longer than (n − 1)·T3 points',
    ]);
    assert.equal(await tab.page.getByRole('status').textContent(), 'Not checked yet.');
  });

  it('sends what its buttons say', async () => {
    const tab = await shown(taskOpened);
    await button(tab, /^Check$/).press('Enter');
    await button(tab, /Reset to the starter/).press('Enter');
    await button(tab, /Open/).press('Enter');
    await button(tab, /Show hint 1 of 3/).press('Enter');
    assert.deepEqual((await tab.sentMessages()).slice(1), [
      { type: 'checkTask', id: 'round-robin' },
      { type: 'resetTask', id: 'round-robin' },
      { type: 'openTask', id: 'round-robin' },
      { type: 'hint', id: 'round-robin' },
    ]);
  });

  it('says that it is checking, keeps the focus on the button, and takes no second check meanwhile', async () => {
    const tab = await shown(taskOpened);
    await button(tab, /^Check$/).press('Enter');
    await tab.post({ type: 'exercise', id: taskPart.id, state: taskChecking });
    assert.equal(await tab.page.getByRole('status').textContent(), 'Checking…');
    assert.equal(await tab.focused(), 'button: Check');
    await tab.page.keyboard.press('Enter');
    assert.equal((await tab.sentMessages()).filter(({ type }) => type === 'checkTask').length, 1);
    await tab.post({ type: 'exercise', id: taskPart.id, state: taskPassed });
    assert.equal(await tab.focused(), 'button: Check');
    assert.match((await tab.page.getByRole('status').textContent())!, /All checks pass: 10 of 10 points/);
  });

  it('explains a failed check: the case, what was expected and seen, why, both runs and the deciding line', async () => {
    const tab = await shown(taskFailed());
    assert.deepEqual(
      (await tab.page.locator('.check-line').allTextContents()).map((text) => text.trim()),
      [
        'Failed: Every VM has its turn, in the same order0 of 4 points',
        'Passed: The CPU never idles while a VM is ready3 of 3 points',
        'Not reached: Nobody waits longer than (n − 1)·T0 of 3 points',
      ],
    );
    const failure = (await tab.page.locator('.failure').textContent())!;
    for (const words of [
      'The smallest case that fails: 3 VMs, 10 ms slices',
      'Your scheduler never moves on',
      'ExpectedVM 3 runs at 50 ms: it has waited longest.',
      'Your runVM 1 runs again at 50 ms.',
      'WhyIn strict rotation',
      'Decided at 50 ms, by call 2 of your code: scheduler.pickNext',
      'Returned{ vcpu: 1, runForNs: 10_000_000 }',
    ])
      assert.ok(failure.includes(words), `${words}\nis not in\n${failure}`);
    assert.deepEqual(await tab.page.locator('.compared .timeline-caption').allTextContents(), [
      'Expected',
      'Your run',
    ]);
    await button(tab, /Go to the line that decided \(line 14\)/).press('Enter');
    assert.deepEqual(await tab.sent('goToDecision'), {
      type: 'goToDecision',
      id: 'round-robin',
      checkId: 'rotates',
    });
    await button(tab, /Step through this case/).press('Enter');
    assert.deepEqual(await tab.sent('stepThrough'), {
      type: 'stepThrough',
      id: 'round-robin',
      checkId: 'rotates',
    });
    assert.match(
      (await tab.page.locator('details').textContent())!,
      /What your code printed \(2 lines\)picked 1\npicked 1/,
    );
  });

  it('marks the deciding instant in both runs, and zooms them together', async () => {
    const tab = await shown(taskFailed());
    for (const which of [0, 1]) {
      await tab.page.getByRole('button', { name: 'Table' }).nth(which).click();
      const rows = await tab.page.locator('table').nth(which).locator('tbody tr').allTextContents();
      assert.ok(
        rows.some((row) => row.startsWith('50 ms') && row.includes('decision: decided at 50 ms')),
        rows.join('\n'),
      );
    }
    const zoomOut = tab.page.getByRole('button', { name: 'Zoom out' });
    assert.deepEqual(await zoomOut.evaluateAll((all) => all.map((one) => one.ariaDisabled)), [
      'true',
      'true',
    ]);
    await tab.page.getByRole('button', { name: 'Zoom in' }).nth(1).click();
    assert.deepEqual(await zoomOut.evaluateAll((all) => all.map((one) => one.ariaDisabled)), [
      'false',
      'false',
    ]);
  });

  it('shows a syntax error and its line, and nothing else', async () => {
    const tab = await shown(taskUngradable);
    assert.match(
      (await tab.page.getByRole('status').textContent())!,
      /Could not be checked: 0 of 10 points.*“\)” was expected\. \(line 9\)/,
    );
    assert.equal(await tab.page.locator('.failure').count(), 0);
  });

  it('leads on after it passed: to the next part, else to the next lesson', async () => {
    const tab = await shown(taskPassed, pageWith(taskPart, figurePart));
    await tab.page.getByRole('link', { name: 'Go on with the next part' }).press('Enter');
    assert.equal(await tab.page.evaluate(() => document.activeElement?.id), 'part-one-request');
    const last = await shown(taskPassed, examplePage);
    await last.page.getByRole('button', { name: /Next lesson: Boosting/ }).press('Enter');
    assert.deepEqual(await last.sent('openLesson'), { type: 'openLesson', id: 'boosting' });
  });

  it('keeps a failing case, shows what became of those that are kept, and lets them go', async () => {
    const tab = await open();
    const failed = taskFailed();
    await tab.post({ type: 'lesson', page: pageWith(taskPart), exercises: { [taskPart.id]: failed } });
    await tab.page.getByRole('button', { name: 'Keep this case' }).click();
    assert.deepEqual(await tab.sent('pinCase'), { type: 'pinCase', id: 'round-robin', checkId: 'rotates' });
    const pinned = [
      { key: 'k1', checkId: 'rotates', words: '3 VMs, 10 ms slices', verdict: 'failed' as const },
      { key: 'k2', checkId: 'rotates', words: '5 VMs' },
    ];
    await tab.post({ type: 'exercise', id: taskPart.id, state: { ...failed, pinned } as typeof failed });
    assert.deepEqual(await tab.page.locator('.pinned .check-title').allTextContents(), [
      '3 VMs, 10 ms slices: failed',
      '5 VMs: runs first from the next check on',
    ]);
    assert.equal(await tab.page.getByRole('button', { name: 'Keep this case' }).count(), 0);
    assert.deepEqual(await axeViolations(tab), []);
    await tab.page.getByRole('button', { name: 'Keep no more: 5 VMs' }).click();
    assert.deepEqual(await tab.sent('unpinCase'), { type: 'unpinCase', id: 'round-robin', key: 'k2' });
  });

  it('offers to draw the runs of a verdict from an earlier window', async () => {
    const tab = await open();
    const failed = { ...taskFailed(), pictures: {}, undrawn: true } as ReturnType<typeof taskFailed>;
    await tab.post({ type: 'lesson', page: pageWith(taskPart), exercises: { [taskPart.id]: failed } });
    await tab.page.getByRole('button', { name: 'Check again to draw the runs' }).click();
    assert.deepEqual(await tab.sent('checkTask'), { type: 'checkTask', id: 'round-robin' });
  });
});
