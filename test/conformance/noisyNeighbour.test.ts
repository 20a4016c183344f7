import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cgroupSettings, readCgroupSettings } from '../../src/engine/container/cgroups/cgroupSettings.ts';
import { highDelayNs } from '../../src/engine/container/cgroups/hostMemory.ts';
import type { ParameterInput } from '../../src/engine/kernel/parameters.ts';
import { noisyNeighbour } from '../../src/engine/container/noisyNeighbour.ts';

function metrics(settings: string, params: ParameterInput = {}): Readonly<Record<string, number>> {
  const reading = cgroupSettings.read(settings);
  assert.ok(reading.ok, 'the settings can be read');
  const outcome = noisyNeighbour.execute({
    params,
    submission: { start: () => ({}), documents: { cgroups: reading.value } },
  });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
  return outcome.run.metrics;
}
const root = '/:\n  cgroup.subtree_control: +cpu +memory +io +pids\n';
const group = (name: string, setting = ''): string => `/${name}:\n  cgroup.procs: [${name}]\n  ${setting}\n`;

describe('control groups on paper', () => {
  const calm = { memoryMiB: 8000, reportMiB: 0, batchThreads: 8 };
  it('cpu.max gives batch quota over period, whatever its threads', () => {
    const got = metrics(root + group('batch', 'cpu.max: 30000 100000'), { ...calm, cpus: 2 });
    assert.equal(got['batchPercent'], 30);
  });
  it('a limit of a parent holds for all below it', () => {
    const nested = `${root}/tenants:\n  cgroup.subtree_control: +cpu\n  cpu.max: 40000 100000\n/tenants/batch:\n  cgroup.procs: [batch]\n  cpu.max: 90000 100000\n`;
    assert.equal(metrics(nested, calm)['batchPercent'], 40);
  });
  it('io.max gives backup its rate', () => {
    for (const mbps of [10, 30, 60]) {
      const got = metrics(root + group('backup', `io.max: '8:0 rbps=${mbps}000000'`), calm)['backupMBps']!;
      assert.ok(Math.abs(got - mbps) < 1.5, `${got} for ${mbps}`);
    }
  });
  const io = { durationMs: 4000, reportMiB: 0, memoryMiB: 8000, batchThreads: 0 };
  it('io.max: the tightest of bytes, operations and the disk', () => {
    // Per second: 50 · 10^6 bytes are 195.3 pieces of 250 KiB; the disk makes 100 · 10^6 bytes.
    for (const [limits, KiB, expected] of [
      ['rbps=51200000 riops=1000', 250, 200],
      ['rbps=51200000 riops=150', 250, 150],
      ['riops=1000', 1000, 97.65625],
      ['rbps=max riops=max', 500, 195.3125],
      ['wbps=1000000 wiops=2', 500, 195.3125],
    ] as const) {
      const got = metrics(root + group('backup', `io.max: '8:0 ${limits}'`), { ...io, backupKiB: KiB });
      // One more than in the long run: the first does not wait.
      assert.ok(Math.abs(got['backupIops']! - expected) < 12.7, `${limits}: ${got['backupIops']}`);
    }
  });
  it('io.max holds writes apart from reads, and each disk by itself', () => {
    const limits = (text: string) => root + group('backup', `io.max: ${text}`);
    const writes = { ...io, backupWrites: true };
    assert.ok(metrics(limits("'8:0 rbps=2000000'"), writes)['backupMBps']! > 90);
    assert.ok(metrics(limits("'8:0 wbps=2000000'"), writes)['backupMBps']! < 2.5);
    const other = { ...io, backupDisk: '8:16' };
    assert.ok(metrics(limits("'8:0 rbps=2000000'"), other)['backupMBps']! > 90);
    assert.ok(
      metrics(limits("['8:0 rbps=max', '8:16 rbps=9000000', '8:16 riops=2']"), other)['backupIops']! < 2.5,
    );
  });
  it('io.max of a parent is shared by all below it, and of two levels the tighter counts', () => {
    const tree = (parent: string, child: string): string =>
      `${root}/t:\n  cgroup.subtree_control: +io\n  io.max: 8:0 ${parent}\n/t/backup:\n  cgroup.procs: [backup]\n  io.max: 8:0 ${child}\n/t/web:\n  cgroup.procs: [web]\n`;
    const small = { ...io, backupKiB: 4 };
    assert.equal(Math.round(metrics(tree('riops=max', 'riops=40'), small)['backupIops']!), 40);
    // 32 of backup stand before each of web: 33 requests in 330 ms.
    const shared = metrics(tree('riops=100', 'riops=max'), small);
    assert.ok(Math.abs(shared['backupIops']! - 97) < 1, String(shared['backupIops']));
    assert.ok(shared['worstResponseMs']! > 330);
    // What waits at its own limit takes nothing of the parent's.
    assert.ok(metrics(tree('riops=100', 'riops=10'), small)['worstResponseMs']! < 25);
  });
  it('memory.max kills in its own group, and the host kills the largest', () => {
    const wants = { memoryMiB: 750, reportMiB: 500 };
    const limited = metrics(root + group('report', 'memory.max: 300M'), wants);
    assert.deepEqual([limited['reportPeakMiB'], limited['webKills']], [300, 0]);
    assert.ok(limited['reportKills']! > 0);
    assert.equal(metrics(root, wants)['webKills'], 1);
  });
  it('who is frozen, by its own group or by one above, is as if it was not there', () => {
    const busy = { memoryMiB: 750, reportMiB: 500, batchThreads: 8 };
    const frozen = (name: string): string => root + group(name, 'cgroup.freeze: 1');
    assert.deepEqual(metrics(frozen('batch'), busy), metrics(root, { ...busy, batchThreads: 0 }));
    assert.deepEqual(metrics(frozen('report'), busy), metrics(root, { ...busy, reportMiB: 0 }));
    const above = `${root}/t:\n  cgroup.freeze: 1\n/t/backup:\n  cgroup.procs: [backup]\n  cgroup.freeze: 0\n`;
    assert.equal(metrics(above, calm)['backupIops'], 0);
    assert.ok(metrics(above, { ...calm, batchThreads: 0 })['worstResponseMs']! < 10);
    // The first request comes after 10 ms, and nobody answers.
    const web = metrics(frozen('web'), { ...busy, durationMs: 1000 });
    assert.deepEqual([web['webPercent'], web['worstResponseMs'], web['webKills']], [0, 990, 0]);
  });
});

describe('control groups on Linux', () => {
  const published = JSON.parse(
    readFileSync(new URL('published/linux-cgroup.json', import.meta.url), 'utf8'),
  ) as {
    readonly limits: readonly Record<string, unknown>[];
    readonly io: readonly {
      readonly id: string;
      readonly limits: Readonly<Record<string, number>>;
      readonly operation: 'read' | 'write';
      readonly KiB: number;
      readonly iops: readonly number[];
      readonly use: string;
    }[];
  };
  const row = (id: string): Record<string, unknown> => published.limits.find((each) => each['id'] === id)!;

  /*
   * memory.high: the model has the kernel's delay and reclaims nothing, so it bounds each MiB from above: four batches of 2 s. Tolerance 2 %. The
   * sum of 24 MiB is not matched (39.3 s measured, about 50 predicted), since Linux reclaimed some of it; rival: a limit that delays by one
   * tick for each charge, which would never take a second.
   */
  it('memory.high delays a MiB by at most 8 s, and kills nobody', () => {
    const seconds = row('MEMORY-HIGH')['secondsPerMiB'] as number[];
    const mib = 2 ** 20;
    const predicted = Array.from(
      { length: 8 },
      (_, index) => highDelayNs((17 + index) * mib, 16 * mib) / 1e9,
    );
    assert.ok(Math.max(...seconds) <= Math.max(...predicted) * 1.02);
    assert.ok(Math.max(...seconds) >= Math.max(...predicted) * 0.98);
    // It grows with the square of the overage: the first MiB is still quick (measured 0.12 and, up to the next one, 1.6 s).
    assert.ok(predicted[0]! >= seconds[0]! && predicted[0]! <= seconds[1]!);
    const sum = predicted.reduce((total, each) => total + each, 0);
    assert.ok(sum > (row('MEMORY-HIGH')['totalSeconds'] as number), 'an upper bound');
    assert.equal(metrics(root + group('report', 'memory.high: 300M'), { reportMiB: 600 })['reportKills'], 0);
  });
  it('memory.max ends a process that has reached exactly the limit', () => {
    const peakMiB = (row('MEMORY-MAX')['peakBytes'] as number) / 2 ** 20;
    const got = metrics(root + group('report', `memory.max: ${peakMiB}M`));
    assert.equal(got['reportPeakMiB'], peakMiB);
    assert.ok(got['reportKills']! > 0);
  });
  it('pids.max counts every task of the group', () => {
    for (const [id, limit] of [
      ['PIDS-5', 5],
      ['PIDS-20', 20],
    ] as const) {
      const got = metrics(root + group('batch', `pids.max: ${limit}`), { batchThreads: 32 });
      // The measured program is itself one of them.
      assert.equal(32 - got['refusedForks']!, (row(id)['forks'] as number) + 1);
    }
  });
  const disk = { durationMs: 4000, reportMiB: 0, memoryMiB: 8000, batchThreads: 0 };
  it('a rate in bytes, and one in operations per second, is kept within 5 %', () => {
    const { lowMBps, highMBps } = row('BLKIO-10') as { lowMBps: number; highMBps: number };
    const bytes = metrics(root + group('backup', "io.max: '8:0 rbps=10485760'"), disk)['backupMBps']!;
    assert.ok(bytes > lowMBps * 0.95 && bytes < highMBps * 1.05, String(bytes));
    const { lowIops, highIops } = row('BLKIO-200') as { lowIops: number; highIops: number };
    const small = { ...disk, backupKiB: 4 };
    const operations = metrics(root + group('backup', "io.max: '8:0 riops=200'"), small)['backupIops']!;
    assert.ok(operations > lowIops * 0.95 && operations < highIops * 1.05, String(operations));
  });
  /*
   * Tolerance 5 %. Rivals: a request that waits for its operation after it has waited for its bytes would make 125 or so of 16 KiB (measured 251;
   * with a tick of 4 ms Linux makes 250 of the 256), and limits of writes that also hold reads.
   */
  for (const { id, limits, operation, KiB, iops, use } of published.io) {
    if (use !== 'gate') continue;
    it(`of several limits the tightest counts: ${id}`, () => {
      const written = Object.entries(limits).map(([key, value]) => `${key}=${value}`);
      const got = metrics(root + group('backup', `io.max: '8:0 ${written.join(' ')}'`), {
        ...disk,
        backupKiB: KiB,
        backupWrites: operation === 'write',
      })['backupIops']!;
      for (const measured of iops) assert.ok(Math.abs(got / measured - 1) < 0.05, `${got}, not ${measured}`);
    });
  }
});

describe('settings that cgroup v2 refuses are refused at their place', () => {
  const cases: [title: string, text: string, expected: RegExp][] = [
    [
      'no controller for the children',
      '/:\n  cgroup.subtree_control: +cpu\n/web:\n  memory.max: 1G\n',
      /^4:3 \/web has no file memory\.max: .* \+memory into \/\.$/,
    ],
    [
      'a misspelt controller, which the children are not told to lack',
      '/:\n  cgroup.subtree_control: +cpu +memroy\n/t:\n  cgroup.subtree_control: +memory\n/t/web:\n  memory.max: 1G\n',
      /^2:27 cgroup\.subtree_control: there is no controller memroy\. Did you mean \+memory\?$/,
    ],
    [
      'a misspelt controller among those that are passed on',
      `${root}/t:\n  cgroup.subtree_control: +pid\n/t/web:\n  pids.max: 5\n`,
      /^4:27 cgroup\.subtree_control: there is no controller pid\. Did you mean \+pids\?$/,
    ],
    [
      'a controller that is like none',
      '/:\n  cgroup.subtree_control: +hugetlb\n',
      /there is no controller hugetlb\. Controllers: \+cpu \+memory \+io \+pids\.$/,
    ],
    [
      'a misspelt file of controllers, which the children get',
      '/:\n  cgroup.subtree_controls: +memory\n/web:\n  memory.max: 1G\n',
      /^2:3 A cgroup has no file "cgroup\.subtree_controls" here\. Did you mean "cgroup\.subtree_control"\?$/,
    ],
    [
      'internal processes',
      `${root}/t:\n  cgroup.subtree_control: +cpu\n  cgroup.procs: [web]\n/t/b:\n  cpu.weight: 5\n`,
      /no internal processes.*\/t\/main/,
    ],
    [
      'a malformed quota',
      `${root}/b:\n  cpu.max: 50%\n`,
      /^4:12 cpu\.max: "50%" is no quota and period .* half a CPU/,
    ],
    ['an unknown file', `${root}/b:\n  cpu.wieght: 5\n`, /Did you mean "cpu\.weight"\?/],
    [
      'a service twice',
      `${root}/a:\n  cgroup.procs: web\n/b:\n  cgroup.procs: web\n`,
      /web is in \/a already/,
    ],
    [
      'a disk that there is not',
      `${root}/b:\n  io.max: '8:1 rbps=5'\n`,
      /^4:11 io\.max: there is no disk 8:1: the host has 8:0 and 8:16 \(ENODEV\)/,
    ],
    [
      'an unknown limit of a disk',
      `${root}/b:\n  io.max: '8:0 rbps=5 iops=9'\n`,
      /"iops=9" is no limit of a disk: .*\(EINVAL\).*a list of such lines/,
    ],
    ['a limit that lets nothing pass', `${root}/b:\n  io.max: '8:0 riops=0'\n`, /a limit of 0 .*\(ERANGE\)/],
    [
      'a file of Linux that has no use here',
      `${root}/b:\n  memory.low: 1G\n`,
      /^4:3 memory\.low does nothing here: it keeps memory .* there is no swap .*memory\.max/,
    ],
    [
      'threaded mode',
      `${root}/b:\n  cgroup.type: threaded\n`,
      /cgroup\.type does nothing here: threaded mode/,
    ],
    ['an order', `${root}/b:\n  cgroup.kill: 1\n`, /cgroup\.kill .* it is an order.*cgroup\.freeze: 1/],
    [
      'what only the kernel writes',
      `${root}/b:\n  memory.current: 1\n`,
      /only the kernel writes it.*Remove it/,
    ],
    ['a root that is to stand still', '/:\n  cgroup.freeze: 1\n', /The root cgroup has no cgroup\.freeze/],
    [
      'more levels than the parent lets be',
      `${root}/t:\n  cgroup.max.depth: 1\n/t/a:\n/t/a/b:\n`,
      /^6:1 \/t\/a\/b cannot be made: it lies 2 below \/t, and \/t has a cgroup\.max\.depth of 1 \(EAGAIN\)\. Raise it to 2/,
    ],
    [
      'more cgroups than the parent lets be',
      `${root}/t:\n  cgroup.max.descendants: 2\n/t/a/b:\n/t/a:\n/t/c:\n`,
      /^7:1 \/t\/c cannot be made: there are 2 cgroups below \/t before it, .* Raise it to 3/,
    ],
    ['a limit of the root', '/:\n  cpu.max: 50000 100000\n', /The root cgroup has no cpu\.max/],
  ];
  for (const [title, text, expected] of cases) {
    it(title, () => {
      const reading = readCgroupSettings(text);
      assert.ok(!reading.ok);
      const said = reading.problems.map(
        (each) => `${each.line}:${each.column} ${each.message} ${each.suggestion ?? ''}`,
      );
      assert.equal(said.length, 1, said.join('\n'));
      assert.match(said[0]!, expected);
    });
  }
});
