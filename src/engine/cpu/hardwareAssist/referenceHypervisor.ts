import type { Infer } from '../../kernel/codec.ts';
import type { Calls, PolicyImplementation } from '../../kernel/policy.ts';
import { accessBytes } from '../machine/accessBytes.ts';
import type { HypervisorPolicy } from './hypervisorPolicy.ts';
import { exception } from '../machine/trapCause.ts';

type Hypervisor = typeof HypervisorPolicy;
type Exit = Infer<Hypervisor['decisions']['onExit']['input']>;

/** A hypervisor that lets guests do all that the hardware keeps apart: what runs when no other is given. */
export function referenceHypervisor(): PolicyImplementation<Hypervisor> {
  let guests = 0;
  return {
    place({ guest, placed }) {
      guests = guest;
      return placed.reduce((end, { base, sizeBytes }) => Math.max(end, base + sizeBytes), 0);
    },
    configure: () => ({
      delegate: { illegalInstructions: true, systemCalls: true, pageFaults: true, accessFaults: true },
      delegateTimer: true,
      guestTimer: true,
      readTime: true,
      trapSatp: false,
      trapWfi: true,
    }),
    onExit(exit, calls) {
      const { guest, timerBound } = exit;
      const pc = handle(exit, calls);
      let next = guest;
      if (exit.cause === 'timer' || calls.isHalted({ guest })) {
        for (let step = 1; step <= guests; step++) {
          next = ((guest - 1 + step) % guests) + 1;
          if (!calls.isHalted({ guest: next })) break;
        }
      }
      return { guest: next, pc: next === guest ? pc : undefined, runFor: timerBound };
    },
  };
}

/** Where the guest goes on; undefined for where it is. */
function handle(exit: Exit, calls: Calls<Hypervisor>): number | undefined {
  const { guest, cause, code, value, pc, mode, instruction } = exit;
  if (cause === 'start' || cause === 'timer') return undefined;
  if (cause === 'virtual-instruction' && mode === 'supervisor' && instruction?.name === 'wfi') {
    return sleeps(guest, calls) ? pc + 4 : undefined;
  }
  if (cause === 'guest-page-fault' && accessDevice(exit, calls)) return pc + 4;
  calls.inject({ guest, code: ownCode(code), value });
  return undefined;
}

/** False when no timer is set that could end the wait: it goes on for ever. */
function sleeps(guest: number, calls: Calls<Hypervisor>): boolean {
  try {
    calls.sleepUntilTimer({ guest });
    return true;
  } catch {
    return false;
  }
}

/** What the same is on bare metal: a virtual instruction is illegal there, and where nothing answers is an access fault. */
function ownCode(code: number): number {
  switch (code) {
    case exception.virtualInstruction:
      return exception.illegalInstruction;
    case exception.fetchGuestPageFault:
      return exception.fetchAccess;
    case exception.loadGuestPageFault:
      return exception.loadAccess;
    case exception.storeGuestPageFault:
      return exception.storeAccess;
  }
  return code;
}

/** False when there is no device at the address. */
function accessDevice({ guest, physical, instruction }: Exit, calls: Calls<Hypervisor>): boolean {
  const bytes = instruction === undefined ? undefined : accessBytes(instruction.name);
  if (instruction === undefined || bytes === undefined) return false;
  const { name, rd, rs2 } = instruction;
  try {
    if (name.startsWith('s')) {
      const value = calls.readRegister({ guest, register: rs2 });
      calls.deviceWrite({ guest, address: physical, bytes, value });
    } else {
      const value = calls.deviceRead({ guest, address: physical, bytes });
      calls.writeRegister({ guest, register: rd, value });
    }
    return true;
  } catch {
    return false;
  }
}
