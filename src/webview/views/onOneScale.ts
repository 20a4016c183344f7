import type { Axis, ViewModel } from '../../engine/kernel/view.ts';
import { extent } from './bars.tsx';
import { extents } from './curve.tsx';

/** Two pictures beside each other, made comparable: equal lengths stand for equal values. */
export function onOneScale(
  a: ViewModel | undefined,
  b: ViewModel | undefined,
): readonly [ViewModel | undefined, ViewModel | undefined] {
  if (a?.kind === 'bars' && b?.kind === 'bars') {
    const all = [...extent(a), ...extent(b)];
    const reaching = (model: typeof a): typeof a => ({ ...model, axis: reach(model.axis, all) });
    return [reaching(a), reaching(b)];
  }
  if (a?.kind === 'curve' && b?.kind === 'curve') {
    const [of, other] = [extents(a), extents(b)];
    const reaching = (model: typeof a): typeof a => ({
      ...model,
      x: reach(model.x, [...of.xs, ...other.xs]),
      y: reach(model.y, [...of.ys, ...other.ys]),
    });
    return [reaching(a), reaching(b)];
  }
  if (a?.kind === 'timeline' && b?.kind === 'timeline') {
    const lengthNs = Math.max(a.toNs - a.fromNs, b.toNs - b.fromNs);
    const lasting = (model: typeof a): typeof a => ({ ...model, toNs: model.fromNs + lengthNs });
    return [lasting(a), lasting(b)];
  }
  return [a, b];
}

function reach(axis: Axis, values: readonly number[]): Axis {
  const all = [...values, axis.from, axis.to].filter(
    (value): value is number => value !== undefined && (axis.scale !== 'log' || value > 0),
  );
  return all.length === 0 ? axis : { ...axis, from: Math.min(...all), to: Math.max(...all) };
}
