import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { edit, positionIn } from '../authoringSteps.ts';
import { fileUri, findings, startWork, until } from '../taskSteps.ts';

describe('a document that a learner writes', () => {
  let extension: Awaited<ReturnType<typeof startWork>>;
  before(async () => {
    extension = await startWork();
  });
  after(async () => {
    await vscode.workspace.saveAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(extension.exports.saidErrors(), []);
  });

  const open = async (task: string, file: string): Promise<vscode.TextDocument> => {
    await vscode.commands.executeCommand('trapframe.openTask', task);
    return vscode.workspace.openTextDocument(fileUri(task, file));
  };
  const labels = async (document: vscode.TextDocument, piece: string): Promise<readonly string[]> => {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      positionIn(document, piece),
    );
    return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  };

  it('is completed and explained from the published schema, in JSON', async () => {
    const config = await open('oci-config', 'config.json');
    await edit(config, '"process": {', '"process": {\n    "oom": 1,');
    assert.ok((await labels(config, '"oom¦": 1')).includes('oomScoreAdj'));
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      config.uri,
      positionIn(config, '"roo¦t"'),
    );
    const [said] = hover!.contents as vscode.MarkdownString[];
    assert.match(said!.value, /Configures the container's root filesystem/);
  });

  it('is underlined where the reader of the task refuses it, before it is saved', async () => {
    const cgroups = await open('noisy-neighbour', 'cgroups.yaml');
    await edit(cgroups, cgroups.getText(), '/:\n  cgroup.subtree_control: +cpu\n/web:\n  cpu.wieght: 50\n');
    await until(() => findings(cgroups.uri).some(({ message }) => message.includes('cpu.wieght')));
    assert.ok(cgroups.isDirty);
    assert.ok((await labels(cgroups, 'cpu.wieght¦')).includes('cpu.weight'));
    await edit(cgroups, 'cpu.wieght', 'cpu.weight');
    await until(() => findings(cgroups.uri).length === 0);
  });
});
