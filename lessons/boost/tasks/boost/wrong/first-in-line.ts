import type { SchedulerPolicy } from 'trapframe';

const runQueue: number[] = [];

export const scheduler: SchedulerPolicy = {
  enqueue({ vcpu, reason }) {
    if (reason === 'woken') runQueue.unshift(vcpu);
    else runQueue.push(vcpu);
  },
  pickNext({ sliceMs }) {
    const vcpu = runQueue.shift();
    return vcpu === undefined ? undefined : { vcpu, runForMs: sliceMs };
  },
};
