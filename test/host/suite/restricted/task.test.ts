import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { findings, openTask, replaceText, roundRobin, startWork, until } from '../taskSteps.ts';

describe('a folder that is not trusted', () => {
  it("runs the learner's code all the same, in the sandbox alone", async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const extension = await startWork();
    const document = await openTask();
    await replaceText(document, `${document.getText()}\n`);
    await document.save();
    await until(() => findings(document.uri).length > 0);
    assert.equal(findings(document.uri)[0]!.range.start.line, roundRobin.decidingLine);
    assert.deepEqual(extension.exports.saidErrors(), []);
  });
});
