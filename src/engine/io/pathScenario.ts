import { choice, count, flagParameter, quantity, type ChoiceParameter } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { Trace } from '../kernel/trace.ts';
import { SpanBuilder, type BarsModel, type TimelineModel, type Tone } from '../kernel/view.ts';
import { devices, type DeviceName } from './devices/devices.ts';
import { operations } from './deviceProtocol.ts';
import { costNs } from './pathCosts.ts';
import { pathEvents, places, spending, type PathEvents, type Spending } from './pathEvents.ts';
import { containerNetworks, containerStorage, ioPaths, type IoPath } from './ioPaths.ts';
import { PathRun, type PathRequest } from './requestPath.ts';
import { interruptBoundPercent, stream } from './streaming.ts';

const deviceChoices = {
  usual:
    'What is usual on the path: NVMe or e1000e natively and assigned, IDE with DMA or e1000 emulated, virtio for virtio.',
  ...Object.fromEntries(Object.entries(devices).map(([name, { title }]) => [name, `${title}.`])),
} as Readonly<Record<DeviceName | 'usual', string>>;

const params = {
  path: choice({
    label: 'Path',
    doc: 'How the request reaches the device.',
    values: ioPaths,
    default: 'native',
  }),
  workload: choice({
    label: 'Workload',
    doc: 'What is requested.',
    values: {
      block: 'A disk is read or written.',
      network: 'A small request and its answer: a round trip over the network.',
    },
    default: 'block',
  }),
  device: {
    ...choice({
      label: 'Device',
      doc: 'The device that the guest (or, natively, the host) drives. Its register protocol decides how often a request touches it.',
      values: deviceChoices,
      default: 'usual',
    }),
  } as ChoiceParameter<DeviceName | 'usual'>,
  operation: {
    ...choice({ label: 'Operation', doc: 'Direction of the data.', values: operations, default: 'read' }),
    default: (earlier: Readonly<Record<string, unknown>>) =>
      earlier['workload'] === 'network' ? ('exchange' as const) : ('read' as const),
  } as ChoiceParameter<keyof typeof operations>,
  sizeBytes: quantity('bytes', {
    label: 'Size',
    doc: 'Data of one request.',
    min: 1,
    max: 1_048_576,
    step: 512,
    default: (earlier) => (earlier['workload'] === 'network' ? 150 : 4096),
    say: (bytes) => `${bytes} bytes`,
  }),
  queueDepth: count({
    label: 'Queue depth',
    doc: 'Requests that are handed over together. Metrics are per request.',
    min: 1,
    max: 256,
    default: 1,
    say: (depth) => (depth === 1 ? 'one at a time' : `${depth} at a time`),
  }),
  coalesceInterrupts: flagParameter({
    label: 'Completions share interrupts',
    doc: 'Whether requests that complete together raise one interrupt, or one each.',
    default: true,
  }),
  postedInterrupts: flagParameter({
    label: 'Posted interrupts',
    doc: 'Whether a virtual interrupt reaches a running guest, and ends there, without an exit (VT-d posted interrupts, APICv).',
    default: false,
  }),
  grant: choice({
    label: 'Granted pages are',
    doc: "Xen's split driver: how Dom0 gets at the guest's data.",
    values: { copy: 'copied by the hypervisor.', map: 'mapped into Dom0, and unmapped afterwards.' },
    default: 'copy',
  }),
  transport: choice({
    label: 'Transport',
    doc: 'Network: which round trip was measured natively.',
    values: { tcp: 'TCP.', udp: 'UDP.' },
    default: 'tcp',
  }),
  peer: choice({
    label: 'Peer',
    doc: 'Network: where the other side is.',
    values: {
      lan: 'Another machine over 10 GbE.',
      'same-host': 'Another process or container of this host.',
    },
    default: 'lan',
  }),
  containerNetwork: choice({
    label: 'Container network',
    doc: 'Container: how it is attached to the network.',
    values: containerNetworks,
    default: 'bridge',
  }),
  containerStorage: choice({
    label: 'Container storage',
    doc: 'Container: where the file is.',
    values: containerStorage,
    default: 'volume',
  }),
  fileMiB: quantity('MiB', {
    label: 'File size',
    doc: 'Container: size of the file that the first write copies up.',
    min: 0,
    max: 1024,
    step: 1,
    default: 16,
  }),
  backendWaitUs: quantity('us', {
    label: 'Back end waits',
    doc: 'How long the driver domain, QEMU or vhost waits for a CPU once it is woken. 0 on an idle host.',
    min: 0,
    max: 1_000_000,
    step: 100,
    default: 0,
    say: (us) => (us === 0 ? 'a back end that runs at once' : `a back end that waits ${us} µs`),
  }),
  guestWaitUs: quantity('us', {
    label: 'Guest waits',
    doc: 'How long the guest waits for a CPU when its interrupt is due. 0 on an idle host.',
    min: 0,
    max: 1_000_000,
    step: 100,
    default: 0,
    say: (us) => (us === 0 ? 'a guest that runs at once' : `a guest that waits ${us} µs`),
  }),
  lineGbps: count({
    label: 'Line rate',
    doc: 'Network: Gbit/s of the wire, for the stream that the path sustains.',
    min: 1,
    max: 400,
    default: 10,
    say: (gbps) => `${gbps} GbE`,
  }),
};

type PathParameters = { readonly [K in keyof typeof params]: (typeof params)[K] };
type Values = import('../kernel/parameters.ts').ParametersOf<PathParameters>;

function requestOf(values: Values): PathRequest {
  return {
    path: values.path,
    workload: values.workload,
    operation: values.operation,
    bytes: Math.round(values.sizeBytes),
    depth: values.queueDepth,
    coalesce: values.coalesceInterrupts,
    device: values.device,
    postedInterrupts: values.postedInterrupts,
    grant: values.grant,
    transport: values.transport,
    peer: values.peer,
    containerNetwork: values.containerNetwork,
    containerStorage: values.containerStorage,
    fileBytes: Math.round(values.fileMiB * 1_048_576),
    backendWaitNs: Math.round(values.backendWaitUs * 1000),
    guestWaitNs: Math.round(values.guestWaitUs * 1000),
  };
}

/** One I/O request on every path that there is from an application to a device. */
export const path = defineScenario({
  id: 'io.path',
  title: 'Where the time of one I/O request goes',
  doc:
    'One request, or a batch handed over together, goes from an application to a device and back: natively, through an emulated device, ' +
    "Xen's split driver, virtio in QEMU, vhost, an assigned device or virtual function, or in a container. Counts and times are per request.",
  params,
  metrics: {
    deviceAccesses: {
      label: 'Device accesses',
      doc: 'Accesses of the driver to device registers, per request. Each is an exit when the device is emulated.',
      better: 'lower',
    },
    exits: {
      label: 'Exits',
      doc: 'How often the guest is left for the hypervisor, per request.',
      better: 'lower',
    },
    copies: {
      label: 'Copies',
      doc: 'How often a CPU copies the data on the way, per request, beyond native.',
      better: 'lower',
    },
    contextSwitches: {
      label: 'Context switches',
      doc: 'Switches to back end and guest, per request.',
      better: 'lower',
    },
    interrupts: {
      label: 'Interrupts',
      doc: 'Interrupts that the driver handles, per request.',
      better: 'lower',
    },
    notifications: {
      label: 'Notifications',
      doc: 'Event channels, eventfds and kicks between front end and back end, per request.',
      better: 'lower',
    },
    timeUs: {
      label: 'Time',
      doc: 'From the first request until the last response, divided by the number of requests.',
      better: 'lower',
    },
    overheadUs: { label: 'More than native', doc: 'The same, less what it takes natively.', better: 'lower' },
    slowdown: { label: 'Slowdown', doc: 'Time on this path as a multiple of native time.', better: 'lower' },
    exitUs: { label: 'Time in exits', doc: 'Time that exits take, per request.', better: 'lower' },
    waitingUs: {
      label: 'Time waiting for a CPU',
      doc: 'Time that back end and guest wait for a CPU, per request.',
      better: 'lower',
    },
    packetsPerSecond: {
      label: 'Packets per second',
      doc: 'Full segments that a stream sustains on this path with one CPU on the data path.',
      better: 'higher',
    },
    streamGbps: {
      label: 'Stream',
      doc: 'Payload of that stream, in Gbit/s; at most what the wire carries.',
      better: 'higher',
    },
    interruptBoundPercent: {
      label: 'Interrupt-bound throughput',
      doc: 'Throughput, relative to bare metal, of a guest whose every packet raises an interrupt of an assigned device, with or without posted interrupts.',
      better: 'higher',
    },
  },
  events: pathEvents,
  policies: {},
  builtIn: {},
  checks: {},
  views: {
    timeline: {
      doc: 'The stages of the path, by where they run.',
      model: (run) => pathTimeline(run.trace, run.params.path),
    },
    bars: {
      doc: 'The same request on every path, by what the time is spent on.',
      model: (run) => pathBars(run.params, run.end.kind === 'finished'),
    },
  },
  oracle:
    'Device accesses counted in QEMU under Linux, request latencies of Felter et al., container networks measured on Linux, packet rates of vhost and SR-IOV (test/conformance/ioPath.test.ts), with every miss in docs/checked-against-reality.md.',
  stepBudget: 1_000_000,
  run({ params: values, trace }) {
    const request = requestOf(values);
    const { depth } = request;
    const totals = new PathRun(request, trace).run();
    const nativeNs = new PathRun(
      { ...request, path: 'native', device: nativeDevice(request) },
      new Trace(pathEvents),
    ).run().timeNs;
    const exitNs = values.postedInterrupts ? 0 : costNs('injection') + costNs('endOfInterrupt');
    const flow = stream(values.path, values.lineGbps);
    const per = (total: number): number => total / depth;
    return {
      deviceAccesses: per(totals.deviceAccesses),
      exits: per(totals.exits),
      copies: per(totals.copies),
      contextSwitches: per(totals.contextSwitches),
      interrupts: per(totals.interrupts),
      notifications: per(totals.notifications),
      timeUs: per(totals.timeNs) / 1000,
      overheadUs: per(totals.timeNs - nativeNs) / 1000,
      slowdown: totals.timeNs / nativeNs,
      exitUs: per(totals.bySpending.exits) / 1000,
      waitingUs: per(totals.bySpending.waiting) / 1000,
      packetsPerSecond: flow.packetsPerSecond,
      streamGbps: flow.goodputGbps,
      interruptBoundPercent: interruptBoundPercent(exitNs),
    };
  },
});

/** What native is compared with: the same device where the path is native too, else the usual one. */
const nativeDevice = ({ path: given, device }: PathRequest): PathRequest['device'] =>
  given === 'native' ? device : 'usual';

const looks: Readonly<
  Record<Spending, { readonly tone: Tone; readonly letter: string; readonly label: string }>
> = {
  software: { tone: 'busy', letter: 'S', label: 'Software that native has too' },
  exits: { tone: 'failed', letter: 'X', label: 'Exits' },
  waking: { tone: 'overhead', letter: 'W', label: 'Notifying, waking, switching' },
  waiting: { tone: 'waiting', letter: 'Q', label: 'Waiting for a CPU' },
  backend: { tone: 'overhead', letter: 'B', label: 'Back end and host' },
  copies: { tone: 'overhead', letter: 'C', label: 'Copies' },
  interrupts: { tone: 'focus', letter: 'I', label: 'Interrupts' },
  device: { tone: 'io', letter: 'D', label: 'Device and wire' },
};

function pathTimeline(trace: Trace<PathEvents>, given: IoPath): TimelineModel {
  const spans = new SpanBuilder();
  let endNs = 0;
  let respondedNs: number | undefined;
  for (let row = 0; row < trace.length; row++) {
    const startNs = trace.timeNs(row);
    endNs = Math.max(endNs, startNs);
    if (trace.kind(row) === 'respond') respondedNs = startNs;
    if (trace.kind(row) !== 'stage') continue;
    const tookNs = trace.field(row, 2);
    spans.add(trace.field(row, 0), trace.field(row, 1), startNs, startNs + tookNs, row);
    endNs = Math.max(endNs, startNs + tookNs);
  }
  return {
    kind: 'timeline',
    title: `The stages of the request: ${ioPaths[given]}`,
    fromNs: 0,
    toNs: Math.max(1, endNs),
    lanes: places.map((place) => ({ label: place })),
    styles: spending.map((each) => looks[each]),
    spans: spans.build(),
    marks: respondedNs === undefined ? [] : [{ atNs: respondedNs, label: 'response', tone: 'finish' }],
    measures: [{ label: 'all requests', fromNs: 0, toNs: endNs }],
  };
}

function pathBars(values: Values, finished: boolean): BarsModel {
  const request = requestOf(values);
  const shown = finished ? (Object.keys(ioPaths) as IoPath[]) : [];
  const rows = shown.map((each) => {
    const chosen = each === values.path;
    const totals = new PathRun(
      { ...request, path: each, device: chosen ? request.device : 'usual' },
      new Trace(pathEvents),
    ).run();
    return {
      label: chosen ? `▸ ${each}` : each,
      values: spending.map((part) => totals.bySpending[part] / request.depth / 1000),
      ...publishedExchange(each, values),
    };
  });
  return {
    kind: 'bars',
    title: 'The same request on every path, per request',
    axis: { label: 'Time', unit: 'µs' },
    parts: spending.map((each) => looks[each]),
    rows,
  };
}

/** Measured by Felter et al., where the row is such an exchange. */
function publishedExchange(each: IoPath, { workload, transport, peer, containerNetwork }: Values) {
  if (workload !== 'network' || peer !== 'lan') return {};
  const measured = {
    native: { tcp: 37.7, udp: 35.9 },
    vhost: { tcp: 67.8, udp: 63.9 },
    'nat-2014': { tcp: 72.8, udp: 75.3 },
  };
  const key = each === 'container' ? containerNetwork : each;
  if (key !== 'native' && key !== 'vhost' && key !== 'nat-2014') return {};
  return {
    reference: {
      value: measured[key][transport],
      label: 'measured in 2014',
      source: 'Felter et al., IBM RC25482, Fig. 3',
    },
  };
}
