import type { SchedulerPolicy } from 'trapframe';

// Round robin: whoever became ready first runs next, for one slice.

export const scheduler: SchedulerPolicy = {
  // Called each time a vCPU becomes ready and starts to wait.
  enqueue({ vcpu, reason }) {
    // Remember it.
  },

  // Called when a CPU is free and at least one vCPU waits.
  pickNext({ waiting, sliceMs }) {
    // Not a rotation yet: the lowest number always wins.
    return { vcpu: waiting[0].vcpu, runForMs: sliceMs };
  },
};
