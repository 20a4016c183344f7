import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What a suite leaves behind for `npm test` to sum, as JSON in the file that `TRAPFRAME_RESULT` names.
 * @typedef {{ passed: number, skipped: number, failures: { title: string, message: string }[] }} SuiteResult
 */

const root = join(import.meta.dirname, '..');

/** A suite that runs longer hangs: it is ended and has failed. */
const LIMIT_MS = 30 * 60_000;

/** @returns {SuiteResult} */
export function emptyResult() {
  return { passed: 0, skipped: 0, failures: [] };
}

/** @param {SuiteResult} total @param {SuiteResult} part */
export function addResult(total, part) {
  total.passed += part.passed;
  total.skipped += part.skipped;
  total.failures.push(...part.failures);
}

/**
 * Runs Node in a process of its own and reads the result that it leaves. A process that ends without one, or that fails
 * although its result has no failure, has crashed, and counts as one failure.
 * @param {string} name for messages
 * @param {string[]} args of Node
 * @returns {Promise<SuiteResult>}
 */
export async function runForResult(name, args) {
  const folder = await mkdtemp(join(tmpdir(), 'tf-result-'));
  const file = join(folder, 'result.json');
  try {
    const { exit } = await runNode(args, { TRAPFRAME_RESULT: file }, 'inherit');
    const text = await readFile(file, 'utf8').catch(() => undefined);
    const result = text ? /** @type {SuiteResult} */ (JSON.parse(text)) : emptyResult();
    if (!text)
      addFailure(result, name, `It ended without a result (${exit}): it crashed, or a file did not load.`);
    else if (exit !== 'exit code 0' && result.failures.length === 0) {
      addFailure(result, name, `Every test passed, and yet the process ended with ${exit}.`);
    }
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Tests are found by glob, so a suite that lost its files would pass without this.
 * @param {SuiteResult} result @param {string} name @param {number} minimum
 */
export function requireMinimum(result, name, minimum) {
  if (result.passed >= minimum || result.failures.length > 0) return;
  addFailure(
    result,
    name,
    `${result.passed} tests passed; at least ${minimum} were expected (test/run.mjs).`,
  );
}

/** Adds a failure that no test printed. @param {SuiteResult} result @param {string} title @param {string} message */
export function addFailure(result, title, message) {
  result.failures.push({ title, message });
  console.error(`\n  ✗ ${title}\n    ${message.replaceAll('\n', '\n    ')}\n`);
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @param {'inherit' | 'pipe'} output
 * @returns {Promise<{ exit: string, text: string }>} text is empty for inherited output
 */
export function runNode(args, env, output) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', output, output],
    });
    let text = '';
    child.stdout?.on('data', (data) => (text += data));
    child.stderr?.on('data', (data) => (text += data));
    const limit = setTimeout(() => child.kill('SIGTERM'), LIMIT_MS);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ exit: signal ? `signal ${signal}` : `exit code ${code}`, text });
    });
  });
}

/** Called at the end of a suite's own process. @param {SuiteResult} result */
export async function leaveResult(result) {
  const file = process.env['TRAPFRAME_RESULT'];
  if (file) await writeFile(file, JSON.stringify(result));
  console.error(`${result.passed} passed, ${result.failures.length} failed, ${result.skipped} skipped`);
  if (result.failures.length > 0) process.exitCode = 1;
}
