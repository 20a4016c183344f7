import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in an untrusted folder', () => {
  it('activates, because lessons and questions work there too', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const extension = vscode.extensions.getExtension('trapframe.trapframe');
    assert.ok(extension, 'trapframe.trapframe is offered in restricted mode');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
