import type { PolicyImplementation } from '../kernel/policy.ts';
import type { SchedulerPolicy } from './schedulerPolicy.ts';

/** Strict rotation: who has waited longest runs next, for one slice. A vCPU that wakes joins at the tail. */
export function roundRobinScheduler(): PolicyImplementation<typeof SchedulerPolicy> {
  const runQueue: number[] = [];
  return {
    enqueue({ vcpu }) {
      runQueue.push(vcpu);
    },
    pickNext({ sliceMs }) {
      const vcpu = runQueue.shift();
      return vcpu === undefined ? undefined : { vcpu, runForMs: sliceMs };
    },
  };
}
