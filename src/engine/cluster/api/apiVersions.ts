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

/** `apiVersion` of every kind that the store holds. */
export const apiVersions: Readonly<Record<Kind, string>> = {
  ...manifestVersions,
  EndpointSlice: 'discovery.k8s.io/v1',
  Node: 'v1',
  VirtualMachineInstance: 'kubevirt.io/v1',
  // The custom resource of the course.
  App: 'course.example/v1',
};
