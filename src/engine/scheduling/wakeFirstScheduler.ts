import type { PolicyImplementation } from '../kernel/policy.ts';
import type { SchedulerPolicy } from './schedulerPolicy.ts';

/**
 * Round robin with a boost for everybody: who wakes takes the CPU at once, of several the one whose vCPU has had it longest, and
 * has a whole slice; who is interrupted goes on before the others that wait. Nothing bounds how often one is boosted: the rules
 * of Xen's credit scheduler are there for that.
 */
export function wakeFirstScheduler(): PolicyImplementation<typeof SchedulerPolicy> {
  const woken: number[] = [];
  const runQueue: number[] = [];
  return {
    enqueue({ vcpu, reason }) {
      if (reason === 'woken') woken.push(vcpu);
      else if (reason === 'preempted') runQueue.unshift(vcpu);
      else runQueue.push(vcpu);
    },
    pickNext({ sliceMs }) {
      const vcpu = woken.shift() ?? runQueue.shift();
      return vcpu === undefined ? undefined : { vcpu, runForMs: sliceMs };
    },
    preempt({ running }) {
      let longest = running[0]!;
      for (const each of running) if (each.ranMs > longest.ranMs) longest = each;
      return { cpu: longest.cpu, afterMs: 0 };
    },
  };
}
