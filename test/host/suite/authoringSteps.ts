import * as vscode from 'vscode';
import { fileUri, readFile, until, workspaceFolder } from './taskSteps.ts';

/** What the tests of several phases do with a pack. No `node:` imports: the web phase uses it too. */

export const packFile = (...path: string[]): vscode.Uri => fileUri('my-course', ...path);

/** Makes a pack, a second lesson and a task as an author does, with the questions answered. */
export async function startPack(): Promise<vscode.Extension<{ saidErrors(): readonly string[] }>> {
  const extension = vscode.extensions.getExtension<{ saidErrors(): readonly string[] }>(
    'trapframe.trapframe',
  )!;
  await extension.activate();
  const scenario = 'scheduling.round-robin';
  const run = (command: string, options: object): Thenable<unknown> =>
    vscode.commands.executeCommand(`trapframe.${command}`, options);
  if ((await readFile(packFile('pack.yaml'))) !== undefined) return extension;
  await run('newPack', { in: workspaceFolder(), name: 'my-course', scenario });
  await run('newLesson', { in: packFile(), name: 'run-queues', scenario });
  await run('newTask', { in: packFile(), lesson: 'run-queues', name: 'fair-share', scenario });
  return extension;
}

export const lintFindings = (uri: vscode.Uri): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Trapframe lint');

/** Replaces the first occurrence of a text in a document, without saving. */
export async function edit(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const start = document.getText().indexOf(from);
  if (start < 0) throw new Error(`${document.uri.path} has no ${from}`);
  const change = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
  change.replace(document.uri, range, to);
  if (!(await vscode.workspace.applyEdit(change))) throw new Error('The editor took no edit.');
}

/** Takes back every unsaved edit, whichever editor has the focus, and closes all editors. */
export async function discardEdits(): Promise<void> {
  await until(async () => {
    for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    return vscode.workspace.textDocuments.every(({ isDirty }) => !isDirty);
  });
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** The finding whose message holds the words, once it is there. */
export async function findingWith(uri: vscode.Uri, words: string): Promise<vscode.Diagnostic> {
  const found = (): vscode.Diagnostic | undefined =>
    lintFindings(uri).find(({ message }) => message.includes(words));
  await until(() => found() !== undefined);
  return found()!;
}

export async function quickFixes(
  uri: vscode.Uri,
  range: vscode.Range,
): Promise<readonly vscode.CodeAction[]> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
  );
  return actions.filter(({ edit: change }) => change !== undefined);
}

/** Where the cursor is that `¦` marks in a piece of a document. */
export function positionIn(document: vscode.TextDocument, text: string): vscode.Position {
  const mark = text.indexOf('¦');
  const start = document.getText().indexOf(text.replace('¦', ''));
  if (mark < 0 || start < 0) throw new Error(`${document.uri.path} has no ${text}`);
  return document.positionAt(start + mark);
}
