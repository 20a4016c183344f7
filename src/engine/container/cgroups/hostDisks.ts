import type { Simulation } from '../../kernel/simulation.ts';
import type { Nanoseconds } from '../../kernel/time.ts';
import type { CgroupSettings, Service } from './cgroupSettings.ts';
import { cpuInstant } from '../cpuBandwidth/fairCpus.ts';
import type { HostCgroups } from './hostCgroups.ts';

/** The disks of the host, as `major:minor`. */
export const hostDisks = ['8:0', '8:16'] as const;
export type HostDisk = (typeof hostDisks)[number];

/** What each of them reads or writes, in bytes per second. */
export const diskBps = 100_000_000;

export interface DiskRequest {
  readonly service: Service;
  readonly disk: HostDisk;
  readonly operation: 'read' | 'write';
  readonly bytes: number;
  readonly done: () => void;
}

/** When the next byte and the next operation of a cgroup may go to a disk. */
interface Throttle {
  bytesFromNs: Nanoseconds;
  operationsFromNs: Nanoseconds;
}

/**
 * Disks that serve one request after the other, behind the throttles of io.max. A request passes the throttles of its cgroup and then of each above it,
 * which all below share. block/blk-throttle.c
 */
export class HostDisks {
  readonly #simulation: Simulation;
  readonly #cgroups: HostCgroups;
  readonly #freeNs = new Map<HostDisk, Nanoseconds>();
  readonly #throttles = new Map<string, Throttle>();

  constructor(simulation: Simulation, cgroups: HostCgroups) {
    this.#simulation = simulation;
    this.#cgroups = cgroups;
  }

  submit(request: DiskRequest): void {
    this.#pass(request, this.#cgroups.above(request.service));
  }

  #pass(request: DiskRequest, groups: readonly CgroupSettings[]): void {
    const [group, ...above] = groups;
    if (group === undefined) {
      this.#serve(request);
      return;
    }
    const admitNs = this.#admitNs(request, group);
    if (admitNs === this.#simulation.now) this.#pass(request, above);
    else this.#simulation.at(admitNs, () => this.#pass(request, above));
  }

  /**
   * A request waits for its bytes and for its operation at once, not for one after the other: each throttle counts from when it was free for
   * the request itself.
   */
  #admitNs({ disk, operation, bytes }: DiskRequest, group: CgroupSettings): Nanoseconds {
    const limits = group.ioMax.get(disk);
    const { now } = this.#simulation;
    if (limits === undefined) return now;
    const [bps, iops] = operation === 'read' ? [limits.rbps, limits.riops] : [limits.wbps, limits.wiops];
    const key = `${group.path} ${disk} ${operation}`;
    const throttle = this.#throttles.get(key) ?? { bytesFromNs: 0, operationsFromNs: 0 };
    this.#throttles.set(key, throttle);
    const bytesNs = Math.max(now, throttle.bytesFromNs);
    const operationNs = Math.max(now, throttle.operationsFromNs);
    throttle.bytesFromNs = bytesNs + Math.round((bytes * 1e9) / bps);
    throttle.operationsFromNs = operationNs + Math.round(1e9 / iops);
    return Math.max(bytesNs, operationNs);
  }

  #serve({ disk, bytes, done }: DiskRequest): void {
    const startNs = Math.max(this.#freeNs.get(disk) ?? 0, this.#simulation.now);
    const endNs = startNs + Math.round((bytes * 1e9) / diskBps);
    this.#freeNs.set(disk, endNs);
    this.#simulation.at(endNs, done, cpuInstant.wake);
  }
}
