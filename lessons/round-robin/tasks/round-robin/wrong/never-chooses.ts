import type { SchedulerPolicy } from 'trapframe';

const queue: number[] = [];

export const scheduler: SchedulerPolicy = {
  enqueue({ vcpu }) {
    queue.push(vcpu);
  },
  pickNext() {
    // Takes the head of the queue and forgets to return it.
    queue.shift();
    return undefined;
  },
};
