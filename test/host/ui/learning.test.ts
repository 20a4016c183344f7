import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { answerKey, type Answerable } from '../../../src/course/answering.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { exercisesOf } from '../../../src/extension/course.ts';
import { bundledCourse } from '../../unit/extension/bundledCourse.ts';
import { openWorkbench, type Workbench } from '../workbench.ts';

const seed = 7;

/** The key of a question for the learner of these tests. */
async function keyOf(id: string): Promise<number> {
  const exercise = exercisesOf((await bundledCourse()).first()!).find((each) => each.id === id) as Answerable;
  const key = answerKey(exercise, seed, scenarios);
  assert.ok(key.ok && key.kind === 'number');
  return key.value;
}

const solution = async (): Promise<string> =>
  (await bundledCourse()).task('round-robin')!.part.task.solution.text;

describe('a learner', () => {
  let home: string;
  let workbench: Workbench;
  before(async () => {
    home = await mkdtemp('/tmp/tf-');
    await mkdir(join(home, 'work'));
    const settings = { format: 1, pack: 'trapframe', learner: 'ada', seed };
    await writeFile(join(home, 'work', 'trapframe.json'), JSON.stringify(settings));
    workbench = await openWindow();
  });
  after(async () => {
    await workbench.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  const openWindow = (): Promise<Workbench> =>
    openWorkbench({ folder: join(home, 'work'), profile: join(home, 'p') });
  const file = (...path: string[]): string => join(home, 'work', ...path);
  const lessonPage = (): Promise<Frame> => workbench.webview('h1', 120_000);
  const part = async (id: string): Promise<Locator> => (await lessonPage()).locator(`#part-${id}`);
  const treeRow = (text: string): Locator =>
    workbench.page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
  /** Under test VS Code keeps notifications in their list, behind the bell. */
  const notification = async (text: string | RegExp): Promise<Locator> => {
    const list = workbench.page.locator('.notifications-center');
    const item = list.locator('.notification-list-item', { hasText: text }).first();
    // The list closes itself while it is empty, and when something else takes the focus. Mocha's limit ends the wait.
    while (!(await item.isVisible())) {
      if (!(await list.isVisible())) await workbench.page.locator('[id="status.notifications"]').click();
      await workbench.page.waitForTimeout(250);
    }
    return item;
  };

  it('finds the course and the first lesson open at the first start', async () => {
    const page = await lessonPage();
    await page.getByRole('heading', { level: 1, name: 'Round robin and I/O latency' }).waitFor();
    await treeRow('The longest wait').waitFor();
    assert.match(
      (await treeRow('Round robin').getAttribute('aria-label'))!,
      /, lesson, 0 of \d+ exercises done$/,
    );
  });

  it('answers wrongly and is told why, then rightly, and both count', async () => {
    const key = await keyOf('rr-worst-wait');
    const question = await part('rr-worst-wait');
    await question.getByRole('textbox').fill('abc');
    await question.getByRole('textbox').press('Enter');
    await question.getByText('That is not a number.').waitFor();
    await question.getByRole('textbox').fill(String(key * 3));
    await question.getByRole('textbox').press('Enter');
    await question.getByText('is far too large').waitFor();
    await question.getByRole('button', { name: /again/i }).click();
    await question.getByRole('textbox').fill(String(key));
    await question.getByRole('textbox').press('Enter');
    await question.getByText('is right').waitFor();
    await treeRow('1 of').waitFor();
    const answers = JSON.parse(await readFile(file('answers.json'), 'utf8')) as {
      answers: Record<string, { right: boolean; attempts: number }>;
    };
    assert.deepEqual(
      [answers.answers['rr-worst-wait']?.right, answers.answers['rr-worst-wait']?.attempts],
      [true, 2],
    );
  });

  it('sees in a second window of the same profile what was done in the first', async () => {
    const second = await workbench.page.context().newPage();
    await second.goto(workbench.page.url());
    const row = (text: string): Locator =>
      second.locator('.pane-body .monaco-list-row', { hasText: text }).first();
    const icon = second.locator('.activitybar [aria-label="Trapframe"]').first();
    await icon.waitFor({ timeout: 120_000 });
    // The window may show the view by itself, and then a click on its icon would hide it. Mocha's limit ends the wait.
    while (!(await row('1 of').isVisible())) {
      if (!(await second.locator('.pane-header', { hasText: 'Course' }).isVisible())) await icon.click();
      await second.waitForTimeout(1000);
    }
    const question = await part('rr-worst-response');
    await question.getByRole('textbox').fill(String(await keyOf('rr-worst-response')));
    await question.getByRole('textbox').press('Enter');
    await row('2 of').waitFor();
    await second.close();
  });

  it('opens the task from the lesson, fails, and sees the failure in the lesson, the editor and the Testing view', async () => {
    await (await part('round-robin')).getByRole('button', { name: 'Open scheduler.ts' }).click();
    await workbench.page.locator('.tab.active[data-resource-name="scheduler.ts"]').waitFor();
    await (await part('round-robin')).getByRole('button', { name: 'Check' }).click();
    await (await part('round-robin')).getByText('2 of 10 points').first().waitFor();
    await workbench.page.locator('.tab[data-resource-name="scheduler.ts"]').click();
    await workbench.page.locator('.statusbar-item', { hasText: '2 of 10 points' }).waitFor();
    await workbench.page.locator('.squiggly-error').first().waitFor();
    await workbench.command('Testing: Focus on Test Explorer View');
    await workbench.page.locator('.test-explorer .monaco-list-row[aria-label*="Failed"]').first().waitFor();
  });

  it('resets the task only after being asked, and keeps a backup of what was written', async () => {
    await writeFile(file('round-robin', 'scheduler.ts'), '// mine\n');
    await workbench.command('Trapframe: Reset Task…');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByText('What you wrote is kept in a backup').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await readFile(file('round-robin', 'scheduler.ts'), 'utf8'), '// mine\n');
    await workbench.command('Trapframe: Reset Task…');
    await dialog.getByRole('button', { name: 'Reset' }).click();
    await notification('scheduler.ts is the starter again');
    assert.match(await readFile(file('round-robin', 'scheduler.ts'), 'utf8'), /Not a rotation yet/);
    assert.equal(await readFile(file('round-robin', 'scheduler.ts.bak-1'), 'utf8'), '// mine\n');
    await workbench.page.locator('.view-line', { hasText: 'Not a rotation yet' }).waitFor();
  });

  it('solves the task, and is offered the next step once', async () => {
    await writeFile(file('round-robin', 'scheduler.ts'), await solution());
    await workbench.page.locator('.view-line', { hasText: 'shift' }).first().waitFor();
    await workbench.command('Trapframe: Check');
    await (await part('round-robin')).getByText('10 of 10 points').first().waitFor();
    await (await notification(/passes all checks/)).getByRole('button', { name: 'Next' }).press('Enter');
    await workbench.page.locator('.activitybar [aria-label="Trapframe"]').first().click();
    await workbench.page
      .locator('.monaco-list-row[aria-label="Write the round-robin scheduler, code task, solved"]')
      .waitFor();
  });

  it('finds answers, task and lesson as they were after a reload, and in a new window', async () => {
    const check = async (): Promise<void> => {
      await (await part('rr-worst-wait')).getByText('is right').waitFor();
      await (await part('round-robin')).getByText('10 of 10 points').first().waitFor();
      await treeRow('3 of').waitFor();
      await workbench.page.locator('.tab[data-resource-name="scheduler.ts"]').click();
      await workbench.page.locator('.statusbar-item', { hasText: 'passed, 10 of 10 points' }).waitFor();
    };
    await workbench.reload();
    await check();
    assert.deepEqual(workbench.consoleErrors, []);
    await workbench.quit();
    await workbench.close();
    workbench = await openWindow();
    await check();
    assert.deepEqual(workbench.consoleErrors, []);
  });

  it('is told about a damaged record, which is set aside, and goes on', async () => {
    await workbench.quit();
    await workbench.close();
    const folder = await progressFolder(join(home, 'p'));
    await writeFile(join(folder, 'round-robin-latency.json'), '{"format":1,"lesson":"round-ro');
    workbench = await openWindow();
    const message = /round-robin-latency.*is not JSON.*kept as round-robin-latency\.json\.corrupt-1/;
    await (await notification(message)).getByRole('button', { name: 'Show' }).press('Enter');
    await workbench.page
      .locator('.tab.active[data-resource-name="round-robin-latency.json.corrupt-1"]')
      .waitFor();
    const names = await readdir(folder);
    assert.ok(names.includes('round-robin-latency.json.corrupt-1'), names.join());
  });
});

/** Where the extension keeps its progress, inside a profile. */
async function progressFolder(profile: string): Promise<string> {
  const entries = await readdir(profile, { recursive: true });
  const found = entries.find((path) => path.endsWith(join('trapframe.trapframe', 'progress')));
  assert.ok(found, 'the extension saved no progress');
  return join(profile, found);
}
