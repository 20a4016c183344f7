import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon, type IconName } from '../page/icons.tsx';
import { Said } from '../page/said.tsx';
import { sayTime } from '../timeline/axis.ts';
import { DecisionMark } from './causeChain.tsx';
import { nextDecision, type ReplayedRun } from './replayRuns.ts';
import type { Moves } from './stepKeys.ts';
import { said, t } from '../page/messages.ts';

/** How long a step has to rest before it is said: a held key says where it stopped. */
const restMs = 120;

/** Buttons, slider and the current event in words. It stays in view. */
export function Stepper({
  replayed,
  event,
  deciding,
  moves,
}: {
  readonly replayed: ReplayedRun;
  readonly event: number;
  readonly deciding: number | undefined;
  readonly moves: Moves;
}): JSX.Element {
  const { trace } = replayed.run;
  const last = trace.length - 1;
  const sentence = sayEvent(replayed, event, deciding);
  const [slid, setSlid] = useState<number>();
  useEffect(() => {
    if (slid !== event) setSlid(undefined);
  }, [event]);
  const button = (icon: IconName, label: string, key: string, move: () => void, usable: boolean) => (
    <button
      type="button"
      class="tool"
      title={`${label} (${key})`}
      aria-label={label}
      aria-disabled={!usable}
      onClick={() => usable && move()}
    >
      <Icon name={icon} />
    </button>
  );
  const decides = trace.decides(event);
  return (
    <div class="stepper-bar">
      <div class="stepper-controls">
        <div class="stepper-buttons" role="group" aria-label={t('Step through the run')}>
          {button('first', t('First event'), t('Home'), moves.first, event > 0)}
          {button(
            'previousDecision',
            t('Previous decision'),
            'P',
            moves.previousDecision,
            nextDecision(replayed, event, -1) !== undefined,
          )}
          {button('previous', t('Previous event'), t('Left Arrow'), moves.previous, event > 0)}
          {button('next', t('Next event'), t('Right Arrow'), moves.next, event < last)}
          {button(
            'nextDecision',
            t('Next decision'),
            'N',
            moves.nextDecision,
            nextDecision(replayed, event, 1) !== undefined,
          )}
          {button('last', t('Last event'), t('End'), moves.last, event < last)}
        </div>
        {deciding !== undefined && (
          <button
            type="button"
            class="tool worded"
            title={t('Go to the decision that led to the failure (D)')}
            aria-disabled={event === deciding}
            onClick={moves.deciding}
          >
            <Icon name="decision" /> {t('What decided')}
          </button>
        )}
        <div class="stepper-place">
          <input
            type="range"
            aria-label={t('Event')}
            aria-valuetext={sentence}
            min={0}
            max={last}
            value={event}
            onInput={(input) => {
              const chosen = Number(input.currentTarget.value);
              setSlid(chosen);
              moves.to(chosen);
            }}
          />
          <span class="stepper-count" style={{ minWidth: `${2 * String(last + 1).length + 3}ch` }}>
            {event + 1} / {last + 1}
          </span>
        </div>
      </div>
      <p class="stepper-said">
        <span class="stepper-time">{sayTime(trace.timeNs(event))}</span>
        <span>
          {decides && <DecisionMark />}
          <Said text={trace.say(event)} />
          {event === deciding && <strong class="deciding">{t('this decided')}</strong>}
        </span>
      </p>
      <Announcement text={sentence} silent={slid === event} />
    </div>
  );
}

function sayEvent({ run: { trace } }: ReplayedRun, event: number, deciding: number | undefined): string {
  const time = sayTime(trace.timeNs(event));
  const sentence = t('Event {0} of {1}, at {2}: {3}.', event + 1, trace.length, time, said(trace.say(event)));
  return event === deciding ? `${sentence} ${t('This decided.')}` : sentence;
}

/** Says each step once; nothing when the page opens, and nothing that the slider says itself. */
function Announcement({ text, silent }: { readonly text: string; readonly silent: boolean }): JSX.Element {
  const [opened] = useState(text);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (silent || (said === '' && text === opened)) return;
    const timer = setTimeout(() => setSaid(text), restMs);
    return () => clearTimeout(timer);
  }, [text, silent]);
  return (
    <p class="visually-hidden" role="status">
      {said}
    </p>
  );
}
