import { exp } from './portableMath.ts';
import { toMs } from './time.ts';
import type { CurveModel, CurvePoint } from './view.ts';

/** The least share of customers that the curve goes down to, in percent: below, a run has few customers to count. */
const leastPercent = 0.1;

/**
 * How many customers stay longer than a given time: the tail of the distribution of stays, as counted in a run and, for a
 * model that has one, by closed form.
 * @param sojournsNs of the measured customers, in any order
 * @param exact share of customers that stay longer than a time in milliseconds, 0 to 1
 */
export function tailCurve(
  sojournsNs: readonly number[],
  p99Ms: number,
  exact: { readonly tail: (ms: number) => number; readonly source: string } | undefined,
): CurveModel {
  const sorted = Float64Array.from(sojournsNs).toSorted();
  const points: CurvePoint[] = [{ x: 0, y: 100 }];
  for (const percent of sorted.length === 0 ? [] : sharesPercent()) {
    // The longest stay that the share `percent` exceeds.
    const rank = Math.ceil(sorted.length * (1 - percent / 100));
    const staysNs = sorted[Math.min(sorted.length - 1, Math.max(0, rank - 1))]!;
    points.push({ x: toMs(staysNs), y: percent });
  }
  const longest = points.at(-1)!.x;
  const at = Array.from({ length: 61 }, (_, index) => (longest * index) / 60);
  return {
    kind: 'curve',
    title: 'How many stay longer',
    x: { label: 'Stay', unit: 'ms', from: 0 },
    y: { label: 'Customers that stay longer', unit: '%', scale: 'log', from: leastPercent, to: 100 },
    series: [
      { label: 'in this run', tone: 'focus', shape: 'step', points },
      ...(exact === undefined
        ? []
        : [
            {
              label: 'by closed form',
              tone: 'overhead' as const,
              shape: 'line' as const,
              points: at.map((ms) => ({ x: ms, y: 100 * exact.tail(ms) })),
              source: exact.source,
            },
          ]),
    ],
    bounds: [{ axis: 'y', at: 1, label: '1 in 100' }],
    marked: { x: p99Ms, y: 1, label: '99th percentile' },
  };
}

/** From 95 % down to {@link leastPercent}: even steps first, then a fixed number per decade. */
function sharesPercent(): readonly number[] {
  const even = Array.from({ length: 18 }, (_, index) => 95 - 5 * index);
  const perDecade = [9, 8, 7, 6, 5, 4, 3, 2.5, 2, 1.6, 1.3, 1];
  const small = [1, 0.1].flatMap((scale) => perDecade.map((lead) => lead * scale));
  return [...even, ...small].filter((percent) => percent >= leastPercent);
}

/**
 * Erlang's C formula: the probability that a customer of an M/M/c queue waits.
 * @param offered arrival rate times mean service time, below `servers`
 * @see A. K. Erlang, "Løsning af nogle Problemer fra Sandsynlighedsregningen", 1917
 */
export function erlangC(servers: number, offered: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (offered * blocked) / (k + offered * blocked);
  const load = offered / servers;
  return blocked / (1 - load * (1 - blocked));
}

/**
 * The probability that a customer of an M/M/c queue, served in the order of arrival, stays longer than `services` mean
 * service times: its own service, and with the probability of Erlang C an exponential wait before it.
 * @param load share of what the servers can do, below 1
 * @see L. Kleinrock, Queueing Systems I, section 3.5; D. Gross and C. M. Harris, Fundamentals of Queueing Theory, section 2.3
 */
export function stayTail(servers: number, load: number, services: number): number {
  const waits = erlangC(servers, servers * load);
  /** How fast the line moves on, in customers per service time, beyond those who join it. */
  const drain = servers * (1 - load);
  const alone = exp(-services);
  if (Math.abs(drain - 1) < 1e-9) return alone * (1 + waits * services);
  return alone + (waits * (exp(-drain * services) - alone)) / (1 - drain);
}
