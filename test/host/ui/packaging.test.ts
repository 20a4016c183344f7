import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hostPackages } from '../../../build/hostPackages.mjs';
import { openWorkbench } from '../workbench.ts';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '..', '..', '..');
const mebibyte = 1024 * 1024;

/** What the package is made from. A copy, because the production bundle replaces `dist`, which other tests use. */
const sources = [
  'src',
  'lessons',
  'media',
  'build',
  'l10n',
  'package.json',
  'package.nls.json',
  'package.nls.de.json',
  '.vscodeignore',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

describe('the package', () => {
  let home: string;
  let vsix: string;
  before(async () => {
    home = await mkdtemp('/tmp/tf-');
    for (const name of sources) await cp(join(repository, name), join(home, name), { recursive: true });
    await symlink(join(repository, 'node_modules'), join(home, 'node_modules'));
    vsix = join(home, 'trapframe.vsix');
    await run('npm', ['run', 'package', '--', '--out', vsix], { cwd: home });
  });
  after(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

  it('is smaller than 3 MB', async () => {
    const { size } = await stat(vsix);
    assert.ok(size < 3 * mebibyte, `${(size / mebibyte).toFixed(2)} MB`);
  });

  it('installs, and its minified bundles show a lesson and check a task', async () => {
    const { node, vscode } = await hostPackages();
    const extensions = join(home, 'x');
    const server = join(vscode, 'out', 'server-main.js');
    await run(node, [
      server,
      '--install-extension',
      vsix,
      '--extensions-dir',
      extensions,
      '--accept-server-license-terms',
    ]);
    const folder = (await readdir(extensions)).find((name) => name.startsWith('trapframe.trapframe-'));
    assert.ok(folder, 'nothing was installed');
    const installed = join(extensions, folder);

    const files = (await readdir(installed, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(installed.length + 1)
          .replaceAll('\\', '/'),
      );
    assert.deepEqual(
      files.filter((file) => !isExpected(file)),
      [],
    );
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
      main: string;
      browser: string;
    };
    for (const entry of [manifest.main, manifest.browser])
      assert.ok(files.includes(entry.replace('./', '')), entry);

    const workbench = await openWorkbench({ extension: installed });
    try {
      await workbench.page
        .locator('.activitybar [aria-label="Trapframe"]')
        .first()
        .click({ timeout: 60_000 });
      const lesson = await workbench.webview('h1', 120_000);
      await lesson.getByRole('heading', { level: 1 }).waitFor();
      await workbench.commandAndChoose(
        'Trapframe: Open Task…',
        'Which task do you want to open?',
        'round-robin scheduler',
      );
      const choices = workbench.page.locator('.quick-input-widget', {
        hasText: 'Where should your task files be?',
      });
      await choices.locator('.monaco-list-row', { hasText: 'work' }).first().click();
      await workbench.page.locator('.tab.active[data-resource-name="scheduler.ts"]').waitFor();
      await workbench.page.locator('.statusbar-item', { hasText: 'not checked yet' }).waitFor();
      await workbench.page.keyboard.press('Control+Alt+Enter');
      await workbench.page.locator('.statusbar-item', { hasText: '2 of 10 points' }).waitFor();
      assert.deepEqual(workbench.consoleErrors, []);
    } finally {
      await workbench.close();
    }
  });
});

/** Bundles, pictures, schemas, and the files that a marketplace shows. Sources and maps never. */
const isExpected = (file: string): boolean =>
  /^(?:package(?:\.nls(?:\.de)?)?\.json|readme\.md|changelog\.md|LICENSE\.txt|\.vsixmanifest)$/.test(file) ||
  /^dist\/[\w.]+\.(?:cjs|cjs\.js|mjs|wasm|json)$/.test(file) ||
  /^dist\/webview\/\w+\.(?:js|css)$/.test(file) ||
  /^media\/(?:\w+\/)?[\w.-]+\.(?:svg|png|css|schema\.json)$/.test(file) ||
  /^l10n\/bundle\.l10n\.de\.json$/.test(file) ||
  /^lessons\/.+\.(?:png|svg)$/.test(file);
