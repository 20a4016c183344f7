import type { JSX } from 'preact';
import { Icon, type IconName } from '../page/icons.tsx';
import { Said } from '../page/said.tsx';
import { sayTime } from '../timeline/axis.ts';
import type { FigureStep } from './figureProtocol.ts';
import { pageLanguage, said, t } from '../page/messages.ts';

/** Steps a figure through the events of its run: buttons, a slider, and the event in words. */
export function FigureStepper({
  step,
  wanted,
  onStep,
}: {
  readonly step: FigureStep;
  /** The event that was asked for; the picture follows a moment later. */
  readonly wanted: number;
  readonly onStep: (event: number) => void;
}): JSX.Element {
  const last = step.events - 1;
  const event = Math.min(last, wanted);
  const time = step.atNs === undefined ? undefined : sayTime(step.atNs);
  const sentence =
    time === undefined
      ? t('Event {0} of {1}: {2}.', step.event + 1, step.events, said(step.said))
      : t('Event {0} of {1}, at {2}: {3}.', step.event + 1, step.events, time, said(step.said));
  const button = (icon: IconName, label: string, to: number): JSX.Element => {
    const usable = to >= 0 && to <= last && to !== event;
    return (
      <button
        type="button"
        class="tool"
        title={label}
        aria-label={label}
        aria-disabled={!usable}
        onClick={() => usable && onStep(to)}
      >
        <Icon name={icon} />
      </button>
    );
  };
  return (
    <div class="figure-stepper" lang={pageLanguage()}>
      <div class="stepper-controls">
        <div class="stepper-buttons" role="group" aria-label={t('Step through the run')}>
          {button('first', t('First event'), 0)}
          {button('previous', t('Previous event'), event - 1)}
          {button('next', t('Next event'), event + 1)}
          {button('last', t('Last event'), last)}
        </div>
        <div class="stepper-place">
          <input
            type="range"
            aria-label={t('Event')}
            aria-valuetext={sentence}
            min={0}
            max={last}
            value={event}
            onInput={(input) => onStep(Number(input.currentTarget.value))}
          />
          <span class="stepper-count" style={{ minWidth: `${2 * String(step.events).length + 3}ch` }}>
            {event + 1} / {step.events}
          </span>
        </div>
      </div>
      <p class="stepper-said" aria-live="polite">
        {time !== undefined && <span class="stepper-time">{time}</span>}
        <span>
          <Said text={step.said} />
        </span>
      </p>
    </div>
  );
}
