import type { Infer } from '../../kernel/codec.ts';
import { exception } from '../machine/trapCause.ts';
import type { HypervisorPolicy } from './hypervisorPolicy.ts';

/** What exits, as a hypervisor chose. */
export type Controls = Infer<(typeof HypervisorPolicy)['decisions']['configure']['output']>;

/** Bits of `hedeleg` that a choice stands for. */
const delegation = {
  illegalInstructions: (1 << exception.illegalInstruction) | (1 << exception.breakpoint),
  systemCalls: 1 << exception.userEcall,
  pageFaults:
    (1 << exception.fetchPageFault) | (1 << exception.loadPageFault) | (1 << exception.storePageFault),
  accessFaults:
    (1 << exception.fetchMisaligned) |
    (1 << exception.fetchAccess) |
    (1 << exception.loadMisaligned) |
    (1 << exception.loadAccess) |
    (1 << exception.storeMisaligned) |
    (1 << exception.storeAccess),
} as const;

/** The value of `hedeleg`: exceptions that a guest handles itself, without an exit. */
export const delegated = ({ delegate }: Controls): number =>
  (delegate.illegalInstructions ? delegation.illegalInstructions : 0) |
  (delegate.systemCalls ? delegation.systemCalls : 0) |
  (delegate.pageFaults ? delegation.pageFaults : 0) |
  (delegate.accessFaults ? delegation.accessFaults : 0);
