import { exponential } from '../kernel/distributions.ts';
import { choice, count, flagParameter, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { percentile } from '../kernel/statistics.ts';
import { defineEvents } from '../kernel/trace.ts';
import { sayMs, type BarsModel, type GraphModel } from '../kernel/view.ts';
import {
  call,
  fanOut,
  hotService,
  namesOf,
  recommendations,
  roomForAll,
  shop,
  shopStages,
} from './serviceGraph/exampleGraphs.ts';
import { tailOfLatencies } from './serviceGraph/latencyTail.ts';
import { balancings } from './serviceGraph/loadBalancing.ts';
import { ServiceGraph } from './serviceGraph/serviceGraph.ts';

const nsPerMs = 1e6;

const events = defineEvents({
  answer: {
    doc: 'A request of a client was answered, or failed (`ok` is 0).',
    fields: ['request', 'latencyNs', 'ok'],
    say: ({ request, latencyNs, ok }) =>
      `request ${request} ${ok === 1 ? 'is answered' : 'fails'} after ${sayMs(latencyNs!)}`,
  },
  load: {
    doc: 'How a service stands at the end of a tenth of the run.',
    fields: ['service', 'working', 'waiting', 'busyPercent'],
    say: ({ service, working, waiting, busyPercent }) =>
      `service ${service}: ${working} at work, ${waiting} waiting, ${busyPercent} % of its places busy so far`,
  },
});

/** Requests through a graph of services: how tails add up, what one hot or failing service does to all. */
export const serviceGraph = defineScenario({
  id: 'cluster.service-graph',
  title: 'Requests through a graph of services',
  doc:
    'Clients send requests to a front end, which calls other services and waits for them. Replicas serve a bounded number of ' +
    'requests at once and hold a place while they wait. A server does not learn that its caller has given up.',
  params: {
    graph: choice({
      label: 'Graph',
      doc: 'Who calls whom.',
      values: {
        'fan-out':
          'The front end asks many leaves at once and waits for all. Leaves have room for everybody.',
        shop: 'Front end, session, catalogue with search, recommendations, basket with stock.',
      },
      default: 'fan-out',
    }),
    requests: count({
      label: 'Requests',
      doc: 'Requests that clients send, on average.',
      min: 1,
      max: 200_000,
      default: 1000,
      say: (requests) => `${requests} requests`,
    }),
    requestsPerSecond: quantity('none', {
      label: 'Requests per second',
      doc: 'How many clients send in a second, on average, each independently of the others.',
      min: 0.1,
      max: 100_000,
      step: 10,
      default: 100,
      say: (rate) => `${rate} requests per second`,
    }),
    fanOut: count({
      label: 'Leaves',
      doc: 'Leaves that a request of the graph `fan-out` needs.',
      min: 1,
      max: 2000,
      default: 100,
      say: (leaves) => (leaves === 1 ? '1 leaf' : `${leaves} leaves`),
    }),
    leafMs: quantity('ms', {
      label: 'Usual time of a leaf',
      doc: 'A leaf usually takes this long, give or take one half.',
      min: 0.01,
      max: 10_000,
      step: 1,
      default: 10,
    }),
    slowPercent: quantity('percent', {
      label: 'Slow leaves',
      doc: 'Share of the calls to a leaf that take `slowMs`, each independently of the others.',
      min: 0,
      max: 100,
      step: 0.1,
      default: 1,
      say: (percent) => `${percent} % of the leaf calls slow`,
    }),
    slowMs: quantity('ms', {
      label: 'Slow time of a leaf',
      doc: 'How long a slow call to a leaf takes.',
      min: 0.01,
      max: 100_000,
      step: 10,
      default: 1000,
    }),
    hedgeAfterMs: quantity('ms', {
      label: 'Hedge after',
      doc: 'A second attempt is sent to a leaf that has not answered after this; the first answer counts. 0 for never.',
      min: 0,
      max: 100_000,
      step: 1,
      default: 0,
      say: (ms) => (ms === 0 ? 'no hedging' : `hedged after ${ms} ms`),
    }),
    replicas: count({
      label: 'Replicas',
      doc: 'Replicas of each service of the shop but `search`.',
      min: 1,
      max: 200,
      default: 2,
    }),
    hotReplicas: count({
      label: 'Replicas of search',
      doc: 'Replicas of `search`, on which the shop spends most of its work.',
      min: 1,
      max: 200,
      default: 2,
    }),
    balancing: choice({
      label: 'Load balancing',
      doc: 'How callers choose a replica.',
      values: balancings,
      default: 'random',
    }),
    failing: choice({
      label: 'Failing service',
      doc: 'A service of the shop that answers every request with an error.',
      values: {
        none: 'None fails.',
        recommendations: 'Recommendations, which a page can do without.',
        search: 'Search, which the catalogue needs.',
      },
      default: 'none',
    }),
    fallback: flagParameter({
      label: 'Fallback',
      doc: 'Whether the front end shows the page without recommendations when they fail.',
      default: false,
      say: (fallback) => (fallback ? 'with a fallback' : 'without a fallback'),
    }),
  },
  metrics: {
    p50Ms: {
      label: 'Median',
      doc: 'Latency that half of the answered requests do not exceed.',
      better: 'lower',
    },
    p99Ms: {
      label: '99th percentile',
      doc: 'Latency that 99 % of the answered requests do not exceed.',
      better: 'lower',
    },
    p999Ms: {
      label: '99.9th percentile',
      doc: 'Latency that 99.9 % of the answered requests do not exceed.',
      better: 'lower',
    },
    slowRequestsPercent: {
      label: 'Slow requests',
      doc: 'Share of the answered requests that took at least `slowMs`.',
      better: 'lower',
    },
    failedPercent: { label: 'Failed', doc: 'Share of the requests that failed.', better: 'lower' },
    extraCallsPercent: {
      label: 'Extra calls',
      doc: 'Calls to leaves that hedging added, as a share of those without it.',
      better: 'lower',
    },
    searchBusyPercent: {
      label: 'Search busy',
      doc: 'Share of the places of `search` that were taken, over time. 0 in the graph `fan-out`.',
      better: 'neither',
    },
    replicasTotal: {
      label: 'Replicas in all',
      doc: 'Replicas that run, which is what is paid for.',
      better: 'lower',
    },
  },
  events,
  policies: {},
  builtIn: {},
  checks: {},
  views: {
    curve: {
      doc: 'Share of requests that take longer than a time.',
      model: (run) => tailOfLatencies(answeredNs(run.trace), run.metrics.p99Ms),
    },
    bars: {
      doc: 'How busy the places of each service were.',
      model: (run): BarsModel => ({
        kind: 'bars',
        title: 'Places taken, over time',
        axis: { label: 'Busy', unit: '%', from: 0, to: 100 },
        parts: [{ label: 'busy', tone: 'busy', letter: '' }],
        rows: namesOf(run.params.graph).map((label, service) => ({
          label,
          values: [lastLoad(run.trace, run.trace.length - 1, service)?.[3] ?? 0],
        })),
      }),
    },
    graph: {
      doc: 'Who calls whom, and how busy each is, after any event.',
      model: (run, event) =>
        graphAt(run.params.graph, run.params.fanOut, (service) => lastLoad(run.trace, event, service)),
    },
  },
  oracle:
    'Closed forms: 1 − (1 − p)^n for fan-out, Erlang C for one service, power of two choices for many replicas; ' +
    'Dean & Barroso, "The Tail at Scale" (test/conformance/serviceGraph.test.ts).',
  stepBudget: 20_000_000,
  run({ params, trace, random, stepBudget, ties }) {
    const isShop = params.graph === 'shop';
    const services = isShop ? shop(params) : fanOut(params);
    const graph = new ServiceGraph(
      {
        services,
        client: { ...call(0), balancing: params.balancing },
        interarrival: exponential(1e9 / params.requestsPerSecond),
        disturbances:
          isShop && params.failing !== 'none'
            ? [
                {
                  service: params.failing === 'search' ? hotService : recommendations,
                  fromNs: 0,
                  toNs: Number.MAX_SAFE_INTEGER,
                  slowdown: 1,
                  errorShare: 1,
                },
              ]
            : [],
      },
      random,
      { stepBudget, ties },
      {
        answered: (nowNs, request, latencyNs, ok) =>
          void trace.append(trace.codes.answer, nowNs, -1, request, latencyNs, ok ? 1 : 0),
      },
    );
    const endNs = Math.round((params.requests / params.requestsPerSecond) * 1e9);
    const busyShare = (service: number, nowNs: number): number => {
      const { replicas, concurrency } = services[service]!;
      const places = replicas * Math.min(concurrency, roomForAll / 2);
      return concurrency >= roomForAll ? 0 : (100 * graph.busyUntil(service, nowNs)) / (places * nowNs);
    };
    let searchBusyPercent = 0;
    for (let tenth = 1; tenth <= 10; tenth++) {
      const atNs = Math.floor((endNs * tenth) / 10);
      graph.simulation.at(
        atNs,
        () => {
          if (isShop) searchBusyPercent = busyShare(hotService, Math.max(1, atNs));
          for (let service = 0; service < services.length; service++) {
            const busy = Math.round(busyShare(service, Math.max(1, atNs)) * 10) / 10;
            trace.append(
              trace.codes.load,
              atNs,
              -1,
              service,
              graph.working(service),
              graph.waiting(service),
              busy,
            );
          }
        },
        120,
      );
    }
    graph.run(endNs, 'drain');
    const latenciesNs = Float64Array.from(graph.latenciesNs).toSorted();
    const at = (percent: number): number =>
      latenciesNs.length === 0 ? 0 : percentile(latenciesNs, percent) / nsPerMs;
    const slow = latenciesNs.filter((ns) => ns >= params.slowMs * nsPerMs).length;
    const answered = Math.max(1, graph.succeeded + graph.failed);
    const needed = isShop ? 0 : graph.totals[0]!.completed * params.fanOut;
    const leaves = isShop ? 0 : graph.totals[1]!.completed;
    return {
      p50Ms: at(50),
      p99Ms: at(99),
      p999Ms: at(99.9),
      slowRequestsPercent: (100 * slow) / Math.max(1, latenciesNs.length),
      failedPercent: (100 * graph.failed) / answered,
      extraCallsPercent: needed === 0 ? 0 : Math.max(0, (100 * (leaves - needed)) / needed),
      searchBusyPercent,
      replicasTotal: services.reduce((sum, { replicas }) => sum + replicas, 0),
    };
  },
});

type ServiceTrace = Parameters<typeof answeredNs>[0];

function answeredNs(trace: {
  readonly length: number;
  code(row: number): number;
  field(row: number, index: number): number;
  readonly codes: Readonly<Record<'answer' | 'load', number>>;
}): number[] {
  const latencies: number[] = [];
  for (let row = 0; row < trace.length; row++) {
    if (trace.code(row) === trace.codes.answer && trace.field(row, 2) === 1)
      latencies.push(trace.field(row, 1));
  }
  return latencies;
}

/** The numbers of a service's latest `load` event at or before a row. */
function lastLoad(trace: ServiceTrace, row: number, service: number): readonly number[] | undefined {
  for (let at = row; at >= 0; at--) {
    if (trace.code(at) === trace.codes.load && trace.field(at, 0) === service)
      return [0, 1, 2, 3].map((index) => trace.field(at, index));
  }
  return undefined;
}

function graphAt(
  graph: 'fan-out' | 'shop',
  leaves: number,
  load: (service: number) => readonly number[] | undefined,
): GraphModel {
  const layerOf = graph === 'shop' ? [0, 1, 1, 2, 1, 1, 2] : [0, 1];
  const names = namesOf(graph);
  const edges = names.flatMap((_, from) =>
    (graph === 'shop' ? shopStages[from]!.flat() : from === 0 ? [1] : []).map((to) => ({
      from: names[from]!,
      to: names[to]!,
      label: graph === 'fan-out' ? `${leaves} at once` : '',
      tone: 'idle' as const,
    })),
  );
  return {
    kind: 'graph',
    title: 'Services',
    layers: ['', '', ''].slice(0, Math.max(...layerOf) + 1),
    nodes: names.map((label, service) => {
      const seen = load(service);
      const waiting = seen?.[2] ?? 0;
      return {
        id: label,
        label,
        layer: layerOf[service]!,
        details: seen === undefined ? [] : [`${seen[1]} at work`, `${waiting} waiting`, `${seen[3]} % busy`],
        tone: waiting > 0 ? ('waiting' as const) : ('busy' as const),
      };
    }),
    edges,
  };
}
