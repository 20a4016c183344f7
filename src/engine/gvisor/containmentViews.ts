import type { Trace } from '../kernel/trace.ts';
import type { BarsModel, GraphModel, StateModel, Tone } from '../kernel/view.ts';
import { boundaryConstants } from './boundaries.ts';
import { failuresOf } from './containmentChecks.ts';
import { attackAreaNames, type ContainmentEvents } from './containmentEvents.ts';
import { hostSurface } from './hostSurface.ts';
import { systemCallNames } from './sentryPolicy.ts';

type ContainmentTrace = Trace<ContainmentEvents>;

/** Row of the call that an event belongs to, or of the event itself. */
function callOf(trace: ContainmentTrace, event: number): number {
  for (let row = event; row >= 0; row--) if (trace.kind(row) === 'enter') return row;
  return event;
}

const micro = (ns: number): string => `${Number((ns / 1000).toFixed(2))} µs`;

/** What a signal does to a process, in few words. */
const effectOf = (trace: ContainmentTrace, event: number): string =>
  `process ${trace.field(event, 0)}: ${trace.field(event, 1) === 1 ? 'ended' : 'its handler runs'}`;

/** Kinds of events that belong to a call. */
const stepsOfCall: ReadonlySet<string> = new Set(['enter', 'gofer', 'host', 'answer', 'finish', 'signal']);

/** The layers of the sandbox and the current call in them, right after an event. */
export function sandboxAt(trace: ContainmentTrace, event: number, wall: boolean): GraphModel {
  const kind = trace.kind(event);
  const inCall = stepsOfCall.has(kind);
  const from = inCall ? callOf(trace, event) : event;
  const spent = { platform: 0, gofer: 0, host: 0 };
  let hostCall = '';
  let goferCall = '';
  const until = inCall ? event : from - 1;
  for (let row = from; row <= until; row++) {
    if (trace.kind(row) === 'enter') spent.platform += trace.field(row, 1);
    if (trace.kind(row) === 'gofer') {
      spent.gofer += trace.field(row, 0);
      goferCall = `${trace.textsOf(row)['call']!} = ${trace.textsOf(row)['result']!}`;
    }
    if (trace.kind(row) === 'host') {
      spent.host += trace.field(row, 0);
      hostCall = `${trace.textsOf(row)['call']!} = ${trace.textsOf(row)['result']!}`;
    }
  }
  const totalNs = kind === 'answer' ? trace.field(event, 1) : spent.platform + spent.gofer + spent.host;
  const filter = Array.from({ length: event + 1 }, (_, row) => row).find(
    (row) => trace.kind(row) === 'filter',
  );
  const broken = Array.from({ length: event + 1 }, (_, row) => trace.kind(row)).includes('broken');
  const probe = kind === 'probe' ? trace.textsOf(event) : undefined;
  const escaped = kind === 'probe' && trace.field(event, 1) === 1;
  const call = inCall && trace.kind(from) === 'enter' ? trace.textsOf(from)['call']! : '';
  const tone = (active: boolean, used: boolean): Tone => (active ? 'focus' : used ? 'busy' : 'idle');
  const fromSentry = broken && kind === 'probe';
  return {
    kind: 'graph',
    title: 'Layers',
    layers: ['', '', '', '', ''],
    direction: 'down',
    nodes: [
      {
        id: 'application',
        label: 'application',
        layer: 0,
        tone: tone(kind === 'answer' || kind === 'wrong' || kind === 'stuck', inCall),
        details: [
          ...(call === '' ? [] : [`process ${trace.field(from, 0)}: ${call}`]),
          ...(kind === 'answer' ? [`= ${trace.textsOf(event)['answer']!}`, `${micro(totalNs)} in all`] : []),
          ...(kind === 'stuck' ? ['waits for ever'] : []),
          ...(kind === 'signal' ? [effectOf(trace, event)] : []),
          ...(probe !== undefined && !fromSentry ? [`tries to ${probe['attempt']!}`] : []),
        ],
      },
      {
        id: 'platform',
        label: 'platform',
        layer: 1,
        tone: tone(false, spent.platform > 0),
        details: spent.platform > 0 ? ['intercepts the call', micro(spent.platform)] : [],
      },
      {
        id: 'Sentry',
        label: broken ? 'Sentry, taken over' : 'Sentry',
        layer: 2,
        tone:
          kind === 'killed' || broken
            ? 'failed'
            : tone(kind === 'enter' || kind === 'finish' || kind === 'signal', inCall),
        details: [
          ...(kind === 'enter' ? ['looks at the call'] : []),
          ...(kind === 'answer'
            ? [micro(Math.max(0, totalNs - spent.platform - spent.gofer - spent.host))]
            : []),
          ...(kind === 'finish' ? [`lets process ${trace.field(event, 0)} go on`] : []),
          ...(kind === 'signal' ? [`delivers ${trace.textsOf(event)['signal']!}`] : []),
          ...(kind === 'killed' ? ['ended by its filter'] : []),
          ...(fromSentry ? [`tries to ${probe!['attempt']!}`] : []),
        ],
      },
      {
        id: 'Gofer',
        label: 'Gofer',
        layer: 3,
        tone: tone(kind === 'gofer', spent.gofer > 0),
        details: spent.gofer > 0 ? [goferCall, micro(spent.gofer)] : [],
      },
      {
        id: 'filter',
        label: wall ? 'filter of the Sentry' : 'no filter',
        layer: 3,
        tone: tone(kind === 'filter', spent.host > 0),
        details: filter === undefined || !wall ? [] : [`${trace.field(filter, 0)} calls pass`],
      },
      {
        id: 'host kernel',
        label: 'host kernel',
        layer: 4,
        tone: escaped ? 'failed' : tone(kind === 'host', spent.host > 0),
        details: [
          ...(spent.host > 0 ? [hostCall, micro(spent.host)] : []),
          ...(probe === undefined ? [] : [escaped ? 'reached' : 'not reached']),
        ],
      },
    ],
    edges: [
      { from: 'application', to: 'platform', label: 'system call', tone: 'idle' },
      { from: 'platform', to: 'Sentry', label: '', tone: 'idle' },
      { from: 'Sentry', to: 'Gofer', label: 'files', tone: 'idle' },
      { from: 'Sentry', to: 'filter', label: 'few calls', tone: 'idle' },
      { from: 'Gofer', to: 'host kernel', label: '', tone: 'idle' },
      { from: 'filter', to: 'host kernel', label: '', tone: 'idle' },
    ],
  };
}

/** Attacks until an event and what came of them, what the application complained of until then, and its latest steps. */
export function attacksAt(trace: ContainmentTrace, event: number): StateModel {
  const rows = Array.from({ length: event + 1 }, (_, row) => row);
  const probes = rows.filter((row) => trace.kind(row) === 'probe');
  const talk = rows.filter((row) => stepsOfCall.has(trace.kind(row)));
  return {
    kind: 'state',
    groups: [
      {
        title: 'Attacks so far',
        columns: ['from', 'attempt', 'outcome', 'why'],
        rows: probes.map((row) => {
          const area = attackAreaNames[trace.field(row, 0)]!;
          const { attempt, because } = trace.textsOf(row) as Record<'attempt' | 'because', string>;
          return [
            area === 'host' ? 'a broken Sentry' : 'the application',
            attempt,
            trace.field(row, 1) === 1 ? 'SUCCEEDS' : 'fails',
            because,
          ];
        }),
        whenEmpty: 'None yet.',
      },
      {
        title: 'The application',
        columns: ['process', 'what went wrong'],
        rows: failuresOf(trace, event).map((row) => [
          trace.kind(row) === 'killed' ? 'all' : String(trace.field(row, 0)),
          trace.say(row),
        ]),
        whenEmpty: 'It has worked so far.',
      },
      {
        title: 'Latest steps',
        columns: ['step'],
        rows: talk.slice(-6).map((row) => [trace.say(row)]),
        latestOnly: true,
        whenEmpty: 'None yet.',
      },
    ],
  };
}

/** How many system calls of the host are within reach: before, and behind a Sentry. */
export function surfaceBars(ownSurface: number): BarsModel {
  const all = systemCallNames.length;
  const row = (label: string, value: number) => ({ label, values: [value] });
  return {
    kind: 'bars',
    title: 'System calls of the host within reach of an attacker',
    axis: { label: 'System calls', unit: 'calls' },
    parts: [{ label: 'within reach', tone: 'overhead', letter: '' }],
    rows: [
      row('a container without a filter', all),
      row('a container with the usual profile', boundaryConstants.container.hostCalls),
      row('a Sentry, files by the Gofer', hostSurface({ directfs: false, network: 'sandbox' }).length),
      row('a Sentry with directfs', hostSurface({ directfs: true, network: 'sandbox' }).length),
      row("a Sentry with the host's network", hostSurface({ directfs: false, network: 'host' }).length),
      row('the Sentry of this run', ownSurface),
    ],
  };
}
