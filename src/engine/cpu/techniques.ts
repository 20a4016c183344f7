import type { RunningPolicy } from '../kernel/policy.ts';
import { submissionOf, type Witness } from '../kernel/scenario.ts';
import { Trace } from '../kernel/trace.ts';
import type { Assembled } from './assembler/assembler.ts';
import type { BareRun } from './guests/bareMetal.ts';
import { GuestModeHost } from './hardwareAssist/guestModeHost.ts';
import { hypervisorPolicies } from './hardwareAssist/hypervisorPolicy.ts';
import { HypercallInterface } from './guests/hypercalls.ts';
import { leakyGuestBytes } from './guests/leakyGuest.ts';
import { referenceHypervisor } from './hardwareAssist/referenceHypervisor.ts';
import { paravirtualVmm, referenceVmm } from './vmm/referenceVmm.ts';
import type { TranslatorPolicy } from './binaryTranslation/translatorPolicy.ts';
import { VirtualMachineHost } from './vmm/virtualMachine.ts';
import type { SubmittedGuests, VmmResult } from './vmm/vmmRun.ts';
import { vmmEvents, type VmmEvents } from './vmm/vmmEvents.ts';
import { vmmPolicies } from './vmm/vmmPolicy.ts';

/** Guests that are to run under a VMM, each with what the kernel that does the same work does on bare metal. */
export interface TechniqueSetting {
  readonly guests: readonly { readonly program: Assembled; readonly bare: BareRun }[];
  /** Whether sensitive instructions leak in user mode. */
  readonly leaky: boolean;
  readonly timerBound: number;
  readonly stepBudget: number;
  readonly translator?: RunningPolicy<typeof TranslatorPolicy>;
  /** The guests know of their VMM, and make hypercalls. */
  readonly paravirtual?: SubmittedGuests;
}

/** Thrown when a guest cannot go on, so that the run ends there. */
class Stuck extends Error {
  readonly witness: Witness;
  constructor(witness: Witness) {
    super(witness.because);
    this.witness = witness;
  }
}

export interface TechniqueRun<R = Omit<VmmResult, 'preemptions' | 'kernelDirect' | 'kernelEmulated'>> {
  readonly trace: Trace<VmmEvents>;
  /** What it took; of a guest that got stuck, as far as it got. */
  readonly result: R;
  readonly stuck: Witness | undefined;
}

/** Runs guests under the course's own VMM, with or without translation of their kernels. Stores to page tables exit, as with shadows of them. */
export function runTechnique(
  setting: TechniqueSetting,
  trace: Trace<VmmEvents> = new Trace(vmmEvents),
): TechniqueRun<VmmResult> {
  const { translator, paravirtual } = setting;
  const host = new VirtualMachineHost(
    {
      ...machineOf(setting),
      tracesPageTables: true,
      ...(translator === undefined ? {} : { translator }),
      ...(paravirtual === undefined ? {} : { submitted: paravirtual }),
    },
    trace,
    getStuck,
  );
  const implementation = (): ReturnType<typeof referenceVmm> =>
    paravirtual === undefined ? referenceVmm() : paravirtualVmm(new HypercallInterface(host.hypercalls));
  const { vmm } = submissionOf(vmmPolicies, { vmm: implementation }).start({ vmm: host.calls });
  const stuck = asFarAsItGets(() => host.run(vmm));
  return { trace, result: host.soFar, stuck };
}

/**
 * Runs guests in guest mode under the course's own hypervisor, which delegates all that can be. Traps that the guests take
 * themselves cost what they do on bare metal.
 * @param exitCycles of an exit and the way back
 */
export function runInGuestMode(
  setting: TechniqueSetting,
  exitCycles: number,
  trace: Trace<VmmEvents> = new Trace(vmmEvents),
): TechniqueRun {
  const host = new GuestModeHost(machineOf(setting), trace, getStuck);
  const policies = submissionOf(hypervisorPolicies, { hypervisor: referenceHypervisor });
  const { hypervisor } = policies.start({ hypervisor: host.calls });
  const stuck = asFarAsItGets(() => host.run(hypervisor));
  const { instructions, trapCycles, exits, emulated } = host.soFar;
  const cycles = instructions + trapCycles + exits * exitCycles;
  const result = { direct: instructions, emulated, reflected: 0, translated: 0, stepped: 0, cycles };
  return { trace, result, stuck };
}

const machineOf = ({ guests, leaky, timerBound, stepBudget }: TechniqueSetting) => ({
  guests,
  guestBytes: leakyGuestBytes,
  hostBytes: (guests.length + 1) * leakyGuestBytes,
  timerBound,
  leaky,
  stepBudget,
});

const getStuck = (witness: Witness): never => {
  throw new Stuck(witness);
};

function asFarAsItGets(run: () => unknown): Witness | undefined {
  try {
    run();
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Stuck)) throw thrown;
    return thrown.witness;
  }
}
