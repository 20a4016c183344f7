import type { RandomStreams } from '../kernel/random.ts';
import type { Cluster } from './cluster.ts';
import type { ManifestObject } from './api/manifests.ts';
import { quantity } from '../kernel/parameters.ts';
import { defineScenario, type Witness } from '../kernel/scenario.ts';
import { keyOf } from './api/apiObjects.ts';
import { seconds } from './clusterClock.ts';
import { clusterEvents, type ClusterTrace } from './clusterEvents.ts';
import { clusterAt, kubectlConsole } from './kubectl/clusterConsole.ts';
import { podsTimeline } from './clusterTimeline.ts';
import { clusterGraph, clusterState } from './clusterViews.ts';
import { slicesOf } from './controllers/endpointSlices.ts';
import { manifestCluster, manifestDocument } from './manifestCluster.ts';
import { courseManifest } from './api/courseManifests.ts';

const stepBudget = 200_000;
const prepared = (
  manifests: readonly ManifestObject[],
  trace: ClusterTrace,
  random: RandomStreams,
): Cluster => manifestCluster(manifests, { nodes: 3, zones: 3, graceSeconds: 50, stepBudget }, trace, random);

/** Services of a manifest, and whether a request to them is answered. */
export const service = defineScenario({
  id: 'cluster.service',
  title: 'A Service and the Pods behind it',
  doc: 'Manifests are applied to a healthy cluster of three nodes. A Service sends each request to one of its ready endpoints.',
  params: {
    durationSeconds: quantity('s', {
      label: 'Duration',
      doc: 'Simulated time.',
      min: 10,
      max: 3600,
      step: 10,
      default: 120,
    }),
  },
  metrics: {
    endpoints: {
      label: 'Endpoints',
      doc: 'Pods behind all Services at the end, ready or not.',
      better: 'higher',
    },
    readyEndpoints: { label: 'Ready endpoints', doc: 'Those of them that get requests.', better: 'higher' },
    answering: {
      label: 'That answer',
      doc: 'Ready endpoints on whose port something listens.',
      better: 'higher',
    },
    answeredPercent: {
      label: 'Answered',
      doc: 'Share of requests that are answered at the end, of the Service that is worst off.',
      better: 'higher',
    },
  },
  events: clusterEvents,
  policies: {},
  builtIn: {},
  documents: { manifests: manifestDocument(courseManifest) },
  checks: {
    hasReadyEndpoints: {
      title: 'Every Service has ready endpoints',
      doc: 'At the end every Service has at least one ready endpoint.',
      args: {},
      violated: ({ trace }) => withoutEndpoints(trace),
    },
    answers: {
      title: 'Every request is answered',
      doc: 'At the end something listens on the port of every ready endpoint.',
      args: {},
      violated: ({ trace }) => silentEndpoint(trace),
    },
    sendsNoneToTheDeaf: {
      title: 'No Pod gets requests before it answers',
      doc: 'At no time is a Pod a ready endpoint while nothing listens on its port.',
      args: {},
      violated: ({ trace }) => {
        for (let row = 0; row < trace.length; row++) {
          if (trace.kind(row) !== 'endpoints') continue;
          const [ready, listening] = [trace.field(row, 1), trace.field(row, 3)];
          if (ready <= listening) continue;
          return {
            event: row,
            expected: 'every ready endpoint answers',
            actual: `${ready} get requests, ${listening} answer`,
            because:
              'A Pod without a readiness probe counts as ready as soon as its containers run. Requests that come before the program listens are lost, at every start and every rollout.',
          };
        }
        return undefined;
      },
    },
  },
  views: {
    graph: {
      doc: 'Services and their requests, nodes and Pods after any event.',
      model: ({ trace }, event) => clusterGraph(trace, event),
    },
    timeline: {
      doc: 'What becomes of the requests to each Service, and the life of each Pod.',
      model: ({ trace, params }) => podsTimeline(trace, seconds(params.durationSeconds)),
    },
    state: {
      doc: 'Pods and endpoints after any event.',
      model: ({ trace }, event) => clusterState(trace, event),
    },
  },
  oracle:
    'The cases of the documentation on Services, counted by hand (test/unit/cluster/manifests.test.ts).',
  console: {
    ...kubectlConsole,
    open: ({ documents, seed }, event, untilNs) =>
      clusterAt(event, seed, untilNs, (trace, random) => prepared(documents.manifests.value, trace, random)),
  },
  stepBudget,
  run({ params, trace, random, documents, start }) {
    start({});
    const cluster = prepared(documents.manifests.value, trace, random);
    cluster.simulation.run({ untilNs: seconds(params.durationSeconds) });
    const sums = { endpoints: 0, readyEndpoints: 0, answering: 0, answeredPercent: 100 };
    let services = 0;
    for (const each of cluster.store.list('Service')) {
      services++;
      const traffic = cluster.traffic.trafficOf(keyOf(each));
      for (const { spec } of slicesOf(cluster.store, each)) sums.endpoints += spec.endpoints.length;
      sums.readyEndpoints += traffic.readyEndpoints;
      sums.answering += traffic.answering;
      sums.answeredPercent = Math.min(sums.answeredPercent, 100 * traffic.share);
    }
    return services === 0 ? { ...sums, answeredPercent: 0 } : sums;
  },
});

/** The last state of each Service's endpoints: rows by name. */
function lastEndpoints(trace: ClusterTrace): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (let row = 0; row < trace.length; row++)
    if (trace.kind(row) === 'endpoints') rows.set(trace.textOf(trace.field(row, 0)), row);
  return rows;
}

const noService = (trace: ClusterTrace): Witness => ({
  event: Math.max(0, trace.length - 1),
  expected: 'a Service with a selector',
  actual: 'none',
  because: 'Without a selector nobody fills a Service with endpoints.',
  place: '/0',
});

function withoutEndpoints(trace: ClusterTrace): Witness | undefined {
  const all = lastEndpoints(trace);
  if (all.size === 0) return noService(trace);
  for (const [name, row] of all) {
    const [ready, endpoints] = [trace.field(row, 1), trace.field(row, 2)];
    if (ready > 0) continue;
    return {
      event: row,
      expected: `a ready endpoint of Service ${name}`,
      actual: endpoints === 0 ? 'no endpoint at all' : `${endpoints} endpoints, none of them ready`,
      because:
        endpoints === 0
          ? 'No running Pod has the labels that the selector asks for.'
          : 'The selector finds Pods, but none of them passes its readiness probe.',
    };
  }
  return undefined;
}

function silentEndpoint(trace: ClusterTrace): Witness | undefined {
  const shares = new Map<string, number>();
  for (let row = 0; row < trace.length; row++)
    if (trace.kind(row) === 'serving') shares.set(trace.textOf(trace.field(row, 0)), row);
  const all = lastEndpoints(trace);
  if (all.size === 0) return noService(trace);
  for (const [name, row] of all) {
    const share = shares.has(name) ? trace.field(shares.get(name)!, 1) : 0;
    if (share >= 1000) continue;
    return {
      event: row,
      expected: 'all requests answered',
      actual: `${share / 10} % of requests to ${name} are answered, with ${trace.field(row, 1)} ready endpoints`,
      because: 'A ready endpoint gets requests on its target port, whether anybody listens there or not.',
    };
  }
  return undefined;
}
