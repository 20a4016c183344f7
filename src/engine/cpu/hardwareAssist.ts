import { count, quantity } from '../kernel/parameters.ts';
import { defineScenario, submissionOf } from '../kernel/scenario.ts';
import { Trace } from '../kernel/trace.ts';
import { runBareMetal } from './guests/bareMetal.ts';
import { cycles } from './machine/costModel.ts';
import { guestKernel, guestKernelSource, guestRamBytes } from './guests/guestKernel.ts';
import { GuestModeHost } from './hardwareAssist/guestModeHost.ts';
import { assistedBars, guestModeState } from './hardwareAssist/guestModeViews.ts';
import { hardwareAssistChecks } from './hardwareAssist/hardwareAssistChecks.ts';
import { hypervisorPolicies } from './hardwareAssist/hypervisorPolicy.ts';
import { referenceHypervisor } from './hardwareAssist/referenceHypervisor.ts';
import { referenceVmm } from './vmm/referenceVmm.ts';
import { exitMetrics, guestOptions } from './trapAndEmulate.ts';
import { VirtualMachineHost } from './vmm/virtualMachine.ts';
import { vmmEvents } from './vmm/vmmEvents.ts';
import { vmmParameters } from './vmm/vmmParameters.ts';
import { vmmPolicies } from './vmm/vmmPolicy.ts';
import { guestListing } from './vmm/vmmViews.ts';

/** The guest kernel of `cpu.trap-and-emulate` on a processor with a guest mode. */
export const hardwareAssist = defineScenario({
  id: 'cpu.hardware-assist',
  title: 'A guest kernel in guest mode',
  doc:
    'The same small kernel as under trap and emulate, on a processor with RISC-V’s hypervisor extension. It runs in a mode that has ' +
    'its own copy of the privileged state, and the hypervisor chooses what still exits.',
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
    exitCycles: quantity('none', {
      label: 'Cost of an exit',
      doc: 'Cycles of an exit and the way back: about 1300 on x86 with KVM (Dall et al., ISCA 2016, table II).',
      min: 100,
      max: 20_000,
      step: 100,
      default: cycles.hardware.hypercall,
    }),
  },
  metrics: {
    exits: { label: 'Exits', doc: 'Times that the hypervisor got the processor.', better: 'lower' },
    privilegedExits: {
      label: 'Exits for instructions',
      doc: 'Of these: virtual and illegal instructions.',
      better: 'lower',
    },
    systemCallExits: {
      label: 'Exits for system calls',
      doc: 'Of these: environment calls.',
      better: 'lower',
    },
    pageFaultExits: {
      label: 'Exits for page faults',
      doc: 'Of these: page faults in the guest’s own page table.',
      better: 'lower',
    },
    deviceExits: {
      label: 'Exits for devices',
      doc: 'Of these: accesses to what is not the guest’s memory.',
      better: 'lower',
    },
    timerExits: { label: 'Exits by the timer', doc: 'Of these: the host’s timer.', better: 'lower' },
    trapAndEmulateExits: {
      label: 'Exits by trap and emulate',
      doc: 'Exits of the same guests on a processor without a guest mode.',
      better: 'neither',
    },
    bareCycles: {
      label: 'Cycles on bare metal',
      doc: 'Cycles that the guests take without a hypervisor, one after the other.',
      better: 'neither',
    },
    vmCycles: {
      label: 'Cycles in guest mode',
      doc: 'Cycles in guest mode by the cost model, walks of page tables apart.',
      better: 'lower',
    },
    slowdown: {
      label: 'Slowdown',
      doc: 'Cycles in guest mode, as a multiple of those on bare metal.',
      better: 'lower',
    },
  },
  events: vmmEvents,
  policies: hypervisorPolicies,
  builtIn: { hypervisor: referenceHypervisor },
  checks: hardwareAssistChecks,
  views: {
    bars: {
      doc: 'Exits of each guest by cause, and how many there are by trap and emulate.',
      model: (run) => assistedBars(run.trace, run.params.guests, run.metrics.trapAndEmulateExits),
    },
    listing: {
      doc: 'The guest’s source with the instruction that exited.',
      model: (run, event) =>
        guestListing(run.trace, event, guestKernelSource, guestKernel(guestOptions(run.params, 1))),
    },
    state: {
      doc: 'The guest’s own copy of the privileged state, and the hypervisor’s controls.',
      model: (run, event) => guestModeState(run.trace, event),
    },
  },
  oracle:
    'The same guest on bare metal, and what of its instructions has to exit counted there (test/conformance/hardwareAssist.test.ts); ' +
    'causes and values of exits as QEMU’s hypervisor extension reports them (test/conformance/hypervisorQemu.test.ts).',
  stepBudget: 2_000_000,
  run({ params, trace, stepBudget, start, refuse }) {
    const guests = Array.from({ length: params.guests }, (_, index) => {
      const program = guestKernel(guestOptions(params, index + 1));
      return { program, bare: runBareMetal(program, guestRamBytes, stepBudget) };
    });
    const machine = {
      guests,
      guestBytes: guestRamBytes,
      hostBytes: 2 * guestRamBytes * params.guests,
      timerBound: params.timerBound,
      leaky: false,
      stepBudget,
    };
    const host = new GuestModeHost(machine, trace, refuse);
    const result = host.run(start({ hypervisor: host.calls }).hypervisor);

    const software = new Trace(vmmEvents);
    const vmm = new VirtualMachineHost(machine, software, refuse);
    vmm.run(submissionOf(vmmPolicies, { vmm: referenceVmm }).start({ vmm: vmm.calls }).vmm);

    const bareCycles = guests.reduce((sum, { bare }) => sum + bare.cycles, 0);
    const vmCycles = result.instructions + result.trapCycles + result.exits * params.exitCycles;
    return {
      ...exitMetrics(trace),
      trapAndEmulateExits: exitMetrics(software).exits,
      bareCycles,
      vmCycles,
      slowdown: vmCycles / bareCycles,
    };
  },
});
