import type { RandomStreams } from '../kernel/random.ts';
import { choice, count, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { Cluster } from './cluster.ts';
import { seconds, toSeconds } from './clusterClock.ts';
import { clusterAt, kubectlConsole } from './kubectl/clusterConsole.ts';
import { clusterEvents, type ClusterTrace } from './clusterEvents.ts';
import { podsTimeline } from './clusterTimeline.ts';
import { clusterGraph, clusterState } from './clusterViews.ts';
import { courseDeployment } from './api/courseDeployment.ts';
import type { IntOrPercent } from './api/intOrPercent.ts';
import { resolveFenceposts } from './controllers/rollingUpdate.ts';
import schema from './controllers/rolloutVector.schema.json' with { type: 'json' };
import { validate } from './controllers/rolloutVector.validator.js';
import { vectorDocument } from './api/vectorDocument.ts';

interface Vector {
  readonly replicas: number;
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
}
const settleSeconds = 60;
const stepBudget = 500_000;

/** A Deployment that gets another image. */
export const rollout = defineScenario({
  id: 'cluster.rollout',
  title: 'A rolling update',
  doc: 'A Deployment runs on a healthy cluster. After a minute it gets another image, and its controller replaces the Pods step by step.',
  params: {
    replicas: count({
      label: 'Replicas',
      doc: '`spec.replicas`.',
      min: 1,
      max: 100,
      default: 4,
      say: (n) => `${n} replicas`,
    }),
    maxSurge: count({
      label: 'maxSurge',
      doc: 'Pods above the desired number, in `unit`.',
      min: 0,
      max: 100,
      default: 25,
      say: (n) => `maxSurge ${n}`,
    }),
    maxUnavailable: count({
      label: 'maxUnavailable',
      doc: 'Pods that may be missing, in `unit`.',
      min: 0,
      max: 100,
      default: 25,
      say: (n) => `maxUnavailable ${n}`,
    }),
    unit: choice({
      label: 'Counted in',
      doc: 'What the two bounds are.',
      values: { percent: 'Percent of the replicas: surge rounds up, unavailability down.', pods: 'Pods.' },
      default: 'percent',
    }),
    image: choice({
      label: 'New image',
      doc: 'The image that is rolled out.',
      values: {
        'shop:1.1': 'A good version.',
        'shop:1.2-crashes': 'Ends after 2 s.',
        'shop:1.3-mute': 'Runs and never answers.',
        'shop:1.4-slow': 'Answers after 60 s.',
      },
      default: 'shop:1.1',
    }),
    minReadySeconds: quantity('s', {
      label: 'minReadySeconds',
      doc: 'How long a Pod has to be ready before it counts as available.',
      min: 0,
      max: 120,
      step: 5,
      default: 0,
    }),
    durationSeconds: quantity('s', {
      label: 'Duration',
      doc: 'Simulated time.',
      min: 61,
      max: 7200,
      step: 60,
      default: 300,
    }),
  },
  metrics: {
    maxSurgePods: {
      label: 'Surge',
      doc: 'Pods above the desired number that the bound stands for.',
      better: 'neither',
    },
    maxUnavailablePods: {
      label: 'May be missing',
      doc: 'Missing Pods that the bound stands for; 1 when both bounds come out as 0.',
      better: 'neither',
    },
    mostPods: {
      label: 'Most Pods',
      doc: 'Most Pods that both ReplicaSets asked for at once.',
      better: 'lower',
    },
    fewestReady: { label: 'Fewest ready', doc: 'Fewest ready Pods after the change.', better: 'higher' },
    rolloutSeconds: {
      label: 'Rollout',
      doc: 'From the change until the rollout is complete; 0 when it never was.',
      better: 'lower',
    },
    steps: { label: 'Steps', doc: 'How often a ReplicaSet was scaled for it.', better: 'neither' },
    availabilityPercent: {
      label: 'Answered',
      doc: 'Share of requests that were answered after the change.',
      better: 'higher',
    },
  },
  events: clusterEvents,
  policies: {},
  builtIn: {},
  documents: {
    vector: vectorDocument<Partial<Vector>, Vector>({
      doc: 'A Deployment: replicas, maxSurge and maxUnavailable as numbers or percentages.',
      inPlaceOf: ['replicas', 'maxSurge', 'maxUnavailable', 'unit'],
      schema,
      validate,
      check: (written, problems) => {
        if (written.replicas === undefined) problems.value([], 'There is no "replicas".', 'Add it.');
        if (written.maxSurge === 0 && written.maxUnavailable === 0)
          problems.value(
            ['maxUnavailable'],
            'maxUnavailable and maxSurge may not both be 0: nothing could ever move.',
            'Set one of them to 1.',
          );
        return {
          replicas: written.replicas ?? 0,
          maxSurge: written.maxSurge ?? '25%',
          maxUnavailable: written.maxUnavailable ?? '25%',
        };
      },
    }),
  },
  checks: {},
  views: {
    timeline: {
      doc: 'What becomes of the requests to each Service, and the life of each Pod.',
      model: ({ trace, params }) => podsTimeline(trace, seconds(params.durationSeconds)),
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
    "The orders of operations in Kubernetes' deployment_util.go, and its rounding rules (test/conformance/kubernetesVectors.test.ts).",
  console: {
    ...kubectlConsole,
    open: ({ params, documents, seed }, event, untilNs) =>
      clusterAt(
        event,
        seed,
        untilNs,
        (trace, random) =>
          prepared(params, documents.vector.value ?? vectorOf(params), trace, random).cluster,
      ),
  },
  stepBudget,
  run({ params, trace, random, documents, start, refuse }) {
    start({});
    const vector = documents.vector.value ?? vectorOf(params);
    const { replicas, maxSurge, maxUnavailable } = vector;
    if (maxSurge === 0 && maxUnavailable === 0)
      refuse({
        event: -1,
        expected: 'maxSurge or maxUnavailable above 0',
        actual: '0 for both',
        because: 'The API server refuses a Deployment whose update could never move.',
      });
    const { cluster, changeNs, row } = prepared(params, vector, trace, random);
    const endNs = changeNs + seconds(params.durationSeconds);
    cluster.simulation.run({ untilNs: endNs });
    const traffic = cluster.traffic.trafficOf('default/shop');
    traffic.account(endNs);
    const posts = resolveFenceposts(maxSurge, maxUnavailable, replicas)!;
    return {
      maxSurgePods: posts.maxSurge,
      maxUnavailablePods: posts.maxUnavailable,
      ...counted(trace, row.changed),
      availabilityPercent: (100 * traffic.totals.answeredNs) / (endNs - changeNs),
    };
  },
});

interface RolloutParams {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly unit: string;
  readonly image: string;
  readonly minReadySeconds: number;
}

function vectorOf(params: RolloutParams): Vector {
  const suffix = params.unit === 'percent' ? '%' : 0;
  const bound = (n: number): IntOrPercent => (suffix === 0 ? n : `${n}%`);
  return {
    replicas: params.replicas,
    maxSurge: bound(params.maxSurge),
    maxUnavailable: bound(params.maxUnavailable),
  };
}

/** The cluster with the change that is to come. */
function prepared(
  params: RolloutParams,
  { replicas, maxSurge, maxUnavailable }: Vector,
  trace: ClusterTrace,
  random: RandomStreams,
) {
  const cluster = new Cluster({ graceSeconds: 50, stepBudget }, trace, random);
  for (let node = 1; node <= Math.max(3, Math.ceil(replicas / 10)); node++)
    cluster.addNode({
      name: `node-${node}`,
      zone: `zone-${node % 3}`,
      cpuMilli: 4000,
      memoryBytes: 2 ** 34,
    });
  const deployment = (image: string) =>
    courseDeployment({
      name: 'shop',
      replicas,
      image: `registry.example/${image}`,
      maxSurge,
      maxUnavailable,
      minReadySeconds: params.minReadySeconds,
    });
  cluster.apply<'Deployment'>(deployment('shop:1.0'));
  cluster.apply<'Service'>({
    kind: 'Service',
    metadata: { name: 'shop' },
    spec: { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 8080 }] },
    status: {},
  });
  const changeNs = seconds(settleSeconds + params.minReadySeconds);
  const row = { changed: 0 };
  cluster.simulation.at(changeNs, () => {
    row.changed = cluster.record('rolloutStarted', 'shop', params.image);
    cluster.traffic.trafficOf('default/shop').restart(changeNs);
    cluster.apply<'Deployment'>(deployment(params.image));
  });
  return { cluster, changeNs, row };
}

function counted(trace: ClusterTrace, changed: number) {
  const sizes = new Map<number, number>();
  const ready = new Set<number>();
  let fewestReady = Infinity;
  let mostPods = 0;
  let rolloutSeconds = 0;
  let steps = 0;
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    if (row === changed) fewestReady = ready.size;
    if (kind === 'scaled') sizes.set(trace.field(row, 0), trace.field(row, 2));
    if (kind === 'podReady') ready.add(trace.field(row, 0));
    if (kind === 'podNotReady' || kind === 'podDeleted') ready.delete(trace.field(row, 0));
    if (row < changed) continue;
    if (kind === 'scaled') {
      // One step up and one down of a look are written one after the other.
      steps++;
      mostPods = Math.max(
        mostPods,
        [...sizes.values()].reduce((sum, size) => sum + size, 0),
      );
    }
    fewestReady = Math.min(fewestReady, ready.size);
    if (kind === 'rolloutComplete') rolloutSeconds = toSeconds(trace.timeNs(row) - trace.timeNs(changed));
  }
  return { mostPods, fewestReady, rolloutSeconds, steps };
}
