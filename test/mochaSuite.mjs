import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { emptyResult, runForResult } from './suiteResult.mjs';

const root = join(import.meta.dirname, '..');

/**
 * Runs every `*.test.ts` and `*.test.tsx` below a folder with mocha, in a process of its own. The timeout of
 * `.mocharc.json` ends a test that hangs, and is nothing that one which works on a slow and busy machine comes near; so no
 * test has another.
 * @param {string} folder from the repository's root
 */
export async function runMochaSuite(folder) {
  const files = existsSync(join(root, folder))
    ? /** @type {string[]} */ (readdirSync(join(root, folder), { recursive: true }))
        .filter((name) => /\.test\.tsx?$/.test(name))
        .toSorted()
        .map((name) => join(folder, name))
    : [];
  if (files.length === 0) return emptyResult();
  const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js');
  const options = ['--forbid-only', '--reporter', 'test/reporter.mjs'];
  return runForResult(folder, [mocha, ...options, ...files]);
}
