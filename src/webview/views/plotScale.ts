import { sayNumber } from '../../engine/kernel/quantityText.ts';
import type { Axis } from '../../engine/kernel/view.ts';

/** An axis as it is drawn: where it begins and ends, its marks, and where a value stands on it. */
export interface PlotScale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly PlotTick[];
  /** 0 at `from`, 1 at `to`; values outside stand at the nearer end. */
  place(value: number): number;
}

export interface PlotTick {
  readonly value: number;
  readonly label: string;
}

/**
 * @param values all that is to be seen, besides what the axis itself reaches
 * @param most ticks at most
 * @param fromZero whether a linear axis begins at 0, which lengths need and places do not
 */
export function plotScale(axis: Axis, values: readonly number[], most: number, fromZero: boolean): PlotScale {
  const all = [...values, axis.from, axis.to].filter(
    (value): value is number => value !== undefined && Number.isFinite(value),
  );
  return axis.scale === 'log' ? logScale(all, most) : linearScale(all, most, fromZero, axis);
}

function linearScale(
  all: readonly number[],
  most: number,
  fromZero: boolean,
  axis: Pick<Axis, 'to'>,
): PlotScale {
  let from = all.length === 0 ? 0 : Math.min(...all);
  let to = all.length === 0 ? 1 : Math.max(...all);
  if (fromZero) [from, to] = [Math.min(0, from), Math.max(0, to)];
  if (to === from) to = from + (from === 0 ? 1 : Math.abs(from));
  const step = niceStep((to - from) / Math.max(1, most));
  from = Math.floor(tidy(from / step)) * step;
  // An axis that says where it ends (100 %) ends there.
  if (to !== axis.to) to = Math.ceil(tidy(to / step)) * step;
  const ticks: PlotTick[] = [];
  for (let k = Math.round(from / step); tidy(k * step) <= tidy(to); k++) ticks.push(tick(tidy(k * step)));
  return { from, to, ticks, place: (value) => clamp((value - from) / (to - from)) };
}

function logScale(all: readonly number[], most: number): PlotScale {
  const positive = all.filter((value) => value > 0);
  const least = positive.length === 0 ? 1 : Math.min(...positive);
  const greatest = positive.length === 0 ? 10 : Math.max(...positive);
  const leads = [1, 2, 5];
  // The nearest 1, 2 or 5 times a power of ten below and above, and at least a factor of two between them.
  const from = Math.max(...rounds(least / 10, least, leads));
  const above = rounds(greatest, greatest * 10, leads);
  const to = Math.min(...above.filter((value) => value > from * 1.5));
  const few = rounds(from, to, leads);
  const powers = rounds(from, to, [1]);
  const shown = few.length <= most ? few : powers.length >= 2 ? powers : [from, to];
  const every = Math.ceil(shown.length / Math.max(2, most));
  const [low, high] = [Math.log10(from), Math.log10(to)];
  return {
    from,
    to,
    ticks: shown.filter((_, index) => index % every === 0).map(tick),
    place: (value) => (value <= from ? 0 : clamp((Math.log10(value) - low) / (high - low))),
  };
}

/** All `lead * 10^k` in [from, to], ascending; a hair outside still counts. */
function rounds(from: number, to: number, leads: readonly number[]): readonly number[] {
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(from)) - 1; 10 ** power <= to * 1.001; power++) {
    for (const lead of leads) {
      const value = tidy(lead * 10 ** power);
      if (value >= from * 0.999999 && value <= to * 1.000001) found.push(value);
    }
  }
  return found;
}

function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return tidy([1, 2, 5, 10].find((lead) => lead * power >= least * 0.999999)! * power);
}

const suffixes = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
] as const;

/** Short: `20k` for 20,000, `5M` for five million. */
function tick(value: number): PlotTick {
  const [size, suffix] = suffixes.find(([limit]) => Math.abs(value) >= limit) ?? [1, ''];
  const unit = suffix === 'k' ? 1000 : size;
  return { value, label: `${sayNumber(value / unit)}${suffix}` };
}

const tidy = (value: number): number => Number(value.toPrecision(12));
const clamp = (share: number): number => Math.min(1, Math.max(0, share));
