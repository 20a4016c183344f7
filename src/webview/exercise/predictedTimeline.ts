import type { TimelineModel } from '../../engine/kernel/view.ts';
import type { DrawnMeasure, DrawnTimeline } from '../timeline/layout.ts';
import { t } from '../page/messages.ts';

/** Nanoseconds in one of each unit of time. */
export const nsPerUnit: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9 };

/** A number that the grader could read, in the question's unit; undefined where this cannot. */
export function readNumber(text: string, unit: string): number | undefined {
  const match = /^\s*([+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?)\s*([a-zµ%]*)\s*$/i.exec(text);
  if (match === null) return undefined;
  const value = Number(match[1]!.replace(',', '.'));
  const given = match[2]!;
  if (given === '' || given === unit) return value;
  const from = nsPerUnit[given];
  const to = nsPerUnit[unit];
  return from === undefined || to === undefined ? undefined : (value * from) / to;
}

/**
 * The run's timeline with the guess drawn beside what it guessed at: a predicted length starts where the measure with
 * the actual length starts. Where nothing on the timeline has that length, or the unit is not a time, it is unchanged.
 */
export function predictedTimeline(
  model: TimelineModel,
  unit: string,
  guess: number | undefined,
  actual: number | undefined,
): DrawnTimeline {
  const ns = nsPerUnit[unit];
  if (ns === undefined || guess === undefined || guess < 0 || actual === undefined) return model;
  const actualNs = actual * ns;
  const measured = model.measures.find(
    (one) => Math.abs(one.toNs - one.fromNs - actualNs) <= Math.max(1, actualNs * 1e-6),
  );
  if (measured === undefined) return model;
  const guessed: DrawnMeasure = {
    label: t('Your prediction'),
    fromNs: measured.fromNs,
    toNs: measured.fromNs + guess * ns,
    role: 'guess',
  };
  const measures = model.measures.flatMap((one): readonly DrawnMeasure[] =>
    one === measured ? [guessed, { ...one, role: 'actual' }] : [one],
  );
  return {
    ...model,
    measures,
    toNs: Math.max(model.toNs, Math.min(guessed.toNs, 2 * model.toNs - model.fromNs)),
  };
}
