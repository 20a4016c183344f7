import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { learnerSeed } from '../../../../src/course/seeds.ts';
import { temporaryFolder, trapframe, type Ran } from '../terminal.ts';
import { settingsText, writeFiles } from './classFolder.ts';

const folder = temporaryFolder();
const handOut = (...argv: readonly string[]): Promise<Ran> =>
  trapframe(folder(), 'hand-out', 'list.csv', '--seed', '2026', '--out', 'folders', ...argv);
const settingsOf = (word: string): Promise<string> =>
  readFile(join(folder(), 'folders', word, 'trapframe.json'), 'utf8');

describe('trapframe hand-out', () => {
  it('writes a work folder for each learner, and later those of who joined alone', async () => {
    await writeFiles(folder(), { 'list.csv': 'id\nann\nbob\n' });
    const first = await handOut();
    assert.equal(first.code, 0, first.err);
    assert.equal(
      first.err,
      'Wrote 2 of 2 work folders to folders. Give each learner theirs, to be chosen by Trapframe: Choose Work Folder.',
    );
    assert.deepEqual(JSON.parse(await settingsOf('ann')), {
      format: 1,
      pack: 'trapframe',
      learner: 'ann',
      seed: learnerSeed(2026, 'ann'),
    });
    await writeFiles(folder(), {
      'list.csv': 'id\nann\nbob\nZoë K.\n',
      'folders/ann/round-robin/scheduler.ts': 'mine',
    });
    const later = await handOut();
    assert.equal(later.code, 0, later.err);
    assert.equal(
      later.err,
      'Wrote 1 of 3 work folders to folders. 2 of them were there already, with the same seeds, and nothing in them was changed. Give each learner theirs, to be chosen by Trapframe: Choose Work Folder.',
    );
    assert.equal(await readFile(join(folder(), 'folders/ann/round-robin/scheduler.ts'), 'utf8'), 'mine');
    const again = await handOut();
    assert.equal(again.code, 0);
    assert.equal(
      again.err,
      'Wrote 0 of 3 work folders to folders. 3 of them were there already, with the same seeds, and nothing in them was changed.',
    );
  });

  it('overwrites nothing that was made otherwise, and says what is there and what to do', async () => {
    await writeFiles(folder(), {
      'list.csv': 'id\nann\nbob\ncy\ndan\n',
      'folders/ann/trapframe.json': settingsText('ann', 5),
      'folders/bob/trapframe.json': '{',
      'folders/cy': 'a file',
    });
    const ran = await handOut();
    assert.equal(ran.code, 2);
    assert.deepEqual(ran.err.split('\n'), [
      `folders/ann/trapframe.json is there already, with the seed 5 in place of ${learnerSeed(2026, 'ann')}. It was left as it is. Name another folder: --out <folder>, or give the --seed and --pack with which it was made.`,
      'folders/bob/trapframe.json is there already, and Trapframe cannot read it. It was left as it is. Name another folder: --out <folder>',
      'folders/cy/trapframe.json cannot be written (ENOTDIR). Name another folder, where you may write: --out <folder>',
      'Wrote 1 of 4 work folders to folders. Give each learner theirs, to be chosen by Trapframe: Choose Work Folder.',
    ]);
    assert.equal(await settingsOf('ann'), settingsText('ann', 5));
    assert.equal(await settingsOf('bob'), '{');
  });

  it('names a few of many that it leaves', async () => {
    const ids = Array.from({ length: 9 }, (_, index) => `s${index}`);
    await writeFiles(folder(), { 'list.csv': `id\n${ids.join('\n')}\n` });
    await handOut();
    const ran = await trapframe(folder(), 'hand-out', 'list.csv', '--seed', '1', '--out', 'folders');
    const lines = ran.err.split('\n');
    assert.deepEqual(
      [ran.code, lines.length, lines[5], lines[6]],
      [2, 7, '… and 4 more like these.', 'Wrote 0 of 9 work folders to folders.'],
    );
  });
});
