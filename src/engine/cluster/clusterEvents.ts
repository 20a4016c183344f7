import { defineEvents, type Trace } from '../kernel/trace.ts';

/** What happens in a cluster, for every scenario that runs one. */
export const clusterEvents = defineEvents({
  podCreated: {
    doc: 'A Pod exists in the API; no node has it yet.',
    fields: ['pod', 'owner'],
    texts: ['pod', 'owner'],
    say: (_f, { pod, owner }) => `${owner} creates Pod ${pod}`,
  },
  podScheduled: {
    doc: 'The scheduler gave a Pod to a node.',
    fields: ['pod', 'node', 'score'],
    texts: ['pod', 'node'],
    say: (_f, { pod, node }) => `Pod ${pod} is given to ${node}`,
  },
  podUnschedulable: {
    doc: 'No node takes a Pod.',
    fields: ['pod', 'why'],
    texts: ['pod', 'why'],
    say: (_f, { pod, why }) => `no node takes Pod ${pod}: ${why}`,
  },
  containerStarted: {
    doc: 'A container’s process runs.',
    fields: ['pod', 'container', 'restarts'],
    texts: ['pod', 'container'],
    say: ({ restarts }, { pod, container }) =>
      `container ${container} of ${pod} starts${restarts === 0 ? '' : ` (restart ${restarts})`}`,
  },
  containerEnded: {
    doc: 'A container’s process ended.',
    fields: ['pod', 'container', 'exitCode'],
    texts: ['pod', 'container'],
    say: ({ exitCode }, { pod, container }) => `container ${container} of ${pod} ends with code ${exitCode}`,
  },
  containerBackOff: {
    doc: 'The kubelet waits before it starts a container again.',
    fields: ['pod', 'container', 'waitNs'],
    texts: ['pod', 'container'],
    say: ({ waitNs }, { pod, container }) =>
      `container ${container} of ${pod} waits ${waitNs! / 1e9} s before its next start (CrashLoopBackOff)`,
  },
  podReady: {
    doc: 'A Pod is ready.',
    fields: ['pod', 'node'],
    texts: ['pod', 'node'],
    say: (_f, { pod }) => `Pod ${pod} is ready`,
  },
  podNotReady: {
    doc: 'A Pod is no longer ready.',
    fields: ['pod', 'why'],
    texts: ['pod', 'why'],
    say: (_f, { pod, why }) => `Pod ${pod} is not ready: ${why}`,
  },
  podDeleted: {
    doc: 'A Pod is asked to end.',
    fields: ['pod', 'why'],
    texts: ['pod', 'why'],
    say: (_f, { pod, why }) => `Pod ${pod} is deleted: ${why}`,
  },
  podGone: {
    doc: 'A Pod is gone.',
    fields: ['pod'],
    texts: ['pod'],
    say: (_f, { pod }) => `Pod ${pod} is gone`,
  },
  scaled: {
    doc: 'A Deployment changes the size of a ReplicaSet.',
    fields: ['set', 'from', 'to', 'revision'],
    texts: ['set'],
    say: ({ from, to }, { set }) => `ReplicaSet ${set} is scaled from ${from} to ${to}`,
  },
  rolloutStarted: {
    doc: 'A Deployment gets another template.',
    fields: ['deployment', 'image'],
    texts: ['deployment', 'image'],
    say: (_f, { deployment, image }) => `Deployment ${deployment} is changed to ${image}`,
  },
  rolloutComplete: {
    doc: 'All Pods of a Deployment are of its latest template, and available.',
    fields: ['deployment'],
    texts: ['deployment'],
    say: (_f, { deployment }) => `the rollout of ${deployment} is complete`,
  },
  rolloutStuck: {
    doc: 'A rollout has made no progress for its deadline.',
    fields: ['deployment'],
    texts: ['deployment'],
    say: (_f, { deployment }) => `the rollout of ${deployment} exceeds its progress deadline`,
  },
  endpoints: {
    doc: 'A Service has other endpoints.',
    fields: ['service', 'ready', 'all', 'listening'],
    texts: ['service'],
    say: ({ ready, all }, { service }) => `Service ${service} has ${ready} ready endpoints of ${all}`,
  },
  serving: {
    doc: 'The share of requests to a Service that are answered changes.',
    fields: ['service', 'permille'],
    texts: ['service'],
    say: ({ permille }, { service }) => `${permille! / 10} % of requests to ${service} are answered`,
  },
  nodeDied: {
    doc: 'A node stops working, and nobody is told.',
    fields: ['node'],
    texts: ['node'],
    say: (_f, { node }) => `${node} dies`,
  },
  nodePartitioned: {
    doc: 'A node loses its connection to the API server; its containers go on.',
    fields: ['node'],
    texts: ['node'],
    say: (_f, { node }) => `${node} loses its connection to the API server`,
  },
  nodeReturned: {
    doc: 'A node is back.',
    fields: ['node'],
    texts: ['node'],
    say: (_f, { node }) => `${node} is back`,
  },
  nodeUnknown: {
    doc: 'The node controller has not heard from a node for the grace period.',
    fields: ['node', 'silentNs'],
    texts: ['node'],
    say: ({ silentNs }, { node }) => `${node} is Ready=Unknown after ${silentNs! / 1e9} s of silence`,
  },
  nodeTainted: {
    doc: 'A node is tainted so that Pods are evicted when they no longer tolerate it.',
    fields: ['node'],
    texts: ['node'],
    say: (_f, { node }) => `${node} is tainted: unreachable, NoExecute`,
  },
  drainStarted: {
    doc: 'A node is cordoned, and its Pods are to be evicted.',
    fields: ['node'],
    texts: ['node'],
    say: (_f, { node }) => `${node} is drained`,
  },
  evictionRefused: {
    doc: 'A PodDisruptionBudget allows no eviction now.',
    fields: ['pod', 'budget'],
    texts: ['pod', 'budget'],
    say: (_f, { pod, budget }) => `the eviction of ${pod} is refused: budget ${budget} allows none`,
  },
  drained: {
    doc: 'A node has no Pod left that can be evicted.',
    fields: ['node'],
    texts: ['node'],
    say: (_f, { node }) => `${node} is empty`,
  },
  guestBoots: {
    doc: 'QEMU runs in the Pod of a virtual machine, and its guest begins to boot.',
    fields: ['pod', 'vm'],
    texts: ['pod', 'vm'],
    say: (_f, { vm }) => `the guest of ${vm} begins to boot`,
  },
  guestUp: {
    doc: 'The guest of a virtual machine runs: it has booted, or goes on after a migration.',
    fields: ['pod', 'vm'],
    texts: ['pod', 'vm'],
    say: (_f, { vm, pod }) => `the guest of ${vm} runs, in ${pod}`,
  },
  guestDown: {
    doc: 'The guest of a virtual machine does not run.',
    fields: ['pod', 'vm', 'why'],
    texts: ['pod', 'vm', 'why'],
    say: (_f, { vm, why }) => `the guest of ${vm} does not run: ${why}`,
  },
  migrationStarted: {
    doc: 'A virtual machine is to be moved: a second Pod for it is created.',
    fields: ['pod', 'vm', 'from'],
    texts: ['pod', 'vm', 'from'],
    say: (_f, { vm, from }) => `${vm} is migrated away from ${from}`,
  },
  migrationCopies: {
    doc: 'The second Pod of a virtual machine waits, and the guest’s memory is copied into it.',
    fields: ['pod', 'vm'],
    texts: ['pod', 'vm'],
    say: (_f, { pod, vm }) => `the memory of ${vm} is copied into ${pod}`,
  },
  taken: {
    doc: 'An attacker controls the kernel under a workload.',
    fields: ['pod', 'attacker', 'kernel'],
    texts: ['pod', 'attacker', 'kernel'],
    say: (_f, { pod, attacker, kernel }) =>
      pod === attacker
        ? `${pod} takes over ${kernel}`
        : `${pod} is in the hands of ${attacker}: it runs on ${kernel}`,
  },
  file: {
    doc: 'A process read or wrote a file.',
    fields: ['pod', 'container', 'path', 'ok'],
    texts: ['pod', 'container', 'path'],
    say: ({ ok }, { container, path }) => `${container} ${ok === 1 ? 'has' : 'finds no'} ${path}`,
  },
  load: {
    doc: 'The CPU that the requests to each Service need altogether changes.',
    fields: ['cpuMilli'],
    say: ({ cpuMilli }) =>
      `the requests to each Service now need ${cpuMilli! / 1000} ${cpuMilli === 1000 ? 'CPU' : 'CPUs'}`,
  },
  autoscalerLooks: {
    doc: 'A HorizontalPodAutoscaler looks: CPU usage of the Pods that count in percent of their request, the replicas that this view alone asks for, and those that are asked for after windows, rates and limits.',
    fields: ['autoscaler', 'usagePercent', 'recommended', 'desired'],
    texts: ['autoscaler'],
    say: ({ usagePercent, recommended, desired }, { autoscaler }) =>
      `autoscaler ${autoscaler} sees ${usagePercent} % of the request in use: ${recommended} replicas${desired === recommended ? '' : `, and asks for ${desired}`}`,
  },
  autoscaled: {
    doc: 'A HorizontalPodAutoscaler changes how many replicas its target asks for.',
    fields: ['autoscaler', 'from', 'to', 'why'],
    texts: ['autoscaler', 'why'],
    say: ({ from, to }, { autoscaler }) =>
      `autoscaler ${autoscaler} scales from ${from} to ${to} ${to === 1 ? 'replica' : 'replicas'}`,
  },
  autoscalerFails: {
    doc: 'A HorizontalPodAutoscaler cannot say how many replicas there shall be, and leaves them as they are.',
    fields: ['autoscaler', 'reason', 'why'],
    texts: ['autoscaler', 'reason', 'why'],
    say: (_f, { autoscaler, why }) => `autoscaler ${autoscaler} changes nothing: ${why}`,
  },
});
export type ClusterEvents = typeof clusterEvents;
export type ClusterTrace = Trace<ClusterEvents>;
