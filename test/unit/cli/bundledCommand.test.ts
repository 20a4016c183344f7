import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../../dist/cli.mjs', import.meta.url));
const taskFolder = fileURLToPath(new URL('../../../lessons/round-robin/tasks/round-robin', import.meta.url));

function trapframe(
  argv: readonly string[],
  options: { readonly cwd?: string; readonly node?: string[] } = {},
) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...(options.node ?? []), cli, ...argv], {
    encoding: 'utf8',
    cwd: options.cwd ?? tmpdir(),
    maxBuffer: 1 << 28,
  });
  return { code: status, out: stdout, err: stderr };
}

describe('the bundled command', function () {
  let folder: string;

  before(() => {
    assert.ok(existsSync(cli), `${cli} is missing. Run: npm run build`);
    folder = mkdtempSync(join(tmpdir(), 'trapframe-cli-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('may be executed, which npx needs after every build', function () {
    if (process.platform === 'win32') this.skip();
    accessSync(cli, constants.X_OK);
  });

  it('prints a result on stdout alone, and exits with 0', () => {
    const argv = ['simulate', 'scheduling.round-robin', '--set', 'vms=8', '--format', 'json'];
    const { code, out, err } = trapframe(argv);
    assert.deepEqual([code, err], [0, '']);
    const { metrics } = JSON.parse(out) as { metrics: Record<string, number> };
    assert.deepEqual([metrics['worstWaitMs'], metrics['worstResponseMs']], [210, 240]);
    assert.ok(out.endsWith('}\n'));
    assert.deepEqual(trapframe(argv), { code, out, err }, 'twice the same bytes');
  });

  it('prints what is wrong on stderr alone, and exits with 2', () => {
    assert.deepEqual(trapframe(['simulate', 'scheduling.round-robin', '--set', 'vms=0']), {
      code: 2,
      out: '',
      err: 'trapframe: vms is 0, but must be a whole number from 1 to 64.\n',
    });
    const { code, out, err } = trapframe([]);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /^trapframe: simulations and graded tasks/);
  });

  it('ends quietly when the reader of its output has had enough', async () => {
    const argv = ['simulate', 'scheduling.host', '--set', 'durationMs=600000', '--format', 'perfetto'];
    const child = spawn(process.execPath, [cli, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise<number | null>((done) => child.once('close', done));
    assert.deepEqual([code, err], [0, '']);
  });

  it('says when its output could not be written', function () {
    if (!existsSync('/dev/full')) this.skip();
    const { status, stderr } = spawnSync(process.execPath, [cli, 'scenarios', '--format', 'json'], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [2, 'trapframe: the result could not be written (ENOSPC).\n']);
  });

  it('never exits with 1 for a bug of its own, because 1 is a verdict', () => {
    // Only what the command itself writes: a list of many.
    const broken =
      'data:text/javascript,const write = JSON.stringify; JSON.stringify = (value, ...how) => { if (value.length > 5) throw new Error("broken on purpose"); return write(value, ...how); };';
    const { code, out, err } = trapframe(['scenarios', '--format', 'json'], { node: ['--import', broken] });
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /^trapframe: this is a bug in trapframe, not in what you typed\. Please report it/);
    assert.match(err, /Error: broken on purpose\n +at /);
  });

  it('checks a task: 0 when it passes, 1 when it does not, the same bytes each time', () => {
    const solution = ['check', 'round-robin', join(taskFolder, 'solution/scheduler.ts'), '--format', 'json'];
    const passed = trapframe(solution);
    assert.deepEqual([passed.code, passed.err], [0, '']);
    assert.equal((JSON.parse(passed.out) as { verdict: string }).verdict, 'passed');
    assert.deepEqual(trapframe(solution), passed);

    const failed = trapframe(['check', 'round-robin', 'newest-first.ts', '--format', 'json'], {
      cwd: join(taskFolder, 'wrong'),
    });
    assert.equal(failed.code, 1, failed.err);
    const report = JSON.parse(failed.out) as { verdict: string; points: number; maxPoints: number };
    assert.equal(report.verdict, 'failed');
    assert.ok(report.points < report.maxPoints);
  });

  it('does not grade what is no program, and says where', () => {
    writeFileSync(join(folder, 'broken.ts'), 'export const scheduler = {\n  pickNext( {\n};\n');
    const { code, out } = trapframe(['check', 'round-robin', 'broken.ts'], { cwd: folder });
    assert.equal(code, 2);
    assert.match(out, /broken\.ts:\d+:\d+/);
    assert.doesNotMatch(out, /\bundefined\b|\[object/);
  });

  it('names a file that is missing or is none', () => {
    const missing = trapframe(['check', 'round-robin', 'nothing.ts'], { cwd: folder });
    assert.deepEqual([missing.code, missing.out], [2, '']);
    assert.match(missing.err, /^trapframe: nothing\.ts does not exist\. /);
    const aFolder = trapframe(['check', 'round-robin', '.'], { cwd: folder });
    assert.deepEqual([aFolder.code, aFolder.out], [2, '']);
    assert.match(aFolder.err, /^trapframe: \. /);
  });

  it('judges an answer: 0 when right, 1 when not', () => {
    assert.equal(trapframe(['answer', 'rr-worst-wait', '90'], { cwd: folder }).code, 0);
    assert.equal(trapframe(['answer', 'rr-worst-wait', '120'], { cwd: folder }).code, 1);
    assert.equal(trapframe(['answer', 'rr-worst-wait', 'ninety'], { cwd: folder }).code, 2);
  });
});
