import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { newPack } from '../../../src/authoring/scaffold/newPack.ts';
import { openWorkbench } from '../workbench.ts';

describe('an author in a window', () => {
  let home: string;
  let folder: string;
  beforeEach(async () => {
    home = await mkdtemp('/tmp/tf-');
    folder = join(home, 'work');
    const { made } = newPack('my-course', scenarios['scheduling.round-robin']!);
    for (const [path, text] of made) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  });
  afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

  it('is asked for the name of a lesson, told why one cannot be taken, and gets the lesson', async () => {
    const workbench = await openWorkbench({ folder });
    try {
      await workbench.command('Trapframe: New Lesson…');
      const input = workbench.page.locator('.quick-input-widget input[type="text"]');
      await input.fill('First Lesson');
      const message = workbench.page.locator('.quick-input-message');
      await message
        .filter({ hasText: 'lower-case words joined by hyphens. Did you mean first-lesson?' })
        .waitFor();
      await input.fill('first-lesson');
      await message.filter({ hasText: 'first-lesson/lesson.md has this id already.' }).waitFor();
      await input.fill('run-queues');
      await workbench.page.keyboard.press('Enter');
      await workbench.choose('scheduling.host');
      await workbench.page.locator('.tab.active', { hasText: 'lesson.md' }).waitFor();
      assert.match(
        await readFile(join(folder, 'run-queues', 'lesson.md'), 'utf8'),
        /scenario: scheduling\.host/,
      );
      assert.deepEqual(workbench.consoleErrors, []);
    } finally {
      await workbench.close();
    }
  });

  it('offers blocks behind backticks, and their keys and names while they are typed', async () => {
    const workbench = await openWorkbench({ folder });
    try {
      const { keyboard } = workbench.page;
      const suggestions = workbench.page.locator('.suggest-widget.visible .monaco-list-row');
      await workbench.openFile('first-lesson/lesson.md');
      await workbench.page.locator('.squiggly-warning').first().waitFor();
      await keyboard.press('Control+End');
      await keyboard.type('\n```fig', { delay: 60 });
      await suggestions.filter({ hasText: 'A live simulation' }).first().waitFor();
      await keyboard.press('Tab');
      await keyboard.type('scheduling.host');
      await suggestions.filter({ hasText: 'scheduling.host' }).first().waitFor();
      await keyboard.press('Escape');
      await keyboard.press('Escape');
      await keyboard.press('End');
      // Inserted, since a list that was asked for before Escape may come now and take the key Enter as a choice.
      await keyboard.insertText('\n');
      await keyboard.type('vi', { delay: 60 });
      await suggestions.filter({ hasText: 'view' }).first().waitFor();
      await keyboard.press('Enter');
      await suggestions.filter({ hasText: 'timeline' }).first().waitFor();
      assert.deepEqual(workbench.consoleErrors, []);
    } finally {
      await workbench.close();
    }
  });

  it('renames a task in its lesson, its file and its folder', async () => {
    const { taskFiles } = await import('../../../src/authoring/scaffold/taskFiles.ts');
    const lesson = join(folder, 'first-lesson', 'lesson.md');
    await writeFile(
      lesson,
      `---\nid: first-lesson\ntitle: First\nmodule: basics\nformat: 1\n---\nText.\n\n\`\`\`task\nid: fair-share\n\`\`\`\n`,
    );
    const tasks = join(folder, 'first-lesson', 'tasks');
    for (const [path, text] of taskFiles('fair-share', scenarios['scheduling.round-robin']!, undefined)) {
      await mkdir(dirname(join(tasks, 'fair-share', path)), { recursive: true });
      await writeFile(join(tasks, 'fair-share', path), text);
    }
    const workbench = await openWorkbench({ folder });
    try {
      const { keyboard } = workbench.page;
      await workbench.openFile('first-lesson/lesson.md');
      const box = workbench.page.locator('.rename-box input');
      // The extension may still be starting, and until then nobody can rename anything.
      for (let tries = 0; tries < 5 && !(await box.isVisible()); tries++) {
        await workbench.page.locator('.view-line', { hasText: 'fair-share' }).first().click();
        await keyboard.press('Control+G');
        await keyboard.type('10:7\n');
        await keyboard.press('F2');
        await box.waitFor({ timeout: 5000 }).catch(() => undefined);
      }
      await box.fill('take-turns');
      await keyboard.press('Enter');
      const moved = join(tasks, 'take-turns', 'task.yaml');
      const readSoon = async (file: string, holds: RegExp): Promise<void> => {
        for (let tries = 0; ; tries++) {
          const text = await readFile(file, 'utf8').catch(() => '');
          if (holds.test(text)) return;
          if (tries > 100) throw new Error(`${file} is:\n${text}`);
          await workbench.page.waitForTimeout(100);
        }
      };
      await readSoon(lesson, /id: take-turns/);
      await readSoon(moved, /^id: take-turns/);
      await workbench.page.locator('.squiggly-error').waitFor({ state: 'detached' });
      assert.deepEqual(workbench.consoleErrors, []);
    } finally {
      await workbench.close();
    }
  });

  it('creates a missing file by the quick fix at its name', async () => {
    await writeFile(
      join(folder, 'pack.yaml'),
      (await readFile(join(folder, 'pack.yaml'), 'utf8')).replace(
        '  - first-lesson',
        '  - first-lesson\n  - second',
      ),
    );
    const workbench = await openWorkbench({ folder });
    try {
      await workbench.openFile('pack.yaml');
      await workbench.page.locator('.squiggly-error').first().waitFor();
      await workbench.page.keyboard.press('F8');
      await workbench.page.keyboard.press('Escape');
      await workbench.page.keyboard.press('Control+.');
      await workbench.page.locator('.action-widget', { hasText: 'Create second/lesson.md' }).waitFor();
      await workbench.page.locator('.action-widget .monaco-list-row', { hasText: 'Create second' }).click();
      await workbench.page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
      assert.match(await readFile(join(folder, 'second', 'lesson.md'), 'utf8'), /^---\nid: second\n/);
      assert.deepEqual(workbench.consoleErrors, []);
    } finally {
      await workbench.close();
    }
  });
});
