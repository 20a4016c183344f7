import type { RandomStreams } from '../kernel/random.ts';
import { count, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import type { CurveBound, CurveModel } from '../kernel/view.ts';
import { courseAutoscaler } from './api/courseManifests.ts';
import type { ManifestObject } from './api/manifests.ts';
import { replicasOverTime, Steps } from './autoscaler/replicaCurve.ts';
import type { Cluster } from './cluster.ts';
import { seconds, toSeconds } from './clusterClock.ts';
import { clusterEvents, type ClusterTrace } from './clusterEvents.ts';
import { podsTimeline } from './clusterTimeline.ts';
import { clusterGraph, clusterState } from './clusterViews.ts';
import { clusterAt, kubectlConsole } from './kubectl/clusterConsole.ts';
import { manifestCluster, manifestDocument } from './manifestCluster.ts';
import { podResources } from './scheduler/podResources.ts';

const stepBudget = 500_000;

/** Manifests with a HorizontalPodAutoscaler on a cluster whose load changes. */
export const autoscaled = defineScenario({
  id: 'cluster.autoscaled',
  title: 'A Deployment that an autoscaler scales',
  doc: 'Manifests with a HorizontalPodAutoscaler are applied to a healthy cluster. The requests to each Service need so much CPU altogether, which its ready endpoints share evenly; the load changes once. Every 15 seconds the autoscaler compares what its Pods use with what they request.',
  params: {
    nodes: count({
      label: 'Nodes',
      doc: 'Nodes of the cluster, with 4 CPUs each.',
      min: 1,
      max: 50,
      default: 3,
      say: (n) => `${n} nodes`,
    }),
    loadCpus: quantity('none', {
      label: 'Load',
      doc: 'CPUs that the requests to each Service need altogether, from the start.',
      min: 0,
      max: 100,
      step: 0.1,
      default: 0.3,
      say: (cpus) => `a load of ${cpus} CPUs`,
    }),
    laterLoadCpus: quantity('none', {
      label: 'Later load',
      doc: 'The same after the change.',
      min: 0,
      max: 100,
      step: 0.1,
      default: 0.9,
      say: (cpus) => `then ${cpus} CPUs`,
    }),
    changeAtSeconds: quantity('s', {
      label: 'Change at',
      doc: 'When the load changes. The Pods of the course are ready after 8 s.',
      min: 0,
      max: 3600,
      step: 5,
      default: 65,
    }),
    dipSeconds: quantity('s', {
      label: 'For',
      doc: 'How long the later load lasts before the first one comes back; 0 for ever.',
      min: 0,
      max: 3600,
      step: 15,
      default: 120,
      say: (s) => (s === 0 ? 'for good' : `for ${s} s`),
    }),
    durationSeconds: quantity('s', {
      label: 'Duration',
      doc: 'Simulated time.',
      min: 15,
      max: 7200,
      step: 60,
      default: 720,
      say: (s) => `over ${s} s`,
    }),
  },
  metrics: {
    replicas: {
      label: 'Replicas at the end',
      doc: 'Replicas that all Deployments ask for at the end.',
      better: 'neither',
    },
    mostReplicas: {
      label: 'Most replicas',
      doc: 'Most replicas that an autoscaler asked for; those at the end where none changed anything.',
      better: 'neither',
    },
    readyPods: { label: 'Ready Pods', doc: 'Pods that are ready at the end.', better: 'higher' },
    changes: {
      label: 'Changes',
      doc: 'How often an autoscaler changed the number of replicas.',
      better: 'lower',
    },
    overloadedSeconds: {
      label: 'Overloaded',
      doc: 'How long the load was more than the ready Pods had requested altogether, since Pods were first ready.',
      better: 'lower',
    },
    podHours: { label: 'Pod-hours', doc: 'Pods, summed over time: what it costs.', better: 'lower' },
    firstChangeSeconds: {
      label: 'First change after',
      doc: 'From the change of the load until an autoscaler first changed the number of replicas; 0 when it never did.',
      better: 'lower',
    },
    backSeconds: {
      label: 'First taken away after',
      doc: 'From the last change of the load until an autoscaler first took replicas away after it; 0 when it never did.',
      better: 'neither',
    },
  },
  events: clusterEvents,
  policies: {},
  builtIn: {},
  documents: { manifests: manifestDocument(courseAutoscaler) },
  checks: {},
  views: {
    curve: {
      doc: 'Replicas that the autoscaler asks for, and Pods that are ready, over time; lines mark changes of the load.',
      model: ({ trace, params }) => replicaCurve(trace, params.durationSeconds),
    },
    timeline: {
      doc: 'The life of each Pod and what becomes of the requests to each Service; marks for changes of the load and decisions.',
      model: ({ trace, params }) => podsTimeline(trace, seconds(params.durationSeconds)),
    },
    graph: {
      doc: 'Services and their requests, nodes and Pods after any event.',
      model: ({ trace }, event) => clusterGraph(trace, event),
    },
    state: {
      doc: 'What the autoscaler saw and asked for, Pods and endpoints after any event.',
      model: ({ trace }, event) => {
        const { kind, groups } = clusterState(trace, event);
        return { kind, groups: [looks(trace, event), ...groups] };
      },
    },
  },
  oracle:
    "Timelines reckoned by hand from Kubernetes' documented rule (test/conformance/autoscaledCluster.test.ts).",
  console: {
    ...kubectlConsole,
    open: ({ params, documents, seed }, event, untilNs) =>
      clusterAt(event, seed, untilNs, (trace, random) =>
        prepared(params, documents.manifests.value, trace, random),
      ),
  },
  stepBudget,
  run({ params, trace, random, documents, start }) {
    start({});
    const cluster = prepared(params, documents.manifests.value, trace, random);
    cluster.simulation.run({ untilNs: seconds(params.durationSeconds) });
    const { deployments, requestMilli } = demandsOf(cluster);
    const readyPods = [...cluster.store.list('Pod')].filter(({ status }) => status.ready).length;
    const { mostReplicas, changes, firstChangeSeconds, backSeconds } = decisions(trace, params, deployments);
    const { overloadedSeconds, podHours } = costs(trace, params.durationSeconds, requestMilli);
    return {
      replicas: deployments,
      mostReplicas,
      readyPods,
      changes,
      overloadedSeconds,
      podHours,
      firstChangeSeconds,
      backSeconds,
    };
  },
});

interface Load {
  readonly loadCpus: number;
  readonly laterLoadCpus: number;
  readonly changeAtSeconds: number;
  readonly dipSeconds: number;
}

/** The cluster with the changes of the load that are to come. */
function prepared(
  params: Load & { readonly nodes: number },
  manifests: readonly ManifestObject[],
  trace: ClusterTrace,
  random: RandomStreams,
): Cluster {
  const { nodes, loadCpus, laterLoadCpus, changeAtSeconds, dipSeconds } = params;
  const options = { nodes, zones: 3, graceSeconds: 50, stepBudget };
  const cluster = manifestCluster(manifests, options, trace, random);
  const setLoad = (cpus: number): void => cluster.setLoad(Math.round(cpus * 1000));
  setLoad(loadCpus);
  cluster.simulation.at(seconds(changeAtSeconds), () => setLoad(laterLoadCpus));
  if (dipSeconds > 0) cluster.simulation.at(seconds(changeAtSeconds + dipSeconds), () => setLoad(loadCpus));
  return cluster;
}

/** Replicas that all Deployments ask for, and what one Pod of the first of them requests. */
function demandsOf(cluster: Cluster): { readonly deployments: number; readonly requestMilli: number } {
  let deployments = 0;
  let requestMilli = 0;
  for (const { spec } of cluster.store.list('Deployment')) {
    deployments += spec.replicas;
    if (requestMilli === 0) requestMilli = podResources(spec.template.spec).cpuMilli;
  }
  return { deployments, requestMilli };
}

function decisions(trace: ClusterTrace, load: Load, replicas: number) {
  let [changes, mostReplicas] = [0, 0];
  let [first, back]: (number | undefined)[] = [];
  const changeNs = seconds(load.changeAtSeconds);
  const lastNs = seconds(load.changeAtSeconds + load.dipSeconds);
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'autoscaled') continue;
    const [from, to] = [trace.field(row, 1), trace.field(row, 2)];
    const atNs = trace.timeNs(row);
    changes++;
    mostReplicas = Math.max(mostReplicas, from, to);
    if (atNs >= changeNs) first ??= toSeconds(atNs - changeNs);
    if (atNs >= lastNs && to < from) back ??= toSeconds(atNs - lastNs);
  }
  return {
    changes,
    mostReplicas: changes === 0 ? replicas : mostReplicas,
    firstChangeSeconds: first ?? 0,
    backSeconds: back ?? 0,
  };
}

/** What the trace tells of Pods over time: how long they were too few, and what they cost. */
function costs(trace: ClusterTrace, durationSeconds: number, requestMilli: number) {
  let [overloadedNs, podNs, sinceNs, pods, readyPods, loadMilli] = [0, 0, 0, 0, 0, 0];
  let begun = false;
  const account = (nowNs: number): void => {
    const elapsed = nowNs - sinceNs;
    sinceNs = nowNs;
    podNs += elapsed * pods;
    if (begun && loadMilli > readyPods * requestMilli) overloadedNs += elapsed;
  };
  const ready = new Set<number>();
  const living = new Set<number>();
  for (let row = 0; row < trace.length; row++) {
    const pod = trace.field(row, 0);
    account(trace.timeNs(row));
    switch (trace.kind(row)) {
      case 'load':
        loadMilli = trace.field(row, 0);
        break;
      case 'podCreated':
        living.add(pod);
        break;
      case 'podReady':
        ready.add(pod);
        begun = true;
        break;
      case 'podNotReady':
        ready.delete(pod);
        break;
      case 'podDeleted':
        ready.delete(pod);
        living.delete(pod);
        break;
      default:
        break;
    }
    pods = living.size;
    readyPods = ready.size;
  }
  account(seconds(durationSeconds));
  return { overloadedSeconds: toSeconds(overloadedNs), podHours: toSeconds(podNs) / 3600 };
}

function replicaCurve(trace: ClusterTrace, durationSeconds: number): CurveModel {
  const asked = new Steps();
  const ready = new Steps();
  const bounds: CurveBound[] = [];
  const serving = new Set<number>();
  ready.set(0, 0);
  for (let row = 0; row < trace.length; row++) {
    const at = toSeconds(trace.timeNs(row));
    const kind = trace.kind(row);
    if (kind === 'load') bounds.push({ axis: 'x', at, label: `${trace.field(row, 0) / 1000} CPUs` });
    // A Deployment's first ReplicaSet is scaled from nothing: what was asked for at the start.
    if (kind === 'scaled' && asked.points.length === 0) asked.set(0, trace.field(row, 2));
    if (kind === 'autoscaled') asked.change(at, trace.field(row, 1), trace.field(row, 2));
    if (kind === 'podReady') serving.add(trace.field(row, 0));
    else if (kind === 'podNotReady' || kind === 'podDeleted') serving.delete(trace.field(row, 0));
    else continue;
    ready.set(at, serving.size);
  }
  return replicasOverTime({ asked, ready }, durationSeconds, bounds);
}

function looks(trace: ClusterTrace, event: number) {
  const rows: string[][] = [];
  for (let row = 0; row <= event; row++) {
    const kind = trace.kind(row);
    const at = `${toSeconds(trace.timeNs(row))} s`;
    const name = trace.textOf(trace.field(row, 0));
    if (kind === 'autoscalerLooks') {
      const [usage, recommended, desired] = [1, 2, 3].map((field) => String(trace.field(row, field)));
      rows.push([at, name, `${usage} %`, recommended!, desired!]);
    }
    if (kind === 'autoscalerFails') rows.push([at, name, 'unknown', '', trace.textOf(trace.field(row, 2))]);
  }
  return {
    title: 'Autoscaler',
    columns: ['at', 'name', 'usage', 'recommended', 'asked for'],
    rows: rows.slice(-8),
    whenEmpty: 'No autoscaler has looked yet.',
  };
}
