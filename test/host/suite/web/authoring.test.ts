import { edit, findingWith, packFile, positionIn, quickFixes, startPack } from '../authoringSteps.ts';
import * as vscode from 'vscode';

describe('a pack in the web extension host', () => {
  it('is made, checked while it is typed, and mended', async () => {
    const extension = await startPack();
    const lesson = await vscode.workspace.openTextDocument(packFile('run-queues', 'lesson.md'));
    await vscode.window.showTextDocument(lesson);
    await edit(lesson, 'controls: [vms', 'controls: [vsm');
    const finding = await findingWith(lesson.uri, 'There is no parameter vsm');
    const [fix] = await quickFixes(lesson.uri, finding.range);
    if (fix?.title !== 'Change to “vms”') throw new Error(`The first fix is ${fix?.title}.`);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      lesson.uri,
      positionIn(lesson, 'metrics: [¦'),
    );
    if (!items.some(({ label }) => typeof label !== 'string' && label.label === 'responseMs'))
      throw new Error('No metric is offered.');
    const said = extension.exports.saidErrors();
    if (said.length > 0) throw new Error(said.join('\n'));
  });

  it('is proved there too', async () => {
    await startPack();
    const wrong = await vscode.commands.executeCommand<readonly string[] | undefined>(
      'trapframe.verify',
      packFile('first-lesson', 'lesson.md'),
    );
    if (wrong?.length !== 0) throw new Error(`The proof says: ${wrong?.join('\n') ?? 'stopped'}`);
  });
});
