import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorkbench } from '../workbench.ts';

describe('an open lesson', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp('/tmp/tf-');
  });
  afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

  it('is there again after a reload, and after VS Code was closed and started anew', async () => {
    const folder = join(home, 'work');
    const profile = join(home, 'p');
    await mkdir(folder);

    const first = await openWorkbench({ folder, profile });
    try {
      await first.command('Trapframe: Open First Lesson');
      await (await first.webview('h1')).getByRole('heading', { level: 1, name: 'Round robin' }).waitFor();
      await first.reload();
      await first.webview('h1');
      assert.deepEqual(first.consoleErrors, []);
      await first.quit();
    } finally {
      await first.close();
    }

    const second = await openWorkbench({ folder, profile });
    try {
      await second.webview('h1');
      assert.deepEqual(second.consoleErrors, []);
    } finally {
      await second.close();
    }
  });
});
