import type { SchedulerPolicy } from 'trapframe';

const runQueue: number[] = [];

export const scheduler: SchedulerPolicy = {
  enqueue({ vcpu }) {
    runQueue.push(vcpu);
  },

  pickNext({ sliceMs }) {
    const vcpu = runQueue.shift();
    if (vcpu === undefined) return undefined;
    return { vcpu, runForMs: sliceMs };
  },
};
