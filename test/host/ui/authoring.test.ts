import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { newPack } from '../../../src/authoring/scaffold/newPack.ts';
import { openWorkbench, type Workbench } from '../workbench.ts';

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

  const openFile = async (workbench: Workbench, name: string): Promise<void> => {
    await workbench.page.keyboard.press('Control+P');
    await workbench.page.locator('.quick-input-widget input[type="text"]').fill(name);
    await workbench.choose(name.split('/').at(-1)!);
    await workbench.page.locator('.tab.active', { hasText: name.split('/').at(-1)! }).waitFor();
  };

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
      await openFile(workbench, 'first-lesson/lesson.md');
      await workbench.page.locator('.squiggly-warning').first().waitFor();
      await keyboard.press('Control+End');
      await keyboard.type('\n```fig');
      await suggestions.filter({ hasText: 'A live simulation' }).first().waitFor();
      await keyboard.press('Tab');
      await keyboard.type('scheduling.host');
      await suggestions.filter({ hasText: 'scheduling.host' }).first().waitFor();
      await keyboard.press('Escape');
      await keyboard.press('Escape');
      await keyboard.press('End');
      await keyboard.type('\nvi');
      await suggestions.filter({ hasText: 'view' }).first().waitFor();
      await keyboard.press('Enter');
      await suggestions.filter({ hasText: 'timeline' }).first().waitFor();
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
      await openFile(workbench, 'pack.yaml');
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
