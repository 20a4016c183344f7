import { choice, count } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { runBareMetal } from './guests/bareMetal.ts';
import { guestKernel, guestKernelSource, guestRamBytes } from './guests/guestKernel.ts';
import { referenceVmm } from './vmm/referenceVmm.ts';
import { VirtualMachineHost } from './vmm/virtualMachine.ts';
import { vmmChecks } from './vmm/vmmChecks.ts';
import { exitKind, exitKinds, vmmEvents } from './vmm/vmmEvents.ts';
import { vmmParameters } from './vmm/vmmParameters.ts';
import { vmmPolicies } from './vmm/vmmPolicy.ts';
import { exitBars, guestListing, machineState } from './vmm/vmmViews.ts';
import type { Trace } from '../kernel/trace.ts';
import type { VmmEvents } from './vmm/vmmEvents.ts';

/** Guest kernels under a VMM, on a processor on which every sensitive instruction is privileged. */
export const trapAndEmulate = defineScenario({
  id: 'cpu.trap-and-emulate',
  title: 'A guest kernel under a VMM',
  doc:
    'A small kernel boots, turns paging on, and runs two processes that it preempts. On a real RISC-V processor without a ' +
    'hypervisor extension it runs in user mode under a VMM, and must not be able to tell. The same kernel on bare metal says what is right.',
  params: {
    guests: count({
      label: 'Guests',
      doc: 'Guest kernels side by side, each with its own memory and data.',
      min: 1,
      max: 4,
      default: 1,
      say: (guests) => (guests === 1 ? '1 guest' : `${guests} guests`),
    }),
    ...vmmParameters,
    steps: choice({
      label: 'Steps',
      doc: 'What is an event of the run. It changes nothing else.',
      values: {
        exits: 'What the VMM is asked and does.',
        instructions: 'Also each instruction that runs directly.',
      },
      default: 'exits',
      say: (steps) => `stepped by ${steps}`,
    }),
  },
  metrics: {
    exits: { label: 'Exits', doc: 'Times that the VMM got the processor.', better: 'lower' },
    privilegedExits: {
      label: 'Exits for privileged instructions',
      doc: 'Of these: privileged instructions of the guest’s kernel and of its processes.',
      better: 'lower',
    },
    systemCallExits: {
      label: 'Exits for system calls',
      doc: 'Of these: environment calls.',
      better: 'lower',
    },
    pageFaultExits: { label: 'Exits for page faults', doc: 'Of these: page faults.', better: 'lower' },
    deviceExits: { label: 'Exits for devices', doc: 'Of these: accesses to devices.', better: 'lower' },
    timerExits: { label: 'Exits by the timer', doc: 'Of these: the host’s timer.', better: 'lower' },
    directPercent: {
      label: 'Directly executed',
      doc: 'Instructions that ran on the processor without the VMM, as a share of these and all exits.',
      better: 'higher',
    },
    instructions: {
      label: 'Instructions',
      doc: 'Instructions of the guests, emulated ones included.',
      better: 'neither',
    },
    bareCycles: {
      label: 'Cycles on bare metal',
      doc: 'Cycles that the guests take without a VMM, one after the other.',
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
  events: vmmEvents,
  policies: vmmPolicies,
  builtIn: { vmm: referenceVmm },
  checks: vmmChecks,
  views: {
    bars: { doc: 'Exits of each guest by cause.', model: (run) => exitBars(run.trace, run.params.guests) },
    listing: {
      doc: 'The guest’s source with the instruction that trapped.',
      model: (run, event) =>
        guestListing(run.trace, event, guestKernelSource, guestKernel(guestOptions(run.params, 1))),
    },
    state: {
      doc: 'The real and the virtual processor side by side, and the registers.',
      model: (run, event) => machineState(run.trace, event),
    },
  },
  oracle:
    'The same guest on the machine without a VMM (which has oracles of its own): its console is also computed by a second program ' +
    'in another language of arithmetic, and its exits are counted from its instructions on bare metal (test/conformance/trapAndEmulate.test.ts).',
  stepBudget: 2_000_000,
  run({ params, trace, stepBudget, start, refuse }) {
    const guests = Array.from({ length: params.guests }, (_, index) => {
      const program = guestKernel(guestOptions(params, index + 1));
      return { program, bare: runBareMetal(program, guestRamBytes, stepBudget) };
    });
    const host = new VirtualMachineHost(
      {
        guests,
        guestBytes: guestRamBytes,
        hostBytes: 2 * guestRamBytes * params.guests,
        timerBound: params.timerBound,
        leaky: false,
        stepBudget,
        follows: params.steps === 'instructions',
      },
      trace,
      refuse,
    );
    const result = host.run(start({ vmm: host.calls }).vmm);
    const bareCycles = guests.reduce((sum, { bare }) => sum + bare.cycles, 0);
    const metrics = exitMetrics(trace);
    return {
      ...metrics,
      directPercent: (100 * result.direct) / (result.direct + metrics.exits),
      instructions: result.direct + result.emulated,
      bareCycles,
      vmCycles: result.cycles,
      slowdown: result.cycles / bareCycles,
    };
  },
});

/** The options of a guest: guests differ in their data. */
export const guestOptions = (
  params: { readonly quantumTicks: number; readonly rounds: number; readonly seed: number },
  guest: number,
) => ({ quantumTicks: params.quantumTicks, rounds: params.rounds, seed: params.seed + 1000 * guest });

export function exitMetrics(trace: Trace<VmmEvents>) {
  const counts = exitKinds.map(() => 0);
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) === 'exit') counts[exitKind(trace.field(row, 1))]!++;
  }
  const [privilegedExits = 0, systemCallExits = 0, pageFaultExits = 0, deviceExits = 0, timerExits = 0] =
    counts;
  return {
    exits: counts.reduce((sum, each) => sum + each, 0),
    privilegedExits,
    systemCallExits,
    pageFaultExits,
    deviceExits,
    timerExits,
  };
}
