import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cgroupSettings } from '../../src/engine/container/cgroups/cgroupSettings.ts';
import { noisyNeighbour } from '../../src/engine/container/noisyNeighbour.ts';
import {
  oomPoints,
  oomScore,
  oomVictim,
  type OomTask,
} from '../../src/engine/container/cgroups/oomKiller.ts';
import { randomStreams } from '../../src/engine/kernel/random.ts';

const task = (residentPages: number, oomScoreAdjust = 0, swapPages = 0, tablePages = 0): OomTask => ({
  residentPages,
  swapPages,
  pageTableBytes: tablePages * 4096,
  oomScoreAdjust,
});

/*
 * Worked by hand from fs/proc/base.c and mm/oom_kill.c as Documentation/filesystems/proc.rst tells them: a unit of oom_score_adj is a
 * thousandth of the memory in question; all of the memory is 1000 points; -1000 is never killed.
 */
describe('the points of the OOM killer on paper', () => {
  it('are pages in memory, in swap and of page tables', () => {
    assert.equal(oomPoints(task(100, 0, 20, 3), 1000), 123);
    // Half a page of tables is none.
    assert.equal(oomPoints({ ...task(100), pageTableBytes: 6144 }, 1000), 101);
  });
  it('and for each unit of oom_score_adj a thousandth of all', () => {
    assert.equal(oomPoints(task(100_000, 250), 1_000_000), 350_000);
    assert.equal(oomPoints(task(100_000, -250), 1_000_000), -150_000);
    // A thousandth is rounded down to whole pages: of 2999 pages it is 2.
    assert.equal(oomPoints(task(0, 500), 2999), 1000);
    assert.equal(oomPoints(task(900_000, -1000), 1_000_000), undefined);
  });
  it('oom_score shows two thirds of them, moved up by a thousand', () => {
    // (1000 + 1000 · 400/1000) · 2/3 = 933; nothing: 666; -999 and nothing else: 0; everything and 1000 more: 2000.
    assert.equal(oomScore(task(400_000), 1_000_000), 933);
    assert.equal(oomScore(task(0), 1_000_000), 666);
    assert.equal(oomScore(task(0, -999), 1_000_000), 0);
    assert.equal(oomScore(task(1_000_000, 1000), 1_000_000), 2000);
    assert.equal(oomScore(task(500_000, -1000), 1_000_000), 0);
  });
  it('who has most is killed, of equals the last', () => {
    const [small, big, same] = [task(10), task(30), task(30)];
    assert.equal(oomVictim([big, small], 100), big);
    assert.equal(oomVictim([small, big, same], 100), same);
    assert.equal(oomVictim([task(30, -1000), small], 100), small);
    assert.equal(oomVictim([task(30, -1000)], 100), undefined);
  });
});

interface Case {
  readonly limitMiB: number;
  /** All but the last allocate, then the last one until somebody is killed. */
  readonly tasks: readonly { readonly mib: number; readonly adjust: number }[];
}
interface Answers {
  readonly totalKiB: number;
  readonly answers: readonly {
    readonly victim: number | null;
    readonly tasks: readonly {
      readonly residentKiB: number;
      readonly swapKiB: number;
      readonly tableKiB: number;
      readonly score: number;
    }[];
  }[];
}

/** The tasks when the limit is reached, in pages: the last one has all that is left. */
function whenFull({ limitMiB, tasks }: Case): OomTask[] {
  const others = tasks.slice(0, -1).reduce((sum, { mib }) => sum + mib, 0);
  return tasks.map(({ mib, adjust }, index) =>
    task((index === tasks.length - 1 ? limitMiB - others : mib) * 256, adjust),
  );
}

function sameVictims(cases: readonly Case[], { totalKiB, answers }: Answers): void {
  cases.forEach((each, index) => {
    const { victim, tasks } = answers[index]!;
    const full = whenFull(each);
    assert.equal(full.indexOf(oomVictim(full, each.limitMiB * 256)!), victim, JSON.stringify(each));
    tasks.forEach(({ residentKiB, swapKiB, tableKiB, score }, at) => {
      const seen: OomTask = {
        residentPages: residentKiB / 4,
        swapPages: swapKiB / 4,
        pageTableBytes: tableKiB * 1024,
        oomScoreAdjust: each.tasks[at]!.adjust,
      };
      // What status shows lags by some pages behind what the kernel counts: a point of 2000 is some MiB.
      assert.ok(Math.abs(oomScore(seen, totalKiB / 4) - score) <= 1, `${JSON.stringify(seen)}: ${score}`);
    });
  });
}

/** Without cases in which a tenth of the limit decides: a process has some MiB that are not its allocations. */
function randomCases(count: number, seed: number): readonly Case[] {
  const random = randomStreams(seed).stream('oom');
  const cases: Case[] = [];
  while (cases.length < count) {
    const drawn: Case = {
      limitMiB: 160,
      tasks: Array.from({ length: random.integer(2, 4) }, () => ({
        mib: 5 * random.integer(1, 8),
        adjust: 100 * Math.max(0, random.integer(-4, 10)),
      })),
    };
    const full = whenFull(drawn).map((each) => oomPoints(each, 160 * 256)!);
    const [most, second] = full.toSorted((a, b) => b - a);
    if (most! - second! > 16 * 256) cases.push(drawn);
  }
  return cases;
}

const script = fileURLToPath(new URL('oomKernel.py', import.meta.url));
function askKernel(cases: readonly Case[]): Answers | { readonly skipped: string } {
  const { status, stdout, stderr, error } = spawnSync('python3', [script], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    timeout: 60_000,
  });
  return status === 0
    ? (JSON.parse(stdout) as Answers)
    : { skipped: error?.message ?? stderr.trim().split('\n').at(-1)! };
}

describe('the OOM killer of Linux', () => {
  const recorded = JSON.parse(
    readFileSync(new URL('published/linux-oom.json', import.meta.url), 'utf8'),
  ) as Answers & { readonly cases: readonly Case[] };
  it('ends in a full cgroup whom the points name, and shows the same points (Linux 6.18)', () => {
    assert.ok(recorded.cases.length >= 40);
    sameVictims(recorded.cases, recorded);
  });
  it('does so on this machine', function () {
    const cases = randomCases(12, Number(process.env['FC_SEED'] ?? 23));
    const answered = askKernel(cases);
    if ('skipped' in answered) {
      this.test!.title += ` (skipped: ${answered.skipped})`;
      this.skip();
    }
    sameVictims(cases, answered);
  });
});

describe('who is killed on the host of the noisy neighbours', () => {
  const run = (settings: string, params: Record<string, number>) => {
    const reading = cgroupSettings.read(settings);
    assert.ok(reading.ok);
    const outcome = noisyNeighbour.execute({
      params: { memoryMiB: 1000, reportMiB: 900, batchThreads: 0, ...params },
      submission: { start: () => ({}), documents: { cgroups: reading.value } },
    });
    assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
    return outcome.run.metrics;
  };
  const root = '/:\n  cgroup.subtree_control: +memory\n';

  // 1000 MiB are full when report has 600: 600 points of 1000 against web's 400, and 2 or so of page tables.
  it('the process with most points, not the one that asked last', () => {
    const plain = run(root, {});
    assert.deepEqual([plain['webKills'], plain['webPoints'], plain['reportPoints']], [0, 401, 601]);
    assert.ok(plain['reportKills']! > 0);
    // 600 - 300 < 400, and 600 - 150 > 400.
    assert.equal(run(root, { reportScoreAdj: -300 })['webKills'], 1);
    assert.equal(run(root, { reportScoreAdj: -150 })['webKills'], 0);
    assert.equal(run(root, { webScoreAdj: 250 })['webKills'], 1);
  });
  it('of a report in four processes none is as large as web', () => {
    const split = run(root, { reportProcesses: 4 });
    assert.deepEqual([split['webKills'], split['reportPoints']], [1, 150]);
    assert.equal(run(root, { reportProcesses: 4, webScoreAdj: -300 })['webKills'], 0);
  });
  it('memory.oom.group ends a report as a whole', () => {
    const group = `${root}/report:\n  cgroup.procs: [report]\n  memory.max: 300M\n`;
    const apart = run(group, { reportProcesses: 4 });
    assert.ok(apart['reportTorn']! > 0 && apart['webKills'] === 0);
    const whole = run(`${group}  memory.oom.group: 1\n`, { reportProcesses: 4 });
    assert.equal(whole['reportTorn'], 0);
    assert.equal(whole['reportKills']! % 4, 0);
  });
  it('the group counts up to the cgroup that is full, and spares who is exempt', () => {
    const tree = (inner: string, outer: string): string =>
      `${root}/job:\n  cgroup.subtree_control: +memory\n  ${outer}/job/report:\n  cgroup.procs: [report]\n  ${inner}/job/web:\n  cgroup.procs: [web]\n`;
    const full = { reportProcesses: 2, webScoreAdj: 0 };
    const below = run(tree('memory.max: 300M\n', 'memory.oom.group: 1\n'), full);
    assert.deepEqual([below['webKills'], below['reportTorn']! > 0], [0, true]);
    const above = run(tree('memory.oom.group: 0\n', 'memory.max: 800M\n  memory.oom.group: 1\n'), full);
    assert.deepEqual([above['webKills'], above['reportTorn']], [1, 0]);
    // The highest of two such groups counts, and takes web with it.
    const both = tree('memory.oom.group: 1\n', 'memory.max: 800M\n  memory.oom.group: 1\n');
    assert.equal(run(both, { ...full, webScoreAdj: -500 })['webKills'], 1);
    const exempt = run(tree('memory.oom.group: 0\n', 'memory.max: 800M\n  memory.oom.group: 1\n'), {
      ...full,
      webScoreAdj: -1000,
    });
    assert.deepEqual([exempt['webKills'], exempt['reportKills']! > 0], [0, true]);
  });
  it('oom_score_adj is a share of the limit where a cgroup is full', () => {
    // Of 500 MiB: web has 800 points of 1000, report at 100 MiB 200; 700 more make it the victim, and 500 do not.
    const both = `${root}/both:\n  cgroup.procs: [web, report]\n  memory.max: 500M\n`;
    assert.equal(run(both, { reportScoreAdj: 700 })['webKills'], 0);
    assert.equal(run(both, { reportScoreAdj: 500 })['webKills'], 1);
  });
  it('where nobody may be killed, the host panics, and a cgroup waits', () => {
    const nobody = { webScoreAdj: -1000, reportScoreAdj: -1000 };
    const panic = run(root, nobody);
    assert.deepEqual([panic['webKills'], panic['reportKills']], [0, 0]);
    assert.ok(panic['worstResponseMs']! > 2000);
    const calm = `/:\n  cgroup.subtree_control: +memory +io\n/backup:\n  cgroup.procs: [backup]\n  io.max: '8:0 rbps=1000000'\n`;
    const waits = run(`${calm}/report:\n  cgroup.procs: [report]\n  memory.max: 300M\n`, nobody);
    assert.equal(waits['reportPeakMiB'], 300);
    assert.ok(waits['worstResponseMs']! < 100);
  });
});
