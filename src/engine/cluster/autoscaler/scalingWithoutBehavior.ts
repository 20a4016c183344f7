import {
  behaviorDefaults,
  type Dated,
  type ReplicaLimits,
  type ScalingDecision,
  type Stabilizer,
} from './scalingBehavior.ts';

const windowSeconds = behaviorDefaults.scaleDown.stabilizationWindowSeconds;

/**
 * The rule of an autoscaler whose manifest has no `behavior`. The API server fills in the defaults of `behavior` only where
 * a part of it is written; without any, the controller takes its older rule: the highest recommendation of 300 s in both
 * directions, and at once not more than twice the count, or 4.
 * Source: normalizeDesiredReplicas and convertDesiredReplicasWithRules in pkg/controller/podautoscaler/horizontal.go, and
 * SetDefaults_HorizontalPodAutoscalerBehavior in pkg/apis/autoscaling/v2/defaults.go, of Kubernetes 1.34.
 */
export class PlainStabilizer implements Stabilizer {
  #recommendations: Dated[] = [];

  begin(atSeconds: number, currentReplicas: number): void {
    if (this.#recommendations.length === 0)
      this.#recommendations.push({ atSeconds, replicas: currentReplicas });
  }

  decided(
    atSeconds: number,
    currentReplicas: number,
    desiredReplicas: number,
    { minReplicas, maxReplicas }: ReplicaLimits,
  ): ScalingDecision {
    this.#recommendations = this.#recommendations.filter(
      (each) => each.atSeconds >= atSeconds - windowSeconds,
    );
    this.#recommendations.push({ atSeconds, replicas: desiredReplicas });
    const stabilized = Math.max(...this.#recommendations.map(({ replicas }) => replicas));
    const known = { stabilized, window: 'ScaleDown' } as const;
    if (stabilized < minReplicas) return { ...known, replicas: minReplicas, limitedBy: 'TooFewReplicas' };
    const most = Math.max(2 * currentReplicas, 4);
    if (stabilized <= Math.min(most, maxReplicas))
      return { ...known, replicas: stabilized, limitedBy: undefined };
    return maxReplicas > most
      ? { ...known, replicas: most, limitedBy: 'ScaleUpLimit' }
      : { ...known, replicas: maxReplicas, limitedBy: 'TooManyReplicas' };
  }

  /** Nothing: this rule has no rates. */
  scaled(): void {}
}
