import * as vscode from 'vscode';

/** What the tests of several phases do with a task. No `node:` imports: the web phase uses it too. */

export const roundRobin = {
  /** The starter always takes the lowest number; its `return` stands here, from 0. */
  decidingLine: 13,
  solution: `import type { SchedulerPolicy } from 'trapframe';

const ready: number[] = [];

export const scheduler: SchedulerPolicy = {
  enqueue({ vcpu }) {
    ready.push(vcpu);
  },
  pickNext({ sliceMs }) {
    return { vcpu: ready.shift()!, runForMs: sliceMs };
  },
};
`,
};

export const workspaceFolder = (): vscode.Uri => vscode.workspace.workspaceFolders![0]!.uri;

export const fileUri = (...path: string[]): vscode.Uri => vscode.Uri.joinPath(workspaceFolder(), ...path);

export async function writeFile(uri: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

export async function readFile(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

/** Makes the opened folder a work folder, and wakes the extension. */
export async function startWork(): Promise<vscode.Extension<{ saidErrors(): readonly string[] }>> {
  const extension = vscode.extensions.getExtension<{ saidErrors(): readonly string[] }>(
    'trapframe.trapframe',
  );
  if (!extension) throw new Error('trapframe.trapframe is not there.');
  const settings = { format: 1, pack: 'trapframe', learner: 'ada', seed: 7 };
  await writeFile(fileUri('trapframe.json'), JSON.stringify(settings));
  await extension.activate();
  await vscode.commands.executeCommand('trapframe.chooseWorkFolder', workspaceFolder());
  return extension;
}

export async function openTask(): Promise<vscode.TextDocument> {
  await vscode.commands.executeCommand('trapframe.openTask', 'round-robin');
  return vscode.workspace.openTextDocument(fileUri('round-robin', 'scheduler.ts'));
}

export async function replaceText(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error('The editor took no edit.');
}

export const findings = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Trapframe');

/** Waits, awake to changes of diagnostics, until `holds`; says what it waits for before Mocha's limit ends the test. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = Date.now() + 50_000;
  while (!(await holds())) {
    if (Date.now() > endsAt) throw new Error(`Waited 50 s, and it does not hold: ${holds.toString()}`);
    await new Promise<void>((resolve) => {
      const listener = vscode.languages.onDidChangeDiagnostics(() => done());
      const timer = setTimeout(() => done(), 250);
      const done = (): void => {
        clearTimeout(timer);
        listener.dispose();
        resolve();
      };
    });
  }
}
