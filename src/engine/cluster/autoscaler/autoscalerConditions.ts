import type { AutoscalerCondition } from '../api/apiObjects.ts';
import type { ScalingDecision } from './scalingBehavior.ts';

/** The conditions of a HorizontalPodAutoscaler in Kubernetes' words. Source: pkg/controller/podautoscaler/horizontal.go of Kubernetes 1.34. */
export const conditionOf = (
  type: AutoscalerCondition['type'],
  status: AutoscalerCondition['status'],
  reason: string,
  message: string,
): AutoscalerCondition => ({ type, status, reason, message });

/** What every message calls the metric. */
export const metricName = 'cpu resource utilization (percentage of request)';

export const scaleFound = conditionOf(
  'AbleToScale',
  'True',
  'SucceededGetScale',
  "the HPA controller was able to get the target's current scale",
);
export const scaleNotFound = (why: string): AutoscalerCondition =>
  conditionOf(
    'AbleToScale',
    'False',
    'FailedGetScale',
    `the HPA controller was unable to get the target's current scale: ${why}`,
  );
export const rescaled = (to: number): AutoscalerCondition =>
  conditionOf(
    'AbleToScale',
    'True',
    'SucceededRescale',
    `the HPA controller was able to update the target scale to ${to}`,
  );
export const scaledToZero = conditionOf(
  'ScalingActive',
  'False',
  'ScalingDisabled',
  'scaling is disabled since the replica count of the target is zero',
);
export const ambiguous = (why: string): AutoscalerCondition =>
  conditionOf('ScalingActive', 'False', 'AmbiguousSelector', why);
export const notComputed = (reason: string, why: string): AutoscalerCondition =>
  conditionOf('ScalingActive', 'False', reason, `the HPA was unable to compute the replica count: ${why}`);

const limits: Readonly<Record<NonNullable<ScalingDecision['limitedBy']>, string>> = {
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
};

/** What a look tells that gave a count. */
export function conditionsOf(
  recommended: number,
  { stabilized, window, limitedBy }: ScalingDecision,
): readonly AutoscalerCondition[] {
  const [which, kept] = window === 'ScaleUp' ? ['lower', 'lowest'] : ['higher', 'highest'];
  return [
    stabilized === recommended
      ? conditionOf('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size')
      : conditionOf(
          'AbleToScale',
          'True',
          `${window}Stabilized`,
          `recent recommendations were ${which} than current one, applying the ${kept} recent recommendation`,
        ),
    conditionOf(
      'ScalingActive',
      'True',
      'ValidMetricFound',
      `the HPA was able to successfully calculate a replica count from ${metricName}`,
    ),
    limitedBy === undefined
      ? conditionOf(
          'ScalingLimited',
          'False',
          'DesiredWithinRange',
          'the desired count is within the acceptable range',
        )
      : conditionOf('ScalingLimited', 'True', limitedBy, limits[limitedBy]),
  ];
}
