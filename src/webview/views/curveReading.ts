import { sayQuantity } from '../../engine/kernel/quantityText.ts';
import type { CurveModel, CurveSeries } from '../../engine/kernel/view.ts';
import { t } from '../page/messages.ts';

/** Where the cursor of a curve stops: every x at which something is known. Ascending. */
export function stopsOf({ series, marked }: CurveModel): readonly number[] {
  const all = new Set(series.flatMap(({ points }) => points.map((point) => point.x)));
  if (marked !== undefined) all.add(marked.x);
  return [...all].toSorted((a, b) => a - b);
}

/** All series at one x, as a line of text. */
export function sayAt(model: CurveModel, x: number): string {
  const parts = model.series.flatMap((series) => {
    const found = valueAt(series, x, model);
    if (found === undefined) return [];
    const about = found.exact ? '' : t('about ');
    const label = found.label === undefined ? '' : ` (${found.label})`;
    return [`${series.label} ${about}${sayQuantity(found.y, model.y.unit, found.exact ? 4 : 3)}${label}`];
  });
  if (model.marked?.x === x)
    parts.push(`${model.marked.label} ${sayQuantity(model.marked.y, model.y.unit, 4)}`);
  return t('At {0}: {1}.', sayQuantity(x, model.x.unit, 4), parts.join('; '));
}

interface Found {
  readonly y: number;
  readonly exact: boolean;
  readonly label?: string;
}

/** The series' own point, or what its line shows between two. Undefined beyond its ends, and between dots. */
export function valueAt(
  series: CurveSeries,
  x: number,
  model: Pick<CurveModel, 'x' | 'y'>,
): Found | undefined {
  const { points, shape } = series;
  const own = points.findLast((point) => point.x === x);
  if (own !== undefined)
    return { y: own.y, exact: true, ...(own.label === undefined ? {} : { label: own.label }) };
  if (shape === 'dots') return undefined;
  const after = points.findIndex((point) => point.x > x);
  if (after <= 0) return undefined;
  const [left, right] = [points[after - 1]!, points[after]!];
  if (shape === 'step') return { y: left.y, exact: true };
  const onX = model.x.scale === 'log' ? Math.log : Number;
  const [onY, back] =
    model.y.scale === 'log' && left.y > 0 && right.y > 0 ? [Math.log, Math.exp] : [Number, Number];
  const share = (onX(x) - onX(left.x)) / (onX(right.x) - onX(left.x));
  return { y: back(onY(left.y) + share * (onY(right.y) - onY(left.y))), exact: false };
}

/** The index of the stop nearest to a place on the axis. */
export function nearestStop(stops: readonly number[], placeOf: (x: number) => number, place: number): number {
  let best = 0;
  for (const [index, stop] of stops.entries()) {
    if (Math.abs(placeOf(stop) - place) < Math.abs(placeOf(stops[best]!) - place)) best = index;
  }
  return best;
}
