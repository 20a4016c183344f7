import type { RunningPolicy } from '../../kernel/policy.ts';
import type { Assembled } from '../assembler/assembler.ts';
import type { TranslatorPolicy } from '../binaryTranslation/translatorPolicy.ts';
import type { BareRun } from '../guests/bareMetal.ts';
import type { Difference, GuestState } from '../guests/guestState.ts';

/** What runs under a VMM, and on what. */
export interface VmmOptions {
  readonly guests: readonly { readonly program: Assembled; readonly bare: BareRun }[];
  /** Bytes of memory of each guest; a multiple of 4096. */
  readonly guestBytes: number;
  /** Bytes of memory that the VMM may give away. */
  readonly hostBytes: number;
  /** Most instructions until the VMM has the processor again. */
  readonly timerBound: number;
  /** Sensitive instructions do not trap in user mode: see `system.ts`. */
  readonly leaky: boolean;
  /** Most instructions of a run. @throws StepBudgetExceeded past it */
  readonly stepBudget: number;
  /** Translates the code of the guests' kernels. Left out: it runs directly, deprivileged. */
  readonly translator?: RunningPolicy<typeof TranslatorPolicy>;
  /** Whether stores to the page tables in use exit, as they do where a VMM keeps shadows of them. Default no. */
  readonly tracesPageTables?: boolean;
  /** Whether each instruction that runs directly is an event. Default no. */
  readonly follows?: boolean;
  /** What is different for guests whose source is what a learner wrote. */
  readonly submitted?: SubmittedGuests;
}

/** Guests whose source is a document: leaks are recorded, and exits say where in the source they come from. */
export interface SubmittedGuests {
  /** How a guest's state at a checkpoint differs from that of another kernel on bare metal, which did the same work. */
  readonly compare: (seen: GuestState, bare: GuestState, program: Assembled) => Difference | undefined;
  /** Virtual time after which a guest that has not ended never will. @param bareTime what the other kernel takes */
  readonly mostTime: (bareTime: number) => number;
}

/** What a run under a VMM took. */
export interface VmmResult {
  /** Instructions that ran directly, and those that the VMM emulated. */
  readonly direct: number;
  readonly emulated: number;
  /** Exits after which the guest's own handler went on. */
  readonly reflected: number;
  /** Instructions that ran in translation. */
  readonly translated: number;
  /** Of these: instructions that the VMM did one by one, without a trap, as the translation asks. */
  readonly stepped: number;
  /** Of those that ran directly, and of those that the VMM emulated: instructions of the guests' kernels. */
  readonly kernelDirect: number;
  readonly kernelEmulated: number;
  /** Of everything, by `costModel.ts`. */
  readonly cycles: number;
  /** Timer interrupts that came while a process ran. */
  readonly preemptions: number;
}
