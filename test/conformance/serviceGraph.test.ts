import assert from 'node:assert/strict';
import { deterministic, exponential, type Distribution } from '../../src/engine/kernel/distributions.ts';
import { randomStreams } from '../../src/engine/kernel/random.ts';
import { noRetries } from '../../src/engine/cluster/serviceGraph/resilience.ts';
import type { CallSpec, GraphSpec, ServiceSpec } from '../../src/engine/cluster/serviceGraph/graphSpec.ts';
import { ServiceGraph } from '../../src/engine/cluster/serviceGraph/serviceGraph.ts';
import { scenarios } from '../../src/engine/scenarios.ts';

/**
 * Truth from elsewhere: closed forms of queueing theory, 1 − (1 − p)^n, and Dean & Barroso, "The Tail at Scale", CACM 56(2), 2013.
 * Tolerances are stated with each number; a rival model that must fail stands beside it where a wrong one would be near.
 */

const ms = 1e6;
const call = (to: number, more: Partial<CallSpec> = {}): CallSpec => ({
  to,
  fanOut: 1,
  balancing: 'random',
  hopNs: 0,
  timeoutNs: Infinity,
  hedgeAfterNs: Infinity,
  optional: false,
  resilience: noRetries,
  ...more,
});
const service = (name: string, work: Distribution, more: Partial<ServiceSpec> = {}): ServiceSpec => ({
  name,
  replicas: 1,
  concurrency: 1,
  queueLimit: 1e9,
  work,
  errorShare: 0,
  stages: [],
  ...more,
});
function ran(
  spec: Partial<GraphSpec> & Pick<GraphSpec, 'services'>,
  seconds: number,
  perMs: number,
  seed = 1,
) {
  const graph = new ServiceGraph(
    { client: call(0), interarrival: exponential(ms / perMs), disturbances: [], ...spec },
    randomStreams(seed),
    { stepBudget: 1e9 },
  );
  graph.run(seconds * 1e9, 'drain');
  return graph;
}
const meanMs = ({ latenciesNs }: ServiceGraph): number =>
  latenciesNs.reduce((sum, ns) => sum + ns, 0) / latenciesNs.length / ms;
const near = (seen: number, expected: number, share: number, what: string): void =>
  assert.ok(
    Math.abs(seen / expected - 1) <= share,
    `${what}: ${seen}, expected ${expected} ± ${share * 100} %`,
  );

/** Erlang C: mean time in an M/M/c queue, in service times. */
function erlangC(servers: number, load: number): number {
  const offered = servers * load;
  let term = 1;
  let sum = 1;
  for (let k = 1; k < servers; k++) sum += term *= offered / k;
  const last = (term * offered) / servers / (1 - load);
  const waits = last / (sum + last);
  return 1 + waits / (servers * (1 - load));
}

describe('a service graph', () => {
  // Longer where one stay says more of the next.
  for (const [servers, load, seconds] of [
    [1, 0.5, 200],
    [1, 0.8, 1000],
    [4, 0.8, 200],
    [8, 0.9, 200],
  ] as const) {
    it(`of one service with ${servers} places at ${load * 100} % load is M/M/c (3 %)`, () => {
      const graph = ran(
        { services: [service('a', exponential(ms), { concurrency: servers })] },
        seconds,
        servers * load,
      );
      near(meanMs(graph), erlangC(servers, load), 0.03, 'mean stay');
      near(graph.busyUntil(0, seconds * 1e9) / (servers * seconds * 1e9), load, 0.02, 'busy share');
    });
  }

  it('of services in a row is a sum of M/M/1 (Burke, 1956; 3 %)', () => {
    const front = service('front', deterministic(0), {
      concurrency: 1e9,
      stages: [[call(1)], [call(2)], [call(3)]],
    });
    const graph = ran(
      { services: [front, ...['a', 'b', 'c'].map((name) => service(name, exponential(ms)))] },
      150,
      0.7,
    );
    near(meanMs(graph), 3 / (1 - 0.7), 0.03, 'mean stay');
  });

  for (const [load, expected] of [
    [0.5, 1.2657],
    [0.7, 1.6145],
    [0.9, 2.6141],
  ] as const) {
    it(`with the better of two choices among 200 is Mitzenmacher's limit at ${load} (3 %), and random choice is not`, () => {
      const services = [service('a', exponential(ms), { replicas: 200 })];
      const two = ran({ services, client: call(0, { balancing: 'two-choices' }) }, 8, 200 * load);
      near(meanMs(two), expected, 0.03, 'mean stay');
      const random = ran({ services, client: call(0, { balancing: 'random' }) }, 8, 200 * load);
      assert.ok(Math.abs(meanMs(random) / expected - 1) > 0.3, 'the rival');
    });
  }

  it('loses no request: every one succeeded, failed or is under way', () => {
    const lossy = service('a', exponential(5 * ms), { queueLimit: 3, errorShare: 0.1, concurrency: 2 });
    for (let seed = 1; seed <= 20; seed++) {
      const graph = new ServiceGraph(
        {
          services: [
            service('front', exponential(ms), { concurrency: 9, stages: [[call(1, { fanOut: 2 })]] }),
            lossy,
          ],
          client: call(0, {
            timeoutNs: 20 * ms,
            resilience: { ...noRetries, retryAfter: (_, n) => (n < 3 ? ms : undefined) },
          }),
          interarrival: exponential(3 * ms),
          disturbances: [],
        },
        randomStreams(seed),
        { stepBudget: 1e6 },
      );
      graph.run(2e9, 'drain');
      assert.equal(graph.underWay, 0);
      for (const totals of graph.totals) assert.equal(totals.arrived, totals.completed + totals.rejected);
      assert.equal(graph.waiting(0) + graph.waiting(1) + graph.working(0) + graph.working(1), 0);
    }
  });
});

describe('The Tail at Scale', () => {
  const execute = (params: Record<string, number>) => {
    const outcome = scenarios['cluster.service-graph']!.execute({ params });
    assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
    return outcome.run.metrics;
  };

  it('TAIL-63 (gate, 0.5 points): of requests to 100 leaves of which 1 in 100 is slow, 63 % are slow', () => {
    const { slowRequestsPercent } = execute({ requests: 40_000, fanOut: 100, slowPercent: 1 });
    assert.ok(Math.abs(slowRequestsPercent! - 63.397) < 0.5, String(slowRequestsPercent));
    // The rival that adds the shares up says 100 %, the one that forgets the fan-out 1 %.
  });

  it('TAIL-18 (gate, 0.5 points beside two standard errors of 0.7): of requests to 2,000 leaves of which 1 in 10,000 is slow, almost one in five is slow', () => {
    const { slowRequestsPercent } = execute({ requests: 3000, fanOut: 2000, slowPercent: 0.01 });
    assert.ok(Math.abs(slowRequestsPercent! - 18.13) < 1.9, String(slowRequestsPercent));
  });

  it('1 − (1 − p)^n for other numbers of leaves, within three standard errors', () => {
    for (const [leaves, percent] of [
      [1, 5],
      [10, 1],
      [30, 2],
      [200, 0.5],
    ] as const) {
      const requests = 4000;
      let none = 1;
      for (let leaf = 0; leaf < leaves; leaf++) none *= 1 - percent / 100;
      const { slowRequestsPercent } = execute({ requests, fanOut: leaves, slowPercent: percent });
      const error = 300 * Math.sqrt((none * (1 - none)) / requests);
      assert.ok(
        Math.abs(slowRequestsPercent! - 100 * (1 - none)) <= error,
        `${leaves} leaves: ${slowRequestsPercent}`,
      );
    }
  });

  // The published service read 1,000 keys of 100 servers, which answered late now and then; here each call is late by itself, and
  // few enough are that both attempts seldom are.
  it('TAIL-hedge (gate): a hedge cuts the 99.9th percentile at least tenfold for at most 5 % more calls', () => {
    const usual = { requests: 20_000, fanOut: 10, leafMs: 5, slowPercent: 0.8, slowMs: 1800 };
    const without = execute(usual);
    const hedged = execute({ ...usual, hedgeAfterMs: 10 });
    assert.ok(without['p999Ms']! / hedged['p999Ms']! >= 10, `${without['p999Ms']} to ${hedged['p999Ms']}`);
    // Predicted: the share of calls that take longer than the hedge waits.
    assert.ok(Math.abs(hedged['extraCallsPercent']! - 0.8) < 0.1, String(hedged['extraCallsPercent']));
  });
});

describe('one program, whole or in services', () => {
  const execute = (params: Record<string, number>) => {
    const outcome = scenarios['cluster.monolith-vs-micro']!.execute({ params });
    assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
    return outcome.run.metrics;
  };

  it('has the instances and the cost of a calculation by hand', () => {
    // 300 requests of 20 ms are 6 CPUs of work; at most 60 % busy makes 10 instances of 0.3 + 4 × 0.5 GiB.
    // Hot: 12.5 ms × 300 / 0.6 = 6.25, so 7. Each other: 3.1667 ms × 300 / 0.6 = 1.58, so 2. In all 13 instances of 0.8 GiB.
    const metrics = execute({
      requestsPerSecond: 300,
      modules: 4,
      hotPercent: 60,
      callMs: 0.5,
      requests: 500,
    });
    assert.equal(metrics['monolithInstances'], 10);
    assert.ok(Math.abs(metrics['monolithCostPerHour']! - 10 * (0.03 + 2.3 * 0.004)) < 1e-12);
    assert.equal(metrics['microInstances'], 13);
    assert.ok(Math.abs(metrics['microCostPerHour']! - 13 * (0.03 + 0.8 * 0.004)) < 1e-12);
  });

  it('with free calls and memory costs the same at scale, and the monolith less in small', () => {
    const free = { callMs: 0, hopMs: 0, baseGiB: 0, moduleGiB: 0, hotPercent: 50, requests: 100 };
    const large = execute({ ...free, requestsPerSecond: 20_000, modules: 5 });
    assert.ok(Math.abs(large['microCostPerHour']! / large['monolithCostPerHour']! - 1) < 0.01);
    const small = execute({ ...free, requestsPerSecond: 10, modules: 5 });
    assert.equal(small['microCostPerHour']! / small['monolithCostPerHour']!, 5);
  });

  it('of one module takes as long as Erlang C says (5 %)', () => {
    const metrics = execute({
      modules: 1,
      requestsPerSecond: 500,
      busyPercent: 80,
      requests: 60_000,
      callMs: 0,
      hopMs: 0,
    });
    // The median of an M/M/c stay has no short form; with 13 instances hardly anybody waits, and it is near that of the work.
    const instances = metrics['monolithInstances']!;
    assert.equal(instances, 13);
    near(metrics['monolithP50Ms']!, metrics['microP50Ms']!, 0.05, 'both designs are the same queue');
  });
});
