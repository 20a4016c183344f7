import type { RandomStreams } from '../kernel/random.ts';
import type { ManifestObject } from './api/manifests.ts';
import { count, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { keyOf } from './api/apiObjects.ts';
import { seconds, toSeconds } from './clusterClock.ts';
import { clusterAt, kubectlConsole } from './kubectl/clusterConsole.ts';
import { clusterEvents, type ClusterTrace } from './clusterEvents.ts';
import { podsTimeline } from './clusterTimeline.ts';
import { clusterGraph, clusterState } from './clusterViews.ts';
import { courseManifest } from './api/courseManifests.ts';
import { drain } from './controllers/evictions.ts';
import { manifestCluster, manifestDocument } from './manifestCluster.ts';

const settleSeconds = 120;
const stepBudget = 500_000;

/** Manifests on a cluster whose nodes die and are drained. */
export const availability = defineScenario({
  id: 'cluster.availability',
  title: 'Serving while nodes die and drain',
  doc: 'Manifests have two minutes to settle. Then nodes are drained for maintenance, all at once, and later one that holds Pods dies. Requests go to ready endpoints; those that nobody answers are lost.',
  params: {
    nodes: count({
      label: 'Nodes',
      doc: 'Nodes of the cluster.',
      min: 1,
      max: 20,
      default: 6,
      say: (n) => `${n} nodes`,
    }),
    zones: count({
      label: 'Zones',
      doc: 'Zones, over which the nodes are spread in turn.',
      min: 1,
      max: 5,
      default: 3,
    }),
    drained: count({
      label: 'Drained',
      doc: 'Nodes with Pods that are drained two minutes after the start, at once.',
      min: 0,
      max: 10,
      default: 2,
      say: (n) => `${n} drained`,
    }),
    killed: count({
      label: 'Killed',
      doc: 'Nodes with Pods that die five minutes after the drains, and do not come back.',
      min: 0,
      max: 10,
      default: 1,
      say: (n) => `${n} killed`,
    }),
    graceSeconds: quantity('s', {
      label: 'Grace period',
      doc: '`--node-monitor-grace-period`: 50 s since Kubernetes 1.32, 40 s before.',
      min: 10,
      max: 300,
      step: 10,
      default: 50,
    }),
    durationSeconds: quantity('s', {
      label: 'Duration',
      doc: 'Measured time, from two minutes after the start.',
      min: 60,
      max: 86_400,
      step: 60,
      default: 1800,
    }),
  },
  metrics: {
    availabilityPercent: {
      label: 'Answered',
      doc: 'Share of requests that were answered, over the measured time; of the Service that is worst off.',
      better: 'higher',
    },
    downSeconds: { label: 'All lost for', doc: 'How long no request at all was answered.', better: 'lower' },
    worstPercent: {
      label: 'Worst moment',
      doc: 'Smallest share of requests that were answered.',
      better: 'higher',
    },
    fewestReady: {
      label: 'Fewest ready',
      doc: 'Fewest ready endpoints from the drains until the death: what has to carry all of the load.',
      better: 'higher',
    },
    pods: { label: 'Pods', doc: 'Pods at the start: what it costs.', better: 'lower' },
    lostToNode: {
      label: 'Lost with a node',
      doc: 'Most Pods that one dead node took along.',
      better: 'lower',
    },
    replacedSeconds: {
      label: 'Replaced after',
      doc: 'From the first death until a Pod that was created for it is ready; 0 when there was none.',
      better: 'lower',
    },
    drainSeconds: {
      label: 'Drain',
      doc: 'Until the last drained node was empty; 0 when one never was, or none is drained.',
      better: 'lower',
    },
  },
  events: clusterEvents,
  policies: {},
  builtIn: {},
  documents: { manifests: manifestDocument(courseManifest) },
  checks: {
    drainsEnd: {
      title: 'Every drain ends',
      doc: 'Every node that is drained becomes empty.',
      args: {},
      violated: ({ trace }) => {
        const waiting = new Map<number, number>();
        for (let row = 0; row < trace.length; row++) {
          if (trace.kind(row) === 'drainStarted') waiting.set(trace.field(row, 0), row);
          if (trace.kind(row) === 'drained') waiting.delete(trace.field(row, 0));
        }
        for (const [node, row] of waiting)
          return {
            event: row,
            expected: `${trace.textOf(node)} becomes empty`,
            actual: 'its Pods are never let go',
            because: 'A budget that allows no eviction blocks the maintenance of nodes for ever.',
          };
        return undefined;
      },
    },
  },
  views: {
    timeline: {
      doc: 'What becomes of the requests to each Service, and the life of each Pod.',
      model: ({ trace, params }) => podsTimeline(trace, seconds(settleSeconds + params.durationSeconds)),
    },
    graph: {
      doc: 'Services and their requests, nodes and Pods after any event.',
      model: ({ trace }, event) => clusterGraph(trace, event),
    },
    state: {
      doc: 'Pods and endpoints after any event.',
      model: ({ trace }, event) => clusterState(trace, event),
    },
  },
  oracle:
    'The failover time as a sum of published timers, and the share of one Pod among n (test/conformance/kubernetesVectors.test.ts).',
  console: {
    ...kubectlConsole,
    open: ({ params, documents, seed }, event, untilNs) =>
      clusterAt(
        event,
        seed,
        untilNs,
        (trace, random) => prepared(params, documents.manifests.value, trace, random).cluster,
      ),
  },
  stepBudget,
  run({ params, trace, random, documents, start }) {
    start({});
    const { cluster, counts } = prepared(params, documents.manifests.value, trace, random);
    const endNs = seconds(settleSeconds + params.durationSeconds);
    cluster.simulation.run({ untilNs: endNs });
    let [availabilityPercent, downSeconds, worstPercent] = [Infinity, 0, Infinity];
    for (const each of cluster.store.list('Service')) {
      const traffic = cluster.traffic.trafficOf(keyOf(each));
      traffic.account(endNs);
      const { answeredNs, downNs, worstShare } = traffic.totals;
      availabilityPercent = Math.min(
        availabilityPercent,
        (100 * answeredNs) / seconds(params.durationSeconds),
      );
      downSeconds = Math.max(downSeconds, toSeconds(downNs));
      worstPercent = Math.min(worstPercent, 100 * worstShare);
    }
    let [deathNs, replacedSeconds, drainsLeft, drainSeconds] = [-1, 0, 0, 0];
    const created = new Set<number>();
    let fewestReady = Infinity;
    let readyNow = 0;
    for (let row = 0; row < trace.length; row++) {
      const kind = trace.kind(row);
      const sinceNs = trace.timeNs(row) - seconds(settleSeconds);
      if (kind === 'endpoints') readyNow = trace.field(row, 1);
      if (sinceNs >= 0 && sinceNs < seconds(300)) fewestReady = Math.min(fewestReady, readyNow);
      if (kind === 'drainStarted') drainsLeft++;
      if (kind === 'drained' && --drainsLeft === 0)
        drainSeconds = toSeconds(trace.timeNs(row)) - settleSeconds;
      if (kind === 'nodeDied' && deathNs < 0) deathNs = trace.timeNs(row);
      if (kind === 'podCreated' && deathNs >= 0) created.add(trace.field(row, 0));
      if (kind === 'podReady' && replacedSeconds === 0 && created.has(trace.field(row, 0)))
        replacedSeconds = toSeconds(trace.timeNs(row) - deathNs);
    }
    if (drainsLeft > 0) drainSeconds = 0;
    const none = availabilityPercent === Infinity;
    return {
      availabilityPercent: none ? 0 : availabilityPercent,
      downSeconds: none ? params.durationSeconds : downSeconds,
      worstPercent: none ? 0 : worstPercent,
      fewestReady: fewestReady === Infinity ? readyNow : fewestReady,
      ...counts,
      replacedSeconds,
      drainSeconds,
    };
  },
});

interface AvailabilityParams {
  readonly nodes: number;
  readonly zones: number;
  readonly graceSeconds: number;
  readonly drained: number;
  readonly killed: number;
}

/** The cluster with all that will happen to it. */
function prepared(
  params: AvailabilityParams,
  manifests: readonly ManifestObject[],
  trace: ClusterTrace,
  random: RandomStreams,
) {
  const cluster = manifestCluster(manifests, { ...params, stepBudget }, trace, random);
  const draw = random.stream('faults');
  /** Nodes with Pods, those with most of them first; equals in random order. */
  const busiest = (): string[] =>
    [...cluster.store.list('Node')]
      .filter(({ spec }) => !spec.unschedulable)
      .map(({ metadata }) => ({
        name: metadata.name,
        pods: cluster.index.podsOn(metadata.name).length,
        order: draw.integer(0, 1_000_000),
      }))
      .filter(({ pods }) => pods > 0)
      .toSorted((a, b) => b.pods - a.pods || a.order - b.order)
      .map(({ name }) => name);
  const counts = { pods: 0, lostToNode: 0 };
  cluster.simulation.at(seconds(settleSeconds), () => {
    counts.pods = cluster.store.count('Pod');
    for (const each of cluster.store.list('Service'))
      cluster.traffic.trafficOf(keyOf(each)).restart(cluster.simulation.now);
    for (const name of busiest().slice(0, params.drained)) drain(cluster, name);
  });
  cluster.simulation.at(seconds(settleSeconds + 300), () => {
    for (const name of busiest().slice(0, params.killed)) {
      counts.lostToNode = Math.max(counts.lostToNode, cluster.index.podsOn(name).length);
      cluster.kill(name);
    }
  });
  return { cluster, counts };
}
