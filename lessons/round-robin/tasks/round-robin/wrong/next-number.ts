import type { SchedulerPolicy } from 'trapframe';

let latest = 0;

export const scheduler: SchedulerPolicy = {
  pickNext({ waiting, sliceMs }) {
    const next = waiting.find((each) => each.vcpu > latest) ?? waiting[0];
    latest = next.vcpu;
    return { vcpu: next.vcpu, runForMs: sliceMs };
  },
};
