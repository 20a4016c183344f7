import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newPack } from '../../../src/authoring/scaffold/newPack.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { openWorkbench, type Workbench } from '../workbench.ts';

/** A pack whose one lesson has this id and title. */
async function writePack(folder: string, id: string, title: string): Promise<void> {
  for (const [path, text] of newPack('lab', scenarios['scheduling.round-robin']!).made) {
    const file = join(folder, path.replaceAll('first-lesson', id));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text.replaceAll('first-lesson', id).replace(/^title: .*$/m, `title: ${title}`));
  }
}

describe('packs', () => {
  let home: string;
  let workbench: Workbench;
  before(async () => {
    home = await mkdtemp('/tmp/tf-');
    await writePack(join(home, 'work', 'course'), 'from-folder', 'From a folder');
    const extension = join(home, 'lab');
    await writePack(join(extension, 'lessons'), 'from-extension', 'From an extension');
    const manifest = {
      publisher: 'university',
      name: 'lab',
      version: '1.0.0',
      engines: { vscode: '^1.100.0' },
      contributes: { 'trapframe.lessons': [{ path: './lessons' }] },
    };
    await writeFile(join(extension, 'package.json'), JSON.stringify(manifest));
    const installed = join(home, 'p', 's', 'extensions');
    await mkdir(installed, { recursive: true });
    const location = { $mid: 1, scheme: 'file', path: extension };
    const entry = { identifier: { id: 'university.lab' }, version: '1.0.0', location };
    await writeFile(join(installed, 'extensions.json'), JSON.stringify([entry]));
    workbench = await openWorkbench({ folder: join(home, 'work'), profile: join(home, 'p') });
  });
  after(async () => {
    await workbench.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  for (const title of ['From an extension', 'From a folder']) {
    it(`${title.toLowerCase()}, without code, are in the course and open`, async () => {
      await workbench.commandAndChoose('Trapframe: Open Lesson…', 'Open which lesson?', title);
      const lesson = await workbench.webview('h1', 60_000);
      await lesson.getByRole('heading', { level: 1, name: title }).waitFor();
      assert.deepEqual(workbench.consoleErrors, []);
    });
  }
});
