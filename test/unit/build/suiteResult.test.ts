import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { mock } from 'node:test';
import { promisify } from 'node:util';
import { emptyResult, requireMinimum, type SuiteResult } from '../../suiteResult.mjs';

const repository = join(import.meta.dirname, '..', '..', '..');

/** Runs mocha as `npm test` does, on a folder with these files, and keeps what it prints away from this suite's output. */
async function resultOf(files: Readonly<Record<string, string>>): Promise<SuiteResult> {
  const folder = await mkdtemp(join(tmpdir(), 'tf-suite-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const script = `
      import { writeFileSync } from 'node:fs';
      import { runMochaSuite } from ${JSON.stringify(join(repository, 'test', 'mochaSuite.mjs'))};
      const result = await runMochaSuite(${JSON.stringify(relative(repository, folder))});
      writeFileSync(${JSON.stringify(join(folder, 'sum.json'))}, JSON.stringify(result));`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    return JSON.parse(await readFile(join(folder, 'sum.json'), 'utf8')) as SuiteResult;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the sum of the suites', () => {
  it('counts passed, failed and skipped tests over all files', async () => {
    const result = await resultOf({
      'a.test.ts':
        "it('a', () => {}); it('b', () => { throw new Error('seeded'); }); it.skip('c', () => {});",
      'b.test.ts': "it('d', async () => { await Promise.reject(new Error('seeded too')); });",
      'notATest.ts': "throw new Error('not loaded');",
    });
    const { passed, skipped, failures } = result;
    assert.deepEqual(
      { passed, skipped, failed: failures.map(({ title }) => title) },
      {
        passed: 1,
        skipped: 1,
        failed: ['b', 'd'],
      },
    );
  });

  const crashes = {
    'a file that does not load': "import './absent.ts'; it('a', () => {});",
    'a process that ends in the middle': "it('a', () => { process.exit(0); }); it('b', () => {});",
    'a test that is alone by mistake': "it.only('a', () => {}); it('b', () => {});",
    'a promise that nobody waits for': "it('a', () => { void Promise.reject(new Error('lost')); });",
  };
  for (const [what, text] of Object.entries(crashes)) {
    it(`counts ${what} as a failure`, async () => {
      assert.ok((await resultOf({ 'a.test.ts': text })).failures.length > 0);
    });
  }

  it('does not accept a suite that lost its tests', () => {
    const printed = mock.method(console, 'error', () => {});
    try {
      const lost = emptyResult();
      requireMinimum(lost, 'unit', 1);
      assert.equal(lost.failures.length, 1);
      assert.match(String(printed.mock.calls[0]?.arguments[0]), /0 tests passed; at least 1 were expected/);
      const enough = { passed: 1, skipped: 0, failures: [] };
      requireMinimum(enough, 'unit', 1);
      assert.deepEqual(enough.failures, []);
    } finally {
      printed.mock.restore();
    }
  });
});
