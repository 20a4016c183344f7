import { fromMs, toMs } from '../kernel/time.ts';
import type { CurveModel, CurveSeries } from '../kernel/view.ts';
import { lostPerSliceNs, switchOverheadPercent, worstArrival, type RotationOptions } from './worstArrival.ts';

const usualSlicesMs = [0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 30, 50, 100];

/**
 * What a slice buys and what it costs: worst wait, worst response and lost CPU time over the length of the slice,
 * everything else as in `options`. Slices in which nothing gets done are left out.
 */
export function sliceTradeOff(options: RotationOptions): CurveModel {
  const own = toMs(options.sliceNs);
  const points = [...new Set([...usualSlicesMs, own])]
    .toSorted((a, b) => a - b)
    .map((sliceMs) => ({ sliceMs, changed: { ...options, sliceNs: fromMs(sliceMs) } }))
    .filter(({ changed }) => lostPerSliceNs(changed) < changed.sliceNs)
    .map(({ sliceMs, changed }) => {
      const worst = worstArrival(changed);
      return {
        sliceMs,
        responseMs: toMs(worst.responseNs),
        waitMs: toMs(worst.waitNs),
        lostMs: 10 * switchOverheadPercent(changed),
      };
    });
  const line = (label: string, tone: CurveSeries['tone'], what: keyof (typeof points)[0]): CurveSeries => ({
    label,
    tone,
    shape: 'line',
    points: points.map((point) => ({ x: point.sliceMs, y: point[what] })),
  });
  const chosen = points.find((point) => point.sliceMs === own);
  return {
    kind: 'curve',
    title: 'What a shorter slice buys, and what it costs',
    x: { label: 'Time slice', unit: 'ms', scale: 'log' },
    y: { label: 'Time', unit: 'ms', scale: 'log' },
    series: [
      line('worst response', 'focus', 'responseMs'),
      line('worst wait', 'busy', 'waitMs'),
      ...(points.some((point) => point.lostMs > 0)
        ? [line('lost to switching, in each second', 'overhead', 'lostMs')]
        : []),
    ],
    bounds: [],
    ...(chosen === undefined ? {} : { marked: { x: own, y: chosen.responseMs, label: 'your slice' } }),
  };
}
