/**
 * What becomes of a recommendation: stabilization windows, rate policies and limits of the HorizontalPodAutoscaler.
 * Source: pkg/controller/podautoscaler/horizontal.go and autoscaling/v2 defaults of Kubernetes 1.34.
 */

export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

export interface ScalingRules {
  readonly stabilizationWindowSeconds: number;
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
  readonly policies: readonly ScalingPolicy[];
}

export interface ScalingBehavior {
  readonly scaleUp: ScalingRules;
  readonly scaleDown: ScalingRules;
}

/** What `behavior` has where it leaves something out: up at once, by 4 Pods or 100 % each 15 s; down after 300 s, all at once. */
export const behaviorDefaults: ScalingBehavior = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    selectPolicy: 'Max',
    policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
  },
};

export interface ReplicaLimits {
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** What becomes of a recommendation at one look. */
export interface ScalingDecision {
  readonly replicas: number;
  /** What the stabilization windows make of the recommendation, before rates and limits. */
  readonly stabilized: number;
  /** The direction whose window was asked. */
  readonly window: 'ScaleUp' | 'ScaleDown';
  /** Which bound kept the count from `stabilized`, as the condition ScalingLimited names it; undefined where none did. */
  readonly limitedBy: 'ScaleUpLimit' | 'TooManyReplicas' | 'ScaleDownLimit' | 'TooFewReplicas' | undefined;
}

/** The memory of one autoscaler, and what it makes of each recommendation. */
export interface Stabilizer {
  /** Before the first recommendation, the count that is found counts as one. */
  begin(atSeconds: number, currentReplicas: number): void;
  /** What becomes of the recommendation `desiredReplicas`. */
  decided(
    atSeconds: number,
    currentReplicas: number,
    desiredReplicas: number,
    limits: ReplicaLimits,
  ): ScalingDecision;
  /** Tells that the count was changed, which rate policies count. */
  scaled(atSeconds: number, from: number, to: number): void;
}

/** A count at an instant. */
export interface Dated {
  readonly atSeconds: number;
  readonly replicas: number;
}

/** The rule of an autoscaler with `behavior`: it remembers recommendations and changes as far back as its windows reach. */
export class ReplicaStabilizer implements Stabilizer {
  readonly #behavior: ScalingBehavior;
  #recommendations: Dated[] = [];
  #added: Dated[] = [];
  #removed: Dated[] = [];

  constructor(behavior: ScalingBehavior) {
    this.#behavior = behavior;
  }

  begin(atSeconds: number, currentReplicas: number): void {
    if (this.#recommendations.length === 0)
      this.#recommendations.push({ atSeconds, replicas: currentReplicas });
  }

  /** The count to scale to, between `minReplicas` and `maxReplicas`. */
  normalized(
    atSeconds: number,
    currentReplicas: number,
    desiredReplicas: number,
    limits: ReplicaLimits,
  ): number {
    return this.decided(atSeconds, currentReplicas, desiredReplicas, limits).replicas;
  }

  /** The same, with what windows and limits did to the recommendation. */
  decided(
    atSeconds: number,
    currentReplicas: number,
    desiredReplicas: number,
    limits: ReplicaLimits,
  ): ScalingDecision {
    const stabilized = this.#stabilized(atSeconds, currentReplicas, desiredReplicas);
    const window = desiredReplicas >= currentReplicas ? 'ScaleUp' : 'ScaleDown';
    if (stabilized > currentReplicas) {
      const limit = Math.max(currentReplicas, this.#scaleUpLimit(atSeconds, currentReplicas));
      const replicas = Math.min(stabilized, limits.maxReplicas, limit);
      const limitedBy = limits.maxReplicas > limit ? 'ScaleUpLimit' : 'TooManyReplicas';
      return { replicas, stabilized, window, limitedBy: replicas === stabilized ? undefined : limitedBy };
    }
    if (stabilized < currentReplicas) {
      const limit = Math.min(currentReplicas, this.#scaleDownLimit(atSeconds, currentReplicas));
      const replicas = Math.max(stabilized, limits.minReplicas, limit);
      const limitedBy = limits.minReplicas < limit ? 'ScaleDownLimit' : 'TooFewReplicas';
      return { replicas, stabilized, window, limitedBy: replicas === stabilized ? undefined : limitedBy };
    }
    return { replicas: stabilized, stabilized, window, limitedBy: undefined };
  }

  scaled(atSeconds: number, from: number, to: number): void {
    if (to > from) this.#added.push({ atSeconds, replicas: to - from });
    if (to < from) this.#removed.push({ atSeconds, replicas: from - to });
  }

  #stabilized(atSeconds: number, current: number, desired: number): number {
    const { scaleUp, scaleDown } = this.#behavior;
    const up = desired >= current;
    const window = (up ? scaleUp : scaleDown).stabilizationWindowSeconds;
    let stabilized = desired;
    for (const earlier of this.#recommendations) {
      if (earlier.atSeconds <= atSeconds - window) continue;
      stabilized = up ? Math.min(stabilized, earlier.replicas) : Math.max(stabilized, earlier.replicas);
    }
    const longest = Math.max(scaleUp.stabilizationWindowSeconds, scaleDown.stabilizationWindowSeconds);
    this.#recommendations = this.#recommendations.filter((each) => each.atSeconds >= atSeconds - longest);
    this.#recommendations.push({ atSeconds, replicas: desired });
    return stabilized;
  }

  #scaleUpLimit(atSeconds: number, current: number): number {
    const { policies, selectPolicy } = this.#behavior.scaleUp;
    if (selectPolicy === 'Disabled') return current;
    const proposals = policies.map(({ type, value, periodSeconds }) => {
      const start = current - changedSince(this.#added, atSeconds - periodSeconds);
      return type === 'Pods' ? start + value : Math.ceil(start * (1 + value / 100));
    });
    return selectPolicy === 'Min' ? Math.min(...proposals) : Math.max(...proposals);
  }

  #scaleDownLimit(atSeconds: number, current: number): number {
    const { policies, selectPolicy } = this.#behavior.scaleDown;
    if (selectPolicy === 'Disabled') return current;
    const proposals = policies.map(({ type, value, periodSeconds }) => {
      const start = current + changedSince(this.#removed, atSeconds - periodSeconds);
      return type === 'Pods' ? start - value : Math.trunc(start * (1 - value / 100));
    });
    return selectPolicy === 'Min' ? Math.max(...proposals) : Math.min(...proposals);
  }
}

function changedSince(changes: readonly Dated[], afterSeconds: number): number {
  let sum = 0;
  for (const change of changes) if (change.atSeconds > afterSeconds) sum += change.replicas;
  return sum;
}
