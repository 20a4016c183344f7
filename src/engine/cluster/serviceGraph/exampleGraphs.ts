import { exponential, type Distribution } from '../../kernel/distributions.ts';
import type { CallSpec, ServiceSpec } from './graphSpec.ts';
import type { balancings } from './loadBalancing.ts';
import { noRetries } from './resilience.ts';

const nsPerMs = 1e6;

/** A shop: the front end asks the session, then catalogue and recommendations at once, then the basket. */
const shopNames = [
  'front end',
  'session',
  'catalogue',
  'search',
  'recommendations',
  'basket',
  'stock',
] as const;
/** Own work of each, in milliseconds, on average. */
const shopWorkMs = [2, 1, 2, 6, 5, 2, 2] as const;
/** Callees, stage by stage, by index. */
export const shopStages: readonly (readonly (readonly number[])[])[] = [
  [[1], [2, 4], [5]],
  [],
  [[3]],
  [],
  [],
  [[6]],
  [],
];
/** The index of `search`, on which most of the work is spent. */
export const hotService = 3;
/** The index of what a page can do without. */
export const recommendations = 4;

/** Mostly short, sometimes slow: `slowShare` of the samples are exactly `slowNs`, the others lie within 50 % of `usualNs`. */
function sometimesSlow(usualNs: number, slowShare: number, slowNs: number): Distribution {
  const mean = (1 - slowShare) * usualNs + slowShare * slowNs;
  const square = (1 - slowShare) * usualNs * usualNs * (1 + 1 / 12) + slowShare * slowNs * slowNs;
  return {
    mean,
    scv: square / (mean * mean) - 1,
    sample: (random) => {
      if (slowShare > 0 && random.uniform() < slowShare) return slowNs;
      return usualNs * (0.5 + random.uniform());
    },
  };
}

/** Places of a service that nobody ever waits for. */
export const roomForAll = 1e9;

/** A call as it is without anything special. */
export const call = (to: number): CallSpec => ({
  to,
  fanOut: 1,
  balancing: 'random',
  hopNs: 0,
  timeoutNs: Infinity,
  hedgeAfterNs: Infinity,
  optional: false,
  resilience: noRetries,
});

/** A front end that asks many leaves at once, each of them mostly short and sometimes slow. */
export function fanOut(params: {
  readonly fanOut: number;
  readonly leafMs: number;
  readonly slowPercent: number;
  readonly slowMs: number;
  readonly hedgeAfterMs: number;
}): readonly ServiceSpec[] {
  const hedgeAfterNs = params.hedgeAfterMs === 0 ? Infinity : Math.round(params.hedgeAfterMs * nsPerMs);
  const common = { replicas: 1, concurrency: roomForAll, queueLimit: 0, errorShare: 0 };
  return [
    {
      ...common,
      name: 'front end',
      work: { mean: 0, scv: 0, sample: () => 0 },
      stages: [[{ ...call(1), fanOut: params.fanOut, hedgeAfterNs }]],
    },
    {
      ...common,
      name: 'leaf',
      work: sometimesSlow(params.leafMs * nsPerMs, params.slowPercent / 100, params.slowMs * nsPerMs),
      stages: [],
    },
  ];
}

/** Requests that a replica of the shop works on at once. */
const shopConcurrency = 8;

/** The services of the shop. */
export function shop(params: {
  readonly replicas: number;
  readonly hotReplicas: number;
  readonly balancing: keyof typeof balancings;
  readonly fallback: boolean;
}): readonly ServiceSpec[] {
  return shopNames.map((name, index) => ({
    name,
    replicas: index === hotService ? params.hotReplicas : params.replicas,
    concurrency: shopConcurrency,
    queueLimit: 10_000,
    work: exponential(shopWorkMs[index]! * nsPerMs),
    errorShare: 0,
    stages: shopStages[index]!.map((stage) =>
      stage.map((to) => ({
        ...call(to),
        balancing: params.balancing,
        optional: to === recommendations && params.fallback,
      })),
    ),
  }));
}

/** What the services of a graph are called, by index. */
export const namesOf = (graph: 'fan-out' | 'shop'): readonly string[] =>
  graph === 'shop' ? shopNames : ['front end', 'leaf'];
