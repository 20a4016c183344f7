import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the cluster terminal', () => {
  it('opens over the experiment that is picked', async () => {
    const opened = new Promise<vscode.Terminal>((resolve) => {
      const listening = vscode.window.onDidOpenTerminal((terminal) => {
        listening.dispose();
        resolve(terminal);
      });
    });
    const command = vscode.commands.executeCommand('trapframe.openClusterTerminal');
    // The list shows; its first experiment is taken.
    const accepted = setInterval(
      () => void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'),
      500,
    );
    const terminal = await opened;
    clearInterval(accepted);
    await command;
    assert.equal(terminal.name, 'kubectl');
    assert.ok('pty' in terminal.creationOptions);
    terminal.dispose();
  });
});
