import * as vscode from 'vscode';
import { findings, openTask, replaceText, roundRobin, startWork, until } from '../taskSteps.ts';

describe('a task in the web extension host', () => {
  it('is opened, checked in a worker of the browser, and solved', async () => {
    const extension = await startWork();
    const document = await openTask();
    await replaceText(document, `${document.getText()}\n`);
    await document.save();
    await until(() => findings(document.uri).length > 0);
    const line = findings(document.uri)[0]!.range.start.line;
    if (line !== roundRobin.decidingLine) throw new Error(`The finding stands on line ${line}.`);
    await replaceText(document, roundRobin.solution);
    await document.save();
    await vscode.commands.executeCommand('trapframe.checkTask', 'round-robin');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      10,
    );
    const titles = lenses.map((lens) => lens.command?.title);
    if (!titles.includes('Check (passed, 10 of 10 points)'))
      throw new Error(`Above the code stands: ${titles.join(', ')}.`);
    const said = extension.exports.saidErrors();
    if (said.length > 0) throw new Error(said.join('\n'));
  });
});
