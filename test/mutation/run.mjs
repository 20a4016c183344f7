// npm run mutation: changes the grading core in small ways and tells which changes no test notices. Not part of npm test: it takes
// half an hour. Arguments go to Stryker: npm run mutation -- --mutate src/grading/drawnCases.ts
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const run = (/** @type {string} */ command, /** @type {string[]} */ args, /** @type {string} */ cwd) => {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
};

// Stryker has some 250 packages that nothing else needs, so they are installed on first use, by their own lock file.
if (!existsSync(join(here, 'node_modules')))
  run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], here);
const stryker = join(here, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
run(
  process.execPath,
  [stryker, 'run', join(here, 'stryker.config.json'), ...process.argv.slice(2)],
  join(here, '..', '..'),
);
