import assert from 'node:assert/strict';
import { chmod, mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, trapframe, type Ran } from './terminal.ts';

/** Runs as somebody who is not root, for whom permissions count; root may then be it again. */
async function asNobody<T>(run: () => Promise<T>): Promise<T> {
  const user = process.geteuid?.();
  if (user !== 0) return run();
  process.seteuid!(65534);
  try {
    return await run();
  } finally {
    process.seteuid!(user);
  }
}

describe('the pack of a command', () => {
  const temporary = temporaryFolder();
  let folder = '';
  const run = (...argv: readonly string[]): Promise<Ran> => trapframe(folder, ...argv);
  const inPack = (path: string, ...argv: readonly string[]): Promise<Ran> =>
    trapframe(join(folder, 'p', path), ...argv);
  beforeEach(async () => {
    folder = await realpath(temporary());
    await run('new', 'pack', 'p');
    await run('new', 'lesson', 'p/second');
  });

  it('is the one around the current folder, and that is said', async () => {
    const pack = join(folder, 'p');
    assert.equal(
      (await inPack('', 'lint')).err,
      'Pack: P, in this folder.\nP: 2 lessons, 0 errors, 17 warnings',
    );
    const asked = await inPack('second', 'answer', 'second-number');
    assert.deepEqual([asked.code, asked.err], [0, `Pack: P, in ${pack}.`]);
    assert.deepEqual(await inPack('second', 'check', 'round-robin', 'x.ts'), {
      code: 2,
      out: '',
      err: `Pack: P, in ${pack}.\ntrapframe: The pack has no task. \`trapframe lint\` says why something may be missing.`,
    });
    const proven = await inPack('first-lesson', 'verify', '--only', 'second');
    assert.match(proven.err, /^Pack: P, in .*\n(?:ok: .*\n){2}P: 2 exercises and figures, 0 errors/);
  });

  it('is the bundled course outside of packs, and the one that is named anywhere', async () => {
    const outside = await run('answer', 'rr-worst-wait');
    assert.deepEqual([outside.code, outside.err], [0, '']);
    const named = await inPack('', 'answer', 'second-number', '--pack', '.');
    assert.deepEqual([named.code, named.err], [0, '']);
  });

  it('is named by its pack.yaml, or by anything inside it', async () => {
    const whole = await run('lint', 'p');
    for (const part of ['p/pack.yaml', 'p/second', 'p/second/lesson.md']) {
      assert.deepEqual(await run('lint', part), whole);
    }
    assert.equal((await run('answer', 'second-number', '--pack', 'p/pack.yaml')).code, 0);
    const lesson = await run('verify', 'p/second');
    assert.match(lesson.err, /^(?:ok: .*\n){2}P: 2 exercises and figures/);
    assert.doesNotMatch(lesson.out, /first-lesson/);
    await writeFile(join(folder, 'p/README.md'), '');
    assert.equal(
      (await run('verify', 'p/README.md')).err,
      "trapframe: README.md is no lesson of the pack. Name the pack's folder, and with --only what is to be proven.",
    );
  });

  it('is asked for where there is none', async () => {
    await mkdir(join(folder, 'empty'));
    const next = 'A pack is a folder with a pack.yaml: name one, or its pack.yaml.';
    assert.deepEqual(await run('lint', 'empty'), {
      code: 2,
      out: '',
      err: `trapframe: ${join(folder, 'empty')} has no pack.yaml. ${next}`,
    });
    assert.equal(
      (await run('lint', 'nowhere')).err,
      `trapframe: ${join(folder, 'nowhere')} does not exist. ${next}`,
    );
    assert.equal(
      (await run('lint', 'p/secnd')).err,
      `trapframe: ${join(folder, 'p/secnd')} does not exist. ${next}`,
    );
  });

  it('is said to be unreadable where permissions forbid it', async () => {
    const lesson = join(folder, 'p/second');
    await chmod(folder, 0o755);
    for (const [closed, mode] of [
      [join(folder, 'p'), 0o000],
      [join(folder, 'p'), 0o111],
      [lesson, 0o000],
    ] as const) {
      await chmod(closed, mode);
      const { code, err } = await asNobody(() => run('lint', 'p'));
      await chmod(closed, 0o755);
      assert.equal(code, 2);
      assert.equal(
        err,
        `trapframe: ${closed} cannot be read (EACCES). Check its permissions, and those of the folders above it.`,
      );
    }
    await chmod(join(lesson, 'lesson.md'), 0o000);
    const { code, out } = await asNobody(() => run('lint', 'p'));
    assert.equal(code, 1);
    assert.match(
      out,
      /^p\/second\/lesson\.md:1:1: error: The file cannot be read: EACCES: permission denied/m,
    );
    assert.doesNotMatch(out, /There is no file/);
  });
});
