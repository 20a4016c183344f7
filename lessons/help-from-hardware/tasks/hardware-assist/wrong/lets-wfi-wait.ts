import type { Exit, HypervisorPolicy, HypervisorPolicyCalls } from 'trapframe';

let guests = 0;

export const hypervisor: HypervisorPolicy = {
  place({ guest, placed }) {
    guests = guest;
    let end = 0;
    for (const other of placed) end = Math.max(end, other.base + other.sizeBytes);
    return end;
  },

  configure() {
    return {
      delegate: { illegalInstructions: true, systemCalls: true, pageFaults: true, accessFaults: true },
      delegateTimer: true,
      guestTimer: true,
      readTime: true,
      trapSatp: false,
      trapWfi: false,
    };
  },

  onExit(exit, calls) {
    const { guest, cause, timerBound } = exit;
    const pc = handle(exit, calls);
    let next = guest;
    if (cause === 'timer' || calls.isHalted({ guest })) {
      for (let step = 1; step <= guests; step++) {
        next = ((guest - 1 + step) % guests) + 1;
        if (!calls.isHalted({ guest: next })) break;
      }
    }
    return next === guest && pc !== undefined
      ? { guest, pc, runFor: timerBound }
      : { guest: next, runFor: timerBound };
  },
};

/** Where the guest goes on; undefined for where it is. */
function handle(exit: Exit, calls: HypervisorPolicyCalls): number | undefined {
  const { guest, cause, code, value, pc, mode, physical, instruction } = exit;
  if (cause === 'start' || cause === 'timer') return undefined;
  if (cause === 'virtual-instruction') {
    if (mode === 'supervisor' && instruction?.name === 'wfi') {
      calls.sleepUntilTimer({ guest });
      return pc + 4;
    }
    // On bare metal it is an illegal instruction.
    calls.inject({ guest, code: 2, value });
    return undefined;
  }
  if (cause === 'guest-page-fault') {
    if (instruction !== undefined) {
      const { name, rd, rs2 } = instruction;
      const bytes = name.includes('b') ? 1 : name.includes('h') ? 2 : 4;
      try {
        if (name.startsWith('s')) {
          calls.deviceWrite({
            guest,
            address: physical,
            bytes,
            value: calls.readRegister({ guest, register: rs2 }),
          });
        } else {
          calls.writeRegister({
            guest,
            register: rd,
            value: calls.deviceRead({ guest, address: physical, bytes }),
          });
        }
        return pc + 4;
      } catch {
        // There is no device: on bare metal that is an access fault.
      }
    }
    calls.inject({ guest, code: code === 20 ? 1 : code === 21 ? 5 : 7, value });
    return undefined;
  }
  calls.inject({ guest, code, value });
  return undefined;
}
