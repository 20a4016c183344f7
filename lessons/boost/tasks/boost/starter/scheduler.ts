import type { SchedulerPolicy } from 'trapframe';

const runQueue: number[] = [];

export const scheduler: SchedulerPolicy = {
  enqueue({ vcpu }) {
    runQueue.push(vcpu);
  },
  pickNext({ sliceMs }) {
    const vcpu = runQueue.shift();
    return vcpu === undefined ? undefined : { vcpu, runForMs: sliceMs };
  },
  // Who wakes waits for its turn. When should it not?
};
