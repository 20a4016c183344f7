import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { discardEdits, edit, packFile, startPack } from '../authoringSteps.ts';

const verify = (...path: string[]): Thenable<unknown> =>
  vscode.commands.executeCommand('trapframe.verify', packFile(...path));

describe('the publish gate in the editor', () => {
  let extension: Awaited<ReturnType<typeof startPack>>;
  before(async () => {
    extension = await startPack();
  });
  after(async () => {
    await discardEdits();
    assert.deepEqual(extension.exports.saidErrors(), []);
  });

  it('stops when it is told to, and does not call that a proof', async () => {
    const proof = Promise.resolve(verify('first-lesson', 'lesson.md'));
    const stopped = proof.then(() => true);
    const pause = (): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), 50));
    // Before the run has begun there is nothing to stop.
    while (!(await Promise.race([stopped, pause()])))
      await vscode.commands.executeCommand('testing.cancelRun');
    assert.equal(await proof, undefined);
  });

  it('proves a lesson that holds, and the same lesson no longer once an answer is wrong, unsaved', async () => {
    assert.deepEqual(await verify('first-lesson', 'lesson.md'), []);
    const lesson = await vscode.workspace.openTextDocument(packFile('first-lesson', 'lesson.md'));
    await vscode.window.showTextDocument(lesson);
    await edit(lesson, 'answer: metrics.worstWaitMs', 'answer: metrics.worstWaitMs\nclosedForm: "-1"');
    assert.deepEqual(
      ((await verify('first-lesson', 'lesson.md')) as string[]).map((each) => /-1/.test(each)),
      [true],
    );
  });

  it('drafts a known-wrong solution of a mutant, with its feedback to fill in', async () => {
    const folder = packFile('run-queues', 'tasks', 'fair-share');
    const before = (await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder, 'wrong'))).length;
    const said = vscode.commands.executeCommand(
      'trapframe.suggestMisconceptions',
      vscode.Uri.joinPath(folder, 'task.yaml'),
    );
    const done = Promise.resolve(said).then(() => true);
    const pause = (): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), 200));
    while (!(await Promise.race([done, pause()]))) {
      // Nothing tells when the list is open; before that there is nothing to accept.
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    }
    const files = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder, 'wrong'));
    assert.equal(files.length, before + 1);
    const editor = vscode.window.activeTextEditor!;
    assert.ok(editor.document.uri.path.endsWith('/fair-share/task.yaml'));
    assert.match(editor.document.lineAt(editor.selection.active).text, /^ +say: ""$/);
  });
});
