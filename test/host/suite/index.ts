import 'mocha/mocha.js';
import * as vscode from 'vscode';
import type { SuiteResult } from '../../suiteResult.mjs';

mocha.setup({ ui: 'bdd', timeout: 300_000, reporter: Mocha.reporters.Base });

/**
 * Runs the tests that are bundled with this file, in the extension host. VS Code calls it for
 * `--extensionTestsPath`; a rejection makes a desktop VS Code exit with an error. The result is written beside the
 * workspace folder, which works in the web extension host too.
 */
export async function run(): Promise<void> {
  const result = await runMocha();
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('The tests need a workspace folder: the result is written beside it.');
  const file = vscode.Uri.joinPath(folder.uri, '..', 'result.json');
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(JSON.stringify(result)));
  if (result.failures.length > 0) throw new Error(`${result.failures.length} failed`);
}

function runMocha(): Promise<SuiteResult> {
  return new Promise((resolve) => {
    const result: SuiteResult = { passed: 0, skipped: 0, failures: [] };
    // The browser build's own run() wants a page's location, which no extension host has.
    const runner = Mocha.prototype.run.call(mocha, () => resolve(result));
    runner.on('pass', () => result.passed++);
    runner.on('pending', () => result.skipped++);
    runner.on('fail', (test, error: Error) =>
      result.failures.push({ title: test.fullTitle(), message: error.stack ?? String(error) }),
    );
  });
}
