import { choice, count } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { defineEvents, type Trace } from '../kernel/trace.ts';
import { SpanBuilder, type BarsModel, type GraphModel, type Tone } from '../kernel/view.ts';
import {
  addressSpaceNs,
  callClasses,
  directfsNs,
  goferNs,
  hostNetworkNs,
  interceptionNs,
  netstackNs,
  platforms,
  type CallClassName,
  type Platform,
} from './callCosts.ts';

/** Where a call is at work, in the order of the layers. */
const layers = ['application', 'platform', 'Sentry', 'Gofer', 'host kernel'] as const;
type Layer = (typeof layers)[number];

const events = defineEvents({
  step: {
    doc: 'The call moves on to a layer, which works on it for `ns`.',
    fields: ['layer', 'ns', 'what', 'hostCalls'],
    texts: ['what'],
    say: ({ layer, ns }, { what }) => `${layers[layer!]}: ${what} (${Math.round(ns!)} ns)`,
  },
  done: { doc: 'The application goes on.', fields: [], say: () => 'the application goes on' },
});

interface Step {
  readonly layer: Layer;
  readonly ns: number;
  readonly what: string;
  /** System calls of the host that it takes. */
  readonly hostCalls: number;
}

const step = (layer: Layer, ns: number, what: string, hostCalls = 0): Step => ({
  layer,
  ns,
  what,
  hostCalls,
});

/** How the platform hands a call to the Sentry and its answer back, in parts of its cost. Shares are assumed; the sum is calibrated. */
const handOver: Readonly<
  Record<Exclude<Platform, 'native'>, { readonly there: readonly Step[]; readonly back: readonly Step[] }>
> = {
  ptrace: {
    there: [
      step('host kernel', 0.15, 'stops the application before the call (PTRACE_SYSEMU)', 1),
      step('host kernel', 0.2, 'wakes the Sentry, which waits for the application', 1),
      step('platform', 0.15, "reads the application's registers (PTRACE_GETREGSET)", 1),
    ],
    back: [
      step('platform', 0.15, 'writes the registers with the result (PTRACE_SETREGSET)', 1),
      step('host kernel', 0.35, 'lets the application go on, and switches to it', 1),
    ],
  },
  systrap: {
    there: [
      step('host kernel', 0.35, 'the seccomp filter raises SIGSYS in place of the call', 1),
      step('platform', 0.2, 'the signal handler leaves the call in memory that it shares with the Sentry'),
    ],
    back: [
      step('platform', 0.2, 'the Sentry leaves the result in the shared memory'),
      step('host kernel', 0.25, 'returns from the signal handler', 1),
    ],
  },
  kvm: {
    there: [step('platform', 0.5, 'the processor enters ring 0 of the guest, where the Sentry is')],
    back: [step('platform', 0.5, 'the Sentry returns to ring 3 of the guest')],
  },
};

function stepsOf(
  name: CallClassName,
  platform: Platform,
  files: 'gofer' | 'directfs' | 'cached',
  network: 'sandbox' | 'host',
): readonly Step[] {
  const { nativeNs, sentryNs, needs } = callClasses[name];
  if (platform === 'native') return [step('host kernel', nativeNs, 'does the call', 1)];
  const { there, back } = handOver[platform];
  const scaled = (steps: readonly Step[]): Step[] =>
    steps.map((each) => ({ ...each, ns: each.ns * interceptionNs[platform] }));
  const inside: Step[] = [step('Sentry', Math.max(50, sentryNs), 'looks at the arguments and does the call')];
  if (needs === 'file') {
    if (files === 'gofer') {
      inside.push(
        step('Gofer', goferNs * 0.8, 'is asked (LISAFS), looks the file up and answers'),
        step('host kernel', goferNs * 0.2, 'opens or looks at the file for the Gofer', 2),
      );
    } else if (files === 'directfs') {
      inside.push(step('host kernel', directfsNs, 'looks the file up, relative to a donated descriptor', 2));
    }
  }
  if (needs === 'network') {
    inside.push(
      step(
        'host kernel',
        nativeNs,
        network === 'host' ? 'does the call on a socket of its own' : 'takes the packets',
        1,
      ),
      network === 'host'
        ? step('Sentry', hostNetworkNs, 'hands the call to the socket of the host')
        : step('Sentry', netstackNs, 'runs TCP in its own network stack'),
    );
  }
  if (needs === 'fork' || needs === 'exec') {
    inside.push(
      step('host kernel', nativeNs, 'creates a process for the new address space', 4),
      step('platform', addressSpaceNs[needs][platform], 'fills the address space page by page', 20),
    );
  }
  return [...scaled(there), ...inside, ...scaled(back)];
}

/** One system call on its way through gVisor's layers. */
export const syscall = defineScenario({
  id: 'gvisor.syscall',
  title: 'One system call, layer by layer',
  doc: 'An application in gVisor makes a system call. Which layers work on it, for how long, and how often is the host asked?',
  params: {
    call: choice({
      label: 'System call',
      doc: 'What the application asks for.',
      values: Object.fromEntries(Object.entries(callClasses).map(([name, { doc }]) => [name, doc])) as Record<
        CallClassName,
        string
      >,
      default: 'stat',
    }),
    platform: choice({
      label: 'Platform',
      doc: 'How calls are intercepted.',
      values: platforms,
      default: 'systrap',
    }),
    files: choice({
      label: 'Files',
      doc: 'How the Sentry reaches a file, for calls that look one up.',
      values: {
        gofer: 'It asks the Gofer.',
        directfs: 'It asks the host, relative to a descriptor that the Gofer donated.',
        cached: 'It knows the file already (exclusive access, or an overlay in memory).',
      },
      default: 'gofer',
    }),
    network: choice({
      label: 'Network',
      doc: 'Whose network stack is used, for calls that send or receive.',
      values: { sandbox: "The Sentry's own.", host: "The host's." },
      default: 'sandbox',
    }),
    repeats: count({
      label: 'Repeats',
      doc: 'How often the call is made, one after the other.',
      min: 1,
      max: 20,
      default: 1,
    }),
  },
  metrics: {
    totalNs: {
      label: 'Time of the call',
      doc: 'From making the call to going on, for one call.',
      better: 'lower',
    },
    nativeNs: { label: 'Natively', doc: 'The same without a sandbox.', better: 'lower' },
    slowdown: { label: 'Slowdown', doc: 'The one as a multiple of the other.', better: 'lower' },
    addedNs: { label: 'Added', doc: 'The difference.', better: 'lower' },
    interceptionNs: {
      label: 'Interception',
      doc: 'Part of it that the platform takes, there and back.',
      better: 'lower',
    },
    hostCalls: {
      label: 'Host calls',
      doc: 'System calls of the host that one call takes, whoever makes them.',
      better: 'lower',
    },
  },
  events,
  policies: {},
  builtIn: {},
  checks: {},
  views: {
    timeline: {
      doc: 'Which layer works on the call, and when.',
      model: ({ trace }) => ({
        kind: 'timeline',
        title: 'The way of a system call',
        fromNs: 0,
        toNs: trace.timeNs(trace.length - 1),
        lanes: layers.map((label) => ({ label })),
        styles: [
          { label: 'at work', tone: 'busy', letter: '' },
          { label: 'intercepts', tone: 'overhead', letter: 'I' },
          { label: 'does the call', tone: 'focus', letter: 'S' },
        ],
        spans: spansOf(trace),
        marks: [],
        measures: [{ label: 'the call', fromNs: 0, toNs: trace.timeNs(trace.length - 1) }],
      }),
    },
    graph: {
      doc: 'The layers between application and host, and where the call is.',
      model: ({ trace }, event) => layersAt(trace, event),
    },
    bars: {
      doc: 'Time of this call on every platform, with what was measured.',
      model: ({ params }) => platformsCompared(params.call, params.files, params.network),
    },
    state: {
      doc: 'What has been done so far.',
      model: ({ trace }, event) => ({
        kind: 'state',
        groups: [
          {
            title: 'So far',
            columns: ['Layer', 'What', 'Nanoseconds'],
            rows: rowsUntil(trace, event).map((row) => [
              layers[trace.field(row, 0)]!,
              trace.textsOf(row)['what']!,
              String(Math.round(trace.field(row, 1))),
            ]),
            whenEmpty: 'Nothing yet.',
          },
        ],
      }),
    },
  },
  oracle:
    'Published costs of getpid on each platform, and measured ratios of runsc: those that calibrated no constant are gates, misses published (test/conformance/gvisorCosts.test.ts).',
  stepBudget: 10_000,
  run({ params, trace, start }) {
    start({});
    const steps = stepsOf(params.call, params.platform, params.files, params.network);
    let atNs = 0;
    let cause = -1;
    for (let repeat = 0; repeat < params.repeats; repeat++) {
      for (const { layer, ns, what, hostCalls } of steps) {
        cause = trace.append(
          trace.codes.step,
          Math.round(atNs),
          cause,
          layers.indexOf(layer),
          ns,
          trace.text(what),
          hostCalls,
        );
        atNs += ns;
      }
      cause = trace.append(trace.codes.done, Math.round(atNs), cause);
    }
    const totalNs = steps.reduce((sum, { ns }) => sum + ns, 0);
    const { nativeNs } = callClasses[params.call];
    return {
      totalNs,
      nativeNs,
      slowdown: totalNs / nativeNs,
      addedNs: totalNs - nativeNs,
      interceptionNs: interceptionNs[params.platform],
      hostCalls: steps.reduce((sum, { hostCalls }) => sum + hostCalls, 0),
    };
  },
});

type CallTrace = Trace<typeof events>;

const rowsUntil = (trace: CallTrace, event: number): number[] =>
  Array.from({ length: event + 1 }, (_, row) => row).filter((row) => trace.code(row) === trace.codes.step);

function spansOf(trace: CallTrace) {
  const spans = new SpanBuilder();
  for (const row of rowsUntil(trace, trace.length - 1)) {
    const layer = trace.field(row, 0);
    const style = layer === layers.indexOf('Sentry') ? 2 : layer === layers.indexOf('platform') ? 1 : 0;
    spans.add(layer, style, trace.timeNs(row), trace.timeNs(row + 1), row);
  }
  return spans.build();
}

function layersAt(trace: CallTrace, event: number): GraphModel {
  const isStep = trace.code(event) === trace.codes.step;
  const current = isStep ? trace.field(event, 0) : 0;
  const spent = layers.map(() => 0);
  for (const row of rowsUntil(trace, event)) spent[trace.field(row, 0)]! += trace.field(row, 1);
  const tone = (index: number): Tone => (index === current ? 'focus' : spent[index]! > 0 ? 'busy' : 'idle');
  const edge = (from: Layer, to: Layer, label: string) => ({ from, to, label, tone: 'idle' as const });
  return {
    kind: 'graph',
    title: 'Layers',
    layers: ['', '', '', '', ''],
    direction: 'down',
    nodes: layers.map((label, layer) => ({
      id: label,
      label,
      layer,
      tone: tone(layer),
      details: [
        ...(layer === current && isStep ? [trace.textsOf(event)['what']!] : []),
        ...(spent[layer]! > 0 ? [`${Math.round(spent[layer]!)} ns so far`] : []),
      ],
    })),
    edges: [
      edge('application', 'platform', 'system call'),
      edge('platform', 'Sentry', ''),
      edge('Sentry', 'Gofer', 'files'),
      edge('Sentry', 'host kernel', 'few calls'),
      edge('Gofer', 'host kernel', ''),
    ],
  };
}

/** Measured medians beside the model, where there is one: Linux 6.18, runsc 2022 (ptrace) and 2024 (systrap). */
const measuredNs: Partial<Record<CallClassName, Partial<Record<Platform, number>>>> = {
  trivial: { native: 142, ptrace: 26_395, systrap: 6_767 },
  read: { native: 463, ptrace: 28_175, systrap: 3_697 },
  write: { native: 638, ptrace: 28_848, systrap: 9_718 },
  stat: { native: 757, ptrace: 29_261, systrap: 20_068 },
  memory: { native: 1_858, ptrace: 3_949, systrap: 6_057 },
  fork: { native: 139_344, ptrace: 1_787_283, systrap: 3_669_292 },
};

function platformsCompared(
  name: CallClassName,
  files: 'gofer' | 'directfs' | 'cached',
  network: 'sandbox' | 'host',
): BarsModel {
  return {
    kind: 'bars',
    title: `Time of a call: ${name}`,
    axis: { label: 'Time', unit: 'ns', scale: 'log', from: 10 },
    parts: [{ label: 'the model', tone: 'busy', letter: '' }],
    rows: (Object.keys(platforms) as Platform[]).map((platform) => {
      const measured = measuredNs[name]?.[platform];
      return {
        label: platform,
        values: [stepsOf(name, platform, files, network).reduce((sum, { ns }) => sum + ns, 0)],
        ...(measured === undefined
          ? {}
          : {
              reference: {
                value: measured,
                label: 'measured',
                source: 'Linux 6.18, 2 CPUs; runsc of 2022 (ptrace) and 2024 (systrap), medians',
              },
            }),
      };
    }),
  };
}
