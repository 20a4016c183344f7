import assert from 'node:assert/strict';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, trapframe } from './terminal.ts';

describe('trapframe start', () => {
  const inFolder = temporaryFolder();

  it('writes the starter with its types, and says how to go on', async () => {
    const folder = inFolder();
    const { code, out } = await trapframe(folder, 'start', 'round-robin');
    assert.equal(code, 0);
    assert.match(
      out,
      /^Write the round-robin scheduler\n\n[^]*The starter is in round-robin\/scheduler\.ts\.\n/,
    );
    assert.match(
      await readFile(join(folder, 'round-robin', 'scheduler.ts'), 'utf8'),
      /export const scheduler/,
    );
    assert.match(await readFile(join(folder, '.trapframe', 'trapframe.d.ts'), 'utf8'), /SchedulerPolicy/);
    assert.match(await readFile(join(folder, 'tsconfig.json'), 'utf8'), /erasableSyntaxOnly/);
  });

  it('leaves what is there', async () => {
    const folder = inFolder();
    await trapframe(folder, 'start', 'round-robin');
    const file = join(folder, 'round-robin', 'scheduler.ts');
    await writeFile(file, '// mine');
    await writeFile(join(folder, 'tsconfig.json'), '{}');
    const { code, out } = await trapframe(folder, 'start', 'round-robin');
    assert.equal(code, 0);
    assert.match(out, /is there already, and was left as it is/);
    assert.equal(await readFile(file, 'utf8'), '// mine');
    assert.equal(await readFile(join(folder, 'tsconfig.json'), 'utf8'), '{}');
  });

  it('goes to the nearest work folder', async () => {
    const folder = inFolder();
    await writeFile(
      join(folder, 'trapframe.json'),
      '{ "format": 1, "pack": "trapframe", "learner": "a", "seed": 3 }',
    );
    const inside = await mkdtemp(join(folder, 'inside-'));
    assert.match((await trapframe(inside, 'start', 'round-robin')).out, /\.\.\/round-robin\/scheduler\.ts/);
  });

  it('says when it may not write', async () => {
    const folder = inFolder();
    await writeFile(join(folder, 'round-robin'), 'a file, no folder');
    const { code, err } = await trapframe(folder, 'start', 'round-robin');
    assert.equal(code, 2);
    assert.match(err, /scheduler\.ts cannot be written \(E[A-Z]+\)\. Go to a folder that you may write to\./);
  });
});
