import { choice, count, flagParameter } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { Cluster } from './cluster.ts';
import { seconds, toSeconds } from './clusterClock.ts';
import { clusterEvents } from './clusterEvents.ts';
import { podsTimeline } from './clusterTimeline.ts';
import { clusterGraph, clusterState } from './clusterViews.ts';
import { courseDeployment } from './api/courseDeployment.ts';
import { budgetStatus, type DisruptionBudget } from './controllers/disruptionBudget.ts';
import schema from './controllers/disruptionVector.schema.json' with { type: 'json' };
import { validate } from './controllers/disruptionVector.validator.js';
import { drain } from './controllers/evictions.ts';
import type { IntOrPercent } from './api/intOrPercent.ts';
import { vectorDocument } from './api/vectorDocument.ts';

interface Vector extends DisruptionBudget {
  readonly expectedPods: number;
  readonly healthyPods: number;
}
const drainAtSeconds = 60;
const endSeconds = 660;

/** Nodes that are drained, one after the other, under a PodDisruptionBudget. */
export const disruption = defineScenario({
  id: 'cluster.disruption',
  title: 'Draining nodes under a disruption budget',
  doc: 'A Deployment runs on a few nodes. After a minute every node but the last is drained, all at once, as in a hurried upgrade. Evictions ask the budget; a crash, a dead node and a rollout do not.',
  params: {
    pods: count({ label: 'Pods', doc: 'Replicas.', min: 1, max: 50, default: 7, say: (n) => `${n} Pods` }),
    form: choice({
      label: 'Budget',
      doc: 'Which form the budget has.',
      values: {
        minAvailable: 'So much must be there.',
        maxUnavailable: 'So much may be missing.',
        none: 'There is no budget.',
      },
      default: 'minAvailable',
    }),
    amount: count({
      label: 'Amount',
      doc: 'Pods, or percent of them.',
      min: 0,
      max: 100,
      default: 50,
      say: (n) => `budget ${n}`,
    }),
    percent: flagParameter({
      label: 'In percent',
      doc: 'Whether the amount is a share; both forms round it up.',
      default: true,
    }),
    nodes: count({ label: 'Nodes', doc: 'Nodes of the cluster.', min: 2, max: 10, default: 3 }),
  },
  metrics: {
    desiredHealthy: { label: 'Must stay', doc: 'Pods that the budget keeps.', better: 'neither' },
    disruptionsAllowed: {
      label: 'Disruptions allowed',
      doc: 'Evictions that are allowed while all are healthy; of a vector, at its moment. All Pods when there is no budget.',
      better: 'neither',
    },
    fewestReady: {
      label: 'Fewest ready',
      doc: 'Fewest ready Pods during the drain. 0 of a vector.',
      better: 'higher',
    },
    refused: {
      label: 'Evictions refused',
      doc: 'How often an eviction was refused and asked for again.',
      better: 'neither',
    },
    drainSeconds: {
      label: 'Drain',
      doc: 'Until the last drained node is empty; 0 when it never is.',
      better: 'lower',
    },
  },
  events: clusterEvents,
  policies: {},
  builtIn: {},
  documents: {
    vector: vectorDocument<Partial<Vector>, Vector>({
      doc: 'A budget and the numbers of Pods.',
      inPlaceOf: 'all',
      schema,
      validate,
      check: (written, problems) => {
        if (written.expectedPods === undefined) problems.value([], 'There is no "expectedPods".', 'Add it.');
        if ((written.minAvailable === undefined) === (written.maxUnavailable === undefined))
          problems.value([], 'A budget has exactly one of "minAvailable" and "maxUnavailable".', 'Keep one.');
        const expectedPods = written.expectedPods ?? 0;
        return { ...written, expectedPods, healthyPods: written.healthyPods ?? expectedPods };
      },
    }),
  },
  checks: {},
  views: {
    timeline: {
      doc: 'What becomes of the requests to each Service, and the life of each Pod.',
      model: ({ trace }) => podsTimeline(trace, seconds(endSeconds)),
    },
    graph: {
      doc: 'Services and their requests, nodes and Pods after any event.',
      model: ({ trace }, event) => clusterGraph(trace, event),
    },
    state: { doc: 'Pods after any event.', model: ({ trace }, event) => clusterState(trace, event) },
  },
  oracle:
    'The examples of the documentation of PodDisruptionBudgets, and counting (test/conformance/kubernetesVectors.test.ts).',
  stepBudget: 500_000,
  run({ params, trace, random, stepBudget, documents, start }) {
    start({});
    const vector = documents.vector.value;
    if (vector !== undefined) {
      const { desiredHealthy, disruptionsAllowed } = budgetStatus(
        vector,
        vector.expectedPods,
        vector.healthyPods,
      )!;
      return { desiredHealthy, disruptionsAllowed, fewestReady: 0, refused: 0, drainSeconds: 0 };
    }
    const amount: IntOrPercent = params.percent ? `${params.amount}%` : params.amount;
    const budget: DisruptionBudget = params.form === 'none' ? {} : { [params.form]: amount };
    const cluster = new Cluster({ graceSeconds: 50, stepBudget }, trace, random);
    for (let node = 1; node <= params.nodes; node++)
      cluster.addNode({
        name: `node-${node}`,
        zone: `zone-${node % 3}`,
        cpuMilli: 16_000,
        memoryBytes: 2 ** 35,
      });
    cluster.apply<'Deployment'>(
      courseDeployment({ name: 'shop', replicas: params.pods, image: 'registry.example/shop:1.0' }),
    );
    if (params.form !== 'none')
      cluster.apply<'PodDisruptionBudget'>({
        kind: 'PodDisruptionBudget',
        metadata: { name: 'shop' },
        spec: { selector: { matchLabels: { app: 'shop' } }, ...budget },
        status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
      });
    cluster.simulation.at(seconds(drainAtSeconds), () => {
      for (let node = 1; node < params.nodes; node++) drain(cluster, `node-${node}`);
    });
    cluster.simulation.run({ untilNs: seconds(endSeconds) });
    const { desiredHealthy, disruptionsAllowed } = budgetStatus(budget, params.pods, params.pods)!;
    const ready = new Set<number>();
    let [fewestReady, refused, drained, drainSeconds] = [Infinity, 0, 0, 0];
    for (let row = 0; row < trace.length; row++) {
      const kind = trace.kind(row);
      const pod = trace.field(row, 0);
      if (kind === 'podReady') ready.add(pod);
      if (kind === 'podNotReady' || kind === 'podDeleted') ready.delete(pod);
      if (kind === 'evictionRefused') refused++;
      if (kind === 'drained' && ++drained === params.nodes - 1)
        drainSeconds = toSeconds(trace.timeNs(row)) - drainAtSeconds;
      if (trace.timeNs(row) >= seconds(drainAtSeconds)) fewestReady = Math.min(fewestReady, ready.size);
    }
    return {
      desiredHealthy,
      disruptionsAllowed,
      fewestReady: fewestReady === Infinity ? ready.size : fewestReady,
      refused,
      drainSeconds,
    };
  },
});
