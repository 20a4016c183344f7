import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { openWorkbench } from '../workbench.ts';

describe('a failed check', () => {
  it('is shown again after a reload, and has its runs drawn again when asked', async () => {
    const home = await mkdtemp('/tmp/tf-');
    const folder = join(home, 'work');
    await mkdir(folder);
    const settings = { format: 1, pack: 'trapframe', learner: 'ada', seed: 7 };
    await writeFile(join(folder, 'trapframe.json'), JSON.stringify(settings));
    const workbench = await openWorkbench({ folder, profile: join(home, 'p') });
    const task = async (): Promise<Locator> =>
      (await workbench.webview('h1', 120_000)).locator('#part-round-robin');
    try {
      await (await task()).getByRole('button', { name: 'Open scheduler.ts' }).click();
      await workbench.page.locator('.tab.active[data-resource-name="scheduler.ts"]').waitFor();
      await (await task()).getByRole('button', { name: 'Check' }).click();
      await (await task()).locator('.failure canvas').first().waitFor();
      await workbench.page.locator('.tab[data-resource-name="scheduler.ts"]').click();

      await workbench.reload();
      await workbench.page.locator('.statusbar-item', { hasText: '2 of 10 points' }).waitFor();
      await workbench.page.locator('.squiggly-error').first().waitFor();
      const kept = await task();
      await kept.locator('.failure').first().waitFor();
      assert.equal(await kept.locator('.failure canvas').count(), 0);
      await kept.getByRole('button', { name: 'Check again to draw the runs' }).first().click();
      await kept.locator('.failure canvas').first().waitFor();
      await kept.getByText('2 of 10 points').first().waitFor();
    } finally {
      await workbench.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
