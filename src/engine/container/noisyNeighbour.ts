import { count, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { Simulation } from '../kernel/simulation.ts';
import { fromMs, toMs, type Nanoseconds } from '../kernel/time.ts';
import { defineEvents, noCause, type Trace } from '../kernel/trace.ts';
import type { BarsModel } from '../kernel/view.ts';
import { cfsBandwidth } from './cfsBandwidth.ts';
import { cgroupSettings, type CgroupSettings, type Service } from './cgroupSettings.ts';
import { cpuEvents, type CpuEvents } from './cpuEvents.ts';
import { cpuTimeline } from './cpuTimeline.ts';
import { cpuInstant, FairCpus, type CpuGroup, type CpuThread } from './fairCpus.ts';

const mib = 2 ** 20;
/** What `web` keeps in memory, and what each of its requests needs: its role is assumed, not measured. */
const web = { residentMiB: 400, everyNs: 20_000_000, workNs: 2_000_000, readBytes: 256 * 1024 };
/** `report` allocates a MiB at a time, at this pace, and starts again some time after it was killed. */
const report = { chunkNs: 1_000_000, restartNs: 300_000_000 };
/** `backup` keeps this many reads of 1 MiB waiting at the disk. */
const backupDepth = 32;
const diskBps = 100_000_000;

const noisyEvents = defineEvents({
  ...cpuEvents,
  kill: {
    doc: 'The OOM killer ends a service, because its cgroup or the host ran out of memory.',
    fields: ['service', 'cause', 'usedMiB'],
    texts: ['service', 'cause'],
    say: ({ usedMiB }, { service, cause }) =>
      `${service} is killed with ${usedMiB} MiB: ${cause} is out of memory`,
  },
  refusedFork: {
    doc: 'A service may not have another thread: pids.max.',
    fields: ['service', 'limit'],
    texts: ['service'],
    say: ({ limit }, { service }) => `${service} cannot fork: EAGAIN at pids.max ${limit}`,
  },
});

/**
 * The delay of `memory.high` for one MiB past the limit: for each charge of 64 pages, the square of the overage times 64 s, at most 2 s
 * (mm/memcontrol.c, `calculate_high_delay`, with MEMCG_CHARGE_BATCH 64).
 */
export function highDelayNs(usedBytes: number, highBytes: number): Nanoseconds {
  if (usedBytes <= highBytes) return 0;
  const overage = (usedBytes - highBytes) / Math.max(1, highBytes);
  const perBatch = Math.min(2, 64 * overage * overage);
  return perBatch < 0.01 ? 0 : Math.round(4e9 * perBatch);
}

/** A busy host: a web service that answers requests, and neighbours that take what they can get. */
export const noisyNeighbour = defineScenario({
  id: 'container.noisy-neighbour',
  title: 'Noisy neighbours',
  doc: 'The service web answers requests; batch computes on many threads, report allocates memory, backup reads the disk. Control groups say who gets how much.',
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
    reportKills: { label: 'report killed', doc: 'How often the OOM killer ended report.', better: 'lower' },
    backupMBps: {
      label: 'Rate of backup',
      doc: 'What backup read, in 10^6 bytes per second.',
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
      doc: 'When web runs and waits, and its first neighbours.',
      model: (run) =>
        cpuTimeline(
          run.trace as unknown as Trace<CpuEvents>,
          [
            'web',
            ...Array.from({ length: Math.min(5, run.params.batchThreads) }, (_, n) => `batch ${n + 1}`),
          ].map((thread) => ({ thread, group: '', focus: thread === 'web' })),
          'Threads of web and batch',
        ),
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
    'Closed forms: shares by weight and quota, the rate of io.max, where memory.max and pids.max stop; and what Linux does at memory.high and pids.max (test/conformance/noisyNeighbour.test.ts).',
  stepBudget: 2_000_000,
  run({ params, trace, stepBudget, documents }) {
    const simulation = new Simulation({ stepBudget });
    const endNs = fromMs(params.durationMs);
    const cpus = new FairCpus(
      { cpus: params.cpus, sliceNs: 3_000_000, tickNs: 0 },
      simulation,
      trace as unknown as Trace<CpuEvents>,
    );
    const host = new Cgroups(cpus, documents.cgroups.value);
    const record = (kind: keyof typeof noisyEvents, ...fields: number[]): void => {
      simulation.cause = trace.append(trace.codes[kind], simulation.now, simulation.cause, ...fields);
    };

    // batch
    const batch = host.of('batch');
    const allowed = Math.min(params.batchThreads, host.least('batch', 'pidsMax'));
    const batchThreads = Array.from({ length: allowed }, (_, n) => cpus.addThread(`batch ${n + 1}`, batch));
    simulation.at(
      0,
      () => {
        for (const thread of batchThreads) cpus.compute(thread, Infinity);
        if (allowed < params.batchThreads) record('refusedFork', trace.text('batch'), allowed);
      },
      cpuInstant.wake,
    );

    // The disk: one request after the other, behind the throttles of io.max.
    let diskFreeNs = 0;
    const nextAllowedNs = new Map<Service, Nanoseconds>();
    const read = (service: Service, bytes: number, done: () => void): void => {
      const bps = host.least(service, 'readBps');
      const admitNs = Math.max(simulation.now, nextAllowedNs.get(service) ?? 0);
      nextAllowedNs.set(service, admitNs + Math.round((bytes * 1e9) / bps));
      simulation.at(admitNs, () => {
        diskFreeNs = Math.max(diskFreeNs, simulation.now) + Math.round((bytes * 1e9) / diskBps);
        simulation.at(diskFreeNs, done, cpuInstant.wake);
      });
    };
    let backupBytes = 0;
    const stream = (): void =>
      read('backup', mib, () => {
        backupBytes += mib;
        stream();
      });
    simulation.at(0, () => {
      for (let n = 0; n < backupDepth; n++) stream();
    });

    // Memory
    const used: Record<'web' | 'report', number> = { web: web.residentMiB, report: 0 };
    const kills = { web: 0, report: 0 };
    let peak = 0;
    let webThread: CpuThread | undefined = cpus.addThread('web', host.of('web'));
    const kill = (service: 'web' | 'report', cause: string): void => {
      record('kill', trace.text(service), trace.text(cause), used[service]);
      kills[service]++;
      used[service] = 0;
      if (service === 'web' && webThread !== undefined) {
        cpus.kill(webThread);
        webThread = undefined;
      }
    };
    const fits = (service: 'web' | 'report'): boolean => {
      const path = host.full(service, used);
      if (path !== undefined) {
        kill(host.biggest(path, used), path);
        return used[service] > 0;
      }
      if (used.web + used.report > params.memoryMiB)
        kill(used.web >= used.report ? 'web' : 'report', 'the host');
      return used[service] > 0;
    };
    const grow = (): void => {
      if (used.report >= params.reportMiB) return;
      used.report++;
      if (!fits('report')) {
        simulation.schedule(report.restartNs, grow);
        return;
      }
      peak = Math.max(peak, used.report);
      simulation.schedule(report.chunkNs + host.delayNs('report', used), grow);
    };
    simulation.at(0, () => {
      simulation.cause = noCause;
      fits('web');
      grow();
    });

    // web: read, then compute.
    const waiting: { readonly number: number; readonly arrivedNs: Nanoseconds }[] = [];
    let worstNs = 0;
    let serving = false;
    const serve = (): void => {
      const [request] = waiting;
      if (request === undefined || webThread === undefined || serving) return;
      serving = true;
      read('web', web.readBytes, () => {
        if (webThread === undefined) return;
        cpus.compute(webThread, web.workNs, () => {
          waiting.shift();
          serving = false;
          const tookNs = simulation.now - request.arrivedNs;
          worstNs = Math.max(worstNs, tookNs);
          record('respond', trace.text('web'), request.number, tookNs);
          serve();
        });
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
    trace.append(trace.codes.end, endNs, noCause);
    const percent = (ns: number): number => (100 * ns) / endNs;
    return {
      worstResponseMs: toMs(worstNs),
      webKills: kills.web,
      webPercent: percent(startedWeb.usedNs),
      batchPercent: percent(batchThreads.reduce((sum, thread) => sum + thread.usedNs, 0)),
      reportPeakMiB: peak,
      reportKills: kills.report,
      backupMBps: backupBytes / 1e6 / (endNs / 1e9),
      refusedForks: params.batchThreads - allowed,
    };
  },
});

/** The tree of control groups: on the CPUs, and as limits on the way up. */
class Cgroups {
  readonly #byPath: ReadonlyMap<string, CgroupSettings>;
  readonly #cpu = new Map<string, CpuGroup>();

  constructor(cpus: FairCpus, settings: readonly CgroupSettings[]) {
    this.#byPath = new Map(settings.map((group) => [group.path, group]));
    this.#cpu.set('/', cpus.root);
    for (const group of settings.toSorted((a, b) => a.path.length - b.path.length)) {
      if (group.parent === undefined) continue;
      const { cpuMax } = group;
      const made = cpus.addGroup(
        group.path,
        this.#cpu.get(group.parent)!,
        group.cpuWeight,
        cpuMax === undefined
          ? undefined
          : {
              quotaNs: cpuMax.quotaUs * 1000,
              periodNs: cpuMax.periodUs * 1000,
              burstNs: 0,
              sliceNs: 5_000_000,
              controller: (({ periodStarts, grant, takeBack }) => ({
                periodStarts: (input) => periodStarts(input, {}),
                grant: (input) => grant(input, {}),
                takeBack: (input) => takeBack?.(input, {}),
              }))(cfsBandwidth()),
            },
      );
      this.#cpu.set(group.path, made);
    }
  }

  /** Where a service is: in the root unless a group names it. */
  #pathOf(service: Service): string {
    return [...this.#byPath.values()].find((group) => group.services.includes(service))?.path ?? '/';
  }

  of(service: Service): CpuGroup {
    return this.#cpu.get(this.#pathOf(service))!;
  }

  /** The groups of a service from its own up. */
  #above(service: Service): CgroupSettings[] {
    const groups: CgroupSettings[] = [];
    for (
      let at = this.#byPath.get(this.#pathOf(service));
      at !== undefined;
      at = this.#byPath.get(at.parent ?? '')
    )
      groups.push(at);
    return groups;
  }

  /** The tightest limit of a service's groups. */
  least(service: Service, limit: 'pidsMax' | 'readBps'): number {
    return Math.min(Infinity, ...this.#above(service).map((group) => group[limit]));
  }

  #within(path: string): ('web' | 'report')[] {
    return (['web', 'report'] as const).filter((service) =>
      this.#above(service).some((group) => group.path === path),
    );
  }

  #usedIn(path: string, used: Readonly<Record<'web' | 'report', number>>): number {
    return this.#within(path).reduce((sum, service) => sum + used[service] * mib, 0);
  }

  /** The lowest group of a service that holds more than its memory.max. */
  full(service: 'web' | 'report', used: Readonly<Record<'web' | 'report', number>>): string | undefined {
    return this.#above(service).find((group) => this.#usedIn(group.path, used) > group.memoryMax)?.path;
  }

  biggest(path: string, used: Readonly<Record<'web' | 'report', number>>): 'web' | 'report' {
    return this.#within(path).reduce((most, service) => (used[service] > used[most] ? service : most));
  }

  delayNs(service: 'web' | 'report', used: Readonly<Record<'web' | 'report', number>>): Nanoseconds {
    return Math.max(
      0,
      ...this.#above(service).map((group) => highDelayNs(this.#usedIn(group.path, used), group.memoryHigh)),
    );
  }
}
