// The host suite: every phase inside VS Code, then the tests that drive its window. Arguments name phases or `ui`.
import { runTests } from '@vscode/test-electron';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exitWith } from '../../build/humanError.mjs';
import { runMochaSuite } from '../mochaSuite.mjs';
import { addFailure, addResult, emptyResult, leaveResult, type SuiteResult } from '../suiteResult.mjs';
import { phases, type Phase } from './phases.ts';

const repository = join(import.meta.dirname, '..', '..');
const chosen = process.argv.slice(2);
const wanted = (name: string): boolean => chosen.length === 0 || chosen.includes(name);

/** Where a desktop VS Code is to run the tests: an executable, or `undefined` for a downloaded one. */
const desktop = process.env['TRAPFRAME_VSCODE'];

try {
  const total = emptyResult();
  for (const phase of phases) {
    if (!wanted(phase.name)) continue;
    const home = await mkdtemp('/tmp/tf-');
    try {
      addResult(total, await runPhase(phase, home));
    } finally {
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  if (wanted('ui')) addResult(total, await runMochaSuite('test/host/ui'));
  await leaveResult(total);
} catch (error) {
  exitWith(error);
}

/** @param home holds the workspace folder, the profile and the result */
async function runPhase(phase: Phase, home: string): Promise<SuiteResult> {
  const tests = join(repository, 'dist', 'test', 'host', `${phase.name}.cjs`);
  if (!existsSync(tests)) throw new Error(`${tests} is missing. Next: node build/bundle.mjs --tests`);
  if (desktop && phase.restricted) {
    // runTests switches workspace trust off on the desktop.
    return { passed: 0, skipped: 1, failures: [] };
  }
  const folder = join(home, 'work');
  await mkdir(folder);
  const resultFile = join(home, 'result.json');
  const executable = desktop
    ? desktop === 'desktop'
      ? undefined
      : desktop
    : join(import.meta.dirname, 'launcher.mjs');
  let exit = 'exit code 0';
  try {
    await runTests({
      ...(executable && { vscodeExecutablePath: executable }),
      extensionDevelopmentPath: repository,
      extensionTestsPath: tests,
      launchArgs: [
        folder,
        `--user-data-dir=${join(home, 'p')}`,
        `--extensions-dir=${join(home, 'e')}`,
        ...(phase.web ? ['--extensionDevelopmentKind=web'] : []),
      ],
      extensionTestsEnv: phase.restricted ? { TRAPFRAME_TRUST: 'restricted' } : {},
    });
  } catch (error) {
    exit = String(error);
  }
  const text = await readFile(resultFile, 'utf8').catch(() => undefined);
  const result = text ? (JSON.parse(text) as SuiteResult) : emptyResult();
  for (const { title, message } of result.failures)
    console.error(`\n  ✗ ${phase.name}: ${title}\n${message}\n`);
  if (!text) addFailure(result, `VS Code, phase ${phase.name}`, `It ended without a result: ${exit}`);
  else if (exit !== 'exit code 0' && result.failures.length === 0) {
    addFailure(result, `VS Code, phase ${phase.name}`, `Every test passed, and yet: ${exit}`);
  }
  return result;
}
