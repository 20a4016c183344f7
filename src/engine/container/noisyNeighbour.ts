import { choice, count, flagParameter, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { Simulation } from '../kernel/simulation.ts';
import { fromMs, toMs, type Nanoseconds } from '../kernel/time.ts';
import { defineEvents, noCause, type Trace } from '../kernel/trace.ts';
import type { BarsModel } from '../kernel/view.ts';
import { cgroupSettings } from './cgroups/cgroupSettings.ts';
import { cpuEvents, type CpuEvents } from './cpuBandwidth/cpuEvents.ts';
import { cpuTimeline } from './cpuBandwidth/cpuTimeline.ts';
import { cpuInstant, FairCpus } from './cpuBandwidth/fairCpus.ts';
import type { CpuThread } from './cpuBandwidth/runQueue.ts';
import { HostCgroups } from './cgroups/hostCgroups.ts';
import { HostDisks } from './cgroups/hostDisks.ts';
import { HostMemory, MemoryHolder, type Charged } from './cgroups/hostMemory.ts';
import { oomPoints } from './cgroups/oomKiller.ts';

/** What `web` keeps in memory, and what each of its requests needs: its role is assumed, not measured. */
const web = { residentMiB: 400, everyNs: 20_000_000, workNs: 2_000_000, readBytes: 256 * 1024 };
/** `report` allocates a MiB at a time, at this pace, and starts again some time after it was killed. */
const report = { chunkNs: 1_000_000, restartNs: 300_000_000 };
/** `backup` keeps this many requests waiting at the disk. */
const backupDepth = 32;

/** Threads of batch that a timeline shows. */
const mostLanes = 16;

const noisyEvents = defineEvents({
  ...cpuEvents,
  kill: {
    doc: 'The OOM killer ends a process, because its cgroup or the host ran out of memory.',
    fields: ['process', 'cause', 'usedMiB', 'permille'],
    texts: ['process', 'cause'],
    say: ({ usedMiB, permille }, { process, cause }) =>
      `${process} is killed with ${usedMiB} MiB and ${permille} points of 1000: ${cause} is out of memory`,
  },
  panic: {
    doc: 'The host is out of memory, and no process may be killed: it stands still.',
    fields: [],
    say: () => 'The host is out of memory and nobody may be killed: the kernel panics',
  },
  refusedFork: {
    doc: 'A service may not have another thread: pids.max.',
    fields: ['service', 'limit'],
    texts: ['service'],
    say: ({ limit }, { service }) => `${service} cannot fork: EAGAIN at pids.max ${limit}`,
  },
});

/** A busy host: a web service that answers requests, and neighbours that take what they can get. */
export const noisyNeighbour = defineScenario({
  id: 'container.noisy-neighbour',
  title: 'Noisy neighbours',
  doc: 'The service web answers requests; batch computes on many threads, report allocates memory, backup reads or writes a disk. Control groups say who gets how much.',
  params: {
    cpus: count({
      label: 'CPUs',
      doc: 'CPUs of the host.',
      min: 1,
      max: 8,
      default: 1,
      say: (n) => (n === 1 ? '1 CPU' : `${n} CPUs`),
    }),
    batchThreads: count({
      label: 'Threads of batch',
      doc: 'Threads that batch starts; all of them always compute.',
      min: 0,
      max: 64,
      default: 8,
      say: (n) => `${n} batch threads`,
    }),
    memoryMiB: quantity('MiB', {
      label: 'Memory',
      doc: 'Memory of the host. web needs 400 MiB of it.',
      min: 500,
      max: 8000,
      step: 100,
      default: 750,
      say: (n) => `${n} MiB of memory`,
    }),
    reportMiB: quantity('MiB', {
      label: 'Report',
      doc: 'How much memory report would like to have.',
      min: 0,
      max: 8000,
      step: 50,
      default: 500,
      say: (n) => `a report that wants ${n} MiB`,
    }),
    reportProcesses: count({
      label: 'Processes of report',
      doc: 'How many processes report divides its memory among.',
      min: 1,
      max: 16,
      default: 1,
      say: (n) => (n === 1 ? '' : `report in ${n} processes`),
    }),
    webScoreAdj: quantity('none', {
      label: 'oom_score_adj of web',
      doc: 'What stands in /proc/<pid>/oom_score_adj of web: thousandths of the memory that are added to its points; -1000 keeps it from being killed.',
      min: -1000,
      max: 1000,
      step: 50,
      default: 0,
      say: (n) => (n === 0 ? '' : `oom_score_adj ${n} for web`),
    }),
    reportScoreAdj: quantity('none', {
      label: 'oom_score_adj of report',
      doc: 'The same for every process of report.',
      min: -1000,
      max: 1000,
      step: 50,
      default: 0,
      say: (n) => (n === 0 ? '' : `oom_score_adj ${n} for report`),
    }),
    backupKiB: quantity('KiB', {
      label: 'Requests of backup',
      doc: 'Size of each request of backup; 32 of them always wait at the disk.',
      min: 4,
      max: 1024,
      step: 4,
      default: 1024,
      say: (n) => (n === 1024 ? '' : `backup in pieces of ${n} KiB`),
    }),
    backupWrites: flagParameter({
      label: 'backup writes',
      doc: 'Whether backup writes in place of reading.',
      default: false,
      say: (writes) => (writes ? 'a backup that writes' : ''),
    }),
    backupDisk: choice({
      label: 'Disk of backup',
      doc: 'Which disk backup uses, by its numbers.',
      values: { '8:0': 'The one that web reads.', '8:16': 'Another one.' },
      default: '8:0',
      say: (disk) => (disk === '8:0' ? '' : `backup on disk ${disk}`),
    }),
    durationMs: quantity('ms', {
      label: 'Duration',
      doc: 'Simulated time.',
      min: 100,
      max: 60_000,
      step: 500,
      default: 3000,
      say: (ms) => `over ${ms} ms`,
    }),
  },
  metrics: {
    worstResponseMs: {
      label: 'Longest response of web',
      doc: 'Longest time from a request to its response; a request that web was not there for, or that still waits at the end, has waited until the end.',
      better: 'lower',
    },
    webKills: { label: 'web killed', doc: 'How often the OOM killer ended web.', better: 'lower' },
    webPercent: { label: 'CPU of web', doc: 'CPU time of web, as a share of one CPU.', better: 'neither' },
    batchPercent: {
      label: 'CPU of batch',
      doc: 'CPU time of batch, as a share of one CPU.',
      better: 'higher',
    },
    reportPeakMiB: { label: 'Memory of report', doc: 'The most memory that report had.', better: 'higher' },
    reportKills: {
      label: 'report killed',
      doc: 'How many processes of report the OOM killer ended.',
      better: 'lower',
    },
    reportTorn: {
      label: 'report torn apart',
      doc: 'How often the OOM killer ended some processes of report and left others running.',
      better: 'lower',
    },
    webPoints: {
      label: 'Points of web',
      doc: 'Points of web when memory first ran out, in thousandths of what ran out: the host, or the limit of a cgroup. 0 when it never did, or when web must not be killed.',
      better: 'neither',
    },
    reportPoints: {
      label: 'Points of report',
      doc: 'The same for the process of report that has most.',
      better: 'neither',
    },
    backupMBps: {
      label: 'Rate of backup',
      doc: 'What backup read or wrote, in 10^6 bytes per second.',
      better: 'higher',
    },
    backupIops: {
      label: 'Operations of backup',
      doc: 'Requests of backup that the disk served, per second.',
      better: 'higher',
    },
    refusedForks: { label: 'Forks refused', doc: 'Threads that batch could not start.', better: 'neither' },
  },
  events: noisyEvents,
  policies: {},
  documents: { cgroups: cgroupSettings },
  builtIn: {},
  checks: {},
  views: {
    timeline: {
      doc: `When web and the threads of batch run and wait, at most ${mostLanes} of them.`,
      model: (run) => {
        const { batchThreads } = run.params;
        const batch = Array.from({ length: Math.min(mostLanes, batchThreads) }, (_, n) => `batch ${n + 1}`);
        return cpuTimeline(
          run.trace as unknown as Trace<CpuEvents>,
          ['web', ...batch].map((thread) => ({ thread, group: '', focus: thread === 'web' })),
          batch.length < batchThreads
            ? `web, and ${batch.length} of the ${batchThreads} threads of batch`
            : batchThreads === 0
              ? 'The thread of web'
              : 'Threads of web and batch',
          { focus: 'web runs', others: 'batch runs' },
        );
      },
    },
    bars: {
      doc: 'CPU time of web and batch.',
      model: (run): BarsModel => ({
        kind: 'bars',
        title: 'CPU time',
        axis: { label: 'share of one CPU', unit: '%' },
        parts: [
          { label: 'web', tone: 'focus', letter: 'w' },
          { label: 'batch', tone: 'busy', letter: 'b' },
        ],
        rows: [{ label: 'this run', values: [run.metrics.webPercent, run.metrics.batchPercent] }],
      }),
    },
  },
  oracle:
    'Closed forms: shares by weight and quota, the rates of io.max, where memory.max and pids.max stop; and what Linux does at memory.high and pids.max (test/conformance/noisyNeighbour.test.ts).',
  stepBudget: 5_000_000,
  run({ params, trace, stepBudget, documents }) {
    const simulation = new Simulation({ stepBudget });
    const endNs = fromMs(params.durationMs);
    const cpus = new FairCpus(
      { cpus: params.cpus, sliceNs: 3_000_000, tickNs: 0 },
      simulation,
      trace as unknown as Trace<CpuEvents>,
    );
    const host = new HostCgroups(cpus, documents.cgroups.value);
    const record = (kind: keyof typeof noisyEvents, ...fields: number[]): void => {
      simulation.cause = trace.append(trace.codes[kind], simulation.now, simulation.cause, ...fields);
    };

    // batch
    const batch = host.cpuGroup('batch');
    const wanted = host.isFrozen('batch') ? 0 : params.batchThreads;
    const allowed = Math.min(wanted, host.pidsMax('batch'));
    const batchThreads = Array.from({ length: allowed }, (_, n) => cpus.addThread(`batch ${n + 1}`, batch));
    simulation.at(
      0,
      () => {
        for (const thread of batchThreads) cpus.compute(thread, Infinity);
        if (allowed < wanted) record('refusedFork', trace.text('batch'), allowed);
      },
      cpuInstant.wake,
    );

    const disks = new HostDisks(simulation, host);
    let backupRequests = 0;
    const backupBytes = params.backupKiB * 1024;
    const stream = (): void =>
      disks.submit({
        service: 'backup',
        disk: params.backupDisk,
        operation: params.backupWrites ? 'write' : 'read',
        bytes: backupBytes,
        done: () => {
          backupRequests++;
          stream();
        },
      });
    simulation.at(0, () => {
      if (host.isFrozen('backup')) return;
      for (let n = 0; n < backupDepth; n++) stream();
    });

    // Memory
    const kills = { web: 0, report: 0 };
    let torn = 0;
    let points: { readonly web: number; readonly report: number } | undefined;
    let panicked = false;
    let peak = 0;
    let webThread: CpuThread | undefined = cpus.addThread('web', host.cpuGroup('web'));
    const memory = new HostMemory({
      totalMiB: params.memoryMiB,
      cgroups: host,
      ranOut: (shortage) => {
        points ??= { web: memory.permille('web', shortage), report: memory.permille('report', shortage) };
      },
      kill: (process, shortage) => {
        const cause = shortage.group?.path ?? 'the host';
        const { name, usedMiB } = process;
        const permille = Math.round((1000 * oomPoints(process, shortage.totalPages)!) / shortage.totalPages);
        record('kill', trace.text(name), trace.text(cause), usedMiB, permille);
        kills[process.service === 'web' ? 'web' : 'report']++;
        if (process.service !== 'web' || webThread === undefined) return;
        cpus.kill(webThread);
        webThread = undefined;
      },
    });
    const charge = (process: MemoryHolder): Charged => {
      const charged = memory.charge(process);
      if (charged === 'panic') {
        panicked = true;
        record('panic');
        simulation.stop();
      }
      return charged;
    };
    const reports = Array.from({ length: params.reportProcesses }, (_, n) => {
      const name = params.reportProcesses === 1 ? 'report' : `report ${n + 1}`;
      return new MemoryHolder('report', name, params.reportScoreAdj);
    });
    const used = (): number => memory.used((service) => service === 'report');
    /** The smallest process of report asks for the next MiB. */
    const grow = (): void => {
      if (used() >= params.reportMiB || host.isFrozen('report')) return;
      for (const each of reports) if (!memory.isRunning(each)) memory.start(each);
      const smallest = reports.reduce((least, each) => (each.usedMiB < least.usedMiB ? each : least));
      charge(smallest);
      const ended = reports.filter((each) => !memory.isRunning(each)).length;
      if (ended > 0 && ended < reports.length) torn++;
      peak = Math.max(peak, used());
      const again = ended > 0 ? report.restartNs : report.chunkNs + memory.delayNs('report');
      simulation.schedule(again, grow);
    };
    simulation.at(0, () => {
      simulation.cause = noCause;
      if (!host.isFrozen('web')) {
        const process = memory.start(new MemoryHolder('web', 'web', params.webScoreAdj));
        while (process.usedMiB < web.residentMiB && charge(process) === 'granted');
      }
      grow();
    });

    // web: read, then compute.
    const waiting: { readonly number: number; readonly arrivedNs: Nanoseconds }[] = [];
    let worstNs = 0;
    let serving = false;
    const serve = (): void => {
      const [request] = waiting;
      if (request === undefined || webThread === undefined || serving || host.isFrozen('web')) return;
      serving = true;
      const compute = (): void => {
        if (webThread === undefined) return;
        cpus.compute(webThread, web.workNs, () => {
          waiting.shift();
          serving = false;
          const tookNs = simulation.now - request.arrivedNs;
          worstNs = Math.max(worstNs, tookNs);
          record('respond', trace.text('web'), request.number, tookNs);
          serve();
        });
      };
      disks.submit({
        service: 'web',
        disk: '8:0',
        operation: 'read',
        bytes: web.readBytes,
        done: compute,
      });
    };
    const arrive = (number: number): void => {
      simulation.cause = noCause;
      record('arrive', trace.text('web'), number);
      waiting.push({ number, arrivedNs: simulation.now });
      serve();
      simulation.schedule(web.everyNs, () => arrive(number + 1), cpuInstant.arrival);
    };
    simulation.at(web.everyNs / 2, () => arrive(1), cpuInstant.arrival);

    const startedWeb = webThread;
    simulation.run({ untilNs: endNs });
    cpus.settle();
    if (waiting.length > 0) worstNs = Math.max(worstNs, endNs - waiting[0]!.arrivedNs);
    if (panicked) worstNs = Math.max(worstNs, endNs - simulation.now);
    trace.append(trace.codes.end, endNs, noCause);
    const percent = (ns: number): number => (100 * ns) / endNs;
    return {
      worstResponseMs: toMs(worstNs),
      webKills: kills.web,
      webPercent: percent(startedWeb.usedNs),
      batchPercent: percent(batchThreads.reduce((sum, thread) => sum + thread.usedNs, 0)),
      reportPeakMiB: peak,
      reportKills: kills.report,
      reportTorn: torn,
      webPoints: points?.web ?? 0,
      reportPoints: points?.report ?? 0,
      backupMBps: (backupRequests * backupBytes) / 1e6 / (endNs / 1e9),
      backupIops: backupRequests / (endNs / 1e9),
      refusedForks: wanted - allowed,
    };
  },
});
