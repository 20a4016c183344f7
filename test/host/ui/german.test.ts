import assert from 'node:assert/strict';
import { openWorkbench } from '../workbench.ts';

describe('VS Code in German', () => {
  it('asks and judges in German', async () => {
    const workbench = await openWorkbench({ language: 'de' });
    try {
      await workbench.command('Trapframe: Open First Lesson');
      const lesson = await workbench.webview('h1', 60_000);
      const question = lesson.locator('#part-rr-worst-wait');
      await question.getByLabel('Deine Antwort').fill('0.001');
      await question.getByRole('button', { name: 'Antwort prüfen' }).click();
      await question.getByText('Noch nicht richtig').waitFor({ timeout: 60_000 });
      await question.getByText('0.001 ms ist viel zu klein.').waitFor();
      await workbench.openView('Trapframe');
      await workbench.page.locator('.pane-header', { hasText: 'Wiederholen' }).waitFor();
      assert.deepEqual(workbench.consoleErrors, []);
    } finally {
      await workbench.close();
    }
  });
});
