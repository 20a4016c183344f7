import type { Kind } from './apiObjects.ts';

/** `apiVersion` of the kinds that manifests may have. */
export const manifestVersions = {
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Pod: 'v1',
  Service: 'v1',
  PodDisruptionBudget: 'policy/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  Job: 'batch/v1',
  RuntimeClass: 'node.k8s.io/v1',
} as const;

/**
 * Versions that an API server of 1.34 serves beside those, by kind: what to write in place of their fields. Source: the API
 * reference of Kubernetes 1.34.
 */
export const otherServedVersions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  HorizontalPodAutoscaler: {
    'autoscaling/v1':
      'and for "targetCPUUtilizationPercentage: 80" write "metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]"',
  },
};

/** `apiVersion` of every kind that the store holds. */
export const apiVersions: Readonly<Record<Kind, string>> = {
  ...manifestVersions,
  EndpointSlice: 'discovery.k8s.io/v1',
  Node: 'v1',
  VirtualMachineInstance: 'kubevirt.io/v1',
  // The custom resource of the course.
  App: 'course.example/v1',
};
