import type { CurveBound, CurveModel, ViewModel } from '../../engine/kernel/view.ts';
import type { DrawnBars, Guide } from '../views/bars.tsx';
import type { DrawnModel } from '../views/picture.tsx';
import { predictedTimeline } from './predictedTimeline.ts';
import { t } from '../page/messages.ts';

/** A view of the run with the guess drawn beside what it guessed at, where the view measures in the guess's unit. */
export function predictedView(
  model: ViewModel,
  unit: string,
  guess: number | undefined,
  actual: number | undefined,
): DrawnModel {
  switch (model.kind) {
    case 'timeline':
      return predictedTimeline(model, unit, guess, actual);
    case 'bars':
      return model.axis.unit === unit && guess !== undefined && guess >= 0
        ? ({ ...model, guides: guidesOf(guess, actual) } satisfies DrawnBars)
        : model;
    case 'curve':
      return guess === undefined ? model : predictedCurve(model, unit, guess);
    case 'graph':
    case 'listing':
    case 'state':
      return model;
  }
}

function guidesOf(guess: number, actual: number | undefined): readonly Guide[] {
  return [
    { value: guess, label: t('Your prediction'), role: 'guess' },
    ...(actual === undefined ? [] : [{ value: actual, label: t('The run'), role: 'actual' as const }]),
  ];
}

/** On the axis that has the unit; on the upright one where both do. */
function predictedCurve(model: CurveModel, unit: string, guess: number): CurveModel {
  const axis = model.y.unit === unit ? 'y' : model.x.unit === unit ? 'x' : undefined;
  if (axis === undefined) return model;
  const bound: CurveBound = { axis, at: guess, label: t('Your prediction') };
  return { ...model, bounds: [...model.bounds, bound] };
}
