import { scaledCount, type IntOrPercent } from '../api/intOrPercent.ts';

/** Which Pods a PodDisruptionBudget lets go. Source: pkg/controller/disruption/disruption.go of Kubernetes 1.34. */
export interface DisruptionBudget {
  /** Exactly one of the two. */
  readonly minAvailable?: IntOrPercent;
  readonly maxUnavailable?: IntOrPercent;
}

export interface BudgetStatus {
  readonly expectedPods: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  /** How many more Pods may be evicted at this moment. */
  readonly disruptionsAllowed: number;
}

/**
 * The state of a budget. Shares round up in both forms: a share of what must be there, and of what may be missing.
 * @param expectedPods the replicas that the Pods' controllers ask for; the number of matching Pods under a
 *   `minAvailable` that is a count
 * @param currentHealthy matching Pods that are ready and not on their way out
 * @returns undefined when a text is no percentage
 */
export function budgetStatus(
  budget: DisruptionBudget,
  expectedPods: number,
  currentHealthy: number,
): BudgetStatus | undefined {
  const desiredHealthy = healthyNeeded(budget, expectedPods);
  if (desiredHealthy === undefined) return undefined;
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return { expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed };
}

function healthyNeeded(budget: DisruptionBudget, expectedPods: number): number | undefined {
  if (budget.maxUnavailable !== undefined) {
    const missing = scaledCount(budget.maxUnavailable, expectedPods, 'up');
    return missing === undefined ? undefined : Math.max(0, expectedPods - missing);
  }
  return budget.minAvailable === undefined ? 0 : scaledCount(budget.minAvailable, expectedPods, 'up');
}

/** What happens to Pods that run but are not ready (`unhealthyPodEvictionPolicy`). */
export type UnhealthyPodEviction = 'IfHealthyBudget' | 'AlwaysAllow';

/** Whether the eviction API lets a Pod go, and whether that uses up one of the allowed disruptions. */
export function evictionAllowed(
  status: BudgetStatus,
  podIsReady: boolean,
  unhealthy: UnhealthyPodEviction,
): { readonly allowed: boolean; readonly counts: boolean } {
  if (!podIsReady) {
    if (unhealthy === 'AlwaysAllow') return { allowed: true, counts: false };
    // A Pod that does not serve is no loss, as long as enough others do.
    if (status.desiredHealthy > 0 && status.currentHealthy >= status.desiredHealthy)
      return { allowed: true, counts: false };
  }
  return { allowed: status.disruptionsAllowed > 0, counts: true };
}
