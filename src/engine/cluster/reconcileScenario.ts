import { count, quantity } from '../kernel/parameters.ts';
import type { RandomStream } from '../kernel/random.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { seconds, toSeconds } from './clusterClock.ts';
import { appName, controllerPolicies, mostWanted, otherOwner } from './reconcile/controllerPolicy.ts';
import { levelController } from './reconcile/levelController.ts';
import { reconcileChecks } from './reconcile/reconcileChecks.ts';
import { reconcileEvents, type ReconcileTrace } from './reconcile/reconcileEvents.ts';
import { reconcileState, reconcileTimeline } from './reconcile/reconcileViews.ts';
import { ReconcileWorld } from './reconcile/reconcileWorld.ts';

/** Changes and faults begin and end here; what fails by chance does so until `quiet`. All in seconds. */
const times = { first: 20, last: 180, quiet: 200, examined: 260, end: 320 } as const;

/** A controller against a world in which calls, events and processes fail. */
export const reconcile = defineScenario({
  id: 'cluster.reconcile',
  title: 'A controller among faults',
  doc:
    'A controller keeps the Pods of one object. For three minutes what is declared changes, Pods fail, the watch lags, repeats itself and breaks, ' +
    'calls end without an answer, others write to the same object, and the controller crashes. Then it is quiet. A minute later everything has to be as declared, and to stay so.',
  params: {
    replicas: count({
      label: 'Replicas',
      doc: 'Pods that are declared at first.',
      min: 1,
      max: 10,
      default: 3,
      say: (n) => (n === 1 ? '1 replica' : `${n} replicas`),
    }),
    maxSurge: count({
      label: 'maxSurge',
      doc: 'Pods that may exist above `replicas`.',
      min: 1,
      max: 5,
      default: 1,
      say: (n) => `maxSurge ${n}`,
    }),
    scalings: count({
      label: 'Scalings',
      doc: 'How often another number of Pods is declared.',
      min: 0,
      max: 10,
      default: 1,
      say: (n) => (n === 1 ? 'scaled once' : `scaled ${n} times`),
    }),
    rollouts: count({
      label: 'Rollouts',
      doc: 'How often another version is declared.',
      min: 0,
      max: 10,
      default: 1,
      say: (n) => (n === 1 ? '1 rollout' : `${n} rollouts`),
    }),
    failures: count({
      label: 'Failures',
      doc: 'How many Pods end with an error.',
      min: 0,
      max: 10,
      default: 1,
      say: (n) => (n === 1 ? '1 Pod fails' : `${n} Pods fail`),
    }),
    staleMs: quantity('ms', {
      label: 'Lag',
      doc: 'The watch tells of a write at most so long after it.',
      min: 0,
      max: 5000,
      step: 100,
      default: 200,
    }),
    duplicatePercent: quantity('percent', {
      label: 'Told twice',
      doc: 'Share of the events that the watch tells twice.',
      min: 0,
      max: 100,
      step: 5,
      default: 10,
    }),
    breaks: count({
      label: 'Broken watches',
      doc: 'How often the watch breaks for some seconds; it goes on where it had ended or, if the store has forgotten that, lists everything.',
      min: 0,
      max: 10,
      default: 1,
      say: (n) => (n === 1 ? 'the watch breaks once' : `the watch breaks ${n} times`),
    }),
    crashes: count({
      label: 'Crashes',
      doc: 'How often the controller crashes in the middle of its work.',
      min: 0,
      max: 10,
      default: 1,
      say: (n) => (n === 1 ? '1 crash' : `${n} crashes`),
    }),
    timeoutPercent: quantity('percent', {
      label: 'No answer',
      doc: 'Share of the writes that end without an answer. Half of them were done.',
      min: 0,
      max: 60,
      step: 5,
      default: 5,
    }),
    conflictPercent: quantity('percent', {
      label: 'Conflicts',
      doc: 'Share of the status updates just before which somebody else writes to the object.',
      min: 0,
      max: 80,
      step: 5,
      default: 20,
    }),
  },
  metrics: {
    settledSeconds: {
      label: 'Settled after',
      doc: 'From the last change or failure until everything was as declared for good; 0 when it never was.',
      better: 'lower',
    },
    mostAboveAllowed: {
      label: 'Too many Pods',
      doc: 'Most Pods above replicas + maxSurge after a creation.',
      better: 'lower',
    },
    leftOver: { label: 'Left over', doc: 'Pods at the end that nobody declared.', better: 'lower' },
    missing: { label: 'Missing', doc: 'Ready Pods that are missing at the end.', better: 'lower' },
    writes: { label: 'Writes', doc: 'Calls that changed something.', better: 'lower' },
    serverReads: {
      label: 'Reads from the server',
      doc: 'Reads that did not use the cache.',
      better: 'lower',
    },
    refused: {
      label: 'Conflicts and timeouts',
      doc: 'Writes that were refused or got no answer.',
      better: 'neither',
    },
  },
  events: reconcileEvents,
  policies: controllerPolicies,
  builtIn: { controller: levelController },
  checks: reconcileChecks,
  views: {
    timeline: {
      doc: 'The life of each Pod, broken watches and crashes.',
      model: ({ trace }) => reconcileTimeline(trace, seconds(times.end)),
    },
    state: {
      doc: 'What the store has and what the cache shows, after any event.',
      model: ({ trace }, event) => reconcileState(trace, event),
    },
  },
  oracle:
    'A count of the Pods kept beside the engine from the calls alone, and controllers with one known mistake each, which must be caught (test/conformance/reconcile.test.ts).',
  stepBudget: 200_000,
  run({ params, trace, random, stepBudget, start, restart, refuse }) {
    const world = new ReconcileWorld(
      { trace, random, stepBudget, refuse },
      {
        staleNs: seconds(params.staleMs / 1000),
        duplicateShare: params.duplicatePercent / 100,
        timeoutShare: params.timeoutPercent / 100,
        conflictShare: params.conflictPercent / 100,
      },
      (handlers) => restart({ controller: handlers }).controller,
    );
    const { replicas, maxSurge } = params;
    world.begin({ replicas, version: 1, maxSurge }, start({ controller: world.handlers }).controller);
    disturb(world, random.stream('disturbances'), params);
    const { simulation } = world;
    simulation.at(seconds(times.quiet), () => (world.unreliable = false));
    simulation.at(seconds(times.examined), () => world.examine());
    for (const again of [10, 30, 50]) simulation.at(seconds(times.examined + again), () => world.listAgain());
    simulation.run({ untilNs: seconds(times.end) });
    world.examine();
    return measured(trace, world.settled);
  },
});

interface Disturbances {
  readonly scalings: number;
  readonly rollouts: number;
  readonly failures: number;
  readonly breaks: number;
  readonly crashes: number;
}

/** Draws when what happens. Broken watches and crashes come close to changes, where they hurt. */
function disturb(world: ReconcileWorld, draw: RandomStream, counts: Disturbances): void {
  const { simulation } = world;
  const moment = (): number => draw.integer(seconds(times.first), seconds(times.last));
  const moments: number[] = [];
  const plan = (often: number, action: () => void): void => {
    for (let n = 0; n < often; n++) {
      const atNs = moment();
      moments.push(atNs);
      simulation.at(atNs, action);
    }
  };
  plan(counts.scalings, () => {
    const before = world.declared.replicas;
    const drawn = draw.integer(0, Math.min(mostWanted, 9));
    world.declare({ replicas: drawn === before ? before + 1 : drawn });
  });
  plan(counts.rollouts, () => world.declare({ version: world.declared.version + 1 }));
  plan(counts.failures, () => world.fail(appName));
  simulation.at(seconds(times.first / 2), () => world.fail(otherOwner));
  const near = (): number => (moments.length === 0 ? moment() : draw.choose(moments));
  for (let n = 0; n < counts.breaks; n++) {
    const atNs = near() - draw.integer(0, seconds(1));
    const [forNs, forgotten] = [draw.integer(seconds(3), seconds(12)), draw.uniform() < 0.5];
    simulation.at(atNs, () => world.breakWatch(forNs, forgotten));
  }
  for (let n = 0; n < counts.crashes; n++) {
    const atNs = near() + draw.integer(0, seconds(2));
    const writes = draw.integer(1, 3);
    simulation.at(atNs, () => world.crashAfter(writes));
  }
}

function measured(trace: ReconcileTrace, settled: boolean) {
  let [mostAboveAllowed, leftOver, missing, writes, serverReads, refused] = [0, 0, 0, 0, 0, 0];
  let [disturbedNs, actedNs] = [0, 0];
  const others = new Set<number>();
  for (let row = 0; row < trace.length; row++) {
    switch (trace.kind(row)) {
      case 'otherPod':
        others.add(trace.field(row, 0));
        break;
      case 'podFailed':
        if (others.has(trace.field(row, 0))) break;
        disturbedNs = actedNs = trace.timeNs(row);
        break;
      case 'declared':
        disturbedNs = actedNs = trace.timeNs(row);
        break;
      case 'podCreated':
        mostAboveAllowed = Math.max(mostAboveAllowed, trace.field(row, 2) - trace.field(row, 3));
        writes++;
        actedNs = trace.timeNs(row);
        break;
      case 'podDeleted':
      case 'idlePodDeleted':
      case 'statusWritten':
        writes++;
        actedNs = trace.timeNs(row);
        break;
      case 'podReady':
      case 'podGone':
        if (others.has(trace.field(row, 0))) break;
        actedNs = trace.timeNs(row);
        break;
      case 'readServer':
        serverReads++;
        break;
      case 'createRefused':
      case 'deleteRefused':
      case 'statusRefused':
        refused++;
        break;
      case 'examinedPods':
        leftOver = Math.max(0, trace.field(row, 1) - trace.field(row, 0)) + trace.field(row, 3);
        missing = Math.max(0, trace.field(row, 0) - trace.field(row, 2));
        break;
      default:
        break;
    }
  }
  const settledSeconds = settled ? toSeconds(actedNs - disturbedNs) : 0;
  return { settledSeconds, mostAboveAllowed, leftOver, missing, writes, serverReads, refused };
}
