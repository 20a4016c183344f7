import type { RunningPolicy } from '../kernel/policy.ts';
import { submissionOf, type Witness } from '../kernel/scenario.ts';
import { Trace } from '../kernel/trace.ts';
import type { Assembled } from './assembler.ts';
import type { BareRun } from './bareMetal.ts';
import { leakyGuestBytes } from './leakyGuest.ts';
import { referenceVmm } from './referenceVmm.ts';
import type { TranslatorPolicy } from './translatorPolicy.ts';
import { VirtualMachineHost, type VmmResult } from './virtualMachine.ts';
import { vmmEvents, type VmmEvents } from './vmmEvents.ts';
import { vmmPolicies } from './vmmPolicy.ts';

/** A guest that is to run under a VMM, and what it does on bare metal. */
export interface TechniqueSetting {
  readonly program: Assembled;
  readonly bare: BareRun;
  /** Whether sensitive instructions leak in user mode. */
  readonly leaky: boolean;
  readonly timerBound: number;
  readonly stepBudget: number;
  readonly translator?: RunningPolicy<typeof TranslatorPolicy>;
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

/** Runs a guest under the course's own VMM, with or without translation of its kernel. Stores to page tables exit, as with shadows of them. */
export function runTechnique(
  setting: TechniqueSetting,
  trace: Trace<VmmEvents> = new Trace(vmmEvents),
): TechniqueRun {
  const { program, bare, leaky, timerBound, stepBudget, translator } = setting;
  const host = new VirtualMachineHost(
    {
      guests: [{ program, bare }],
      guestBytes: leakyGuestBytes,
      hostBytes: 2 * leakyGuestBytes,
      timerBound,
      leaky,
      stepBudget,
      tracesPageTables: true,
      ...(translator === undefined ? {} : { translator }),
    },
    trace,
    (witness) => {
      throw new Stuck(witness);
    },
  );
  const { vmm } = submissionOf(vmmPolicies, { vmm: referenceVmm }).start({ vmm: host.calls });
  try {
    return { trace, result: host.run(vmm), stuck: undefined };
  } catch (thrown) {
    if (!(thrown instanceof Stuck)) throw thrown;
    return { trace, result: undefined, stuck: thrown.witness };
  }
}
