import type { SchedulerPolicy } from 'trapframe';

const stack: number[] = [];

export const scheduler: SchedulerPolicy = {
  enqueue({ vcpu }) {
    stack.push(vcpu);
  },
  pickNext({ sliceMs }) {
    const vcpu = stack.pop();
    return vcpu === undefined ? undefined : { vcpu, runForMs: sliceMs };
  },
};
