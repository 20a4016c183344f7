import { choice, count, flagParameter } from '../kernel/parameters.ts';
import { defineScenario, type Witness } from '../kernel/scenario.ts';
import { defineEvents, noCause, type Trace } from '../kernel/trace.ts';
import type { BarsModel, StateModel } from '../kernel/view.ts';
import { applicationNames, applications, type ApplicationName } from './applications.ts';
import {
  boundaries,
  boundaryNames,
  bugsRequired,
  consequencesOf,
  needs,
  tenants,
  type Boundary,
  type Consequences,
  type Situation,
} from './boundaries.ts';
import { placementCases, type PlacementCase } from './placementCases.ts';
import { placementDocument, type Placement } from './placementDocument.ts';

const events = defineEvents({
  consequence: {
    doc: 'What a boundary would lead to in the situation that the parameters describe.',
    fields: ['boundary', 'slowdown', 'bugs', 'perHost'],
    texts: ['boundary'],
    say: ({ slowdown, bugs, perHost }, { boundary }) =>
      `${boundary}: ${times(slowdown!)} the native time; bugs to a neighbour: ${bugs}; on a host: ${perHost}`,
  },
  placed: {
    doc: 'A request of the document `placement`, with the boundary that it gets and what that misses, if anything.',
    fields: ['request', 'boundary', 'missed'],
    texts: ['request', 'boundary', 'missed'],
    say: (_, { request, boundary, missed }) =>
      `${request}, ${boundary}: ${missed === '' ? 'all that was asked' : `misses ${missed}`}`,
  },
});

const times = (factor: number): string => `${Number(factor.toFixed(3))} times`;

/** What a request may ask of its boundary. */
const requirements = {
  runs: 'That it can run there at all.',
  isolates: 'That enough bugs stand between its code and its neighbours.',
  fast: 'That it is not slower than asked, its start included.',
  starts: 'That it starts in time.',
  fits: 'That as many fit on a host as asked.',
} as const;
type Requirement = keyof typeof requirements;
const requirementNames = Object.keys(requirements) as readonly Requirement[];

interface Miss {
  readonly expected: string;
  readonly actual: string;
  readonly because: string;
}

/** Whether a request's requirement is missed by a boundary. */
function missOf(
  { situation, slowdownAtMost, startMsAtMost, perHostAtLeast }: PlacementCase,
  boundary: Boundary,
  requirement: Requirement,
): Miss | undefined {
  const found = consequencesOf(situation, boundary);
  switch (requirement) {
    case 'runs':
      return found.impossible === undefined
        ? undefined
        : { expected: 'a boundary in which it runs', actual: 'it does not start', because: found.impossible };
    case 'isolates': {
      const required = bugsRequired[situation.tenant];
      if (found.bugs >= required) return undefined;
      return {
        expected: `${required} bugs, one behind the other, before a neighbour is reached`,
        actual: `${found.bugs}`,
        because: `${tenants[situation.tenant]} In a container such code calls the kernel that all share, by ${found.hostCalls} system calls; one bug behind any of them is enough.`,
      };
    }
    case 'fast': {
      if (found.slowdown <= slowdownAtMost) return undefined;
      const { doc, seconds, calls } = applications[situation.workload];
      const rate = Math.round(Object.values(calls).reduce((sum, each) => sum + each, 0) / seconds);
      const start = found.slowdown - found.steadySlowdown;
      return {
        expected: `at most ${times(slowdownAtMost)} the native time`,
        actual: times(found.slowdown),
        because: `${doc} It makes ${rate} system calls a second${start > 0.005 ? `, and its start alone adds ${Number(start.toFixed(3))}` : ''}.`,
      };
    }
    case 'starts':
      if (found.startMs <= startMsAtMost) return undefined;
      return {
        expected: `a start within ${startMsAtMost} ms`,
        actual: `${found.startMs} ms`,
        because: 'Whoever asked for it waits for the start.',
      };
    case 'fits':
      if (found.perHost >= perHostAtLeast) return undefined;
      return {
        expected: `${perHostAtLeast} on a host of 64 GiB`,
        actual: String(found.perHost),
        because: 'What the boundary itself keeps in memory is paid for every instance.',
      };
  }
}

const situationOf = (params: {
  readonly tenant: Situation['tenant'];
  readonly workload: ApplicationName;
  readonly lifetimeSeconds: number;
  readonly kvm: boolean;
  readonly need: Situation['need'];
  readonly applicationMib: number;
}): Situation => ({
  tenant: params.tenant,
  workload: params.workload,
  lifetimeSeconds: params.lifetimeSeconds,
  kvm: params.kvm,
  need: params.need,
  applicationMiB: params.applicationMib,
});

/** Container, sandbox or virtual machine: what each leads to, for a tenant and a workload. */
export const choosing = defineScenario({
  id: 'gvisor.choosing',
  title: 'Container, sandbox or VM',
  doc:
    'Somebody wants to run a workload. What does a container, a gVisor sandbox or a small virtual machine lead to: how slow, how many bugs ' +
    'to a neighbour, how many on a host? Slowdowns of gVisor are those of gvisor.workload; starts are measured or published.',
  params: {
    tenant: choice({
      label: 'Whose code',
      doc: 'Whom the boundary has to withstand.',
      values: tenants,
      default: 'strangers',
    }),
    workload: choice({
      label: 'Workload',
      doc: 'What it does.',
      values: Object.fromEntries(applicationNames.map((name) => [name, applications[name].doc])) as Record<
        ApplicationName,
        string
      >,
      default: 'build',
    }),
    lifetimeSeconds: count({
      label: 'Life of an instance',
      doc: 'Seconds of native work over which its start is spread.',
      min: 1,
      max: 86_400,
      default: 60,
      say: (seconds) => `${seconds} s`,
    }),
    kvm: flagParameter({
      label: 'Virtualization on the host',
      doc: 'Whether the processor offers virtualization to the host: bare metal, or a VM with nested virtualization.',
      default: true,
    }),
    need: choice({ label: 'Needs', doc: 'What it cannot do without.', values: needs, default: 'nothing' }),
    applicationMib: count({
      label: 'Memory of the application',
      doc: 'MiB that it needs itself.',
      min: 16,
      max: 16_384,
      default: 256,
      say: (mib) => `${mib} MiB`,
    }),
    boundary: choice({
      label: 'Boundary',
      doc: 'The one that the numbers are of.',
      values: boundaries,
      default: 'gvisor',
    }),
  },
  metrics: {
    slowdown: {
      label: 'Slowdown',
      doc: 'Time of an instance, its start included, as a multiple of the native time.',
      better: 'lower',
    },
    steadySlowdown: { label: 'Slowdown once it runs', doc: 'The same without the start.', better: 'lower' },
    startMs: { label: 'Start', doc: "Until the application's first instruction.", better: 'lower' },
    bugs: {
      label: 'Bugs to a neighbour',
      doc: 'How many bugs it takes, one behind the other, to reach a neighbour by way of system calls.',
      better: 'higher',
    },
    hostCalls: {
      label: 'Host calls behind the last wall',
      doc: "System calls of the host's kernel within reach when only that last bug is missing.",
      better: 'lower',
    },
    perHost: { label: 'Instances per host', doc: 'How many fit on 64 GiB.', better: 'higher' },
    suits: {
      label: 'Suits',
      doc: '1 when it runs there at all, behind as many bugs as the tenant requires.',
      better: 'higher',
    },
    misses: {
      label: 'Missed requirements',
      doc: 'Requirements of the requests in the document `placement` that their boundaries miss.',
      better: 'lower',
    },
  },
  events,
  policies: {},
  documents: { placement: placementDocument },
  builtIn: {},
  checks: {
    meets: {
      title: 'Every request gets what it asked',
      doc: 'In the document `placement` every request has a boundary that meets one of its requirements.',
      args: {
        requirement: choice({
          label: 'Requirement',
          doc: 'Which.',
          values: requirements,
          default: 'isolates',
        }),
      },
      violated: (run, { requirement }: { readonly requirement: Requirement }) =>
        firstMiss(run.trace, run.documents.placement.value, requirement),
    },
  },
  views: {
    bars: {
      doc: 'Time in each boundary as a multiple of the native time.',
      model: ({ params }) => slowdownBars(situationOf(params)),
    },
    state: {
      doc: 'What each boundary leads to.',
      model: ({ params }) => consequenceTable(situationOf(params)),
    },
  },
  oracle:
    'Sums by hand from measured and published numbers; measured starts and filters of runc and runsc, published numbers of Firecracker ' +
    '(test/conformance/gvisorChoosing.test.ts).',
  stepBudget: 1000,
  run({ params, trace, documents, start }) {
    start({});
    const situation = situationOf(params);
    for (const boundary of boundaryNames) {
      const { slowdown, bugs, perHost } = consequencesOf(situation, boundary);
      trace.append(trace.codes.consequence, 0, noCause, trace.text(boundary), slowdown, bugs, perHost);
    }
    let misses = 0;
    for (const request of placementCases) {
      const boundary = documents.placement.value.get(request.id);
      if (boundary === undefined) continue;
      const missed = requirementNames.filter((each) => missOf(request, boundary, each) !== undefined);
      misses += missed.length;
      const row = trace.append(
        trace.codes.placed,
        0,
        noCause,
        trace.text(request.id),
        trace.text(boundary),
        trace.text(missed.join(', ')),
      );
      trace.setPlace(row, `/placement/${request.id}`);
    }
    const found = consequencesOf(situation, params.boundary);
    return {
      slowdown: found.slowdown,
      steadySlowdown: found.steadySlowdown,
      startMs: found.startMs,
      bugs: found.bugs,
      hostCalls: found.hostCalls,
      perHost: found.perHost,
      suits: suits(situation, found) ? 1 : 0,
      misses,
    };
  },
});

const suits = ({ tenant }: Situation, { impossible, bugs }: Consequences): boolean =>
  impossible === undefined && bugs >= bugsRequired[tenant];

function firstMiss(
  trace: Trace<typeof events>,
  placement: Placement,
  requirement: Requirement,
): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'placed') continue;
    const request = placementCases.find(({ id }) => id === trace.textsOf(row)['request'])!;
    const boundary = placement.get(request.id)!;
    const miss = missOf(request, boundary, requirement);
    if (miss === undefined) continue;
    return {
      event: row,
      place: `/placement/${request.id}`,
      expected: `for ${request.id}: ${miss.expected}`,
      actual: `with ${boundary}: ${miss.actual}`,
      because: miss.because,
    };
  }
  return undefined;
}

function slowdownBars(situation: Situation): BarsModel {
  return {
    kind: 'bars',
    title: `Time of ${situation.workload}, as a multiple of the native time`,
    axis: { label: 'Time', unit: '× native' },
    parts: [
      { label: 'natively', tone: 'busy', letter: '' },
      { label: 'added while it runs', tone: 'overhead', letter: '+' },
      { label: 'start, spread over its life', tone: 'waiting', letter: 's' },
    ],
    rows: boundaryNames.map((boundary) => {
      const { steadySlowdown, slowdown, impossible } = consequencesOf(situation, boundary);
      return {
        label: impossible === undefined ? boundary : `${boundary} (impossible here)`,
        values: [1, Math.max(0, steadySlowdown - 1), slowdown - steadySlowdown],
      };
    }),
  };
}

function consequenceTable(situation: Situation): StateModel {
  return {
    kind: 'state',
    groups: [
      {
        title: `${situation.workload}: ${tenants[situation.tenant]}`,
        columns: [
          'boundary',
          'slowdown',
          'start',
          'bugs to a neighbour',
          'host calls behind the last wall',
          'on a host',
          'verdict',
        ],
        rows: boundaryNames.map((boundary) => {
          const found = consequencesOf(situation, boundary);
          const required = bugsRequired[situation.tenant];
          return [
            boundary,
            `${found.slowdown.toFixed(2)} ×`,
            `${found.startMs} ms`,
            `${found.bugs}`,
            String(found.hostCalls),
            String(found.perHost),
            found.impossible ??
              (found.bugs < required ? `Not enough: ${required} are required.` : 'Will do.'),
          ];
        }),
        whenEmpty: '',
      },
    ],
  };
}
