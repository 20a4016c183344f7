import type { PolicyImplementation } from '../kernel/policy.ts';
import type { SchedulerPolicy } from '../scheduling/schedulerPolicy.ts';

/**
 * Round robin for the split driver: one queue for all, or one CPU for Dom0 alone and one for the VMs.
 * @param boosts whether a domain that wakes goes before those that are in the queue
 */
export function domainScheduler(
  dom0HasOwnCpu: boolean,
  boosts: boolean,
): PolicyImplementation<typeof SchedulerPolicy> {
  const queue: number[] = [];
  return {
    enqueue({ vcpu, reason }) {
      if (boosts && reason === 'woken') queue.unshift(vcpu);
      else queue.push(vcpu);
    },
    pickNext({ cpu, sliceMs }) {
      const next = dom0HasOwnCpu ? queue.findIndex((vcpu) => (vcpu === 0) === (cpu === 0)) : 0;
      const [vcpu] = next < 0 ? [] : queue.splice(next, 1);
      return vcpu === undefined ? undefined : { vcpu, runForMs: sliceMs };
    },
  };
}
