import type { SchedulerPolicy } from 'trapframe';

export const scheduler: SchedulerPolicy = {
  pickNext({ waiting, sliceMs }) {
    return { vcpu: waiting[0].vcpu, runForMs: sliceMs };
  },
};
