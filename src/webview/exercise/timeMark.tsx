import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { sayNumber } from '../../engine/kernel/quantityText.ts';
import { ticksBetween } from '../timeline/axis.ts';
import { nsPerUnit, readNumber } from './predictedTimeline.ts';
import { t } from '../page/messages.ts';

interface TimeMarkProps {
  /** From and to, in the unit. */
  readonly axis: readonly [from: number, to: number];
  readonly unit: string;
  /** What stands in the number field. */
  readonly text: string;
  readonly locked: boolean;
  readonly describedBy: string;
  readonly onText: (text: string) => void;
}

/** Labels at the ends, and few enough between to fit a narrow page. */
const mostTicks = 6;

/**
 * An empty time axis on which a time is marked: the same number as in the field, given by hand. It is a native slider, so
 * that keys, touch and screen readers know it, dressed as the axis of the run that comes afterwards.
 */
export function TimeMark({
  axis: [from, to],
  unit,
  text,
  locked,
  describedBy,
  onText,
}: TimeMarkProps): JSX.Element {
  const id = useId();
  const ns = nsPerUnit[unit]!;
  const step = stepOf(to - from);
  const typed = readNumber(text, unit);
  const onAxis = typed !== undefined && typed >= from && typed <= to;
  const share = (value: number): string => `${((value - from) / (to - from)) * 100}%`;
  const { ticks, unit: tickUnit } = ticksBetween(from * ns, to * ns, mostTicks);
  return (
    <div class="time-mark">
      <label for={id}>{t('Or mark it on the time axis')}</label>
      <div class="time-mark-plot">
        <div class="time-mark-lane">
          {onAxis && (
            <span class="time-mark-guess" style={{ width: share(typed) }}>
              <span
                class={typed - from > (to - from) * 0.7 ? 'time-mark-value before' : 'time-mark-value'}
                aria-hidden="true"
              >
                {sayNumber(typed)} {unit}
              </span>
            </span>
          )}
          {typed === undefined && (
            <span class="time-mark-hint" aria-hidden="true">
              {t('Click here, or use the arrow keys')}
            </span>
          )}
          <input
            id={id}
            type="range"
            class={onAxis ? '' : 'unmarked'}
            min={from}
            max={to}
            step={step}
            value={onAxis ? typed : from}
            disabled={locked}
            aria-valuetext={
              onAxis
                ? `${sayNumber(typed)} ${unit}`
                : typed === undefined
                  ? t('No mark yet')
                  : t('Not on this axis')
            }
            aria-describedby={describedBy}
            onInput={(event) => onText(String(rounded(Number(event.currentTarget.value), step)))}
          />
        </div>
        <div class="time-mark-ticks" aria-hidden="true">
          {ticks.map((tick, index) => (
            <span key={tick.ns} style={{ left: share(tick.ns / ns) }}>
              {index === 0 || index === ticks.length - 1 ? `${tick.label} ${tickUnit}` : tick.label}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

/** A round step, at most a two-hundredth of the axis: finer than a hand on a page, and reached by few arrow keys. */
function stepOf(length: number): number {
  const most = length / 200;
  let power = 1;
  while (power > most) power /= 10;
  while (power * 10 <= most) power *= 10;
  return most >= 5 * power ? 5 * power : most >= 2 * power ? 2 * power : power;
}

/** Without the digits that adding up steps leaves behind. */
const rounded = (value: number, step: number): number =>
  Number((Math.round(value / step) * step).toPrecision(12));
