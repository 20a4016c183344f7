import type { HypervisorPolicy } from 'trapframe';

export const hypervisor: HypervisorPolicy = {
  place() {
    return 0;
  },

  configure() {
    // Nothing is delegated, and everything that can exit does.
    return {
      delegate: { illegalInstructions: false, systemCalls: false, pageFaults: false, accessFaults: false },
      delegateTimer: false,
      guestTimer: false,
      readTime: false,
      trapSatp: true,
      trapWfi: true,
    };
  },

  onExit(exit) {
    const { guest, timerBound } = exit;
    // What exited, and what has to be done about it?
    return { guest, runFor: timerBound };
  },
};
