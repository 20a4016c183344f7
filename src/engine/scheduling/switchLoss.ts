import type { Trace } from '../kernel/trace.ts';
import type { SchedulingEvents } from './schedulingEvents.ts';

/** Share of the CPU time of `cpus` CPUs that went into switches and cold starts, in percent. */
export function switchLossPercent(trace: Trace<SchedulingEvents>, endNs: number, cpus: number): number {
  return (100 * cpuTime(trace, endNs).lostNs) / (endNs * cpus);
}

/** CPU time of all CPUs in which a vCPU ran, and in which a switch or cold caches kept every guest from work. */
export function cpuTime(
  trace: Trace<SchedulingEvents>,
  endNs: number,
): { readonly busyNs: number; readonly lostNs: number } {
  const { codes, length } = trace;
  let busyNs = 0;
  let lostNs = 0;
  /** By CPU: since when it switches or runs a vCPU (-1: neither), how much of that is lost at most, and whether it runs one. */
  const sinceNs: number[] = [];
  const mostLostNs: number[] = [];
  const runs: boolean[] = [];
  const until = (cpu: number, atNs: number): void => {
    const since = sinceNs[cpu] ?? -1;
    if (since < 0) return;
    sinceNs[cpu] = -1;
    const tookNs = atNs - since;
    lostNs += Math.min(mostLostNs[cpu]!, tookNs);
    if (runs[cpu] === true) busyNs += tookNs;
  };
  for (let row = 0; row < length; row++) {
    const code = trace.code(row);
    if (code !== codes.switch && code !== codes.dispatch && code !== codes.deschedule) continue;
    const cpu = trace.field(row, 0);
    until(cpu, trace.timeNs(row));
    if (code === codes.deschedule) continue;
    sinceNs[cpu] = trace.timeNs(row);
    mostLostNs[cpu] = trace.field(row, 2);
    runs[cpu] = code === codes.dispatch;
  }
  sinceNs.forEach((_, cpu) => until(cpu, endNs));
  return { busyNs, lostNs };
}
