import { flag, float, id, int, list, oneOf, optional, record } from '../../kernel/codec.ts';
import { definePolicy } from '../../kernel/policy.ts';

export const mostReplicas = 200;

/** The rule of a HorizontalPodAutoscaler, asked every 15 seconds. */
export const AutoscalerPolicy = definePolicy({
  id: 'autoscaler',
  typeName: 'AutoscalerPolicy',
  doc: 'The rule of a HorizontalPodAutoscaler: how many replicas there shall be.',
  decisions: {
    desiredReplicas: {
      doc: 'Asked every 15 seconds. The answer becomes the number of replicas at once.',
      input: record('What the autoscaler knows at this moment.', 'AutoscalerView', {
        nowSeconds: float('The time, in seconds since the start.', { min: 0, max: 1e9 }),
        currentReplicas: int('Replicas that are asked for now.', { min: 0, max: mostReplicas }),
        minReplicas: int('Never fewer than this.', { min: 1, max: mostReplicas }),
        maxReplicas: int('Never more than this.', { min: 1, max: mostReplicas }),
        targetPercent: int('CPU usage that is wanted, in percent of what the Pods requested.', {
          min: 1,
          max: 1000,
        }),
        tolerance: float('A ratio of usage to target at most this far from 1 changes nothing.', {
          min: 0,
          max: 1,
        }),
        stabilizationSeconds: float('How far back recommendations count before replicas are taken away.', {
          min: 0,
          max: 1e6,
        }),
        limitsRates: flag(
          'Whether the number may rise by 4 Pods or 100 % at most, whichever is more, in 15 seconds.',
        ),
        pods: list(
          'All Pods of the target.',
          record('A Pod of the target.', 'AutoscaledPod', {
            pod: id('The Pod.', 'Pod', 1e6),
            phase: oneOf(
              '`Pending` until its containers run; `Failed` Pods have ended and never come back.',
              ['Pending', 'Running', 'Failed'],
            ),
            deleted: flag('Whether it is being deleted.'),
            ready: flag(
              'Whether it serves, with a whole window of usage since it does. While false, its usage is that of its start.',
            ),
            requestMilli: int('CPU that it requested, in thousandths of a CPU.', { min: 1, max: 1e6 }),
            usageMilli: optional(
              'CPU that it uses, in thousandths of a CPU; `undefined` when no sample has come.',
              int('Thousandths of a CPU.', { min: 0, max: 1e7 }),
            ),
          }),
          2 * mostReplicas,
        ),
      }),
      output: int('The number of replicas.', { min: 0, max: mostReplicas }),
    },
  },
  calls: {},
});

export const autoscalerPolicies = { autoscaler: AutoscalerPolicy };
