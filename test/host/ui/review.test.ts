import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorkbench } from '../workbench.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('a question that is due for review', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp('/tmp/tf-');
  });
  afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

  it('is listed, opens in its lesson with other numbers, and is due no more once answered', async () => {
    const [folder, profile] = [join(home, 'work'), join(home, 'p')];
    const progress = join(profile, 's', 'data', 'User', 'globalStorage', 'trapframe.trapframe', 'progress');
    await Promise.all([mkdir(folder), mkdir(progress, { recursive: true })]);
    const settings = { format: 1, pack: 'trapframe', learner: 'ada', seed: 7 };
    await writeFile(join(folder, 'trapframe.json'), JSON.stringify(settings));
    const answered = {
      id: 'earlier',
      at: Date.now() - 3 * dayMs,
      kind: 'answered',
      exercise: 'rr-worst-wait',
      response: { form: 'number', text: '90' },
      seed: 7,
      right: true,
      points: 1,
    };
    const record = { format: 1, lesson: 'round-robin-latency', generation: 0, events: [answered] };
    await writeFile(join(progress, 'round-robin-latency.json'), JSON.stringify(record));

    const workbench = await openWorkbench({ folder, profile });
    try {
      await workbench.command('Trapframe: Open First Lesson');
      const question = (await workbench.webview('h1')).locator('#part-rr-worst-wait');
      await question.getByRole('button', { name: 'Try again' }).waitFor();
      const asked = await question.locator('p').first().innerText();
      const row = workbench.page.locator('.monaco-list-row[aria-label*="due for 2 days"]');
      await row.click();
      await question.getByRole('button', { name: 'Check answer' }).waitFor();
      await question.locator('p').first().filter({ hasNotText: asked }).waitFor();
      const box = question.getByRole('textbox');
      await box.fill('1');
      await box.press('Enter');
      await row.waitFor({ state: 'detached' });
      await workbench.page.locator('.monaco-list-row[aria-label$="question, solved"]').waitFor();
      assert.deepEqual(workbench.consoleErrors, []);
    } finally {
      await workbench.close();
    }
  });
});
