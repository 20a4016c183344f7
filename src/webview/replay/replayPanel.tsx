import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { caseWords } from '../../engine/kernel/caseWords.ts';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import type { Replay } from '../../protocol/tracePanel.ts';
import { Icon } from '../page/icons.tsx';
import { Said, Sentences } from '../page/said.tsx';
import { zoomStep } from '../timeline/timeline.tsx';
import { CauseChain } from './causeChain.tsx';
import { EventTable } from './eventTable.tsx';
import { picturesOf, ReplayPictures } from './replayPictures.tsx';
import { nextDecision, openReplay, rowAt, type OpenedReplay } from './replayRuns.ts';
import { ReplayStates } from './replayStates.tsx';
import type { SavedPlace } from './savedPlace.ts';
import { useStepKeys, type Moves } from './stepKeys.ts';
import { WholeRuns } from './wholeRuns.tsx';
import { Stepper } from './stepper.tsx';
import { t } from '../page/messages.ts';

export interface ReplayPanelProps {
  readonly replay: Replay;
  readonly scenarios: Readonly<Record<string, Scenario>>;
  /** Where the panel stood when it was hidden, if this is the same run. */
  readonly placeIn: (fingerprint: string) => number | undefined;
  readonly keep: (place: SavedPlace) => void;
}

/** Steps through a run, event by event, forward and back, with the state at that instant and the reasons behind it. */
export function ReplayPanel({ replay, scenarios, placeIn, keep }: ReplayPanelProps): JSX.Element {
  const opening = useMemo(() => openReplay(replay, scenarios), [replay, scenarios]);
  if (!opening.ok) {
    return (
      <main class="broken">
        <h1>
          <Icon name="ungradable" /> {t('This run cannot be shown')}
        </h1>
        <p>
          <Sentences texts={opening.errors} />
        </p>
      </main>
    );
  }
  return (
    <Run
      key={opening.value.fingerprint}
      replay={replay}
      opened={opening.value}
      placeIn={placeIn}
      keep={keep}
    />
  );
}

function Run({
  replay,
  opened,
  placeIn,
  keep,
}: Pick<ReplayPanelProps, 'replay' | 'placeIn' | 'keep'> & { readonly opened: OpenedReplay }): JSX.Element {
  const { first, other } = opened;
  const { trace } = first.run;
  const last = trace.length - 1;
  const deciding = replay.failure === undefined ? undefined : within(replay.failure.decidingEvent, last);
  const [event, setEvent] = useState(() => within(placeIn(opened.fingerprint) ?? deciding ?? 0, last));
  const pictures = useMemo(() => picturesOf(opened, deciding), [opened, deciding]);
  const atNs = trace.timeNs(event);
  const causes = useMemo(() => trace.causesOf(event).slice(1), [trace, event]);

  const to = (row: number | undefined): void => {
    if (row !== undefined) setEvent(within(row, last));
  };
  const moves: Moves = {
    to,
    first: () => to(0),
    previous: () => to(event - 1),
    next: () => to(event + 1),
    last: () => to(last),
    previousDecision: () => to(nextDecision(first, event, -1)),
    nextDecision: () => to(nextDecision(first, event, 1)),
    deciding: () => to(deciding),
    zoomIn: () => pictures.window.zoom(1 / zoomStep, atNs),
    zoomOut: () => pictures.window.zoom(zoomStep, atNs),
    zoomFit: () => pictures.window.fit(),
  };
  useStepKeys(moves);
  useEffect(() => {
    const timer = setTimeout(() => keep({ format: 1, fingerprint: opened.fingerprint, event }), 100);
    return () => clearTimeout(timer);
  }, [opened, event]);
  useEffect(() => {
    document.title = replay.title;
  }, [replay]);

  return (
    <main class="replay">
      <header class="replay-head">
        <h1 lang={replay.language}>{replay.title}</h1>
        <p class="replay-words">
          <Said text={caseWords(opened.scenario, replay)} />
        </p>
        {replay.failure !== undefined && (
          <dl class="expected-actual">
            <dt>{t('Expected')}</dt>
            <dd>
              <Said text={replay.failure.expected} />
            </dd>
            <dt>{first.label}</dt>
            <dd>
              <Said text={replay.failure.actual} />
            </dd>
            <dt>{t('Why')}</dt>
            <dd>
              <Said text={replay.failure.because} />
            </dd>
          </dl>
        )}
      </header>
      <Stepper replayed={first} event={event} deciding={deciding} moves={moves} />
      {pictures.drawn.length > 0 && (
        <ReplayPictures pictures={pictures} atNs={atNs} choose={(ns) => to(rowAt(trace, ns))} />
      )}
      <div class={other === undefined ? 'replay-below' : 'replay-below two'}>
        <ReplayStates replay={opened} event={event} />
        <div class="replay-reasons">
          <CauseChain replayed={first} behind={causes} onChoose={to} />
          <EventTable replayed={first} event={event} deciding={deciding} causes={causes} onChoose={to} />
        </div>
      </div>
      <WholeRuns replay={opened} />
      <Keys deciding={deciding !== undefined} />
    </main>
  );
}

const within = (row: number, last: number): number => Math.min(last, Math.max(0, row));

function Keys({ deciding }: { readonly deciding: boolean }): JSX.Element {
  return (
    <p class="replay-keys">
      <kbd>←</kbd> <kbd>→</kbd> {t('step')}, <kbd>{t('Home')}</kbd> <kbd>{t('End')}</kbd>{' '}
      {t('first and last event')}, <kbd>P</kbd> <kbd>N</kbd> {t('previous and next decision')},{' '}
      {deciding && (
        <>
          <kbd>D</kbd> {t('what decided')},{' '}
        </>
      )}
      <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> {t('zoom. A click on a picture goes to that instant.')}
    </p>
  );
}
