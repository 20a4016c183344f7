import type { PolicyImplementation } from '../kernel/policy.ts';
import type { SchedulerPolicy } from './schedulerPolicy.ts';

/**
 * A core for I/O with short slices, the idea of vTurbo (C. Xu et al., USENIX ATC 2013): CPU 0 runs vCPUs that have just woken, each for
 * one short slice, after which it stands in line with the others; the other CPUs take turns as usual. Nobody is interrupted: the
 * core is soon free. With nobody woken, CPU 0 gives short slices to the rest. On a host with one CPU those that woke
 * go first there, which is fair only as long as they need little.
 *
 * @param shortMs slice on CPU 0, in milliseconds, above 0
 */
export function shortSliceScheduler(shortMs: number): PolicyImplementation<typeof SchedulerPolicy> {
  const woken: number[] = [];
  const others: number[] = [];
  return {
    enqueue({ vcpu, reason }) {
      (reason === 'woken' ? woken : others).push(vcpu);
    },
    pickNext({ cpu, sliceMs }) {
      const vcpu = cpu === 0 ? (woken.shift() ?? others.shift()) : (others.shift() ?? woken.shift());
      if (vcpu === undefined) return undefined;
      return { vcpu, runForMs: cpu === 0 ? Math.min(shortMs, sliceMs) : sliceMs };
    },
  };
}
