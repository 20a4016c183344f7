import type { CurveModel } from '../../kernel/view.ts';

const nsPerMs = 1e6;
/** Points of a curve: enough for its shape, few enough to draw and to read. */
const mostPoints = 120;

const cubed = (x: number): number => x * x * x;

/** Share of requests that take longer than a time, as a curve over a logarithmic axis. */
export function tailOfLatencies(latenciesNs: readonly number[], p99Ms: number): CurveModel {
  const sorted = latenciesNs.toSorted((a, b) => a - b);
  const count = sorted.length;
  const points = Array.from({ length: Math.min(mostPoints, count) }, (_, index) => {
    // Evenly over ranks counted from the slowest, by powers, so that the tail is as fine as the body.
    const rank =
      count - 1 - Math.floor(cubed(index / Math.max(1, Math.min(mostPoints, count) - 1)) * (count - 1));
    return { x: sorted[rank]! / nsPerMs, y: (100 * (count - rank)) / count };
  });
  return {
    kind: 'curve',
    title: 'How many requests take longer',
    x: { label: 'Latency', unit: 'ms', scale: 'log' },
    y: { label: 'Requests that take at least as long', unit: '%', scale: 'log' },
    series: [{ label: 'this run', tone: 'focus', shape: 'step', points: points.toReversed() }],
    bounds: [],
    ...(count === 0 ? {} : { marked: { x: p99Ms, y: 1, label: '99th percentile' } }),
  };
}
