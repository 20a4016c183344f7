import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorkbench, type Workbench } from '../workbench.ts';

const lessons = join(import.meta.dirname, '..', '..', '..', 'lessons');

describe('an author', () => {
  let home: string;
  let workbench: Workbench;
  before(async () => {
    home = await mkdtemp('/tmp/tf-');
    const pack = join(home, 'work', 'my-pack');
    await cp(join(lessons, 'round-robin'), join(pack, 'round-robin'), { recursive: true });
    const head = [
      'id: mine',
      'title: Mine',
      'modules: [{ id: io, title: I/O }]',
      'lessons: [round-robin]',
    ].join('\n');
    await writeFile(join(pack, 'pack.yaml'), head);
    workbench = await openWorkbench({ folder: join(home, 'work'), profile: join(home, 'p') });
  });
  after(async () => {
    await workbench.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it('sees the lesson beside its text, and what is typed before it is saved', async () => {
    await workbench.openFile('lesson.md');
    await workbench.page.locator('.editor-actions [aria-label^="Preview Lesson"]').click();
    const preview = await workbench.webview('.authoring', 60_000);
    await preview.locator('.sheet').first().waitFor();
    await workbench.page.locator('.tab', { hasText: 'lesson.md' }).click();
    await workbench.page.keyboard.press('Control+G');
    await workbench.page.keyboard.type('9');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.keyboard.press('Home');
    await workbench.page.keyboard.type('Typed just now. ');
    await preview.getByText('Typed just now.').first().waitFor();
  });

  it('plays another learner, answers wrongly and reads what that learner is told', async () => {
    const preview = await workbench.webview('.authoring');
    const question = preview.locator('#part-rr-worst-wait');
    const asked = await question.locator('p').first().innerText();
    await preview.getByLabel('Variant of learner').fill('42');
    await preview.getByLabel('Variant of learner').press('Enter');
    // The lesson is shown anew; what is typed before would be lost.
    await question.locator('p').first().filter({ hasNotText: asked }).waitFor();
    await question.getByRole('textbox').fill('1');
    await question.getByRole('textbox').press('Enter');
    await question.locator('.verdict.wrong').waitFor();
    // The lesson is shown anew for another learner, which may come after the judgement.
    await preview.waitForFunction(
      () => document.querySelector<HTMLInputElement>('#variant-seed')?.value === '42',
    );
  });

  it('grades a known-wrong solution as if it were handed in', async () => {
    const preview = await workbench.webview('.authoring');
    const sheet = preview
      .locator('[data-part]', { has: preview.locator('#part-round-robin') })
      .locator('.sheet');
    await sheet
      .locator('li', { hasText: 'wrong/' })
      .first()
      .getByRole('button', { name: 'Grade this' })
      .click();
    await preview.locator('#part-round-robin .failure').first().waitFor({ timeout: 60_000 });
  });

  it('is followed by the preview to where the cursor is', async () => {
    const preview = await workbench.webview('.authoring');
    await workbench.page.locator('.tab', { hasText: 'lesson.md' }).click();
    await workbench.page.keyboard.press('Control+End');
    await preview.waitForFunction(() => {
      const last = [...document.querySelectorAll('[data-part]')].at(-1)!.getBoundingClientRect();
      return last.top < window.innerHeight && last.bottom > 0;
    });
    assert.deepEqual(workbench.consoleErrors, []);
  });
});
