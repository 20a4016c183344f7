import type { SchedulerPolicy } from 'trapframe';

const runQueue: number[] = [];

export const scheduler: SchedulerPolicy = {
  enqueue({ vcpu }) {
    runQueue.push(vcpu);
  },
  pickNext() {
    const vcpu = runQueue.shift();
    return vcpu === undefined ? undefined : { vcpu, runForMs: 0.5 };
  },
};
