import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { filesUnder, temporaryFolder, trapframe, type Ran } from '../terminal.ts';
import { submission, writeFiles } from './classFolder.ts';

const folder = temporaryFolder();
const grade = (...argv: readonly string[]): Promise<Ran> =>
  trapframe(folder(), 'grade', 'class', '--only', 'rr-worst-wait', '--out', 'out', ...argv);
const classJson = (): Promise<string> => readFile(join(folder(), 'out/class.json'), 'utf8');

describe('the folder that reports are written into', function () {
  const running: ChildProcess[] = [];
  beforeEach(() =>
    writeFiles(folder(), {
      'class/ann/round-robin/scheduler.ts': submission('solution'),
      'class/bob/round-robin/scheduler.ts': submission('solution'),
    }),
  );
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });

  it('takes one part of a class, or the whole, and nothing else after it', async () => {
    assert.equal((await grade('--shard', '1/2')).code, 0);
    const first = await classJson();
    const second = await grade('--shard', '2/2');
    assert.deepEqual(
      [second.code, second.err],
      [
        2,
        'trapframe: out/class.json is part 1 of 2, and part 2 of 2 would overwrite it. It was left as it is. Name another folder: --out <folder>',
      ],
    );
    assert.match((await grade()).err, /is part 1 of 2, and a whole class would overwrite it/);
    assert.equal(await classJson(), first);
    assert.equal((await grade('--shard', '1/2')).code, 0, 'the same part again');
    const two = ['--shard', '2/2', '--out', 'two'];
    assert.equal((await trapframe(folder(), 'grade', 'class', '--only', 'rr-worst-wait', ...two)).code, 0);
    const merged = await trapframe(folder(), 'merge', 'out/class.json', 'two/class.json', '--out', 'out');
    assert.match(merged.err, /out\/class\.json is part 1 of 2, and a whole class would overwrite it/);
    assert.equal(await classJson(), first);
    assert.deepEqual(
      (await filesUnder(join(folder(), 'out'))).filter((name) => name.endsWith('.lock')),
      [],
    );
  });

  it('is not that of a class.json which something else wrote', async () => {
    await writeFiles(folder(), { 'out/class.json': '{"mine":1}' });
    const ran = await grade();
    assert.deepEqual(
      [ran.code, ran.err],
      [
        2,
        'trapframe: out/class.json is there already, and is no report that trapframe can read. It was left as it is. Name another folder: --out <folder>',
      ],
    );
    assert.equal(await classJson(), '{"mine":1}');
    const toOutput = ['--only', 'rr-worst-wait', '--report', 'csv'];
    assert.equal((await trapframe(folder(), 'grade', 'class', ...toOutput)).code, 0);
  });

  it('takes reports of the same exercises and more, and of nothing else', async () => {
    const only = (out: string, ...ids: readonly string[]): Promise<Ran> =>
      trapframe(folder(), 'grade', 'class', ...ids.flatMap((id) => ['--only', id]), '--out', out);
    assert.equal((await only('out', 'rr-worst-wait', 'rr-any-service')).code, 0);
    const first = await classJson();
    const next = 'It was left as it is. Name another folder: --out <folder>';
    const fewer = await only('out', 'rr-any-service');
    assert.deepEqual(
      [fewer.code, fewer.err],
      [
        2,
        `trapframe: out/class.json is about rr-worst-wait too, which a report without would overwrite. ${next}`,
      ],
    );
    assert.match(
      (await only('out', 'boost-free')).err,
      /is about rr-worst-wait, rr-any-service too, which a report without/,
    );
    assert.equal(await classJson(), first);
    assert.equal((await only('out', 'rr-worst-wait', 'rr-any-service', 'boost-free')).code, 0);

    const edited = first.replace(/"contentHash":"[^"]+"/, '"contentHash":"before"');
    await writeFiles(folder(), { 'out/class.json': edited });
    assert.match((await only('out', 'boost-free')).err, /is about rr-worst-wait/, 'nothing in common');
    assert.equal((await only('out', 'rr-any-service')).code, 0, 'an edited pack may have lost an exercise');

    await writeFiles(folder(), { 'out/class.json': first.replace('"id":"trapframe"', '"id":"another"') });
    assert.match(
      (await only('out', 'rr-any-service')).err,
      /^trapframe: out\/class\.json is about the pack /,
    );
  });

  it('takes a class that somebody left or joined, and no other class', async () => {
    const work = (...names: readonly string[]): Record<string, string> =>
      Object.fromEntries(names.map((name) => [`${name}/round-robin/scheduler.ts`, submission('solution')]));
    const gradeOf = (root: string, ...more: readonly string[]): Promise<Ran> =>
      trapframe(folder(), 'grade', root, '--only', 'rr-worst-wait', ...more);
    await writeFiles(join(folder(), 'other'), work('zed', 'zoe', 'ann'));
    await writeFiles(join(folder(), 'later'), work('aaron', 'ann', 'cid'));
    assert.equal((await grade()).code, 0);
    const refused = await gradeOf('other', '--learner', 'zed', '--out', 'out');
    assert.deepEqual(
      [refused.code, refused.err],
      [
        2,
        'trapframe: out/class.json is of another class: ann, bob are not in this one. It was left as it is. Name another folder: --out <folder>',
      ],
    );
    assert.deepEqual(await readdir(join(folder(), 'out/students')), ['ann.md', 'bob.md']);
    assert.equal((await gradeOf('later', '--out', 'out')).code, 0, 'half of them stayed');
    assert.match(
      (await gradeOf('other', '--out', 'out')).err,
      /of another class: aaron, cid are not in this/,
    );

    for (const part of ['1', '2']) await gradeOf('class', '--shard', `${part}/2`, '--out', `part-${part}`);
    const parts = ['part-1/class.json', 'part-2/class.json'];
    const merged = await trapframe(folder(), 'merge', ...parts, '--out', 'out');
    assert.match(merged.err, /of another class: aaron, cid are not in this one/);
    await writeFiles(join(folder(), 'class'), work('aaron'));
    const second = await gradeOf('class', '--shard', '2/2', '--out', 'part-2');
    assert.equal(second.code, 0, 'bob was the second of two, and now ann is');
  });

  it('belongs to one run at a time, and to the next one after a kill', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    running.push(other);
    const mark = `grading.${other.pid}.${hostname().replaceAll(/[^\w.-]/g, '-')}.lock`;
    await writeFiles(folder(), { [`out/${mark}`]: '' });
    const refused = await grade();
    assert.deepEqual(
      [refused.code, refused.err],
      [
        2,
        `trapframe: Another run of trapframe (process ${other.pid}) is writing into out. Wait until it ends, or name another folder: --out <folder>`,
      ],
    );
    assert.deepEqual(await readdir(join(folder(), 'out')), [mark], 'nothing else was written');
    other.kill('SIGKILL');
    await new Promise((resolve) => other.once('exit', resolve));
    assert.equal((await grade()).code, 0);
    assert.equal((await readdir(join(folder(), 'out'))).includes(mark), false);
  });

  it('says which file to delete where the run of another machine was killed', async () => {
    await writeFiles(folder(), { 'out/grading.7.node-3.lock': '' });
    const ran = await grade();
    assert.deepEqual(
      [ran.code, ran.err],
      [
        2,
        'trapframe: out/grading.7.node-3.lock says that a run on node-3 is writing into this folder. Wait until it ends, delete that file if it was killed, or name another folder: --out <folder>',
      ],
    );
  });

  it('is refused at once where nobody can make it, also in /proc', async function () {
    await writeFiles(folder(), { 'list.csv': 'id\nann\n' });
    const file = await trapframe(folder(), 'grade', 'class', '--out', 'list.csv/x');
    assert.deepEqual(
      [file.code, file.err],
      [
        2,
        'trapframe: list.csv/x cannot be made, because a file is in its way. Name another folder, where you may write: --out <folder>',
      ],
    );
    if (process.platform !== 'linux') this.skip();
    const none = await trapframe(folder(), 'grade', 'class', '--out', '/proc/trapframe/x');
    assert.deepEqual(
      [none.code, none.err],
      [
        2,
        'trapframe: /proc/trapframe/x cannot be written into (ENOENT). Name another folder, where you may write: --out <folder>',
      ],
    );
    const handed = await trapframe(folder(), 'hand-out', 'list.csv', '--out', '/proc/trapframe');
    assert.match(
      handed.err,
      /^\/proc\/trapframe\/ann\/trapframe\.json cannot be written \(ENOENT\)\. Name another/,
    );
    const made = await trapframe(folder(), 'new', 'pack', '/proc/trapframe');
    assert.match(made.err, /cannot be written \(ENOENT\)\. Choose a place where you may write\./);
  });

  it('names a few of many reports that cannot be written, and writes the others', async () => {
    await writeFiles(folder(), { 'out/students': 'a file' });
    for (let n = 0; n < 6; n++) await writeFiles(folder(), { [`class/s${n}/round-robin/scheduler.ts`]: 'x' });
    const ran = await grade();
    const lines = ran.err.split('\n').filter((line) => !line.startsWith('graded'));
    assert.deepEqual([ran.code, lines.length, lines[5]], [2, 7, '… and 3 more like these.']);
    assert.match(lines[0]!, /^out\/students\/ann\.md was not written \(E[A-Z]+\)\.$/);
    assert.match(await classJson(), /"id":"bob"/);
  });
});
