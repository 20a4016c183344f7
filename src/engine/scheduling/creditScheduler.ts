import type { PolicyImplementation } from '../kernel/policy.ts';
import type { SchedulerPolicy } from './schedulerPolicy.ts';

/** Xen's constants: xen/common/sched/credit.c (`CSCHED_DEFAULT_TSLICE_MS`, `CSCHED_TICKS_PER_TSLICE`, `CSCHED_CREDITS_PER_MSEC`). */
const accountingMs = 30;
const tickMs = 10;
const creditsPerMs = 10;
const creditsPerAccounting = accountingMs * creditsPerMs;
const rateLimitMs = 1;

/** Higher runs first. */
const priority = { over: 0, under: 1, boost: 2 } as const;

interface Account {
  readonly vcpu: number;
  weight: number;
  capPercent: number;
  credit: number;
  boosted: boolean;
  /** OVER since the latest accounting: only there priorities follow credits, and only those of active vCPUs. */
  over: boolean;
  /** Consumes CPU time, and so takes part in the accounting. */
  active: boolean;
  parked: boolean;
  /** The CPU in whose queue it waits, or which it runs on. */
  cpu: number;
  /** While it runs: up to when its time has been charged. */
  chargedMs: number | undefined;
}

/**
 * Xen's credit scheduler, as in xen/common/sched/credit.c (`csched_acct`, `csched_unit_wake`, `csched_load_balance`): a vCPU
 * pays 10 credits for each millisecond; every 30 ms all active ones get what their weights and caps say. With credit left it is
 * UNDER, else OVER; one that wakes while UNDER is boosted until a 10 ms tick finds it running. Each CPU has its own queue,
 * and takes from the others before it runs somebody OVER. A cap that is used up parks the vCPU until the next accounting.
 *
 * Left out: affinity and topology, reservations of a domain with several vCPUs, migration costs.
 */
export function creditScheduler(sliceMs = 30): PolicyImplementation<typeof SchedulerPolicy> {
  const accounts = new Map<number, Account>();
  /** One per CPU, in the order in which vCPUs joined. */
  const queues: Account[][] = [];
  let accountedMs = 0;
  let cpuCount = 1;

  const priorityOf = (account: Account): number =>
    account.boosted ? priority.boost : account.over ? priority.over : priority.under;

  const charge = (account: Account, untilMs: number): void => {
    if (account.chargedMs === undefined) return;
    account.credit -= Math.max(0, untilMs - account.chargedMs) * creditsPerMs;
    account.chargedMs = untilMs;
  };

  const share = (): void => {
    const active = [...accounts.values()].filter((account) => account.active);
    const weights = active.reduce((sum, { weight }) => sum + weight, 0);
    for (const account of active) {
      const capCredits =
        account.capPercent > 0 ? (creditsPerAccounting * account.capPercent) / 100 : Infinity;
      const fair = (cpuCount * creditsPerAccounting * account.weight) / weights;
      account.credit += Math.min(fair, capCredits);
      account.over = account.credit < 0;
      if (account.over) {
        account.parked = account.credit < -capCredits;
        account.credit = Math.max(account.credit, -creditsPerAccounting);
      } else {
        account.parked = false;
        if (account.credit > creditsPerAccounting) {
          account.active = false;
          account.credit = account.credit / 2;
        }
      }
    }
  };

  /** Does what ticks and accountings since the last call would have done. */
  const catchUp = (nowMs: number): void => {
    for (; accountedMs + tickMs <= nowMs;) {
      accountedMs += tickMs;
      for (const account of accounts.values()) {
        if (account.chargedMs === undefined) continue;
        charge(account, accountedMs);
        account.boosted = false;
        account.active = true;
      }
      if (accountedMs % accountingMs === 0) share();
    }
  };

  const take = (queue: Account[] | undefined, least: number): Account | undefined => {
    let best: Account | undefined;
    for (const account of queue ?? []) {
      const its = priorityOf(account);
      if (account.parked || its < least) continue;
      if (best === undefined || its > priorityOf(best)) best = account;
    }
    if (best !== undefined) queue!.splice(queue!.indexOf(best), 1);
    return best;
  };

  return {
    enqueue({ nowMs, vcpu, reason, weight, capPercent }) {
      catchUp(nowMs);
      let account = accounts.get(vcpu);
      if (account === undefined) {
        account = {
          vcpu,
          weight,
          capPercent,
          credit: 0,
          boosted: false,
          over: false,
          active: reason === 'start',
          parked: false,
          cpu: vcpu % Math.max(1, queues.length),
          chargedMs: undefined,
        };
        accounts.set(vcpu, account);
      }
      charge(account, nowMs);
      account.chargedMs = undefined;
      if (reason === 'woken' && !account.over && !account.parked) account.boosted = true;
      (queues[account.cpu] ??= []).push(account);
    },
    block({ nowMs, vcpu }) {
      catchUp(nowMs);
      const account = accounts.get(vcpu)!;
      charge(account, nowMs);
      account.chargedMs = undefined;
    },
    pickNext({ nowMs, cpu, cpus }) {
      cpuCount = cpus;
      catchUp(nowMs);
      let next = take(queues[cpu], priority.under);
      for (let step = 1; step < queues.length && next === undefined; step++) {
        next = take(queues[(cpu + step) % queues.length], priority.under);
      }
      next ??= take(queues[cpu], priority.over);
      for (let step = 1; step < queues.length + 1 && next === undefined; step++) {
        next = take(queues[(cpu + step) % queues.length], priority.over);
      }
      if (next === undefined) return undefined;
      next.cpu = cpu;
      next.chargedMs = nowMs;
      queues[cpu] ??= [];
      return { vcpu: next.vcpu, runForMs: sliceMs };
    },
    preempt({ nowMs, vcpu, running }) {
      catchUp(nowMs);
      const woken = accounts.get(vcpu)!;
      let victim: (typeof running)[number] | undefined;
      let lowest: number = priorityOf(woken);
      for (const each of running) {
        const account = accounts.get(each.vcpu)!;
        charge(account, nowMs);
        const its = priorityOf(account);
        if (its >= lowest) continue;
        victim = each;
        lowest = its;
      }
      if (victim === undefined) return undefined;
      return { cpu: victim.cpu, afterMs: Math.max(0, rateLimitMs - victim.ranMs) };
    },
  };
}
