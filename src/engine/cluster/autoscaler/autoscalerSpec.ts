import type { HorizontalPodAutoscalerSpec, MetricSpec, WrittenScalingRules } from '../api/apiObjects.ts';
import {
  behaviorDefaults,
  ReplicaStabilizer,
  type ScalingBehavior,
  type ScalingRules,
  type Stabilizer,
} from './scalingBehavior.ts';
import { PlainStabilizer } from './scalingWithoutBehavior.ts';

/**
 * What an autoscaler follows whose `metrics` are empty or left out.
 * Source: SetDefaults_HorizontalPodAutoscaler in pkg/apis/autoscaling/v2/defaults.go of Kubernetes 1.34.
 */
export const defaultMetrics: readonly MetricSpec[] = [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
];

/** The target of a metric that the simulation measures, in percent of the request: CPU utilization. Undefined for all others. */
export const cpuTarget = ({ type, resource }: MetricSpec): number | undefined =>
  type === 'Resource' && resource?.name === 'cpu' && resource.target.type === 'Utilization'
    ? resource.target.averageUtilization
    : undefined;

export const cpuTargets = ({ metrics }: HorizontalPodAutoscalerSpec): readonly number[] =>
  metrics.flatMap((metric) => cpuTarget(metric) ?? []);

/** `behavior` with the defaults of autoscaling/v2 for what it leaves out. */
export function behaviorOf(written: HorizontalPodAutoscalerSpec['behavior']): ScalingBehavior {
  const filled = (defaults: ScalingRules, rules: WrittenScalingRules = {}): ScalingRules => ({
    stabilizationWindowSeconds: rules.stabilizationWindowSeconds ?? defaults.stabilizationWindowSeconds,
    selectPolicy: rules.selectPolicy ?? defaults.selectPolicy,
    policies: rules.policies ?? defaults.policies,
  });
  return {
    scaleUp: filled(behaviorDefaults.scaleUp, written?.scaleUp),
    scaleDown: filled(behaviorDefaults.scaleDown, written?.scaleDown),
  };
}

/** The memory of an autoscaler, by the rule that its `behavior` asks for. */
export const stabilizerOf = ({ behavior }: HorizontalPodAutoscalerSpec): Stabilizer =>
  behavior === undefined ? new PlainStabilizer() : new ReplicaStabilizer(behaviorOf(behavior));
