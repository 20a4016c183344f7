import * as vscode from 'vscode';

describe('the extension in the web extension host', () => {
  it('activates in a worker without node and offers its commands', async () => {
    if (!('WorkerGlobalScope' in globalThis)) throw new Error('These tests run outside a web worker.');
    const extension = vscode.extensions.getExtension('trapframe.trapframe');
    if (!extension) throw new Error('trapframe.trapframe is not offered in the web extension host.');
    await extension.activate();
    const offered = await vscode.commands.getCommands(true);
    if (!offered.some((command) => command.startsWith('trapframe.')))
      throw new Error('It offers no commands.');
  });
});
