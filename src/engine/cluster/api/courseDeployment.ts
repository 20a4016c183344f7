import type { PodSpec } from './apiObjects.ts';
import type { IntOrPercent } from './intOrPercent.ts';
import type { NewObject } from './objectStore.ts';

/** The Deployment that scenarios without a manifest run: a web server with a readiness probe every second. */
export const courseDeployment = (options: {
  readonly name: string;
  readonly replicas: number;
  readonly image: string;
  readonly maxSurge?: IntOrPercent;
  readonly maxUnavailable?: IntOrPercent;
  readonly minReadySeconds?: number;
  readonly progressDeadlineSeconds?: number;
  readonly pod?: Partial<PodSpec>;
}): NewObject<'Deployment'> => {
  const { name, replicas, image, maxSurge, maxUnavailable, minReadySeconds, progressDeadlineSeconds, pod } =
    options;
  const labels = { app: name };
  return {
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      ...(progressDeadlineSeconds === undefined ? {} : { progressDeadlineSeconds }),
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: {
          ...(maxSurge === undefined ? {} : { maxSurge }),
          ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
        },
      },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'web',
              image,
              resources: { requests: { cpu: '100m', memory: '128Mi' } },
              readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 },
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
            },
          ],
          ...pod,
        },
      },
    },
    status: {
      replicas: 0,
      readyReplicas: 0,
      availableReplicas: 0,
      observedGeneration: 0,
      updatedReplicas: 0,
      progressNs: 0,
      progressing: 'ReplicaSetUpdated',
    },
  };
};
