import { sayQuantity } from '../../engine/kernel/quantityText.ts';
import { barTotal } from '../../engine/kernel/viewTables.ts';
import type { Axis, BarsModel, CurveModel, GraphModel } from '../../engine/kernel/view.ts';
import { t } from '../page/messages.ts';

/** Pictures in a few sentences, for those who do not see them. The tables have every value. */

const mostSaid = 12;

/** An axis as its heading: label, unit, and whether equal steps are equal factors. */
export const sayAxis = ({ label, unit, scale }: Axis): string =>
  `${label}${unit === '' ? '' : ` (${unit})`}${scale === 'log' ? t(', logarithmic') : ''}`;

export function sayBars({ title, axis, parts, rows }: BarsModel): string {
  const said = rows.slice(0, mostSaid).map((row) => {
    const pieces =
      parts.length < 2
        ? []
        : row.values.flatMap((value, part) =>
            value === 0 ? [] : [`${parts[part]!.label} ${sayQuantity(value, axis.unit)}`],
          );
    const beside =
      row.reference === undefined
        ? ''
        : `; ${row.reference.label}: ${sayQuantity(row.reference.value, axis.unit)}`;
    const inside = pieces.length === 0 ? '' : ` (${pieces.join(', ')})`;
    return `${row.label}: ${sayQuantity(barTotal(row), axis.unit)}${inside}${beside}.`;
  });
  return [
    `${title}.`,
    ...said,
    ...(rows.length > mostSaid ? [t('And {0} more bars.', rows.length - mostSaid)] : []),
  ].join(' ');
}

export function sayCurve({ title, x, y, series, bounds, marked }: CurveModel): string {
  const at = (point: { readonly x: number; readonly y: number }): string =>
    t('{0} at {1}', sayQuantity(point.y, y.unit), sayQuantity(point.x, x.unit));
  const said = series.slice(0, mostSaid).map(({ label, shape, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return t('{0}: no points.', label);
    if (shape === 'dots' || points.length === 1)
      return `${label}: ${points.slice(0, mostSaid).map(at).join(', ')}.`;
    const values = points.map((point) => point.y);
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    const ends = t('from {0} to {1}', at(first), at(last));
    const turns =
      least < Math.min(first.y, last.y)
        ? t(', lowest {0}', at(points.find((point) => point.y === least)!))
        : greatest > Math.max(first.y, last.y)
          ? t(', highest {0}', at(points.find((point) => point.y === greatest)!))
          : '';
    return `${label}: ${ends}${turns}.`;
  });
  return [
    t('{0}: {1} over {2}.', title, y.label, x.label),
    ...said,
    ...bounds.map((bound) => `${bound.label}: ${sayQuantity(bound.at, (bound.axis === 'x' ? x : y).unit)}.`),
    ...(marked === undefined ? [] : [`${marked.label}: ${at(marked)}.`]),
  ].join(' ');
}

export function sayGraph({ title, nodes, edges }: GraphModel): string {
  const labels = new Map(nodes.map((node) => [node.id, node.label]));
  const said = edges
    .slice(0, mostSaid)
    .map(
      ({ from, to, label }) =>
        `${t('{0} to {1}', labels.get(from) ?? from, labels.get(to) ?? to)}${label === '' ? '' : `: ${label}`}.`,
    );
  return [
    `${title}.`,
    ...said,
    ...(edges.length > mostSaid ? [t('And {0} more connections.', edges.length - mostSaid)] : []),
  ].join(' ');
}
