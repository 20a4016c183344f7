import type { Nanoseconds } from '../../kernel/time.ts';
import type { Disturbance, ServiceSpec } from './graphSpec.ts';

const holds = (each: Disturbance, service: number, nowNs: Nanoseconds): boolean =>
  each.service === service && nowNs >= each.fromNs && nowNs < each.toNs;

/** How many times as long a service works on a request that begins now. */
export function slowdownAt(
  disturbances: readonly Disturbance[],
  service: number,
  nowNs: Nanoseconds,
): number {
  for (const each of disturbances) if (holds(each, service, nowNs)) return each.slowdown;
  return 1;
}

/** The share of its requests that a service answers with an error now. */
export function errorShareAt(
  disturbances: readonly Disturbance[],
  { errorShare }: ServiceSpec,
  service: number,
  nowNs: Nanoseconds,
): number {
  for (const each of disturbances)
    if (holds(each, service, nowNs) && each.errorShare !== undefined) return each.errorShare;
  return errorShare;
}
