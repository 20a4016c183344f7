import { exponential } from '../../src/engine/kernel/distributions.ts';
import { randomStreams } from '../../src/engine/kernel/random.ts';
import { clientLibrary } from '../../src/engine/cluster/serviceGraph/resilience.ts';
import type { CallSpec } from '../../src/engine/cluster/serviceGraph/graphSpec.ts';
import { ServiceGraph } from '../../src/engine/cluster/serviceGraph/serviceGraph.ts';
import { median, type Bench } from './bench.ts';

const ms = 1e6;
/** Callees of each of ten services, stage by stage. */
const stages = [[[1, 2], [3]], [[4]], [[5, 6]], [[7]], [], [[8]], [], [[9]], [], []];

/** Visits per second of the machine's time, through ten services with timeouts, retries with a budget, and two choices. */
function visitsPerSecond(): number {
  const random = randomStreams(1);
  const call = (to: number): CallSpec => ({
    to,
    fanOut: 1,
    balancing: 'two-choices',
    hopNs: 0,
    timeoutNs: 100 * ms,
    hedgeAfterNs: Infinity,
    optional: false,
    resilience: clientLibrary(
      { attempts: 3, backoffNs: 10 * ms, jitter: true, budgetShare: 0.1 },
      random.stream(`backoff ${to}`),
    ),
  });
  const graph = new ServiceGraph(
    {
      services: stages.map((calls, index) => ({
        name: `service ${index}`,
        replicas: 4,
        concurrency: calls.length > 0 ? 64 : 4,
        queueLimit: 1000,
        work: exponential(ms),
        errorShare: 0.001,
        stages: calls.map((stage) => stage.map(call)),
      })),
      client: call(0),
      interarrival: exponential(ms / 6),
      disturbances: [],
    },
    random,
    { stepBudget: Infinity },
  );
  const began = performance.now();
  graph.run(10_000 * ms, 'drain');
  const visits = graph.totals.reduce((sum, { arrived }) => sum + arrived, 0);
  return (visits * 1000) / (performance.now() - began);
}

export const bench: Bench = {
  name: 'service graph',
  async *run() {
    visitsPerSecond();
    yield* [
      {
        what: 'service visits through ten services with timeouts and retries',
        value: median([visitsPerSecond(), visitsPerSecond(), visitsPerSecond()]) / 1e6,
        unit: 'million/s',
        atLeast: 1,
      },
    ];
  },
};
