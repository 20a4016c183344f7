import type { RandomStreams } from '../kernel/random.ts';
import { choice, count, flagParameter, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import type { ParametersOf } from '../kernel/parameters.ts';
import type { BarsModel } from '../kernel/view.ts';
import type { Pod } from './api/apiObjects.ts';
import { Cluster } from './cluster.ts';
import { seconds, toSeconds } from './clusterClock.ts';
import { clusterAt, kubectlConsole } from './kubectl/clusterConsole.ts';
import { clusterEvents, type ClusterTrace } from './clusterEvents.ts';
import { podsTimeline } from './clusterTimeline.ts';
import { clusterGraph, clusterState } from './clusterViews.ts';
import { courseDeployment } from './api/courseDeployment.ts';
import { drain } from './controllers/evictions.ts';
import { bootsMicroVm, microVmBootSeconds } from './kubelet/runtimeClass.ts';
import {
  launcherCpuMilli,
  launcherImage,
  launcherOverheadMiB,
  launcherProgram,
  VirtualMachines,
} from './virtualMachines/virtualMachines.ts';

const stepBudget = 2_000_000;
const mebi = 2 ** 20;
/** Time beside the boot of a machine until everything that has room runs. */
const settleSeconds = 10;
/** How long a drain is watched. */
const drainSeconds = 1200;
const appImage = 'registry.example/app:1.0';

/** The three ways to run a workload; each has nodes of its own, all of one size. */
const ways = ['container', 'microVm', 'vm'] as const;
type Way = (typeof ways)[number];
const prefixes = { container: 'container', microVm: 'microvm', vm: 'vm' } as const;
const wayLabels = { container: 'containers', microVm: 'Pods in microVMs', vm: 'VM objects' } as const;

const params = {
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
type VmParams = ParametersOf<typeof params>;

/** Containers, Pods in microVMs and VM objects side by side. */
export const vmWorkloads = defineScenario({
  id: 'cluster.vm-workloads',
  title: 'Containers, microVMs and VMs on equal nodes',
  doc: 'One application is run in three ways: as ordinary Pods, as Pods of a RuntimeClass that puts a small VM around each, and as virtual machines after KubeVirt, each in a Pod of its own. Every way has equal nodes. Then the first workload of each is broken out of, and a node may be drained.',
  params,
  metrics: {
    containers: { label: 'Containers', doc: 'Ordinary Pods that run.', better: 'higher' },
    microVms: { label: 'In microVMs', doc: 'Pods in microVMs that run.', better: 'higher' },
    vms: { label: 'VMs', doc: 'VM objects whose guest is up.', better: 'higher' },
    containerStartSeconds: {
      label: 'Start, container',
      doc: 'From the choice of a node until the first instruction of the application.',
      better: 'lower',
    },
    microVmStartSeconds: {
      label: 'Start, microVM',
      doc: 'The same for a Pod in a microVM.',
      better: 'lower',
    },
    vmStartSeconds: { label: 'Start, VM', doc: 'The same for a VM: until its guest is up.', better: 'lower' },
    containersTaken: {
      label: 'Taken, containers',
      doc: 'Workloads in the hands of somebody who breaks out of the first container, itself included.',
      better: 'lower',
    },
    microVmsTaken: { label: 'Taken, microVMs', doc: 'The same for Pods in microVMs.', better: 'lower' },
    vmsTaken: { label: 'Taken, VMs', doc: 'The same for VM objects.', better: 'lower' },
    vmRequestMiB: {
      label: 'A VM requests',
      doc: 'Memory that the Pod around a VM requests: that of the guest, and the overhead.',
      better: 'lower',
    },
    containerOutSeconds: {
      label: 'Out, container',
      doc: 'Mean time that a workload of the drained node does not run; 0 without a drain.',
      better: 'lower',
    },
    microVmOutSeconds: { label: 'Out, microVM', doc: 'The same for Pods in microVMs.', better: 'lower' },
    vmOutSeconds: { label: 'Out, VM', doc: 'The same for VM objects.', better: 'lower' },
    vmDrainSeconds: {
      label: 'Drain of the VMs',
      doc: 'Until the last VM had left the drained node; 0 when it never had, or nothing is drained.',
      better: 'lower',
    },
  },
  events: clusterEvents,
  policies: {},
  builtIn: {},
  checks: {},
  views: {
    timeline: {
      doc: 'The life of each Pod.',
      model: ({ trace, params: given }) => podsTimeline(trace, seconds(shownSeconds(given))),
    },
    bars: {
      doc: 'What the Pods of one node request, as shares of what it has.',
      model: ({ trace, params: given }) => roomBars(trace, given),
    },
    graph: {
      doc: 'Nodes and Pods after any event, and whom an attacker reaches.',
      model: ({ trace }, event) => clusterGraph(trace, event),
    },
    state: { doc: 'Pods after any event.', model: ({ trace }, event) => clusterState(trace, event) },
  },
  oracle:
    'Density by integer arithmetic of allocatable and request, start-up and outage as sums of the published and assumed times, vectors of KubeVirt’s own test of its memory overhead (test/conformance/vmWorkloads.test.ts).',
  console: {
    ...kubectlConsole,
    open: ({ params: given, seed }, event, untilNs) =>
      clusterAt(event, seed, untilNs, (trace, random) => prepared(given, trace, random).cluster),
  },
  stepBudget,
  run({ params: given, trace, random, start }) {
    start({});
    const { cluster, found } = prepared(given, trace, random);
    const settled = settleSeconds + given.guestBootSeconds;
    cluster.simulation.run({ untilNs: seconds(settled + (given.drained ? drainSeconds : 0)) });
    const begun = startTimes(trace);
    const out = outages(trace, given.drained ? settled : undefined, seconds(settled + drainSeconds));
    const { guestMiB, vcpus } = machineOf(given);
    return {
      containers: found.running.container,
      microVms: found.running.microVm,
      vms: found.running.vm,
      containerStartSeconds: begun.container,
      microVmStartSeconds: begun.microVm,
      vmStartSeconds: begun.vm,
      containersTaken: found.taken.container,
      microVmsTaken: found.taken.microVm,
      vmsTaken: found.taken.vm,
      vmRequestMiB: guestMiB + launcherOverheadMiB(guestMiB, vcpus),
      containerOutSeconds: out.container,
      microVmOutSeconds: out.microVm,
      vmOutSeconds: out.vm,
      vmDrainSeconds: out.drainedSeconds,
    };
  },
});

/** The size of a VM that holds the application and a system of its own. */
const machineOf = ({ podMemoryMiB, guestOsMiB, podCpuMilli }: VmParams) => ({
  guestMiB: podMemoryMiB + guestOsMiB,
  vcpus: Math.ceil(podCpuMilli / 1000),
});

const wayOf = (pod: string): Way =>
  pod.startsWith(`${prefixes.container}-`) ? 'container' : pod.startsWith('microvm-') ? 'microVm' : 'vm';
/** Until everything has happened that is worth a look. */
function shownSeconds(given: VmParams): number {
  const upSeconds = settleSeconds + given.guestBootSeconds;
  if (!given.drained) return upSeconds;
  return upSeconds + 20 + Math.max(given.guestBootSeconds, machineOf(given).guestMiB / given.migrationMiBps);
}

const perWay = (value: number): Record<Way, number> => ({ container: value, microVm: value, vm: value });

/** The cluster with all that will happen to it. */
function prepared(given: VmParams, trace: ClusterTrace, random: RandomStreams) {
  const appProgram = { doc: 'The application.', startsInSeconds: 0, listens: [], endsInSeconds: 1 };
  const cluster = new Cluster(
    {
      graceSeconds: 50,
      stepBudget,
      microVmBootSeconds,
      programs: { [appImage]: appProgram, [launcherImage]: launcherProgram },
    },
    trace,
    random,
  );
  const selectors: Readonly<Record<Way, Record<string, string>>> = {
    container: { 'example.com/workload': 'container' },
    microVm: { 'katacontainers.io/kata-runtime': 'true' },
    vm: { 'kubevirt.io/schedulable': 'true' },
  };
  for (const way of ways)
    for (let node = 1; node <= given.nodes; node++)
      cluster.addNode({
        name: `${prefixes[way]}-node-${node}`,
        zone: 'zone-1',
        cpuMilli: given.nodeCpuMilli,
        memoryBytes: given.nodeMemoryMiB * mebi,
        labels: selectors[way],
      });
  cluster.apply<'RuntimeClass'>({
    kind: 'RuntimeClass',
    metadata: { name: 'kata-qemu', namespace: '' },
    spec: {
      handler: 'kata-qemu',
      overhead: { podFixed: { cpu: `${given.overheadCpuMilli}m`, memory: `${given.overheadMemoryMiB}Mi` } },
      scheduling: { nodeSelector: selectors.microVm },
    },
    status: {},
  });
  const requests = { cpu: `${given.podCpuMilli}m`, memory: `${given.podMemoryMiB}Mi` };
  const containers = [{ name: 'app', image: appImage, resources: { requests } }];
  const deployment = (name: string, pod: object) =>
    courseDeployment({ name, replicas: given.wanted, image: appImage, pod: { containers, ...pod } });
  cluster.apply<'Deployment'>(deployment(prefixes.container, { nodeSelector: selectors.container }));
  cluster.apply<'Deployment'>(deployment(prefixes.microVm, { runtimeClassName: 'kata-qemu' }));
  const machines = new VirtualMachines(cluster, given);
  const { guestMiB, vcpus } = machineOf(given);
  for (let vm = 1; vm <= given.wanted; vm++)
    machines.create(`vm-${vm}`, {
      domain: { cpu: { cores: vcpus }, memory: { guestBytes: guestMiB * mebi } },
      evictionStrategy: given.evictionStrategy,
      nodeSelector: selectors.vm,
    });
  const found = { running: perWay(0), taken: perWay(0) };
  cluster.simulation.at(seconds(settleSeconds + given.guestBootSeconds), () => {
    for (const way of ways) {
      const running = [...cluster.store.list('Pod')].filter((pod) => runs(cluster, pod, way));
      found.running[way] = running.length;
      found.taken[way] = takeOver(cluster, running, given.flaw);
    }
    if (given.drained) for (const way of ways) drain(cluster, `${prefixes[way]}-node-1`);
  });
  return { cluster, found };
}

function runs(cluster: Cluster, pod: Pod, way: Way): boolean {
  if (!pod.status.ready || wayOf(pod.metadata.name) !== way) return false;
  const [owner] = pod.metadata.ownerReferences;
  return (
    way !== 'vm' || cluster.store.get('VirtualMachineInstance', `default/${owner!.name}`)!.status.guestUp
  );
}

/** The kernel that answers the system calls of a Pod's workload: that of its node, or one of its own. */
function kernelOf(cluster: Cluster, pod: Pod): string {
  const { runtimeClassName } = pod.spec;
  const runtimeClass = runtimeClassName && cluster.store.get('RuntimeClass', `/${runtimeClassName}`);
  const isMachine = pod.metadata.ownerReferences[0]?.kind === 'VirtualMachineInstance';
  const own = isMachine || (runtimeClass && bootsMicroVm(runtimeClass));
  return own ? `the kernel in ${pod.metadata.name}` : `the kernel of ${pod.spec.nodeName}`;
}

/** Lets the first of the Pods use a flaw, and says how many of them are then in its hands. */
function takeOver(cluster: Cluster, running: readonly Pod[], flaw: VmParams['flaw']): number {
  const [attacker] = running;
  if (attacker === undefined) return 0;
  const own = kernelOf(cluster, attacker);
  const host = `the kernel of ${attacker.spec.nodeName}`;
  // A hypervisor is reached from a guest's kernel, which has to be taken over first: by its own root, or by a flaw.
  const taken = flaw === 'kernel' || own === host ? own : host;
  const powerless = flaw === 'hypervisor' && own === host;
  const reached = powerless
    ? [attacker]
    : running.filter((pod) =>
        taken === host ? pod.spec.nodeName === attacker.spec.nodeName : kernelOf(cluster, pod) === taken,
      );
  if (!powerless)
    for (const pod of [attacker, ...reached.filter((each) => each !== attacker)])
      cluster.record('taken', pod.metadata.name, attacker.metadata.name, taken);
  return reached.length;
}

/** Seconds from the choice of a node until the first instruction, for the first workload of each way. */
function startTimes(trace: ClusterTrace): Readonly<Record<Way, number>> {
  const scheduled = new Map<number, number>();
  const begun = perWay(0);
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    const pod = trace.field(row, 0);
    if (kind === 'podScheduled') scheduled.set(pod, trace.timeNs(row));
    if (kind !== 'containerStarted' && kind !== 'guestUp') continue;
    const way = wayOf(trace.textOf(pod));
    if (begun[way] === 0 && (way === 'vm') === (kind === 'guestUp'))
      begun[way] = toSeconds(trace.timeNs(row) - scheduled.get(pod)!);
  }
  return begun;
}

/** How long the workloads of the drained nodes did not run, on average. */
function outages(trace: ClusterTrace, drainedAtSeconds: number | undefined, endNs: number) {
  const none = { ...perWay(0), drainedSeconds: 0 };
  if (drainedAtSeconds === undefined) return none;
  const fromNs = seconds(drainedAtSeconds);
  const node = new Map<number, string>();
  const moved = { container: new Set<number>(), microVm: new Set<number>(), vm: new Set<number>() };
  const missing = perWay(0);
  const areaNs = perWay(0);
  let sinceNs = fromNs;
  let drainedSeconds = 0;
  const account = (nowNs: number): void => {
    for (const way of ways) areaNs[way] += missing[way] * (nowNs - sinceNs);
    sinceNs = nowNs;
  };
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    const pod = trace.field(row, 0);
    const atNs = trace.timeNs(row);
    if (kind === 'podScheduled') node.set(pod, trace.textOf(trace.field(row, 1)));
    if (atNs < fromNs) continue;
    const way = wayOf(trace.textOf(pod));
    if (kind === 'podDeleted' && node.get(pod) === `${prefixes[way]}-node-1`) moved[way].add(pod);
    const stops = way === 'vm' ? kind === 'guestDown' : kind === 'podDeleted';
    const goesOn = way === 'vm' ? kind === 'guestUp' : kind === 'containerStarted';
    if (stops || goesOn) {
      account(atNs);
      missing[way] += stops ? 1 : -1;
    }
    if (kind === 'drained' && trace.textOf(pod) === `${prefixes.vm}-node-1`)
      drainedSeconds = toSeconds(atNs) - drainedAtSeconds;
  }
  account(endNs);
  const mean = (way: Way): number => (moved[way].size === 0 ? 0 : toSeconds(areaNs[way]) / moved[way].size);
  return { container: mean('container'), microVm: mean('microVm'), vm: mean('vm'), drainedSeconds };
}

/** What the first node of each way is filled with, in shares of its memory and its CPU. */
function roomBars(trace: ClusterTrace, given: VmParams): BarsModel {
  const onNode = new Map<string, number>();
  for (let row = 0; row < trace.length; row++) {
    if (trace.timeNs(row) > seconds(settleSeconds)) break;
    if (trace.kind(row) !== 'podScheduled') continue;
    const node = trace.textOf(trace.field(row, 1));
    onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const { guestMiB, vcpus } = machineOf(given);
  const vmCpu = launcherCpuMilli(vcpus, given.cpuAllocationRatio);
  const each: Readonly<Record<Way, { readonly memory: number[]; readonly cpu: number[] }>> = {
    container: { memory: [given.podMemoryMiB, 0, 0], cpu: [given.podCpuMilli, 0, 0] },
    microVm: {
      memory: [given.podMemoryMiB, 0, given.overheadMemoryMiB],
      cpu: [given.podCpuMilli, 0, given.overheadCpuMilli],
    },
    vm: {
      memory: [given.podMemoryMiB, given.guestOsMiB, launcherOverheadMiB(guestMiB, vcpus)],
      cpu: [vmCpu, 0, 0],
    },
  };
  return {
    kind: 'bars',
    title: 'What one node is filled with',
    axis: { label: 'of what the node has', unit: '%', to: 100 },
    parts: [
      { label: 'application', tone: 'busy', letter: 'a' },
      { label: 'guest’s own system', tone: 'waiting', letter: 'g' },
      { label: 'overhead of the sandbox', tone: 'overhead', letter: 'o' },
    ],
    rows: ways.flatMap((way) => {
      const pods = onNode.get(`${prefixes[way]}-node-1`) ?? 0;
      const shares = (amounts: readonly number[], of: number): number[] =>
        amounts.map((amount) => (100 * pods * amount) / of);
      return [
        { label: `${pods} ${wayLabels[way]}: memory`, values: shares(each[way].memory, given.nodeMemoryMiB) },
        { label: `${pods} ${wayLabels[way]}: CPU`, values: shares(each[way].cpu, given.nodeCpuMilli) },
      ];
    }),
  };
}
