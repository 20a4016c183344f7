import type { CurveModel } from '../../kernel/view.ts';
import { windowRows, type StormTrace } from './stormTrace.ts';

const nsPerSecond = 1e9;
/** Length of the windows in which goodput is counted. */
export const windowNs = nsPerSecond / 4;

/** Requests that came, attempts that were sent and requests that succeeded, per second. */
export function ratesOverTime(
  trace: StormTrace,
  params: {
    readonly slowFromS: number;
    readonly slowForS: number;
    readonly durationS: number;
    readonly workers: number;
    readonly workMs: number;
  },
): CurveModel {
  const rows = windowRows(trace);
  const series = (label: string, tone: 'idle' | 'overhead' | 'focus', field: number) => ({
    label,
    tone,
    shape: 'line' as const,
    points: rows.map((row) => ({
      x: trace.timeNs(row) / nsPerSecond,
      y: (trace.field(row, field) * nsPerSecond) / windowNs,
    })),
  });
  return {
    kind: 'curve',
    title: 'Requests and attempts over time',
    x: { label: 'Time', unit: 's', from: 0, to: params.durationS },
    y: { label: 'Rate', unit: '1/s', from: 0 },
    series: [
      series('attempts sent', 'overhead', 2),
      series('requests that came', 'idle', 0),
      series('requests that succeeded', 'focus', 1),
    ],
    bounds: [
      { axis: 'y', at: (params.workers * 1000) / params.workMs, label: 'capacity' },
      { axis: 'x', at: params.slowFromS, label: 'slow' },
      { axis: 'x', at: params.slowFromS + params.slowForS, label: 'as before' },
    ],
  };
}
