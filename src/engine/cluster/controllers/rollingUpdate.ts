import { scaledCount, type IntOrPercent } from '../api/intOrPercent.ts';

/**
 * The arithmetic of a Deployment's rolling update. Source: pkg/controller/deployment (rolling.go, sync.go,
 * util/deployment_util.go) of Kubernetes 1.34.
 */

export interface Fenceposts {
  /** How many Pods there may be above the desired number. */
  readonly maxSurge: number;
  /** How many may be missing below it. */
  readonly maxUnavailable: number;
}

/**
 * The counts that `maxSurge` and `maxUnavailable` stand for: a share of surge rounds up, a share of unavailability rounds
 * down. When both come out as 0, nothing could ever move, so that one Pod may be missing.
 * @returns undefined when a text is no percentage
 */
export function resolveFenceposts(
  maxSurge: IntOrPercent,
  maxUnavailable: IntOrPercent,
  desired: number,
): Fenceposts | undefined {
  const surge = scaledCount(maxSurge, desired, 'up');
  const unavailable = scaledCount(maxUnavailable, desired, 'down');
  if (surge === undefined || unavailable === undefined) return undefined;
  return {
    maxSurge: surge,
    maxUnavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, desired),
  };
}

/** A ReplicaSet as its Deployment counts it. */
export interface ReplicaCounts {
  /** `spec.replicas`: how many there shall be. */
  readonly replicas: number;
  /** `status.availableReplicas`: how many are ready for `minReadySeconds`. */
  readonly available: number;
}

/** The size to which the new ReplicaSet may grow now. */
export function newReplicaSetSize(
  desired: number,
  { maxSurge }: Fenceposts,
  fresh: ReplicaCounts,
  old: readonly ReplicaCounts[],
): number {
  if (fresh.replicas >= desired) return desired;
  const total = fresh.replicas + sum(old, 'replicas');
  const room = desired + maxSurge - total;
  return room <= 0 ? fresh.replicas : fresh.replicas + Math.min(room, desired - fresh.replicas);
}

/**
 * The sizes to which old ReplicaSets may shrink now: first by Pods that are not available, which costs nothing, then
 * by available ones as far as `maxUnavailable` allows.
 * @param old oldest first
 */
export function oldReplicaSetSizes(
  desired: number,
  { maxUnavailable }: Fenceposts,
  fresh: ReplicaCounts,
  old: readonly ReplicaCounts[],
): readonly number[] {
  const sizes = old.map((each) => each.replicas);
  const minAvailable = desired - maxUnavailable;
  const total = fresh.replicas + sum(old, 'replicas');
  const mayGo = total - minAvailable - (fresh.replicas - fresh.available);
  if (mayGo <= 0) return sizes;
  let cleaned = 0;
  for (const [index, each] of old.entries()) {
    const unhealthy = Math.max(0, Math.min(mayGo - cleaned, each.replicas - each.available));
    sizes[index]! -= unhealthy;
    cleaned += unhealthy;
  }
  let spare = fresh.available + sum(old, 'available') - minAvailable;
  for (const index of sizes.keys()) {
    if (spare <= 0) break;
    const less = Math.min(sizes[index]!, spare);
    sizes[index]! -= less;
    spare -= less;
  }
  return sizes;
}

/** A ReplicaSet in the middle of a rollout whose Deployment is scaled. */
export interface ProportionalSet {
  readonly replicas: number;
  /** Annotation `deployment.kubernetes.io/max-replicas`: desired number and surge when it was last scaled. */
  readonly maxReplicas: number;
  /** Larger is newer. */
  readonly created: number;
}

/**
 * The sizes of ReplicaSets after their Deployment was scaled during a rollout: each gets its share, so that a bad new
 * version does not get all new Pods.
 */
export function proportionalSizes(
  desired: number,
  maxSurge: number,
  sets: readonly ProportionalSet[],
): readonly number[] {
  const allowed = desired === 0 ? 0 : desired + maxSurge;
  const toAdd = allowed - sum(sets, 'replicas');
  const sizes = sets.map((each) => each.replicas);
  // Larger ones first; of equal ones the newer first when growing, the older first when shrinking.
  const order = [...sets.keys()].toSorted(
    (a, b) =>
      sets[b]!.replicas - sets[a]!.replicas ||
      (toAdd > 0 ? sets[b]!.created - sets[a]!.created : sets[a]!.created - sets[b]!.created),
  );
  let added = 0;
  for (const index of order) {
    const proportion = proportionOf(sets[index]!, desired, maxSurge, toAdd, added);
    sizes[index]! += proportion;
    added += proportion;
  }
  const [largest] = order;
  if (largest !== undefined) sizes[largest] = Math.max(0, sizes[largest]! + toAdd - added);
  return sizes;
}

function proportionOf(
  set: ProportionalSet,
  desired: number,
  maxSurge: number,
  toAdd: number,
  added: number,
): number {
  if (set.replicas === 0 || toAdd === 0 || toAdd === added) return 0;
  const share =
    desired === 0
      ? -set.replicas
      : roundHalfAway((set.replicas * (desired + maxSurge)) / set.maxReplicas) - set.replicas;
  return toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
}

const roundHalfAway = (value: number): number =>
  value < 0 ? Math.ceil(value - 0.5) : Math.floor(value + 0.5);

function sum<K extends string>(list: readonly { readonly [key in K]: number }[], key: K): number {
  return list.reduce((total, each) => total + each[key], 0);
}
