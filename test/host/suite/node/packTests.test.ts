import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { edit, packFile, startPack } from '../authoringSteps.ts';

const verify = (...path: string[]): Thenable<unknown> =>
  vscode.commands.executeCommand('trapframe.verify', packFile(...path));

describe('the publish gate in the editor', function () {
  this.timeout(240_000); // a whole proof, on a machine that may be busy
  let extension: Awaited<ReturnType<typeof startPack>>;
  before(async () => {
    extension = await startPack();
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(extension.exports.saidErrors(), []);
  });

  it('proves a lesson that holds, and the same lesson no longer once an answer is wrong, unsaved', async () => {
    assert.equal(await verify('first-lesson', 'lesson.md'), true);
    const lesson = await vscode.workspace.openTextDocument(packFile('first-lesson', 'lesson.md'));
    await vscode.window.showTextDocument(lesson);
    await edit(lesson, 'answer: metrics.worstWaitMs', 'answer: metrics.worstWaitMs\nclosedForm: "-1"');
    assert.equal(await verify('first-lesson', 'lesson.md'), false);
  });
});
