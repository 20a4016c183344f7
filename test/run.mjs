// npm test: every suite in a process of its own, then one line with the sum. Arguments name the suites to run.
import { join } from 'node:path';
import { runMochaSuite } from './mochaSuite.mjs';
import { addFailure, addResult, emptyResult, requireMinimum, runForResult, runNode } from './suiteResult.mjs';

/** @typedef {import('./suiteResult.mjs').SuiteResult} SuiteResult */

const bin = (/** @type {string[]} */ ...path) => join('node_modules', ...path);

/** @typedef {{ minimum: number, alone?: boolean, run: () => Promise<SuiteResult> }} Suite */

/**
 * In the order in which they begin. `minimum` tests must have passed. A suite that is `alone` has the machine for itself: it
 * makes what others need, or drives a browser, whose own patience is short. The others run two at a time.
 * @type {Record<string, Suite>}
 */
const suites = {
  build: { minimum: 1, alone: true, run: () => tools({ bundles: ['build/bundle.mjs', '--tests'] }) },
  unit: { minimum: 1350, run: () => runMochaSuite('test/unit') },
  conformance: { minimum: 750, run: () => runMochaSuite('test/conformance') },
  types: { minimum: 1, run: () => tools({ 'tsc -b': [bin('typescript', 'bin', 'tsc'), '-b'] }) },
  lint: {
    minimum: 3,
    run: () =>
      tools({
        oxlint: [bin('oxlint', 'bin', 'oxlint'), '--type-aware', '--deny-warnings', '--format=unix'],
        layers: [
          bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
          'src',
          '--config',
          'build/layers.cjs',
        ],
        format: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.'],
      }),
  },
  sandbox: { minimum: 290, alone: true, run: () => runMochaSuite('test/sandbox') },
  webview: { minimum: 170, alone: true, run: () => runMochaSuite('test/webview') },
  host: {
    minimum: 45,
    alone: true,
    run: () => runForResult('test/host', ['--import', 'tsx', 'test/host/run.ts']),
  },
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(', ')}. Suites: ${Object.keys(suites).join(' ')}.`);
  process.exit(2);
}

const total = emptyResult();
/** @type {string[]} */
const summary = [];

/** @param {string} name @param {Suite} suite */
async function runSuite(name, suite) {
  console.error(`${name} …`);
  const startedAt = performance.now();
  const result = await suite.run();
  requireMinimum(result, name, suite.minimum);
  addResult(total, result);
  summary.push(
    `${name.padEnd(12)} ${counts(result)}  (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`,
  );
}

/** @type {Set<Promise<void>>} */
const running = new Set();
for (const [name, suite] of Object.entries(suites)) {
  // The bundles are what the other suites run, so they are always made.
  if (chosen.length > 0 && name !== 'build' && !chosen.includes(name)) continue;
  if (suite.alone) await Promise.all(running);
  else if (running.size === 2) await Promise.race(running);
  const run = runSuite(name, suite).finally(() => running.delete(run));
  running.add(run);
  if (suite.alone) await run;
}
await Promise.all(running);

console.log(`\n${summary.join('\n')}\n`);
console.log(counts(total));
process.exitCode = total.failures.length > 0 ? 1 : 0;

/** @param {SuiteResult} result */
function counts({ passed, failures, skipped }) {
  return `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * Runs tools that pass or fail as a whole, each as one test, and shows what a failing one said.
 * @param {Record<string, string[]>} commands arguments of Node by name
 * @returns {Promise<SuiteResult>}
 */
async function tools(commands) {
  const result = emptyResult();
  for (const [name, args] of Object.entries(commands)) {
    const { exit, text } = await runNode(args, { NO_COLOR: '1' }, 'pipe');
    if (exit === 'exit code 0') result.passed++;
    else addFailure(result, name, `${exit}\n${text.trim().split('\n').slice(0, 80).join('\n')}`);
  }
  return result;
}
