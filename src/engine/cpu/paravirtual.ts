import { count } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import type { Trace } from '../kernel/trace.ts';
import { runBareMetal } from './guests/bareMetal.ts';
import { guestDocument } from './paravirtualization/guestDocument.ts';
import { differenceAtCheckpoint } from './binaryTranslation/leakyChecks.ts';
import { leakyGuest, leakyGuestBytes } from './guests/leakyGuest.ts';
import { leakyParameters } from './binaryTranslation/leakyParameters.ts';
import { leaked, paravirtualChecks } from './paravirtualization/paravirtualChecks.ts';
import { sameWorkAs } from './paravirtualization/paravirtualState.ts';
import { runTechnique } from './techniques.ts';
import { guestOptions } from './trapAndEmulate.ts';
import {
  exitCountBars,
  exitsByKind,
  hypercallGroup,
  paravirtualExitKinds,
} from './paravirtualization/paravirtualViews.ts';
import { courseVmmEvents, type VmmEvents } from './vmm/vmmEvents.ts';
import { guestListing, machineState } from './vmm/vmmViews.ts';

/** A kernel that knows of its VMM, on the leaky processor. */
export const paravirtual = defineScenario({
  id: 'cpu.paravirtual',
  title: 'A kernel that knows of its VMM',
  doc:
    'The kernel of `cpu.leaky`, changed at its source: in place of sensitive instructions it calls the VMM, with many updates in one call, or shares a word ' +
    'of memory with it. It runs on the leaky processor, and is compared with the unchanged kernel: its results on bare metal, its exits by trap and ' +
    'emulate on a processor that does not leak.',
  params: {
    guests: count({
      label: 'Guests',
      doc: 'Guests side by side, each with its own memory and data.',
      min: 1,
      max: 4,
      default: 1,
      say: (guests) => (guests === 1 ? '1 guest' : `${guests} guests`),
    }),
    ...leakyParameters,
  },
  metrics: {
    exits: {
      label: 'Exits',
      doc: 'Times that a guest trapped: hypercalls and stores to page tables in use included.',
      better: 'lower',
    },
    hypercalls: { label: 'Hypercalls', doc: 'Of these: calls of a guest’s kernel.', better: 'neither' },
    privilegedExits: {
      label: 'Exits for privileged instructions',
      doc: 'Of these: privileged instructions that are left in a guest’s kernel.',
      better: 'lower',
    },
    tableExits: {
      label: 'Exits for page tables',
      doc: 'Of these: stores to a page table in use.',
      better: 'lower',
    },
    deviceExits: { label: 'Exits for devices', doc: 'Of these: accesses to devices.', better: 'lower' },
    trapAndEmulateExits: {
      label: 'Exits by trap and emulate',
      doc: 'Exits of the unchanged kernel on a processor that does not leak.',
      better: 'neither',
    },
    exitPercent: {
      label: 'Share of the exits',
      doc: 'Exits, as a share of those by trap and emulate.',
      better: 'lower',
    },
    leaks: {
      label: 'Leaks',
      doc: 'Sensitive instructions of a guest’s kernel that ran in user mode without a trap.',
      better: 'lower',
    },
    preemptions: {
      label: 'Preemptions',
      doc: 'Timer interrupts that came while a process ran.',
      better: 'neither',
    },
    bareCycles: {
      label: 'Cycles on bare metal',
      doc: 'Cycles that the unchanged kernel takes without a VMM.',
      better: 'neither',
    },
    vmCycles: {
      label: 'Cycles under the VMM',
      doc: 'Cycles under the VMM, by the cost model.',
      better: 'lower',
    },
    slowdown: {
      label: 'Slowdown',
      doc: 'Cycles under the VMM, as a multiple of those on bare metal.',
      better: 'lower',
    },
  },
  events: courseVmmEvents,
  policies: {},
  documents: { guest: guestDocument },
  builtIn: {},
  checks: paravirtualChecks,
  views: {
    bars: {
      doc: 'Exits by kind, beside those of the unchanged kernel by trap and emulate.',
      model: (run) => exitCountBars(run.trace),
    },
    listing: {
      doc: 'The guest’s source with the instruction at which the VMM takes over.',
      model: (run, event) => {
        const { source, program } = run.documents.guest.value;
        return guestListing(run.trace, event, source, program);
      },
    },
    state: {
      doc: 'The real and the virtual processor side by side, and what the VMM can be called for.',
      model: (run, event) => ({
        kind: 'state',
        groups: [...machineState(run.trace, event).groups, hypercallGroup()],
      }),
    },
  },
  oracle:
    'The unchanged kernel on bare metal (which has oracles of its own: QEMU, where installed, and another arithmetic) says what the results are; the ' +
    'exits of the built-in kernel are counted by hand from its source (test/conformance/paravirtual.test.ts).',
  stepBudget: 1_000_000,
  run({ params, trace, stepBudget, documents, refuse }) {
    const unchanged = Array.from({ length: params.guests }, (_, index) => {
      const options = { ...params, ...guestOptions(params, index) };
      const program = leakyGuest(options);
      const own = leakyGuest(options, documents.guest.value.program);
      return { program, own, bare: runBareMetal(program, leakyGuestBytes, stepBudget) };
    });
    const setting = { timerBound: params.timerBound, stepBudget };
    const done = runTechnique(
      {
        ...setting,
        guests: unchanged.map(({ own, bare }) => ({ program: own, bare })),
        leaky: true,
        paravirtual: sameWorkAs(unchanged[0]!.program),
      },
      trace,
    );
    if (done.stuck !== undefined) {
      return refuse(leaked(trace) ?? differenceAtCheckpoint(trace) ?? done.stuck);
    }
    const exits = exitsByKind(trace);
    const emulated = exitsByKind(runTechnique({ ...setting, guests: unchanged, leaky: false }).trace);
    const last = trace.length - 1;
    paravirtualExitKinds.forEach(({ label }, kind) => {
      for (const [technique, counts] of [
        ['by trap and emulate', emulated],
        ['this kernel', exits],
      ] as const) {
        const row = [trace.text(technique), trace.text(label), counts[kind]!] as const;
        trace.append(trace.codes.exitCount, trace.timeNs(last), last, ...row);
      }
    });
    const [calls = 0, privilegedExits = 0, tableExits = 0, deviceExits = 0] = exits;
    const bareCycles = sum(unchanged.map(({ bare }) => bare.cycles));
    return {
      exits: sum(exits),
      hypercalls: calls,
      privilegedExits,
      tableExits,
      deviceExits,
      trapAndEmulateExits: sum(emulated),
      exitPercent: (100 * sum(exits)) / sum(emulated),
      leaks: leaksIn(trace),
      preemptions: done.result.preemptions,
      bareCycles,
      vmCycles: done.result.cycles,
      slowdown: done.result.cycles / bareCycles,
    };
  },
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function leaksIn(trace: Trace<VmmEvents>): number {
  let leaks = 0;
  for (let row = 0; row < trace.length; row++) if (trace.kind(row) === 'leak') leaks++;
  return leaks;
}
