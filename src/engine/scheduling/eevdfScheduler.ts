import type { PolicyImplementation } from '../kernel/policy.ts';
import type { SchedulerPolicy } from './schedulerPolicy.ts';

/** A timer tick with HZ = 250: only there Linux notices that a slice is used up. */
const tickMs = 4;
const unitWeight = 256;

interface Entity {
  readonly vcpu: number;
  weight: number;
  /** CPU time, each vCPU's counted slower by its weight. */
  virtualMs: number;
  deadlineMs: number;
  /** What it was owed (positive) or had too much (negative) when it went to sleep, in virtual time. */
  lagMs: number;
  /** While it runs: up to when its time has been charged. */
  chargedMs: number | undefined;
}

/**
 * A fair scheduler after EEVDF (I. Stoica and H. Abdel-Wahab, "Earliest Eligible Virtual Deadline First", 1995) with the
 * rules of Linux 6.6 and later (kernel/sched/fair.c: `avg_vruntime`, `place_entity`, `pick_eevdf`, `RUN_TO_PARITY`): eligible is who
 * has had no more than its share, and of the eligible the one with the earliest virtual deadline runs. Who sleeps keeps its
 * lag, so sleeping gains nothing. A slice ends at the first tick after the virtual deadline. A vCPU that wakes interrupts one
 * that is past its share, at once.
 *
 * Left out: run queues per CPU and their balancing (all CPUs share one queue), delayed dequeue, groups.
 */
export function eevdfScheduler(baseSliceMs = 3): PolicyImplementation<typeof SchedulerPolicy> {
  const entities = new Map<number, Entity>();
  /** Those that wait or run. */
  const queued = new Set<Entity>();

  const scale = (entity: Entity): number => unitWeight / entity.weight;
  const charge = (nowMs: number): void => {
    for (const entity of queued) {
      if (entity.chargedMs === undefined) continue;
      entity.virtualMs += (nowMs - entity.chargedMs) * scale(entity);
      entity.chargedMs = nowMs;
      if (entity.virtualMs >= entity.deadlineMs)
        entity.deadlineMs = entity.virtualMs + baseSliceMs * scale(entity);
    }
  };
  const average = (): number => {
    let sum = 0;
    let weights = 0;
    for (const { virtualMs, weight } of queued) {
      sum += virtualMs * weight;
      weights += weight;
    }
    return weights === 0 ? 0 : sum / weights;
  };
  /** Rounding must not make everybody ineligible. */
  const isEligible = (entity: Entity, averageMs: number): boolean => entity.virtualMs <= averageMs + 1e-6;

  return {
    enqueue({ nowMs, vcpu, weight }) {
      charge(nowMs);
      let entity = entities.get(vcpu);
      if (entity === undefined) {
        entity = { vcpu, weight, virtualMs: 0, deadlineMs: 0, lagMs: 0, chargedMs: undefined };
        entities.set(vcpu, entity);
      }
      entity.chargedMs = undefined;
      if (queued.has(entity)) return;
      let weights = 0;
      for (const each of queued) weights += each.weight;
      // Joining moves the average towards it: the lag is inflated so that it still has it afterwards.
      const lagMs = weights === 0 ? 0 : (entity.lagMs * (weights + weight)) / weights;
      entity.virtualMs = average() - lagMs;
      entity.deadlineMs = entity.virtualMs + baseSliceMs * scale(entity);
      queued.add(entity);
    },
    block({ nowMs, vcpu }) {
      charge(nowMs);
      const entity = entities.get(vcpu)!;
      const limitMs = Math.max(2 * baseSliceMs, tickMs) * scale(entity);
      entity.lagMs = Math.max(-limitMs, Math.min(limitMs, average() - entity.virtualMs));
      entity.chargedMs = undefined;
      queued.delete(entity);
    },
    pickNext({ nowMs }) {
      charge(nowMs);
      const averageMs = average();
      let next: Entity | undefined;
      let lowest: Entity | undefined;
      for (const entity of queued) {
        if (entity.chargedMs !== undefined) continue;
        if (lowest === undefined || entity.virtualMs < lowest.virtualMs) lowest = entity;
        if (!isEligible(entity, averageMs)) continue;
        if (next === undefined || entity.deadlineMs < next.deadlineMs) next = entity;
      }
      // With several CPUs the eligible ones may all be running.
      next ??= lowest;
      if (next === undefined) return undefined;
      next.chargedMs = nowMs;
      const untilMs = nowMs + (next.deadlineMs - next.virtualMs) / scale(next);
      return { vcpu: next.vcpu, runForMs: Math.max(0.001, Math.ceil(untilMs / tickMs) * tickMs - nowMs) };
    },
    preempt({ nowMs, vcpu, running }) {
      charge(nowMs);
      const averageMs = average();
      if (!isEligible(entities.get(vcpu)!, averageMs)) return undefined;
      let victim: (typeof running)[number] | undefined;
      for (const each of running) {
        const entity = entities.get(each.vcpu)!;
        if (isEligible(entity, averageMs)) continue;
        if (victim === undefined || entity.virtualMs > entities.get(victim.vcpu)!.virtualMs) victim = each;
      }
      return victim === undefined ? undefined : { cpu: victim.cpu, afterMs: 0 };
    },
  };
}
