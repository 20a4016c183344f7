/**
 * How the scheduler's resource plugins score a node from 0 to 100, with the integer arithmetic of Kubernetes 1.34.
 * Source: pkg/scheduler/framework/plugins/noderesources.
 */

/** A resource of a node, in whole units of one kind (milli-CPU, bytes). */
export interface ScoredResource {
  readonly allocatable: number;
  /** Requested by the Pods that are there and by the one to be placed. */
  readonly requested: number;
  readonly weight: number;
}

export const maxNodeScore = 100;

/** What a container without a request counts as when nodes are compared: 100 m of CPU, 200 MiB of memory. */
export const nonZeroRequest = { cpuMilli: 100, memoryBytes: 200 * 1024 * 1024 } as const;

/** `LeastAllocated`: the share that stays free, weighted. Divisions drop the remainder. */
export function leastAllocatedScore(resources: readonly ScoredResource[]): number {
  let score = 0;
  let weights = 0;
  for (const { allocatable, requested, weight } of resources) {
    if (allocatable === 0) continue;
    const free =
      requested > allocatable ? 0 : Math.trunc(((allocatable - requested) * maxNodeScore) / allocatable);
    score += free * weight;
    weights += weight;
  }
  return weights === 0 ? 0 : Math.trunc(score / weights);
}

/** `BalancedAllocation`: high where the resources are used alike; 100 minus the standard deviation of their shares. */
export function balancedAllocationScore(resources: readonly ScoredResource[]): number {
  const shares: number[] = [];
  for (const { allocatable, requested } of resources)
    if (allocatable !== 0) shares.push(Math.min(1, requested / allocatable));
  return Math.trunc((1 - deviation(shares)) * maxNodeScore);
}

function deviation(shares: readonly number[]): number {
  if (shares.length === 2) return Math.abs((shares[0]! - shares[1]!) / 2);
  if (shares.length < 2) return 0;
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const variance = shares.reduce((sum, share) => sum + (share - mean) * (share - mean), 0) / shares.length;
  return Math.sqrt(variance);
}
