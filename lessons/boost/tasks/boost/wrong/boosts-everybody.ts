import type { SchedulerPolicy } from 'trapframe';

const woken: number[] = [];
const runQueue: number[] = [];

export const scheduler: SchedulerPolicy = {
  enqueue({ vcpu, reason }) {
    if (reason === 'woken') woken.push(vcpu);
    // Who is interrupted goes on as soon as the CPU is free again.
    else if (reason === 'preempted') runQueue.unshift(vcpu);
    else runQueue.push(vcpu);
  },
  pickNext({ sliceMs }) {
    const vcpu = woken.shift() ?? runQueue.shift();
    return vcpu === undefined ? undefined : { vcpu, runForMs: sliceMs };
  },
  preempt({ running }) {
    return { cpu: running[0].cpu, afterMs: 0 };
  },
};
