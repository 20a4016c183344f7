import type { RunningPolicy } from '../kernel/policy.ts';
import { submissionOf, type Witness } from '../kernel/scenario.ts';
import { Trace } from '../kernel/trace.ts';
import type { Assembled } from './assembler.ts';
import type { BareRun } from './bareMetal.ts';
import { HypercallInterface } from './hypercalls.ts';
import { leakyGuestBytes } from './leakyGuest.ts';
import { paravirtualVmm, referenceVmm } from './referenceVmm.ts';
import type { TranslatorPolicy } from './translatorPolicy.ts';
import { VirtualMachineHost, type SubmittedGuests, type VmmResult } from './virtualMachine.ts';
import { vmmEvents, type VmmEvents } from './vmmEvents.ts';
import { vmmPolicies } from './vmmPolicy.ts';

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

export interface TechniqueRun {
  readonly trace: Trace<VmmEvents>;
  /** Undefined when the guest got stuck. */
  readonly result: VmmResult | undefined;
  readonly stuck: Witness | undefined;
}

/** Runs guests under the course's own VMM, with or without translation of their kernels. Stores to page tables exit, as with shadows of them. */
export function runTechnique(
  setting: TechniqueSetting,
  trace: Trace<VmmEvents> = new Trace(vmmEvents),
): TechniqueRun {
  const { guests, leaky, timerBound, stepBudget, translator, paravirtual } = setting;
  const host = new VirtualMachineHost(
    {
      guests,
      guestBytes: leakyGuestBytes,
      hostBytes: (guests.length + 1) * leakyGuestBytes,
      timerBound,
      leaky,
      stepBudget,
      tracesPageTables: true,
      ...(translator === undefined ? {} : { translator }),
      ...(paravirtual === undefined ? {} : { submitted: paravirtual }),
    },
    trace,
    (witness) => {
      throw new Stuck(witness);
    },
  );
  const implementation = (): ReturnType<typeof referenceVmm> =>
    paravirtual === undefined ? referenceVmm() : paravirtualVmm(new HypercallInterface(host.hypercalls));
  const { vmm } = submissionOf(vmmPolicies, { vmm: implementation }).start({ vmm: host.calls });
  try {
    return { trace, result: host.run(vmm), stuck: undefined };
  } catch (thrown) {
    if (!(thrown instanceof Stuck)) throw thrown;
    return { trace, result: undefined, stuck: thrown.witness };
  }
}
