import type { Pod, Taint, Toleration } from '../api/apiObjects.ts';

export const unreachableTaint = 'node.kubernetes.io/unreachable';
export const unschedulableTaint = 'node.kubernetes.io/unschedulable';

/** How long a Pod that says nothing else stays bound to a node that cannot be reached (admission's default). */
export const defaultTolerationSeconds = 300;

export const tolerates = (
  { key, operator = 'Equal', value = '', effect }: Toleration,
  taint: Taint,
): boolean =>
  (effect === undefined || effect === taint.effect) &&
  (key === undefined ? operator === 'Exists' : key === taint.key) &&
  (operator === 'Exists' || value === (taint.value ?? ''));

/** The first taint that keeps a Pod from being placed. */
export const untoleratedTaint = (
  taints: readonly Taint[],
  tolerations: readonly Toleration[] = [],
): Taint | undefined =>
  taints.find(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerations.some((each) => tolerates(each, taint)),
  );

/** Seconds that a Pod may stay under a NoExecute taint: 0 for not at all, Infinity for ever. */
export function toleratedSeconds(pod: Pod, taint: Taint): number {
  const own = (pod.spec.tolerations ?? []).filter((each) => tolerates(each, taint));
  if (own.length > 0) return Math.min(...own.map((each) => each.tolerationSeconds ?? Infinity));
  return taint.key === unreachableTaint ? defaultTolerationSeconds : 0;
}
