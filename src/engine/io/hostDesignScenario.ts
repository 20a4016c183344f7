import { choice, count, quantity } from '../kernel/parameters.ts';
import { defineScenario, type Witness } from '../kernel/scenario.ts';
import { pointerOf } from '../kernel/structuredText.ts';
import { defineEvents, noCause, Trace } from '../kernel/trace.ts';
import type { BarsModel, StateModel } from '../kernel/view.ts';
import { designDocument } from './designDocument.ts';
import { hosts, impossibleIn, pathOf, type DesignPath, type HostName, type VmNeeds } from './hostPlan.ts';
import { costNs } from './pathCosts.ts';
import { pathEvents } from './pathEvents.ts';
import { PathRun } from './requestPath.ts';
import { stream } from './streaming.ts';

const designEvents = defineEvents({
  design: { doc: 'A design is looked at.', fields: ['vms'], say: ({ vms }) => `a design for ${vms} VMs` },
  choose: {
    doc: 'The design names a path for a VM.',
    fields: ['vm', 'path'],
    texts: ['vm', 'path'],
    say: (_, { vm, path }) => `${vm}: ${path}`,
  },
  assign: {
    doc: 'A VM gets a path: what a round trip takes, and the CPU time of host and exits at its busiest.',
    fields: ['vm', 'path', 'roundTripNs', 'cpuPercent'],
    texts: ['vm', 'path'],
    say: ({ roundTripNs, cpuPercent }, { vm, path }) =>
      `${vm} by ${path}: ${Number((roundTripNs! / 1000).toFixed(1))} µs a round trip, ${Number(cpuPercent!.toFixed(2))} % of a CPU`,
  },
  pin: {
    doc: 'The memory of a VM with an assigned function is pinned, because the card may write to any of it.',
    fields: ['vm', 'memoryGiB'],
    texts: ['vm'],
    say: ({ memoryGiB }, { vm }) => `all ${memoryGiB} GiB of ${vm} are pinned`,
  },
});
type DesignTrace = Trace<typeof designEvents>;

interface DesignRun {
  readonly trace: DesignTrace;
  readonly params: {
    readonly host: HostName;
    readonly cpuBudgetPercent: number;
    readonly pinnedBudgetGiB: number;
  };
  readonly metrics: { readonly cpuPercent: number; readonly pinnedGiB: number };
}

const vmPointer = (name: string): string => pointerOf(['vms', name]);

/** Which path each VM of a host should have. */
export const hostDesign = defineScenario({
  id: 'io.host-design',
  title: 'A path for each VM of a host',
  doc:
    "A host's network card has a few virtual functions, its CPUs have a budget for I/O, and its VMs have needs: packets per second, round trip, " +
    'live migration, drivers. A design gives each VM a path; the engine computes what that comes to, and refuses what cannot be built.',
  params: {
    host: choice({
      label: 'Host',
      doc: 'The VMs to plan for.',
      values: Object.fromEntries(Object.entries(hosts).map(([name, { doc }]) => [name, doc])) as Readonly<
        Record<HostName, string>
      >,
      default: 'lab',
    }),
    virtualFunctions: count({
      label: 'Virtual functions',
      doc: 'Virtual functions of the card.',
      min: 0,
      max: 256,
      default: 2,
      say: (functions) => `${functions} virtual functions`,
    }),
    cpuBudgetPercent: quantity('percent', {
      label: 'CPU budget',
      doc: 'CPU time for I/O that the host can spare, in percent of one CPU.',
      min: 0,
      max: 3200,
      step: 1,
      default: 40,
      say: (percent) => `${percent} % of a CPU for I/O`,
    }),
    pinnedBudgetGiB: count({
      label: 'Memory that may be pinned',
      doc: 'GiB of memory that the host can pin; the rest is overcommitted.',
      min: 0,
      max: 4096,
      default: 96,
      say: (gib) => `${gib} GiB may be pinned`,
    }),
  },
  metrics: {
    cpuPercent: {
      label: 'CPU for I/O',
      doc: 'CPU time of back ends and exits when every VM is at its busiest, in percent of one CPU.',
      better: 'lower',
    },
    functionsUsed: {
      label: 'Virtual functions used',
      doc: 'VMs with an assigned virtual function.',
      better: 'neither',
    },
    pinnedGiB: {
      label: 'Pinned memory',
      doc: 'Memory of the VMs with an assigned function.',
      better: 'lower',
    },
    tooSlow: {
      label: 'VMs that are too slow',
      doc: 'VMs whose round trip takes longer than they need.',
      better: 'lower',
    },
    movable: { label: 'VMs that can migrate', doc: 'VMs without an assigned function.', better: 'higher' },
  },
  events: designEvents,
  policies: {},
  documents: { design: designDocument },
  builtIn: {},
  checks: {
    roundTrips: {
      title: 'Every VM answers in time',
      doc: 'No round trip takes longer than the VM needs.',
      args: {},
      violated: tooSlow,
    },
    cpuBudget: {
      title: 'I/O leaves the CPUs to the guests',
      doc: 'Back ends and exits take no more CPU time than the budget.',
      args: {},
      violated: tooMuchCpu,
    },
    pinnedMemory: {
      title: 'No more memory is pinned than there is',
      doc: 'VMs with an assigned function have no more memory than may be pinned.',
      args: {},
      violated: tooMuchPinned,
    },
  },
  views: {
    bars: {
      doc: 'CPU time for I/O by VM, beside the packets that it is for.',
      model: (run) => cpuBars(run.trace, run.params.host),
    },
    state: {
      doc: 'The VMs, what they need and what they get.',
      model: (run, event) => designTable(run.trace, event, run.params.host),
    },
  },
  oracle:
    'A search over all designs of a host, each judged from the published constants by hand-written sums (test/conformance/hostDesign.test.ts).',
  stepBudget: 1000,
  run({ params, trace, documents, refuse }) {
    const { paths, postedInterrupts } = documents.design.value;
    const { vms } = hosts[params.host];
    const begin = trace.append(trace.codes.design, 0, noCause, paths.size);
    trace.setPlace(begin, '/vms');
    const chosenAt = new Map<string, number>();
    for (const [name, chosen] of paths) {
      const row = trace.append(trace.codes.choose, 0, begin, trace.text(name), trace.text(chosen));
      trace.setPlace(row, vmPointer(name));
      chosenAt.set(name, row);
    }
    const impossible = impossibleIn(vms, paths, params.virtualFunctions);
    if (impossible !== undefined) {
      const { vm, expected, actual, because } = impossible;
      const place = vm === undefined ? '/vms' : vmPointer(vm);
      refuse({ event: vm === undefined ? begin : chosenAt.get(vm)!, expected, actual, because, place });
    }
    let cpuPercent = 0;
    let pinnedGiB = 0;
    let functionsUsed = 0;
    let late = 0;
    for (const needs of vms) {
      const chosen = paths.get(needs.name)!;
      const tripNs = roundTripNs(chosen, postedInterrupts);
      const share = cpuShare(needs, chosen, postedInterrupts);
      const name = trace.text(needs.name);
      const row = trace.append(
        trace.codes.assign,
        0,
        chosenAt.get(needs.name)!,
        name,
        trace.text(chosen),
        tripNs,
        share,
      );
      trace.setPlace(row, vmPointer(needs.name));
      cpuPercent += share;
      if (tripNs > needs.roundTripUs * 1000) late++;
      if (chosen !== 'sr-iov') continue;
      functionsUsed++;
      pinnedGiB += needs.memoryGiB;
      trace.setPlace(trace.append(trace.codes.pin, 0, row, name, needs.memoryGiB), vmPointer(needs.name));
    }
    return { cpuPercent, functionsUsed, pinnedGiB, tooSlow: late, movable: vms.length - functionsUsed };
  },
});

/** A round trip of a small request on an idle host, as in io.path. */
function roundTripNs(chosen: DesignPath, postedInterrupts: boolean): number {
  return new PathRun(
    {
      path: pathOf[chosen],
      workload: 'network',
      operation: 'exchange',
      bytes: 150,
      depth: 1,
      coalesce: true,
      device: 'usual',
      postedInterrupts: postedInterrupts && chosen === 'sr-iov',
      grant: 'copy',
      transport: 'tcp',
      peer: 'lan',
      containerNetwork: 'host',
      containerStorage: 'volume',
      fileBytes: 0,
      backendWaitNs: 0,
      guestWaitNs: 0,
    },
    new Trace(pathEvents),
  ).run().timeNs;
}

/** Packets that share an interrupt of a virtual function under load (adaptive moderation, assumed). */
const packetsPerInterrupt = 8;

/** CPU time of the host for a VM, in percent of a CPU: the back end, or the exits of an assigned function's interrupts. */
function cpuShare({ kpps }: VmNeeds, chosen: DesignPath, postedInterrupts: boolean): number {
  const exitsNs = postedInterrupts
    ? 0
    : (costNs('injection') + costNs('endOfInterrupt')) / packetsPerInterrupt;
  const perPacketNs = chosen === 'sr-iov' ? exitsNs : 1e9 / stream(pathOf[chosen], 400).packetsPerSecond;
  return (kpps * 1000 * perPacketNs * 100) / 1e9;
}

function needsOf(host: HostName, name: string): VmNeeds {
  return hosts[host].vms.find((vm) => vm.name === name)!;
}

function* assignments(trace: DesignTrace): Generator<{
  readonly row: number;
  readonly vm: string;
  readonly path: string;
  readonly tripUs: number;
  readonly cpuPercent: number;
}> {
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'assign') continue;
    yield {
      row,
      vm: trace.textOf(trace.field(row, 0)),
      path: trace.textOf(trace.field(row, 1)),
      tripUs: trace.field(row, 2) / 1000,
      cpuPercent: trace.field(row, 3),
    };
  }
}

const rounded = (value: number): number => Number(value.toFixed(1));

function tooSlow({ trace, params }: DesignRun): Witness | undefined {
  for (const { row, vm, path, tripUs } of assignments(trace)) {
    const { roundTripUs, does } = needsOf(params.host, vm);
    if (tripUs <= roundTripUs) continue;
    return {
      event: row,
      expected: `a round trip of at most ${roundTripUs} µs for ${vm} (${does})`,
      actual: `${rounded(tripUs)} µs by ${path}`,
      because:
        'Waking a back end, copying, and exits for interrupts are part of every round trip on this path.',
      place: vmPointer(vm),
    };
  }
  return undefined;
}

function tooMuchCpu({ trace, params, metrics }: DesignRun): Witness | undefined {
  if (metrics.cpuPercent <= params.cpuBudgetPercent + 1e-9) return undefined;
  const most = [...assignments(trace)].reduce((a, b) => (b.cpuPercent > a.cpuPercent ? b : a));
  return {
    event: most.row,
    expected: `at most ${params.cpuBudgetPercent} % of a CPU for I/O`,
    actual: `${rounded(metrics.cpuPercent)} %, of which ${rounded(most.cpuPercent)} % for ${most.vm} by ${most.path}`,
    because:
      'Every packet of a VM costs the host CPU time: least with an assigned function, more with vhost, most with emulation.',
    place: vmPointer(most.vm),
  };
}

function tooMuchPinned({ trace, params, metrics }: DesignRun): Witness | undefined {
  if (metrics.pinnedGiB <= params.pinnedBudgetGiB) return undefined;
  let last = 0;
  for (let row = 0; row < trace.length; row++) if (trace.kind(row) === 'pin') last = row;
  return {
    event: last,
    expected: `at most ${params.pinnedBudgetGiB} GiB of pinned memory`,
    actual: `${metrics.pinnedGiB} GiB`,
    because:
      "An assigned function reads and writes the guest's memory without asking, so none of it can be swapped or shared: all of it is pinned.",
    place: vmPointer(trace.textOf(trace.field(last, 0))),
  };
}

function cpuBars(trace: DesignTrace, host: HostName): BarsModel {
  return {
    kind: 'bars',
    title: 'CPU time that I/O of each VM costs the host',
    axis: { label: 'CPU time', unit: '% of a CPU' },
    parts: [{ label: 'back end and exits', tone: 'overhead', letter: 'B' }],
    rows: [...assignments(trace)].map(({ vm, path, cpuPercent }) => ({
      label: `${vm}: ${path}, ${needsOf(host, vm).kpps} kpps`,
      values: [cpuPercent],
    })),
  };
}

function designTable(trace: DesignTrace, event: number, host: HostName): StateModel {
  const shown = new Map(
    [...assignments(trace)].filter(({ row }) => row <= event).map((each) => [each.vm, each]),
  );
  return {
    kind: 'state',
    groups: [
      {
        title: 'VMs',
        columns: ['VM', 'is', 'needs', 'migrates', 'path', 'round trip', 'CPU'],
        rows: hosts[host].vms.map(({ name, does, kpps, roundTripUs, migrates }) => {
          const given = shown.get(name);
          return [
            name,
            does,
            `${kpps} kpps, ${roundTripUs} µs`,
            migrates ? 'yes' : 'no',
            given?.path ?? 'not yet',
            given === undefined ? '' : `${rounded(given.tripUs)} µs`,
            given === undefined ? '' : `${rounded(given.cpuPercent)} %`,
          ];
        }),
        whenEmpty: 'No VM.',
      },
    ],
  };
}
