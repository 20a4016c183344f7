import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { caseWords } from '../../engine/kernel/caseWords.ts';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import type { Replay } from '../../protocol/tracePanel.ts';
import { Icon } from '../page/icons.tsx';
import { sayTime } from '../timeline/axis.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { TimeWindow } from '../timeline/timeWindow.ts';
import { EventTable } from './eventTable.tsx';
import {
  causesBehind,
  changedCells,
  counterpart,
  nextDecision,
  openReplay,
  type ReplayedRun,
} from './replayRuns.ts';
import { StateTables } from './stateTables.tsx';

export interface ReplayPanelProps {
  readonly replay: Replay;
  readonly scenarios: Readonly<Record<string, Scenario>>;
}

/** Steps through a run, event by event, forward and back, with the state at that instant and the reasons behind it. */
export function ReplayPanel({ replay, scenarios }: ReplayPanelProps): JSX.Element {
  const opened = useMemo(() => openReplay(replay, scenarios), [replay, scenarios]);
  if (!opened.ok) {
    return (
      <main class="broken">
        <h1>This run cannot be shown</h1>
        <p>{opened.message}</p>
      </main>
    );
  }
  return (
    <Stepper
      key={`${replay.title} ${caseWords(opened.scenario, replay)}`}
      replay={replay}
      scenario={opened.scenario}
      runs={opened.runs}
    />
  );
}

function Stepper({
  replay,
  scenario,
  runs,
}: {
  readonly replay: Replay;
  readonly scenario: Scenario;
  readonly runs: readonly [ReplayedRun, ...ReplayedRun[]];
}): JSX.Element {
  const [first, other] = runs;
  const { trace } = first.run;
  const last = Math.max(0, trace.length - 1);
  const deciding = replay.failure?.decidingEvent;
  const [event, setEvent] = useState(Math.min(deciding ?? 0, last));
  const [listed, setListed] = useState(false);
  const root = useRef<HTMLElement>(null);
  const go = (row: number | undefined): void => {
    if (row !== undefined) setEvent(Math.min(last, Math.max(0, row)));
  };

  useEffect(() => {
    // The page has nothing to type into, so single keys step from anywhere but inside a picture, which has its own.
    const onKeyDown = (pressed: KeyboardEvent): void => {
      const target = pressed.target as HTMLElement;
      if (
        pressed.ctrlKey ||
        pressed.metaKey ||
        pressed.altKey ||
        target.closest('[role=slider], input') !== null
      )
        return;
      const steps: Readonly<Record<string, () => void>> = {
        ArrowRight: () => go(event + 1),
        ArrowLeft: () => go(event - 1),
        Home: () => go(0),
        End: () => go(last),
        n: () => go(nextDecision(first, event, 1)),
        p: () => go(nextDecision(first, event, -1)),
        d: () => go(deciding),
      };
      const step = steps[pressed.key];
      if (step === undefined) return;
      pressed.preventDefault();
      step();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [event, first, last, deciding]);

  if (trace.length === 0) {
    return (
      <main class="replay" ref={root}>
        <h1>{replay.title}</h1>
        <p>Nothing happened in this run: it ended before its first event.</p>
      </main>
    );
  }
  const atNs = trace.timeNs(event);
  const said = `Event ${event + 1} of ${trace.length}, at ${sayTime(atNs)}: ${trace.say(event)}.`;
  return (
    <main class="replay" ref={root}>
      <h1>{replay.title}</h1>
      <p class="summary">{caseWords(scenario, replay)}</p>
      {replay.failure !== undefined && (
        <dl class="expected-actual">
          <dt>Expected</dt>
          <dd>{replay.failure.expected}</dd>
          <dt>Your run</dt>
          <dd>{replay.failure.actual}</dd>
          <dt>Why</dt>
          <dd>{replay.failure.because}</dd>
        </dl>
      )}
      <Controls event={event} last={last} first={first} deciding={deciding} go={go} />
      <p class="replay-said" role="status">
        {said}
      </p>
      <Pictures runs={runs} atNs={atNs} />
      <div class="replay-columns">
        <section aria-labelledby="state-title">
          <h2 id="state-title">After this event</h2>
          <States runs={runs} scenario={scenario} event={event} other={other} />
        </section>
        <section aria-labelledby="why-title">
          <h2 id="why-title">Why</h2>
          <Causes first={first} event={event} go={go} />
        </section>
      </div>
      <p>
        <button type="button" aria-expanded={listed} onClick={() => setListed(!listed)}>
          <Icon name="table" /> All events
        </button>
      </p>
      {listed && <EventTable replayed={first} event={event} deciding={deciding} onChoose={go} />}
      <p class="replay-keys">
        Keys: <kbd>←</kbd> <kbd>→</kbd> step, <kbd>Home</kbd> <kbd>End</kbd> first and last, <kbd>p</kbd>{' '}
        <kbd>n</kbd> previous and next decision{deciding === undefined ? '' : ', '}
        {deciding !== undefined && <kbd>d</kbd>}
        {deciding !== undefined && ' the one that decided'}.
      </p>
    </main>
  );
}

function Controls({
  event,
  last,
  first,
  deciding,
  go,
}: {
  readonly event: number;
  readonly last: number;
  readonly first: ReplayedRun;
  readonly deciding: number | undefined;
  readonly go: (row: number | undefined) => void;
}): JSX.Element {
  const before = nextDecision(first, event, -1);
  const after = nextDecision(first, event, 1);
  const button = (label: string, word: string, target: number | undefined): JSX.Element => (
    <button
      type="button"
      title={label}
      aria-label={label}
      aria-disabled={target === undefined || target < 0 || target > last || target === event}
      onClick={() => go(target)}
    >
      {word}
    </button>
  );
  return (
    <div class="replay-controls" role="toolbar" aria-label="Step through the run">
      {button('First event (Home)', '⏮', 0)}
      {button('Previous event (left arrow)', '◀', event - 1)}
      {button('Next event (right arrow)', '▶', event + 1)}
      {button('Last event (End)', '⏭', last)}
      {button('Previous decision (p)', '◀ decision', before)}
      {button('Next decision (n)', 'decision ▶', after)}
      {deciding !== undefined && button('The decision that went wrong (d)', 'What decided', deciding)}
      <input
        type="range"
        aria-label="Event"
        aria-valuetext={`Event ${event + 1} of ${last + 1}`}
        min={0}
        max={last}
        value={event}
        onInput={(input) => go(Number(input.currentTarget.value))}
      />
    </div>
  );
}

/** The runs above each other, panned and zoomed together, with this instant through all of them. */
function Pictures({
  runs,
  atNs,
}: {
  readonly runs: readonly ReplayedRun[];
  readonly atNs: number;
}): JSX.Element {
  const shown = useMemo(() => {
    const drawn = runs.flatMap(({ label, timeline }) =>
      timeline === undefined ? [] : [{ label, timeline }],
    );
    const fromNs = Math.min(...drawn.map(({ timeline }) => timeline.fromNs));
    const toNs = Math.max(...drawn.map(({ timeline }) => timeline.toNs));
    return { drawn, fromNs, toNs, window: new TimeWindow(fromNs, toNs) };
  }, [runs]);
  useEffect(() => shown.window.bringIn(atNs), [shown, atNs]);
  return (
    <div class="compared">
      {shown.drawn.map(({ label, timeline }) => (
        <Timeline
          key={label}
          caption={label}
          window={shown.window}
          model={{
            ...timeline,
            fromNs: shown.fromNs,
            toNs: shown.toNs,
            marks: [...timeline.marks, { atNs, label: `at ${sayTime(atNs)}`, tone: 'decision' }],
          }}
        />
      ))}
    </div>
  );
}

function States({
  runs,
  scenario,
  event,
  other,
}: {
  readonly runs: readonly [ReplayedRun, ...ReplayedRun[]];
  readonly scenario: Scenario;
  readonly event: number;
  readonly other: ReplayedRun | undefined;
}): JSX.Element {
  const view = scenario.views.state;
  if (view === undefined) return <p class="state-empty">This scenario has no state to show.</p>;
  const [first] = runs;
  const now = view.model(first.run, event);
  const before = event === 0 ? undefined : view.model(first.run, event - 1);
  if (other === undefined) return <StateTables state={now} changed={changedCells(now, before)} />;
  const expected = view.model(other.run, counterpart(first, other, event));
  return (
    <div class="state-compared">
      <div>
        <h3>{first.label}</h3>
        <StateTables state={now} changed={changedCells(now, before)} />
      </div>
      <div>
        <h3>{other.label}</h3>
        <StateTables state={expected} changed={new Set()} />
      </div>
    </div>
  );
}

/** The chain of causes behind an event, the nearest first. */
function Causes({
  first,
  event,
  go,
}: {
  readonly first: ReplayedRun;
  readonly event: number;
  readonly go: (row: number) => void;
}): JSX.Element {
  const behind = causesBehind(first, event);
  const { trace } = first.run;
  if (behind.length === 0)
    return <p class="state-empty">Nothing in the run caused this event: it came from outside.</p>;
  const shown = behind.slice(0, 8);
  return (
    <ol class="causes">
      {shown.map((row) => (
        <li key={row}>
          because, at {sayTime(trace.timeNs(row))},{' '}
          <button type="button" class="link" onClick={() => go(row)}>
            {trace.say(row)}
          </button>
        </li>
      ))}
      {behind.length > shown.length && (
        <li class="state-empty">and {behind.length - shown.length} events before that</li>
      )}
    </ol>
  );
}
