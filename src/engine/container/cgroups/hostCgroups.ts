import { cfsBandwidth } from '../cpuBandwidth/cfsBandwidth.ts';
import type { CgroupSettings, Service } from './cgroupSettings.ts';
import type { FairCpus } from '../cpuBandwidth/fairCpus.ts';
import type { CpuGroup } from '../cpuBandwidth/runQueue.ts';

/** The tree of control groups of a host: on the CPUs, and as limits on the way up. */
export class HostCgroups {
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

  cpuGroup(service: Service): CpuGroup {
    return this.#cpu.get(this.#pathOf(service))!;
  }

  /** The groups of a service from its own up. */
  above(service: Service): readonly CgroupSettings[] {
    const groups: CgroupSettings[] = [];
    for (
      let at = this.#byPath.get(this.#pathOf(service));
      at !== undefined;
      at = this.#byPath.get(at.parent ?? '')
    )
      groups.push(at);
    return groups;
  }

  /** Whether its own cgroup or one above it is frozen. */
  isFrozen(service: Service): boolean {
    return this.above(service).some((group) => group.frozen);
  }

  /** The tightest pids.max of a service's groups. */
  pidsMax(service: Service): number {
    return Math.min(Infinity, ...this.above(service).map((group) => group.pidsMax));
  }

  isWithin(service: Service, path: string): boolean {
    return this.above(service).some((group) => group.path === path);
  }
}
