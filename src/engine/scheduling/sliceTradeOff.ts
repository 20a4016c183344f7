import { fromMs, toMs } from '../kernel/time.ts';
import type { CurveBound, CurveModel, CurveSeries } from '../kernel/view.ts';
import { lostPerSliceNs, switchOverheadPercent, worstArrival, type RotationOptions } from './worstArrival.ts';

const usualSlicesMs = [0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 30, 50, 100];

/**
 * What a slice buys and what it costs: worst wait, worst response and lost CPU time over the length of the slice,
 * everything else as in `options`. Slices in which nothing gets done are left out.
 *
 * @param chosen whether the slice of `options` is marked as the reader's own
 */
export function sliceTradeOff(
  options: RotationOptions,
  bounds: readonly CurveBound[] = [],
  chosen = true,
): CurveModel {
  const own = toMs(options.sliceNs);
  const points = [...new Set([...usualSlicesMs, ...slicesOfOneMoreRoundMs(options), own])]
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
  const mark = chosen ? points.find((point) => point.sliceMs === own) : undefined;
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
    bounds,
    ...(mark === undefined ? {} : { marked: { x: own, y: mark.responseMs, label: 'your slice' } }),
  };
}

/** Where the response jumps: the slices that hold the request in a whole number of rounds, and those a microsecond shorter. */
function slicesOfOneMoreRoundMs(options: RotationOptions): number[] {
  if (options.serviceNs === 0) return [];
  return [1, 2, 3].flatMap((rounds) => {
    const sliceMs = toMs(Math.ceil(options.serviceNs / rounds) + lostPerSliceNs(options));
    return sliceMs <= 0.1 ? [] : [sliceMs - 0.001, sliceMs];
  });
}
