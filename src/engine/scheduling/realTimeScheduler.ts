import type { PolicyImplementation } from '../kernel/policy.ts';
import type { SchedulerPolicy } from './schedulerPolicy.ts';

interface Server {
  readonly vcpu: number;
  leftMs: number;
  deadlineMs: number;
  waits: boolean;
  /** While it runs: since when. */
  sinceMs: number | undefined;
}

/**
 * A real-time scheduler after Xen's RTDS (xen/common/sched/rt.c): every vCPU has a budget in every period, as a deferrable server:
 * a budget that is not used stays until the period ends, and then is lost. Of those with budget left, the one whose period
 * ends first runs (global EDF). Without budget a vCPU waits although a CPU may be idle.
 *
 * @param budgetMs CPU time in each period, above 0 and at most `periodMs`
 */
export function realTimeScheduler(
  budgetMs: number,
  periodMs: number,
): PolicyImplementation<typeof SchedulerPolicy> {
  const servers = new Map<number, Server>();
  const refill = (server: Server, nowMs: number): void => {
    if (nowMs < server.deadlineMs) return;
    server.deadlineMs = (Math.floor(nowMs / periodMs) + 1) * periodMs;
    server.leftMs = budgetMs;
  };
  const stop = (server: Server, nowMs: number): void => {
    if (server.sinceMs !== undefined) server.leftMs -= nowMs - server.sinceMs;
    server.sinceMs = undefined;
    refill(server, nowMs);
  };
  return {
    enqueue({ nowMs, vcpu }) {
      const server = servers.get(vcpu) ?? { vcpu, leftMs: 0, deadlineMs: 0, waits: true, sinceMs: undefined };
      servers.set(vcpu, server);
      stop(server, nowMs);
      server.waits = true;
    },
    block({ nowMs, vcpu }) {
      stop(servers.get(vcpu)!, nowMs);
    },
    pickNext({ nowMs }) {
      let next: Server | undefined;
      for (const server of servers.values()) {
        if (!server.waits) continue;
        refill(server, nowMs);
        if (server.leftMs < 1e-6) continue;
        if (next === undefined || server.deadlineMs < next.deadlineMs) next = server;
      }
      if (next === undefined) return undefined;
      next.waits = false;
      next.sinceMs = nowMs;
      return { vcpu: next.vcpu, runForMs: Math.max(0.001, Math.min(next.leftMs, next.deadlineMs - nowMs)) };
    },
    preempt({ nowMs, vcpu, running }) {
      const woken = servers.get(vcpu)!;
      if (woken.leftMs < 1e-6) return undefined;
      let victim: (typeof running)[number] | undefined;
      let latestMs = woken.deadlineMs;
      for (const each of running) {
        const { deadlineMs } = servers.get(each.vcpu)!;
        if (deadlineMs <= latestMs) continue;
        victim = each;
        latestMs = deadlineMs;
      }
      return victim === undefined || nowMs >= woken.deadlineMs ? undefined : { cpu: victim.cpu, afterMs: 0 };
    },
  };
}
