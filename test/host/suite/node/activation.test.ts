import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in a real VS Code', () => {
  it('activates and offers its commands', async () => {
    const extension = vscode.extensions.getExtension('trapframe.trapframe');
    assert.ok(extension, 'trapframe.trapframe is installed');
    await extension.activate();
    const offered = await vscode.commands.getCommands(true);
    assert.ok(offered.some((command) => command.startsWith('trapframe.')));
  });
});
