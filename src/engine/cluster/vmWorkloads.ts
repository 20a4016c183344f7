import type { RandomStreams } from '../kernel/random.ts';
import { defineScenario } from '../kernel/scenario.ts';
import type { Pod } from './api/apiObjects.ts';
import { Cluster } from './cluster.ts';
import { seconds } from './clusterClock.ts';
import { clusterAt, kubectlConsole } from './kubectl/clusterConsole.ts';
import { clusterEvents, type ClusterTrace } from './clusterEvents.ts';
import { podsTimeline } from './clusterTimeline.ts';
import { clusterGraph, clusterState } from './clusterViews.ts';
import { courseDeployment } from './api/courseDeployment.ts';
import { drain } from './controllers/evictions.ts';
import { bootsMicroVm, microVmBootSeconds } from './kubelet/runtimeClass.ts';
import {
  launcherImage,
  launcherOverheadMiB,
  launcherProgram,
  VirtualMachines,
} from './virtualMachines/virtualMachines.ts';

import { outages, roomBars, settleSeconds, startTimes } from './vmWorkloadMeasures.ts';
import {
  machineOf,
  perWay,
  prefixes,
  vmWorkloadParameters,
  wayOf,
  ways,
  type VmParams,
  type Way,
} from './vmWorkloadParameters.ts';

const stepBudget = 2_000_000;
const mebi = 2 ** 20;
/** How long a drain is watched. */
const drainSeconds = 1200;
const appImage = 'registry.example/app:1.0';

/** Containers, Pods in microVMs and VM objects side by side. */
export const vmWorkloads = defineScenario({
  id: 'cluster.vm-workloads',
  title: 'Containers, microVMs and VMs on equal nodes',
  doc: 'One application is run in three ways: as ordinary Pods, as Pods of a RuntimeClass that puts a small VM around each, and as virtual machines after KubeVirt, each in a Pod of its own. Every way has equal nodes. Then the first workload of each is broken out of, and a node may be drained.',
  params: vmWorkloadParameters,
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

/** Until everything has happened that is worth a look. */
function shownSeconds(given: VmParams): number {
  const upSeconds = settleSeconds + given.guestBootSeconds;
  if (!given.drained) return upSeconds;
  return upSeconds + 20 + Math.max(given.guestBootSeconds, machineOf(given).guestMiB / given.migrationMiBps);
}

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
