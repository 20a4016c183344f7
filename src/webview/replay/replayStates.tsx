import type { ComponentChildren, JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { ViewModel } from '../../engine/kernel/view.ts';
import { followsEvents, modelOf, viewsOf } from '../../engine/kernel/views.ts';
import { sayTime } from '../timeline/axis.ts';
import { counterpart, type OpenedReplay, type ReplayedRun } from './replayRuns.ts';
import { useHeightThatGrows } from '../views/heightThatGrows.ts';
import { Picture, titleOf } from '../views/picture.tsx';
import { t } from '../page/messages.ts';
import { SaidIn } from '../page/said.tsx';
import { inReadersLanguage, type Told } from '../page/spokenTexts.ts';

/** The views that follow events, right after one, and the reference's at the same instant beside them. */
export function ReplayStates({
  replay,
  event,
}: {
  readonly replay: OpenedReplay;
  readonly event: number;
}): JSX.Element {
  const { scenario, first, other, divergence } = replay;
  const kinds = viewsOf(scenario).filter(followsEvents);
  const viewsAt = useMemo(
    () =>
      rememberingTwo((row: number) => kinds.flatMap((kind) => told(modelOf(scenario, kind, first.run, row)))),
    [replay],
  );
  const now = viewsAt(event);
  const before = event === 0 ? [] : viewsAt(event - 1);
  return (
    <section class="replay-states" aria-labelledby="state-title">
      <h2 id="state-title">
        {t('After this event')} <span class="aside">{sayChange(now, before)}</span>
      </h2>
      {now.length === 0 && <p class="state-empty">{t('This scenario has no state to show.')}</p>}
      {now.length > 0 && (
        <div class="state-compared">
          <RunState
            label={first.label}
            latest={other === undefined ? undefined : sayLatest(first, event)}
            views={now}
            before={before}
          />
          {other !== undefined && (
            <OtherState
              other={other}
              row={counterpart(first, other, divergence, event)}
              same={divergence === undefined || event < divergence}
              viewsAt={(row) => kinds.flatMap((kind) => told(modelOf(scenario, kind, other.run, row)))}
            />
          )}
        </div>
      )}
    </section>
  );
}

function OtherState({
  other,
  row,
  same,
  viewsAt,
}: {
  readonly other: ReplayedRun;
  readonly row: number;
  readonly same: boolean;
  readonly viewsAt: (row: number) => readonly Told<ViewModel>[];
}): JSX.Element {
  const views = useMemo(() => viewsAt(row), [other, row]);
  const latest = same ? t('The same up to here.') : sayLatest(other, row);
  return <RunState label={other.label} latest={latest} views={views} before={[]} />;
}

function RunState({
  label,
  latest,
  views,
  before,
}: {
  readonly label: string;
  /** Said where two runs are compared, with the label. */
  readonly latest: ComponentChildren;
  readonly views: readonly Told<ViewModel>[];
  /** The same views one event earlier; empty where changes are not marked. */
  readonly before: readonly Told<ViewModel>[];
}): JSX.Element {
  const host = useRef<HTMLElement>(null);
  useHeightThatGrows(host);
  return (
    <section ref={host} aria-label={label}>
      {latest !== undefined && (
        <>
          <h3>{label}</h3>
          <p class="state-of">{latest}</p>
        </>
      )}
      {views.map(({ told: model, lang }, index) => (
        <div key={model.kind} lang={lang}>
          <Picture model={model} before={before[index]?.told} caption={titleOf(model)} />
        </div>
      ))}
    </section>
  );
}

const told = (model: ViewModel | undefined): readonly Told<ViewModel>[] =>
  model === undefined ? [] : [inReadersLanguage(model)];

const sayLatest = ({ run: { trace } }: ReplayedRun, row: number): JSX.Element => (
  <SaidIn text={trace.say(row)} sentence={(words) => t('At {0}: {1}.', sayTime(trace.timeNs(row)), words)} />
);

/** Said when nothing that is shown changed. */
function sayChange(now: readonly Told<ViewModel>[], before: readonly Told<ViewModel>[]): string {
  const nothing = t('which changed nothing here');
  if (before.length === 0 || now.length === 0) return '';
  return JSON.stringify(now) === JSON.stringify(before) ? nothing : '';
}

/** Whoever steps asks for a state and for the one before it: the latter is mostly the former of a step ago. */
function rememberingTwo<T>(compute: (row: number) => T): (row: number) => T {
  const known = new Map<number, T>();
  return (row) => {
    const value = known.has(row) ? known.get(row)! : compute(row);
    known.delete(row);
    known.set(row, value);
    if (known.size > 2) known.delete(known.keys().next().value!);
    return value;
  };
}
