import type { SchedulerPolicy } from 'trapframe';

const used = new Map<number, number>();

export const scheduler: SchedulerPolicy = {
  enqueue({ vcpu, usedMs }) {
    used.set(vcpu, usedMs);
  },
  pickNext({ waiting, sliceMs }) {
    let next = waiting[0];
    for (const each of waiting) if (each.usedMs < next.usedMs) next = each;
    return { vcpu: next.vcpu, runForMs: sliceMs };
  },
  preempt({ vcpu, running }) {
    const victim = running.find((each) => used.get(vcpu)! < used.get(each.vcpu)! + each.ranMs);
    return victim === undefined ? undefined : { cpu: victim.cpu, afterMs: 0 };
  },
};
