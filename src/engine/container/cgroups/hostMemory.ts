import type { Nanoseconds } from '../../kernel/time.ts';
import type { CgroupSettings, Service } from './cgroupSettings.ts';
import type { HostCgroups } from './hostCgroups.ts';
import { oomExempt, oomPoints, oomVictim, pageBytes, type OomTask } from './oomKiller.ts';

const mib = 2 ** 20;
const pagesPerMiB = mib / pageBytes;
const tableEntries = 512;

/** A process that holds memory. */
export class MemoryHolder implements OomTask {
  readonly service: Service;
  readonly name: string;
  readonly oomScoreAdjust: number;
  readonly swapPages = 0;
  usedMiB = 0;

  constructor(service: Service, name: string, oomScoreAdjust: number) {
    this.service = service;
    this.name = name;
    this.oomScoreAdjust = oomScoreAdjust;
  }

  get residentPages(): number {
    return this.usedMiB * pagesPerMiB;
  }

  /** A table for every 2 MiB, and one each of the three levels above. */
  get pageTableBytes(): number {
    return (Math.ceil(this.residentPages / tableEntries) + 3) * pageBytes;
  }
}

/** Memory that ran out: whose it is and how much there is of it. */
export interface Shortage {
  /** The cgroup whose memory.max is reached; undefined for the host. */
  readonly group: CgroupSettings | undefined;
  readonly totalPages: number;
}

/** What became of a request for one more MiB. */
export type Charged =
  | 'granted'
  /** The process that asked was killed. */
  | 'killed'
  /** Nobody in the full cgroup may be killed: it can only wait for somebody to give memory back. */
  | 'stuck'
  /** Nobody on the host may be killed. */
  | 'panic';

/** The memory of a host, charged to control groups: memory.max, memory.oom.group and the OOM killer. */
export class HostMemory {
  readonly #totalMiB: number;
  readonly #cgroups: HostCgroups;
  readonly #kill: (process: MemoryHolder, shortage: Shortage) => void;
  readonly #ranOut: (shortage: Shortage) => void;
  /** In the order in which they were started. */
  readonly #processes: MemoryHolder[] = [];

  constructor(options: {
    readonly totalMiB: number;
    readonly cgroups: HostCgroups;
    /** Told before the memory of the process is free. */
    readonly kill: (process: MemoryHolder, shortage: Shortage) => void;
    readonly ranOut: (shortage: Shortage) => void;
  }) {
    this.#totalMiB = options.totalMiB;
    this.#cgroups = options.cgroups;
    this.#kill = options.kill;
    this.#ranOut = options.ranOut;
  }

  start(process: MemoryHolder): MemoryHolder {
    this.#processes.push(process);
    return process;
  }

  isRunning(process: MemoryHolder): boolean {
    return this.#processes.includes(process);
  }

  used(services: (service: Service) => boolean): number {
    return this.#processes.reduce((sum, each) => sum + (services(each.service) ? each.usedMiB : 0), 0);
  }

  /** Asks for one more MiB. When it would be too much, processes are killed until it is not. */
  charge(process: MemoryHolder): Charged {
    for (;;) {
      const shortage = this.#shortage(process);
      if (shortage === undefined) {
        process.usedMiB++;
        return 'granted';
      }
      this.#ranOut(shortage);
      if (!this.#makeRoom(shortage)) return shortage.group === undefined ? 'panic' : 'stuck';
      if (!this.isRunning(process)) return 'killed';
    }
  }

  /** The slowest delay that memory.high of a service's groups asks of it. */
  delayNs(service: Service): Nanoseconds {
    return Math.max(
      0,
      ...this.#cgroups
        .above(service)
        .map((group) => highDelayNs(this.#usedIn(group) * mib, group.memoryHigh)),
    );
  }

  /** Points in thousandths of the memory that ran out; of the service's process that has most. */
  permille(service: Service, { totalPages }: Shortage): number {
    const points = this.#processes
      .filter((each) => each.service === service)
      .map((each) => oomPoints(each, totalPages) ?? -Infinity);
    const most = Math.max(...points);
    return most === -Infinity ? 0 : Math.round((1000 * most) / totalPages);
  }

  #usedIn({ path }: CgroupSettings): number {
    return this.used((service) => this.#cgroups.isWithin(service, path));
  }

  /** What one more MiB does not fit into: the lowest such cgroup, else the host. */
  #shortage({ service }: MemoryHolder): Shortage | undefined {
    const group = this.#cgroups
      .above(service)
      .find((each) => (this.#usedIn(each) + 1) * mib > each.memoryMax);
    if (group !== undefined)
      return { group, totalPages: Math.max(1, Math.floor(group.memoryMax / pageBytes)) };
    if (this.used(() => true) + 1 <= this.#totalMiB) return undefined;
    return { group, totalPages: this.#totalMiB * pagesPerMiB };
  }

  /** @returns false when nobody may be killed */
  #makeRoom(shortage: Shortage): boolean {
    const { group, totalPages } = shortage;
    const candidates =
      group === undefined
        ? this.#processes
        : this.#processes.filter(({ service }) => this.#cgroups.isWithin(service, group.path));
    const victim = oomVictim(candidates, totalPages);
    if (victim === undefined) return false;
    for (const each of this.#killedWith(victim, group)) {
      this.#kill(each, shortage);
      each.usedMiB = 0;
      this.#processes.splice(this.#processes.indexOf(each), 1);
    }
    return true;
  }

  /**
   * The victim, and with memory.oom.group everybody in the highest such cgroup up to the one that is full, but for those who must
   * not be killed. mem_cgroup_get_oom_group()
   */
  #killedWith(victim: MemoryHolder, full: CgroupSettings | undefined): readonly MemoryHolder[] {
    const groups = this.#cgroups.above(victim.service);
    const upTo = full === undefined ? groups : groups.slice(0, groups.indexOf(full) + 1);
    const together = upTo.findLast((group) => group.memoryOomGroup);
    if (together === undefined) return [victim];
    const others = this.#processes.filter(
      (each) =>
        each !== victim &&
        each.oomScoreAdjust !== oomExempt &&
        this.#cgroups.isWithin(each.service, together.path),
    );
    return [victim, ...others];
  }
}

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
