import type { Trap, VmmPolicy, VmmPolicyCalls } from 'trapframe';

// Bits of sstatus.
const SIE = 1 << 1; // interrupts are enabled in supervisor mode
const SPIE = 1 << 5; // what SIE was before the trap
const SPP = 1 << 8; // the mode before the trap: 1 is supervisor

/** Where a guest goes on, and in which mode it believes to be. */
type Going = { pc: number; mode: 'user' | 'supervisor' };

export const vmm: VmmPolicy = {
  place({ placed }) {
    // Every guest needs memory of its own.
    return 0;
  },

  onTrap(trap, calls) {
    const { pc, mode } = handle(trap, calls);
    // A timer interrupt of the guest may be due now: trap.timerDue.
    return { guest: trap.guest, pc, mode, runFor: trap.timerBound };
  },
};

function handle(trap: Trap, calls: VmmPolicyCalls): Going {
  const { guest, cause, pc, mode, instruction } = trap;
  if (cause === 'start') return { pc, mode: 'supervisor' };
  if (cause === 'timer') return { pc, mode };
  if (cause === 'illegal-instruction' && instruction !== undefined) {
    // A privileged instruction, such as csrrw. Apply it to the virtual CPU: calls.readCsr, calls.writeCsr,
    // calls.readRegister, calls.writeRegister.
    return { pc: pc + 4, mode };
  }
  // Everything else belongs to the guest's kernel: enter its trap handler.
  return { pc: pc + 4, mode };
}
