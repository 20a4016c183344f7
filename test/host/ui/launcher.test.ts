import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const launcher = join(import.meta.dirname, '..', 'launcher.mjs');

/** Starts the launcher as @vscode/test-electron does, on a minimal extension whose tests are this module. */
async function launch(tests: string): Promise<{ status: number | null; stderr: string }> {
  const home = await mkdtemp('/tmp/tf-');
  try {
    const extension = join(home, 'extension');
    await mkdir(extension);
    await mkdir(join(home, 'work'));
    const manifest = { name: 'minimal', publisher: 'trapframe', version: '0.0.1', engines: { vscode: '*' } };
    await writeFile(join(extension, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(extension, 'tests.cjs'), tests);
    const { status, stderr } = spawnSync(
      launcher,
      [
        join(home, 'work'),
        `--user-data-dir=${join(home, 'p')}`,
        '--disable-workspace-trust',
        `--extensionTestsPath=${join(extension, 'tests.cjs')}`,
        `--extensionDevelopmentPath=${extension}`,
      ],
      { encoding: 'utf8' },
    );
    return { status, stderr };
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

const leaving = (result: unknown): string => `
  const { workspace, Uri } = require('vscode');
  exports.run = () => workspace.fs.writeFile(
    Uri.joinPath(workspace.workspaceFolders[0].uri, '..', 'result.json'),
    Buffer.from(${JSON.stringify(JSON.stringify(result))}));`;

describe('the launcher', () => {
  it('exits with 0 when the tests passed', async () => {
    assert.equal((await launch(leaving({ passed: 1, skipped: 0, failures: [] }))).status, 0);
  });

  it('exits with 1 when one test failed', async () => {
    const failures = [{ title: 'seeded', message: 'seeded' }];
    assert.equal((await launch(leaving({ passed: 5, skipped: 0, failures }))).status, 1);
  });

  it('exits with 1, and says why, when the tests cannot be loaded', async () => {
    const { status, stderr } = await launch("throw new Error('seeded: this module does not load');");
    assert.equal(status, 1);
    assert.match(stderr, /seeded: this module does not load/);
  });
});
