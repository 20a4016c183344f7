import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HumanError, exitWith } from '../../build/humanError.mjs';
import type { SuiteResult } from '../suiteResult.mjs';
import { openWorkbench } from './workbench.ts';

/** A phase that hangs ends here, on a busy machine too; a test that hangs ends before. */
const LIMIT_MS = 900_000;

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionDevelopmentKind: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
  },
});
const folder = positionals[0];
const { extensionDevelopmentPath: extension, extensionTestsPath: tests, 'user-data-dir': profile } = values;
if (!folder || typeof extension !== 'string' || typeof tests !== 'string' || typeof profile !== 'string') {
  throw new Error(
    'usage: launcher.mjs <folder> --user-data-dir= --extensionDevelopmentPath= --extensionTestsPath=',
  );
}

try {
  process.exitCode = (await testsPass(folder, extension, tests, profile)) ? 0 : 1;
} catch (error) {
  exitWith(error);
}

async function testsPass(
  folder: string,
  extension: string,
  tests: string,
  profile: string,
): Promise<boolean> {
  const workbench = await openWorkbench({
    folder,
    extension,
    tests,
    profile,
    extensionHost: values['extensionDevelopmentKind'] === 'web' ? 'web' : 'node',
    // runTests always passes --disable-workspace-trust, so restricted mode is asked for beside its arguments.
    trusted: process.env['TRAPFRAME_TRUST'] !== 'restricted',
  });
  try {
    const resultFile = join(folder, '..', 'result.json');
    for (let waitedMs = 0; waitedMs < LIMIT_MS; waitedMs += 200) {
      if (existsSync(resultFile)) {
        await delay(200); // the file's bytes follow its name
        const result = JSON.parse(await readFile(resultFile, 'utf8')) as SuiteResult;
        return result.failures.length === 0;
      }
      const unloadable = workbench.consoleErrors.find((error) => error.includes(tests));
      if (unloadable) throw new Error(`The tests stopped before they had a result:\n${unloadable}`);
      await delay(200);
    }
    throw new HumanError({
      seen: `The tests in ${tests} wrote no result within ${LIMIT_MS / 1000} s.`,
      expected: `Their result in ${resultFile}.`,
      next: `Next: look for the cause in these errors of the window:\n${workbench.consoleErrors.join('\n') || '(none)'}`,
    });
  } finally {
    await workbench.close();
  }
}
