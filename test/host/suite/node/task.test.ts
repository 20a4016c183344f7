import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  fileUri,
  findings,
  openTask,
  readFile,
  replaceText,
  roundRobin,
  startWork,
  until,
  writeFile,
} from '../taskSteps.ts';

type Extension = Awaited<ReturnType<typeof startWork>>;

describe('a task in the editor', () => {
  let extension: Extension;
  let document: vscode.TextDocument;
  before(async () => {
    extension = await startWork();
    document = await openTask();
  });

  const check = () => vscode.commands.executeCommand('trapframe.checkTask', 'round-robin');
  const lensTitles = async (): Promise<string[]> => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      10,
    );
    return lenses.flatMap(({ command }) =>
      command?.command.startsWith('trapframe.') ? [command.title] : [],
    );
  };

  it('opens with its starter, its types and the settings of the compiler', async () => {
    assert.equal(vscode.window.activeTextEditor?.document.uri.path, document.uri.path);
    assert.match(document.getText(), /export const scheduler: SchedulerPolicy/);
    assert.match(
      (await readFile(fileUri('.trapframe', 'trapframe.d.ts')))!,
      /export interface SchedulerPolicy/,
    );
    assert.match((await readFile(fileUri('tsconfig.json')))!, /erasableSyntaxOnly/);
  });

  it('offers Check, Hint, Reset and Compare above the policy', async () => {
    assert.deepEqual(await lensTitles(), ['Check', 'Hint', 'Reset', 'Compare with Reference']);
  });

  it('is checked when it is saved, and says at the line that decided why it is wrong', async () => {
    await replaceText(document, `${document.getText()}\n`);
    await document.save();
    await until(() => findings(document.uri).length > 0);
    const [finding, ...more] = findings(document.uri);
    assert.deepEqual(more, []);
    assert.equal(finding!.range.start.line, roundRobin.decidingLine);
    assert.equal(finding!.code, 'rotates');
    assert.match(finding!.message, /Expected: .+ Seen: .+/);
    const evidence = finding!.relatedInformation!.map(({ message }) => message);
    assert.match(
      evidence.join('\n'),
      /^Smallest case that fails: 2 VMs.*\nscheduler\.pickNext was given \{.+, and returned \{/,
    );
  });

  it('shows what the decision was given and returned beside the code', async () => {
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      new vscode.Range(0, 0, document.lineCount, 0),
    );
    const labels = hints.flatMap(({ label }) =>
      typeof label === 'string' ? [label] : label.map(({ value }) => value),
    );
    const ours = labels.filter((label) => /^ = \{|^→/.test(label));
    assert.equal(ours.length, 2, labels.join(' | '));
    assert.match(ours[0]!, /^ = \{ .+/);
    assert.match(ours[1]!, /^→ \{ vcpu: \d/);
  });

  it('saves the failing case for the command line, once', async () => {
    const save = () => vscode.commands.executeCommand('trapframe.saveFailingCase', 'round-robin', 'rotates');
    await save();
    const opened = vscode.window.activeTextEditor!.document;
    assert.equal(opened.uri.path, fileUri('round-robin', 'scheduler.rotates.case.json').path);
    assert.match(opened.getText(), /^\{\n  "format": 1,\n  "scenario": "scheduling\.round-robin",/);
    await save();
    assert.equal(await readFile(fileUri('round-robin', 'scheduler.rotates-2.case.json')), undefined);
    await vscode.window.showTextDocument(document);
  });

  it('explains the decision in a hover, and offers a hint as a quick fix', async () => {
    const position = new vscode.Position(roundRobin.decidingLine, 10);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      position,
    );
    const texts = hovers.flatMap(({ contents }) =>
      contents.map((content) => (content as vscode.MarkdownString).value),
    );
    assert.ok(
      texts.some((text) => text.includes('// returned {') && text.includes('**starve**')),
      texts.join('\n---\n'),
    );
    assert.ok(
      texts.includes(
        '[Step through this case](command:trapframe.stepThrough?%5B%22round-robin%22%2C%22rotates%22%5D)',
      ),
      texts.join('\n---\n'),
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(position, position),
    );
    assert.ok(actions.some(({ title }) => title === 'Trapframe: show a hint'));
  });

  it('takes a finding back with the first change', async () => {
    await replaceText(document, `${document.getText()}// changed\n`);
    await until(() => findings(document.uri).length === 0);
  });

  it('passes with a right scheduler', async () => {
    await replaceText(document, roundRobin.solution);
    await check();
    assert.deepEqual(findings(document.uri), []);
    assert.equal((await lensTitles())[0], 'Check (passed, 10 of 10 points)');
    assert.equal(document.isDirty, false);
  });

  it('reports a syntax error and nothing else', async () => {
    await replaceText(document, roundRobin.solution.replace('ready.push(vcpu);', 'ready.push(vcpu;'));
    await check();
    const [finding, ...more] = findings(document.uri);
    assert.deepEqual(more, []);
    assert.equal(finding!.range.start.line, 6);
    assert.equal(finding!.code, undefined);
    assert.equal((await lensTitles())[0], 'Check (could not be checked)');
  });

  it('stops an endless loop, and says that it did not finish', async () => {
    await replaceText(document, roundRobin.solution.replace('ready.push(vcpu);', 'for (;;);'));
    await check();
    assert.match(findings(document.uri)[0]!.message, /steps/);
  });

  it('shows the reference beside it, read-only', async () => {
    await vscode.commands.executeCommand('trapframe.compareWithReference', 'round-robin');
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab!;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.modified.scheme, 'trapframe-reference');
    assert.match((await vscode.workspace.openTextDocument(input.modified)).getText(), /SchedulerPolicy/);
  });

  it('never overwrites what the learner wrote', async () => {
    await writeFile(fileUri('tsconfig.json'), '{ "mine": true }');
    const before = document.getText();
    await openTask();
    assert.equal(await readFile(document.uri), before);
    assert.equal(await readFile(fileUri('tsconfig.json')), '{ "mine": true }');
    await vscode.workspace.fs.delete(fileUri('tsconfig.json'));
  });

  it('said nothing that looks like a failure of its own', () => {
    assert.deepEqual(extension.exports.saidErrors(), []);
  });
});
