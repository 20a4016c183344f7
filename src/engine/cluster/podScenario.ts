import type { RandomStreams } from '../kernel/random.ts';
import type { Cluster } from './cluster.ts';
import type { ManifestObject } from './api/manifests.ts';
import { quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { seconds, toSeconds } from './clusterClock.ts';
import { clusterEvents, type ClusterTrace } from './clusterEvents.ts';
import { clusterAt, kubectlConsole } from './kubectl/clusterConsole.ts';
import { podsTimeline } from './clusterTimeline.ts';
import { clusterState } from './clusterViews.ts';
import { coursePod } from './api/courseManifests.ts';
import { manifestCluster, manifestDocument } from './manifestCluster.ts';

const stepBudget = 200_000;
const prepared = (
  manifests: readonly ManifestObject[],
  trace: ClusterTrace,
  random: RandomStreams,
): Cluster => manifestCluster(manifests, { nodes: 1, zones: 1, graceSeconds: 50, stepBudget }, trace, random);

/** The containers of a Pod: in which order they start, what they share, and how they end. */
export const pod = defineScenario({
  id: 'cluster.pod',
  title: 'Containers in one Pod',
  doc: 'Manifests are applied to one node. The containers of a Pod share a network and volumes; init containers run before the others, sidecars beside them.',
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
    readyPods: { label: 'Ready Pods', doc: 'Ready Pods at the end.', better: 'higher' },
    completedJobs: { label: 'Completed Jobs', doc: 'Jobs that are complete at the end.', better: 'higher' },
    failures: {
      label: 'Ends with an error',
      doc: 'How often a container ended with another code than 0.',
      better: 'lower',
    },
    filesFound: {
      label: 'Files found',
      doc: 'How often a container found the file that another one of its Pod writes.',
      better: 'higher',
    },
    filesMissed: { label: 'Files missed', doc: 'How often it did not.', better: 'lower' },
    readySeconds: {
      label: 'First ready',
      doc: 'When the first Pod was ready; 0 when none was.',
      better: 'lower',
    },
  },
  events: clusterEvents,
  policies: {},
  builtIn: {},
  documents: { manifests: manifestDocument(coursePod) },
  checks: {
    noFailure: {
      title: 'No container ends with an error',
      doc: 'Every container that ends does so with code 0.',
      args: {},
      violated: ({ trace }) => {
        for (let row = 0; row < trace.length; row++) {
          if (trace.kind(row) !== 'containerEnded' || trace.field(row, 2) === 0) continue;
          return {
            event: row,
            expected: 'no container ends with an error',
            actual: trace.say(row),
            because:
              'It lacked something at its start, and is started again only after a back-off: see the events before.',
          };
        }
        return undefined;
      },
    },
    startsBefore: {
      title: 'The log shipper starts first and stays',
      doc: 'In every Pod the container of the image `log-shipper` is the first to start, so that no line is lost.',
      args: {},
      violated: ({ trace }) => {
        const started = new Set<number>();
        for (let row = 0; row < trace.length; row++) {
          if (trace.kind(row) !== 'containerStarted') continue;
          const [podName, container] = [trace.field(row, 0), trace.textOf(trace.field(row, 1))];
          if (!started.has(podName) && container !== 'shipper')
            return {
              event: row,
              expected: 'the container "shipper" starts first',
              actual: `"${container}" starts first`,
              because:
                'What the app writes before the shipper runs may be lost when the Pod ends early; a sidecar starts before the app and ends after it.',
            };
          started.add(podName);
        }
        return undefined;
      },
    },
  },
  views: {
    timeline: {
      doc: 'The life of each Pod.',
      model: ({ trace, params }) => podsTimeline(trace, seconds(params.durationSeconds)),
    },
    state: { doc: 'Pods after any event.', model: ({ trace }, event) => clusterState(trace, event) },
  },
  oracle:
    'The order of init containers and sidecars in the documentation, by hand (test/unit/cluster/manifests.test.ts).',
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
    let [failures, filesFound, filesMissed, readySeconds] = [0, 0, 0, 0];
    for (let row = 0; row < trace.length; row++) {
      const kind = trace.kind(row);
      if (kind === 'containerEnded' && trace.field(row, 2) !== 0) failures++;
      if (kind === 'podReady' && readySeconds === 0) readySeconds = toSeconds(trace.timeNs(row));
      if (kind === 'file' && trace.textOf(trace.field(row, 2)).startsWith('/logs')) {
        if (trace.field(row, 3) === 1) filesFound++;
        else filesMissed++;
      }
    }
    const readyPods = [...cluster.store.list('Pod')].filter(({ status }) => status.ready).length;
    const completedJobs = [...cluster.store.list('Job')].filter(
      ({ status }) => status.complete && status.succeeded > 0,
    ).length;
    return { readyPods, completedJobs, failures, filesFound, filesMissed, readySeconds };
  },
});
