import { choice, count, flagParameter, quantity, type ParametersOf } from '../kernel/parameters.ts';

/** The three ways to run a workload; each has nodes of its own, all of one size. */
export const ways = ['container', 'microVm', 'vm'] as const;
/** One of them. */
export type Way = (typeof ways)[number];
/** How names of nodes and workloads begin. */
export const prefixes = { container: 'container', microVm: 'microvm', vm: 'vm' } as const;
/** As pictures name them. */
export const wayLabels = { container: 'containers', microVm: 'Pods in microVMs', vm: 'VM objects' } as const;

/** What the experiment is made with. */
export const vmWorkloadParameters = {
  nodes: count({
    label: 'Nodes',
    doc: 'Nodes for each of the three ways.',
    min: 1,
    max: 5,
    default: 2,
    say: (n) => `${n} nodes`,
  }),
  nodeMemoryMiB: quantity('MiB', {
    label: 'Memory of a node',
    doc: 'Allocatable memory: what the kubelet leaves to Pods.',
    min: 1024,
    max: 262_144,
    step: 1024,
    default: 16_384,
    say: (n) => `of ${n} MiB`,
  }),
  nodeCpuMilli: count({
    label: 'CPU of a node',
    doc: 'Allocatable CPU, in thousandths.',
    min: 500,
    max: 128_000,
    default: 8000,
    say: (n) => `and ${n} m CPU`,
  }),
  podMemoryMiB: quantity('MiB', {
    label: 'Memory of the application',
    doc: 'What the application needs, and its container requests.',
    min: 16,
    max: 16_384,
    step: 16,
    default: 512,
  }),
  podCpuMilli: count({
    label: 'CPU of the application',
    doc: 'Request of the container, in thousandths. A VM has as many vCPUs as it takes.',
    min: 10,
    max: 16_000,
    default: 500,
  }),
  overheadMemoryMiB: quantity('MiB', {
    label: 'Overhead, memory',
    doc: '`overhead.podFixed.memory` of the RuntimeClass. 160 MiB: Kata’s own `kata-qemu`.',
    min: 0,
    max: 2048,
    step: 10,
    default: 160,
  }),
  overheadCpuMilli: count({
    label: 'Overhead, CPU',
    doc: '`overhead.podFixed.cpu` of the RuntimeClass, in thousandths. 250: Kata’s own `kata-qemu`.',
    min: 0,
    max: 2000,
    default: 250,
  }),
  guestOsMiB: quantity('MiB', {
    label: 'Guest system',
    doc: 'Memory that the guest’s own kernel and services take in a VM, beside the application. Assumed.',
    min: 64,
    max: 8192,
    step: 64,
    default: 512,
  }),
  cpuAllocationRatio: count({
    label: 'vCPUs for a CPU',
    doc: 'KubeVirt’s `cpuAllocationRatio`: a VM requests only this fraction of its vCPUs. Default of KubeVirt: 10.',
    min: 1,
    max: 20,
    default: 10,
  }),
  wanted: count({
    label: 'Wanted',
    doc: 'How many of each way are asked for.',
    min: 1,
    max: 200,
    default: 60,
    say: (n) => `${n} of each`,
  }),
  guestBootSeconds: quantity('s', {
    label: 'Boot of a guest',
    doc: 'From the start of QEMU until kernel and services of a whole guest are up. Assumed; `systemd-analyze` tells yours.',
    min: 1,
    max: 120,
    step: 1,
    default: 20,
  }),
  flaw: choice({
    label: 'Flaw',
    doc: 'What the first workload of each way can break out of.',
    default: 'kernel',
    values: {
      kernel: 'A bug of the Linux kernel that a system call reaches.',
      hypervisor: 'A bug of the hypervisor, which a guest’s kernel reaches.',
      both: 'Both of them.',
    },
  }),
  drained: flagParameter({
    label: 'Drain a node',
    doc: 'Afterwards the first node of each way is drained for maintenance.',
    default: false,
  }),
  evictionStrategy: choice({
    label: 'Eviction strategy',
    doc: 'Of the VM objects: what becomes of them when their node is drained.',
    default: 'LiveMigrate',
    values: {
      LiveMigrate: 'The running machine is moved to another node.',
      None: 'The machine is shut down, and boots elsewhere.',
    },
  }),
  migrationMiBps: quantity('MiB', {
    label: 'Migration, per second',
    doc: 'Memory that a live migration copies per second. 64: the limit that KubeVirt’s HyperConverged operator sets.',
    min: 8,
    max: 4096,
    step: 8,
    default: 64,
  }),
} as const;
/** The values of its parameters. */
export type VmParams = ParametersOf<typeof vmWorkloadParameters>;

/** The size of a VM that holds the application and a system of its own. */
export const machineOf = ({ podMemoryMiB, guestOsMiB, podCpuMilli }: VmParams) => ({
  guestMiB: podMemoryMiB + guestOsMiB,
  vcpus: Math.ceil(podCpuMilli / 1000),
});

/** The way in which a Pod runs its workload, by its name. */
export const wayOf = (pod: string): Way =>
  pod.startsWith(`${prefixes.container}-`) ? 'container' : pod.startsWith('microvm-') ? 'microVm' : 'vm';
/** The same number for each way. */
export const perWay = (value: number): Record<Way, number> => ({
  container: value,
  microVm: value,
  vm: value,
});
