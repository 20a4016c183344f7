import { keyOf, type Pod, type PodSpec, type VirtualMachineInstance } from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';
import { seconds } from '../clusterClock.ts';
import { hostnameLabel } from '../scheduler/podScheduler.ts';
import type { Program } from '../kubelet/programs.ts';
import type { StoreEvent } from '../api/objectStore.ts';

const mebi = 2 ** 20;
const vmLabel = 'vm.kubevirt.io/name';
export const launcherImage = 'virt-launcher';

/** KubeVirt's defaults: migrations at once in the cluster, and away from one node (MigrationConfiguration of kubevirt.io/v1). */
const parallelMigrations = { inCluster: 5, fromNode: 2 } as const;
/** How long the guest stands still while its last pages are copied: QEMU's default `downtime-limit`. */
export const migrationPauseSeconds = 0.3;
/** From the request to shut down until the guest has. Assumed. */
export const guestShutdownSeconds = 5;

/** The Pod of a machine ends when the guest has shut down. */
export const launcherProgram: Program = {
  doc: 'Runs QEMU for one virtual machine.',
  startsInSeconds: 0,
  listens: [],
  endsInSeconds: guestShutdownSeconds,
};

/**
 * Memory that the Pod of a machine requests beside the guest's own, in MiB: page tables, the helpers, 8 MiB for each
 * vCPU and for the I/O thread, and video memory. Source: GetMemoryOverhead of KubeVirt 1.6, for amd64 without devices
 * passed through.
 */
export function launcherOverheadMiB(guestMiB: number, vcpus: number): number {
  const pageTables = guestMiB / 512;
  const [monitor, launcher, virtlogd, virtqemud, qemu] = [25, 100, 25, 40, 30];
  const [vcpu, ioThread, video] = [8, 8, 32];
  return pageTables + monitor + launcher + virtlogd + virtqemud + qemu + vcpu * vcpus + ioThread + video;
}

/** CPU that the Pod of a machine requests, in thousandths: `cpuAllocationRatio` vCPUs share a CPU; KubeVirt's default is 10. */
export const launcherCpuMilli = (vcpus: number, cpuAllocationRatio: number): number =>
  Math.ceil((1000 * vcpus) / cpuAllocationRatio);

export interface MachineSettings {
  /** From the start of the Pod's container until the guest's kernel and services are up. */
  readonly guestBootSeconds: number;
  readonly migrationMiBps: number;
  readonly cpuAllocationRatio: number;
}

/**
 * KubeVirt's controllers: each virtual machine runs in a Pod of its own (`virt-launcher`). What the scheduler places is
 * that Pod; a machine that is to leave its node is migrated into a second one, or shut down and started anew.
 * Source: https://kubevirt.io/user-guide/compute/live_migration/ and https://kubevirt.io/user-guide/compute/node_assignment/
 */
export class VirtualMachines {
  readonly #cluster: Cluster;
  readonly #settings: MachineSettings;
  /** Machines that wait for their migration, in the order of their evictions. */
  #waiting: string[] = [];
  /** The node that each migrating machine leaves. */
  readonly #leaving = new Map<string, string>();
  #launchers = 0;

  constructor(cluster: Cluster, settings: MachineSettings) {
    this.#cluster = cluster;
    this.#settings = settings;
    cluster.store.listen((event) => {
      const [owner] = event.object.metadata.ownerReferences;
      if (event.object.kind === 'Pod' && owner?.kind === 'VirtualMachineInstance')
        this.#launcherChanged(event as StoreEvent<'Pod'>, `${event.object.metadata.namespace}/${owner.name}`);
    });
    cluster.holdEvictions((pod) => this.#holds(pod));
  }

  /** Declares a machine that is to run always. */
  create(name: string, spec: VirtualMachineInstance['spec']): void {
    const created = this.#cluster.store.create<'VirtualMachineInstance'>({
      kind: 'VirtualMachineInstance',
      metadata: { name },
      spec,
      status: { phase: 'Scheduling', guestUp: false, launcher: '' },
    });
    if (created.ok) this.#set(created.value, { launcher: this.#launch(created.value) });
  }

  #launch(vm: VirtualMachineInstance, affinity?: PodSpec['affinity']): string {
    const { name, namespace, uid } = vm.metadata;
    const { cpu, memory } = vm.spec.domain;
    const overheadBytes = launcherOverheadMiB(memory.guestBytes / mebi, cpu.cores) * mebi;
    const pod = `virt-launcher-${name}-${++this.#launchers}`;
    this.#cluster.createBarePod(
      {
        name: pod,
        namespace,
        labels: { 'kubevirt.io': 'virt-launcher', [vmLabel]: name },
        ownerReferences: [{ kind: 'VirtualMachineInstance', name, uid }],
      },
      {
        restartPolicy: 'Never',
        containers: [
          {
            name: 'compute',
            image: launcherImage,
            resources: {
              requests: {
                cpu: `${launcherCpuMilli(cpu.cores, this.#settings.cpuAllocationRatio)}m`,
                memory: Math.ceil(memory.guestBytes + overheadBytes),
              },
            },
          },
        ],
        ...(vm.spec.nodeSelector === undefined ? {} : { nodeSelector: vm.spec.nodeSelector }),
        ...(affinity === undefined ? {} : { affinity }),
      },
      undefined,
    );
    return `${namespace}/${pod}`;
  }

  #launcherChanged({ type, object: pod, before }: StoreEvent<'Pod'>, owner: string): void {
    const vm = this.#vm(owner);
    const key = keyOf(pod);
    if (vm === undefined) return;
    if (type === 'MODIFIED' && pod.status.ready && before?.status.ready === false) {
      if (key === vm.status.launcher) this.#boot(owner, key);
      else if (key === vm.status.target) this.#copy(owner, key);
    }
    if (key !== vm.status.launcher) return;
    if (pod.metadata.deletionNs !== undefined && vm.status.guestUp) this.#guestDown(vm, 'it is shut down');
    // A machine must not run twice: only when its Pod is gone does another one start.
    if (type === 'DELETED')
      this.#cluster.simulation.schedule(0, () => {
        const stopped = this.#vm(owner)!;
        this.#set(stopped, { phase: 'Scheduling', launcher: this.#launch(stopped) });
      });
  }

  #boot(owner: string, launcher: string): void {
    this.#cluster.record('guestBoots', launcher, owner);
    this.#cluster.simulation.schedule(seconds(this.#settings.guestBootSeconds), () => {
      const vm = this.#vm(owner)!;
      const pod = this.#cluster.store.get('Pod', launcher);
      if (vm.status.launcher !== launcher || pod === undefined || pod.metadata.deletionNs !== undefined)
        return;
      this.#set(vm, { phase: 'Running', guestUp: true });
      this.#cluster.record('guestUp', launcher, owner);
    });
  }

  #guestDown(vm: VirtualMachineInstance, why: string): void {
    this.#set(vm, { guestUp: false });
    this.#cluster.record('guestDown', vm.status.launcher, keyOf(vm), why);
  }

  /** The webhook that answers evictions: a machine with the strategy is not evicted, but moved away. */
  #holds(pod: Pod): boolean {
    const [owner] = pod.metadata.ownerReferences;
    if (owner?.kind !== 'VirtualMachineInstance') return false;
    const key = `${pod.metadata.namespace}/${owner.name}`;
    const vm = this.#vm(key);
    if (vm?.spec.evictionStrategy !== 'LiveMigrate' || vm.status.phase !== 'Running') return false;
    if (keyOf(pod) === vm.status.launcher && !this.#leaving.has(key) && !this.#waiting.includes(key)) {
      this.#waiting.push(key);
      this.#startMigrations();
    }
    return true;
  }

  #startMigrations(): void {
    const nodeOf = (key: string): string =>
      this.#cluster.store.get('Pod', this.#vm(key)!.status.launcher)?.spec.nodeName ?? '';
    const stay: string[] = [];
    for (const key of this.#waiting) {
      const node = nodeOf(key);
      const fromNode = [...this.#leaving.values()].filter((from) => from === node).length;
      if (this.#leaving.size >= parallelMigrations.inCluster || fromNode >= parallelMigrations.fromNode) {
        stay.push(key);
        continue;
      }
      this.#leaving.set(key, node);
      const vm = this.#vm(key)!;
      const elsewhere: PodSpec['affinity'] = {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { [vmLabel]: vm.metadata.name } }, topologyKey: hostnameLabel },
          ],
        },
      };
      const target = this.#launch(vm, elsewhere);
      this.#set(vm, { target });
      this.#cluster.record('migrationStarted', target, key, node);
    }
    this.#waiting = stay;
  }

  /** The target waits: memory is copied while the guest runs, and the rest in a pause. */
  #copy(key: string, target: string): void {
    const { simulation } = this.#cluster;
    this.#cluster.record('migrationCopies', target, key);
    const { guestBytes } = this.#vm(key)!.spec.domain.memory;
    const copyNs = seconds(guestBytes / mebi / this.#settings.migrationMiBps);
    simulation.schedule(Math.max(0, copyNs - seconds(migrationPauseSeconds)), () =>
      this.#guestDown(this.#vm(key)!, 'its last pages are copied'),
    );
    simulation.schedule(Math.max(copyNs, seconds(migrationPauseSeconds)), () => {
      const vm = this.#vm(key)!;
      const { target: _reached, ...status } = vm.status;
      const source = vm.status.launcher;
      this.#cluster.store.update<'VirtualMachineInstance'>({
        ...vm,
        status: { ...status, launcher: target, guestUp: true },
      });
      this.#cluster.record('guestUp', target, key);
      this.#leaving.delete(key);
      this.#cluster.deletePod(source, 'its machine was migrated');
      this.#startMigrations();
    });
  }

  #vm(key: string): VirtualMachineInstance | undefined {
    return this.#cluster.store.get('VirtualMachineInstance', key);
  }
  #set(vm: VirtualMachineInstance, status: Partial<VirtualMachineInstance['status']>): void {
    const latest = this.#vm(keyOf(vm))!;
    this.#cluster.store.update<'VirtualMachineInstance'>({
      ...latest,
      status: { ...latest.status, ...status },
    });
  }
}
