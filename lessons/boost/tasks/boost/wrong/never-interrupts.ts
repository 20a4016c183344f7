import type { SchedulerPolicy } from 'trapframe';

/** CPU time that each vCPU is counted to have had. Who slept is owed one slice at most. */
const countedMs = new Map<number, number>();
/** CPU time in fact, as told at the latest enqueue. */
const usedBeforeMs = new Map<number, number>();
/** How far those that always have work have come. It only grows. */
let floorMs = 0;
/** Who sleeps may save up this much, so that it is ahead of the others when it wakes. */
let savingsMs = 0;

export const scheduler: SchedulerPolicy = {
  enqueue({ vcpu, reason, usedMs }) {
    const ran = usedMs - (usedBeforeMs.get(vcpu) ?? 0);
    usedBeforeMs.set(vcpu, usedMs);
    const counted = (countedMs.get(vcpu) ?? (reason === 'woken' ? -Infinity : 0)) + ran;
    countedMs.set(vcpu, reason === 'woken' ? Math.max(counted, floorMs - savingsMs) : counted);
  },
  pickNext({ waiting, sliceMs }) {
    savingsMs = sliceMs;
    let next = waiting[0].vcpu;
    for (const { vcpu } of waiting) {
      if (countedMs.get(vcpu)! < countedMs.get(next)!) next = vcpu;
    }
    floorMs = Math.max(floorMs, countedMs.get(next)!);
    return { vcpu: next, runForMs: sliceMs };
  },
};
