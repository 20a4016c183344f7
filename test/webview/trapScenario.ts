import { choice, count } from '../../src/engine/kernel/parameters.ts';
import { defineScenario } from '../../src/engine/kernel/scenario.ts';
import { defineEvents, type Trace } from '../../src/engine/kernel/trace.ts';
import type { BarsModel, CurveModel, GraphModel, ListingModel } from '../../src/engine/kernel/view.ts';

/** A scenario for tests only, small enough to read, with a view of every kind but a timeline. */

const program = ['li a0, 1', 'csrr t0, mstatus', 'addi a0, a0, 1', 'sw a0, 0(s1)', 'wfi', 'j .'];
/** Lines that trap where the device is emulated, and why. */
const traps = new Map([
  [1, 'illegal instruction'],
  [3, 'store page fault, device memory'],
  [4, 'illegal instruction'],
]);

const events = defineEvents({
  execute: {
    doc: 'The guest executes a line.',
    fields: ['line'],
    say: ({ line }) => `the guest executes line ${line}`,
  },
  trap: {
    doc: 'A line traps.',
    fields: ['line'],
    say: ({ line }) => `line ${line} traps: ${traps.get(line!)}`,
  },
  emulate: {
    doc: 'The monitor emulates a line.',
    fields: ['line'],
    say: ({ line }) => `the monitor emulates line ${line}`,
  },
});
type Events = typeof events;

const counted = (trace: Trace<Events>, kind: keyof Events, upTo = trace.length - 1): number =>
  Array.from({ length: upTo + 1 }, (_, row) => trace.kind(row)).filter((one) => one === kind).length;

export const trapScenario = defineScenario({
  id: 'test.traps',
  title: 'A guest that traps',
  doc: 'For tests of pictures.',
  params: {
    rounds: count({ label: 'Rounds', doc: 'How often the program runs.', min: 0, max: 50, default: 2 }),
    device: choice({
      label: 'Device',
      doc: 'How the guest reaches its device.',
      values: { emulated: 'Each access traps.', direct: 'The guest has the device for itself.' },
      default: 'emulated',
    }),
  },
  metrics: { trapCount: { label: 'Traps', doc: 'How often the guest trapped.', better: 'lower' } },
  events,
  policies: {},
  builtIn: {},
  checks: {},
  views: {
    bars: {
      doc: 'Exits by cause.',
      model: ({ params, trace }): BarsModel => barsOf(counted(trace, 'trap'), params.device),
    },
    curve: { doc: 'Time over accesses.', model: ({ params }): CurveModel => curveOf(params.rounds) },
    graph: {
      doc: 'Who has the CPU.',
      model: ({ params, trace }, event): GraphModel => graphOf(trace, event, params.device),
    },
    listing: { doc: 'The program.', model: ({ trace }, event): ListingModel => listingOf(trace, event) },
    state: {
      doc: 'Counters.',
      model: ({ trace }, event) => ({
        kind: 'state',
        groups: [
          {
            title: 'Counters',
            columns: ['What', 'How often'],
            rows: (['execute', 'trap', 'emulate'] as const).map((kind) => [
              kind,
              String(counted(trace, kind, event)),
            ]),
            whenEmpty: 'None.',
          },
        ],
      }),
    },
  },
  oracle: 'None: it is a test.',
  stepBudget: 1000,
  run({ params, trace }) {
    let cause = -1;
    let now = 0;
    for (let round = 0; round < params.rounds; round++) {
      for (let line = 0; line < program.length; line++) {
        if (traps.has(line) && (params.device === 'emulated' || line !== 3)) {
          cause = trace.append(trace.codes.trap, now, cause, line);
          cause = trace.append(trace.codes.emulate, (now += 1500), cause, line);
        } else cause = trace.append(trace.codes.execute, now, cause, line);
        now += 500;
      }
    }
    return { trapCount: counted(trace, 'trap') };
  },
});

const barsOf = (trapped: number, device: string): BarsModel => ({
  kind: 'bars',
  title: 'Where an access spends its time',
  axis: { label: 'Time per access', unit: 'µs' },
  parts: [
    { label: 'guest', tone: 'focus', letter: 'g' },
    { label: 'world switch', tone: 'overhead', letter: 'sw' },
    { label: 'monitor', tone: 'busy', letter: 'm' },
    { label: 'device', tone: 'io', letter: 'd' },
    { label: 'waits for the host', tone: 'waiting', letter: 'w' },
    { label: 'nothing', tone: 'idle', letter: 'n' },
    { label: 'retries after a fault', tone: 'failed', letter: 'f' },
  ],
  rows: [
    {
      label: 'Fully emulated network card, with a long name that has to wrap',
      values: [2, 8.5, 12, 6, 4, 3, 3],
      reference: { value: 41.2, label: 'measured', source: 'QEMU 7.2 on Linux 6.1' },
    },
    {
      label: 'virtio',
      values: [2, 2.5, 5, 6, 1, 0, 0],
      reference: { value: 14, label: 'published', source: 'Russell 2008, table 3' },
    },
    { label: device, values: [2, device === 'direct' ? 0 : trapped / 4, 0.05, 6, 0, 0, 0] },
  ],
});

const curveOf = (rounds: number): CurveModel => ({
  kind: 'curve',
  title: 'Time for all accesses',
  x: { label: 'Accesses', unit: '', scale: 'log' },
  y: { label: 'Time', unit: 'µs', scale: 'log' },
  series: [
    {
      label: 'emulated',
      tone: 'overhead',
      shape: 'line',
      points: [1, 3, 10, 30, 100].map((x) => ({ x, y: 20 * x })),
    },
    {
      label: 'set up once, then direct',
      tone: 'focus',
      shape: 'line',
      points: [1, 3, 10, 30, 100].map((x) => ({ x, y: 300 + 2 * x })),
    },
    {
      label: 'batched',
      tone: 'io',
      shape: 'step',
      points: [1, 8, 16, 32, 64, 100].map((x) => ({ x, y: 40 * Math.ceil(x / 8) })),
    },
    {
      label: 'measured',
      tone: 'busy',
      shape: 'dots',
      points: [
        { x: 5, y: 110 },
        { x: 50, y: 900, label: 'second run' },
      ],
      source: 'QEMU 7.2 on Linux 6.1',
    },
  ],
  bounds: [
    { axis: 'y', at: 1000, label: 'at most 1 ms', forbidden: 'above' },
    { axis: 'x', at: 40, label: 'ring size' },
  ],
  marked: { x: Math.max(1, rounds), y: 20 * Math.max(1, rounds), label: 'your choice' },
});

function graphOf(trace: Trace<Events>, event: number, device: string): GraphModel {
  const kind = trace.kind(event);
  const monitor = kind !== 'execute';
  return {
    kind: 'graph',
    title: 'Who has the CPU',
    layers: ['Guest', 'Host kernel', 'User space', ''],
    nodes: [
      { id: 'app', label: 'Application', details: ['waits for data'], tone: 'waiting', layer: 0 },
      {
        id: 'kernel',
        label: 'Guest kernel',
        details: [monitor ? 'stopped' : 'runs'],
        tone: monitor ? 'idle' : 'focus',
        layer: 0,
      },
      {
        id: 'kvm',
        label: 'KVM',
        details: [`${counted(trace, 'trap', event)} exits`, kind === 'trap' ? 'handles an exit' : 'idle'],
        tone: kind === 'trap' ? 'overhead' : 'idle',
        layer: 1,
      },
      {
        id: 'qemu',
        label: 'QEMU',
        details: [kind === 'emulate' ? 'emulates' : 'sleeps'],
        tone: kind === 'emulate' ? 'busy' : 'idle',
        layer: 2,
      },
      { id: 'vhost', label: 'vhost-user-backend-process', details: ['crashed'], tone: 'failed', layer: 2 },
      { id: 'card', label: 'Network card', details: ['1 request', 'DMA on'], tone: 'io', layer: 3 },
    ],
    edges: [
      { from: 'app', to: 'kernel', label: 'read()', tone: 'busy' },
      {
        from: 'kernel',
        to: 'kvm',
        label: kind === 'trap' ? 'exit' : '',
        tone: kind === 'trap' ? 'focus' : 'idle',
      },
      { from: 'kvm', to: 'kernel', label: 'resume', tone: 'idle' },
      { from: 'kvm', to: 'qemu', label: 'ioctl returns', tone: 'overhead' },
      { from: 'kvm', to: 'vhost', label: 'kick', tone: 'failed' },
      { from: 'qemu', to: 'card', label: 'write()', tone: 'io' },
      ...(device === 'direct'
        ? [{ from: 'kernel', to: 'card', label: 'mapped registers', tone: 'io' as const }]
        : []),
    ],
  };
}

function listingOf(trace: Trace<Events>, event: number): ListingModel {
  const kind = trace.kind(event);
  const line = trace.field(event, 0);
  return {
    kind: 'listing',
    title: 'The guest’s program',
    lines: program.map((text, index) => ({
      label: `8000${(index * 4).toString(16).padStart(4, '0')}`,
      text,
      ...(index === 3 ? { note: 's1 is the device', tone: 'io' as const } : {}),
    })),
    current: line,
    ...(kind === 'execute' ? {} : { happening: kind === 'trap' ? `traps: ${traps.get(line)}` : 'emulated' }),
  };
}
