import assert from 'node:assert/strict';
import { openWorkbench, type Workbench } from '../workbench.ts';

describe('the cluster of a lesson', () => {
  let workbench: Workbench;
  before(async () => {
    // Drawn on a canvas, a terminal has no text that could be read from outside.
    workbench = await openWorkbench({ settings: { 'terminal.integrated.gpuAcceleration': 'off' } });
  });
  after(() => workbench.close());

  it('is looked at in a terminal that a figure opens, by keyboard', async () => {
    await workbench.command('Trapframe: Open First Lesson');
    await workbench.webview('h1', 120_000);
    await workbench.commandAndChoose('Trapframe: Open Lesson…', 'Open which lesson?', 'Services find Pods');
    const lesson = await workbench.webview('.figure-stepper', 60_000);
    const figure = lesson.locator('figure').first();
    const shownEvent = () => figure.getByRole('slider', { name: 'Event' }).getAttribute('aria-valuetext');
    const first = await shownEvent();
    await figure.getByRole('button', { name: 'Next event' }).click();
    // The picture follows the button a moment later.
    while ((await shownEvent()) === first) await new Promise((resolve) => setTimeout(resolve, 50));
    const shownMs = Number.parseFloat((await figure.locator('.stepper-time').textContent())!);
    await figure.getByRole('button', { name: 'Open terminal here' }).press('Enter');
    const terminal = workbench.page.locator('.terminal-wrapper.active .xterm-rows');
    await terminal.getByText('$ kubectl').first().waitFor();
    // A row of the terminal ends where its width ends, within a word too, and may lose a space there.
    const withoutSpaces = (text: string): string => text.replaceAll(/\s/g, '');
    const greeting = withoutSpaces((await terminal.textContent())!);
    const instant = withoutSpaces(`the simulated cluster ${shownMs / 1000} s after the start`);
    assert.ok(greeting.includes(instant), greeting);
    await workbench.page.keyboard.type('get pods\r');
    await terminal.getByText('READY').first().waitFor();
    assert.deepEqual(workbench.consoleErrors, []);
  });
});
