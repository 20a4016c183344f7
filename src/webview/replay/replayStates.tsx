import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { StateModel } from '../../engine/kernel/view.ts';
import { sayTime } from '../timeline/axis.ts';
import { counterpart, type OpenedReplay, type ReplayedRun } from './replayRuns.ts';
import { changeBetween, type StateChange } from './stateChange.ts';
import { StateTables } from './stateTables.tsx';

/** The state right after an event, and the reference's state at the same instant beside it. */
export function ReplayStates({
  replay,
  event,
}: {
  readonly replay: OpenedReplay;
  readonly event: number;
}): JSX.Element {
  const { scenario, first, other, divergence } = replay;
  const view = scenario.views.state;
  const stateAt = useMemo(() => rememberingTwo((row: number) => view?.model(first.run, row)), [replay]);
  const now = stateAt(event);
  const before = event === 0 ? undefined : stateAt(event - 1);
  const change = now === undefined || before === undefined ? undefined : changeBetween(before, now);
  return (
    <section class="replay-states" aria-labelledby="state-title">
      <h2 id="state-title">
        After this event <span class="aside">{sayChange(change)}</span>
      </h2>
      {now === undefined && <p class="state-empty">This scenario has no state to show.</p>}
      {now !== undefined && (
        <div class="state-compared">
          <RunState
            label={first.label}
            latest={other === undefined ? undefined : sayLatest(first, event)}
            state={now}
            change={change}
          />
          {other !== undefined && (
            <OtherState
              other={other}
              row={counterpart(first, other, divergence, event)}
              same={divergence === undefined || event < divergence}
              stateAt={(row) => view!.model(other.run, row)}
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
  stateAt,
}: {
  readonly other: ReplayedRun;
  readonly row: number;
  readonly same: boolean;
  readonly stateAt: (row: number) => StateModel;
}): JSX.Element {
  const state = useMemo(() => stateAt(row), [other, row]);
  const latest = same ? 'The same up to here.' : sayLatest(other, row);
  return <RunState label={other.label} latest={latest} state={state} change={undefined} />;
}

function RunState({
  label,
  latest,
  state,
  change,
}: {
  readonly label: string;
  /** Said where two runs are compared, with the label. */
  readonly latest: string | undefined;
  readonly state: StateModel;
  readonly change: StateChange | undefined;
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
      <StateTables state={state} change={change} />
    </section>
  );
}

const sayLatest = ({ run: { trace } }: ReplayedRun, row: number): string =>
  `At ${sayTime(trace.timeNs(row))}: ${trace.say(row)}.`;

function sayChange(change: StateChange | undefined): string {
  if (change === undefined) return '';
  const touched = change.cells.size + change.gone.flat().length;
  return touched === 0 ? 'which changed nothing here' : '';
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

/** Keeps the greatest height that the element had at its width, so that stepping moves nothing below it. */
function useHeightThatGrows(host: { readonly current: HTMLElement | null }): void {
  const greatest = useRef({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = host.current!;
    if (element.clientWidth !== greatest.current.width) {
      greatest.current = { width: element.clientWidth, height: 0 };
      element.style.minHeight = '';
    }
    if (element.offsetHeight <= greatest.current.height) return;
    greatest.current.height = element.offsetHeight;
    element.style.minHeight = `${element.offsetHeight}px`;
  });
}
