import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { discardEdits, edit, packFile, startPack } from '../authoringSteps.ts';
import { until } from '../taskSteps.ts';

const render = (document: vscode.TextDocument | string): Thenable<string> =>
  vscode.commands.executeCommand<string>('markdown.api.render', document);

describe("VS Code's own Markdown preview", () => {
  let extension: Awaited<ReturnType<typeof startPack>>;
  let lesson: vscode.TextDocument;
  before(async () => {
    extension = await startPack();
    lesson = await vscode.workspace.openTextDocument(packFile('first-lesson', 'lesson.md'));
    await vscode.window.showTextDocument(lesson);
  });
  after(async () => {
    await discardEdits();
    assert.deepEqual(extension.exports.saidErrors(), []);
  });

  it('shows the blocks of a lesson as cards, and what is wrong with one as soon as it is typed', async () => {
    await until(async () => (await render(lesson)).includes('trapframe-card'));
    const html = await render(lesson);
    assert.match(html, /<p class="trapframe-kind">Figure/);
    assert.match(html, /<p class="trapframe-kind">Question · 1 point/);
    assert.doesNotMatch(html, /scenario: <?/);
    await edit(lesson, 'scenario: scheduling.round-robin', 'scenario: scheduling.nothing');
    await until(async () => (await render(lesson)).includes('trapframe-broken'));
    assert.match(await render(lesson), /scheduling\S*nothing/);
  });

  it('leaves other Markdown as it is', async () => {
    const text = '# Notes\n\n```figure\nscenario: scheduling.round-robin\n```\n';
    assert.match(await render(text), /<pre>/);
    const notes = packFile('notes.md');
    await vscode.workspace.fs.writeFile(notes, new TextEncoder().encode(text));
    assert.doesNotMatch(await render(await vscode.workspace.openTextDocument(notes)), /trapframe/);
    await vscode.workspace.fs.delete(notes);
  });
});
