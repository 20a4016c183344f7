import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { discardEdits, edit, findingWith, lintFindings, positionIn } from '../authoringSteps.ts';
import { fileUri, startWork, until, writeFile } from '../taskSteps.ts';

/** A task whose learners write the input of one calculation; its author opens the file of the solution. */
const files = {
  'pack.yaml': 'id: sizing\ntitle: Sizing\nmodules: [{ id: m, title: M }]\nlessons: [scaling]\n',
  'scaling/lesson.md':
    '---\nid: sizing-scaling\ntitle: Scaling\nmodule: m\nformat: 1\n---\nText.\n\n```task\nid: right-size\n```\n',
  'scaling/tasks/right-size/task.yaml': [
    'id: right-size',
    'title: Right size',
    'document: vector',
    'file: vector.json',
    'checks:',
    '  - id: enough',
    '    use: metric',
    '    scenario: cluster.autoscaler',
    '    with: { metric: replicas, atLeast: 4 }',
    '',
  ].join('\n'),
  'scaling/tasks/right-size/starter/vector.json': '{}\n',
  'scaling/tasks/right-size/solution/vector.json':
    '{\n  "currentReplicas": 3,\n  "metric": { "type": "Resource", "target": { "averageUtilization": 50 } },\n  "pods": []\n}\n',
};

describe("a document in an author's pack", () => {
  const solution = fileUri('sizing', 'scaling', 'tasks', 'right-size', 'solution', 'vector.json');
  let document: vscode.TextDocument;
  let extension: Awaited<ReturnType<typeof startWork>>;
  before(async () => {
    extension = await startWork();
    for (const [path, text] of Object.entries(files)) await writeFile(fileUri('sizing', path), text);
    document = await vscode.workspace.openTextDocument(solution);
    await vscode.window.showTextDocument(document);
  });
  after(async () => {
    await discardEdits();
    await vscode.workspace.fs.delete(fileUri('sizing'), { recursive: true });
    assert.deepEqual(extension.exports.saidErrors(), []);
  });

  it('is completed and explained from its schema', async () => {
    await edit(document, '"pods": []', '"pods": [{ "us": "100m" }]');
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      solution,
      positionIn(document, '"us¦": "100m"'),
    );
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('usage') && labels.includes('requests'), labels.join(' '));
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      solution,
      positionIn(document, '"average¦Utilization"'),
    );
    const [said] = hover!.contents as vscode.MarkdownString[];
    assert.match(said!.value, /^`averageUtilization`: integer, at least 1\n\nPercent of the request/);
  });

  it('is underlined by lint where the scenario refuses it, unsaved', async () => {
    const finding = await findingWith(solution, 'There is no field "us" here.');
    assert.equal(document.getText(finding.range), '"us"');
    assert.ok(document.isDirty);
    await edit(document, '"us"', '"usage"');
    await until(() => lintFindings(solution).length === 0);
  });
});
