import type { SchedulerPolicy } from 'trapframe';

export const scheduler: SchedulerPolicy = {
  pickNext({ waiting, sliceMs }) {
    const oldestFirst = [...waiting].sort((a, b) => a.sinceMs - b.sinceMs || a.vcpu - b.vcpu);
    return { vcpu: oldestFirst[0].vcpu, runForMs: sliceMs };
  },
};
