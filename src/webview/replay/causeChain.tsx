import type { JSX } from 'preact';
import { Icon } from '../page/icons.tsx';
import { Said } from '../page/said.tsx';
import { sayTime } from '../timeline/axis.ts';
import type { ReplayedRun } from './replayRuns.ts';
import { t } from '../page/messages.ts';

const mostShown = 50;

/** The chain of causes behind an event, the nearest first, in a box of constant height. */
export function CauseChain({
  replayed,
  behind,
  onChoose,
}: {
  readonly replayed: ReplayedRun;
  readonly behind: readonly number[];
  readonly onChoose: (event: number) => void;
}): JSX.Element {
  const { trace } = replayed.run;
  const shown = behind.slice(0, mostShown);
  return (
    <section aria-labelledby="why-title">
      <h2 id="why-title">
        {t('What led to it')} <span class="aside">{t('the nearest cause first')}</span>
      </h2>
      <div class="causes" tabIndex={0} role="group" aria-labelledby="why-title">
        {behind.length === 0 ? (
          <p class="state-empty">{t('No earlier event of the run caused this one.')}</p>
        ) : (
          <ol>
            {shown.map((row) => (
              <li key={row}>
                <span class="aside">{sayTime(trace.timeNs(row))}</span>
                <button type="button" class="link" onClick={() => onChoose(row)}>
                  {trace.decides(row) && <DecisionMark />}
                  <Said text={trace.say(row)} />
                </button>
              </li>
            ))}
          </ol>
        )}
        {behind.length > shown.length && (
          <p class="state-empty">{t('And {0} events before that.', behind.length - shown.length)}</p>
        )}
      </div>
    </section>
  );
}

/** The diamond that decisions have on timelines too. */
export function DecisionMark(): JSX.Element {
  return (
    <span class="decision-mark" title={t('A decision of the policy')}>
      <Icon name="decision" />
      <span class="visually-hidden">{t('decision')}: </span>
    </span>
  );
}
