import type { Container, PodSpec } from '../api/apiObjects.ts';
import { nonZeroRequest } from './nodeScores.ts';
import { milliValue, unitValue } from '../api/quantityValue.ts';

/** What a Pod takes from a node. */
export interface PodResources {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  /** The same with 100 m and 200 MiB for every container that requests none: for comparing nodes. */
  readonly scoredCpuMilli: number;
  readonly scoredMemoryBytes: number;
}

const known = new WeakMap<PodSpec, PodResources>();

/**
 * The effective request of a Pod: containers and sidecars together, or what an ordinary init container needs beside the
 * sidecars that started before it, whichever is more; and the overhead of its runtime.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function podResources(spec: PodSpec): PodResources {
  const cached = known.get(spec);
  if (cached !== undefined) return cached;
  const computed: PodResources = {
    cpuMilli:
      effective(spec, (container) => cpuOf(container) ?? 0) + (milliValue(spec.overhead?.['cpu'] ?? 0) ?? 0),
    memoryBytes:
      effective(spec, (container) => memoryOf(container) ?? 0) +
      (unitValue(spec.overhead?.['memory'] ?? 0) ?? 0),
    scoredCpuMilli: effective(spec, (container) => cpuOf(container) ?? nonZeroRequest.cpuMilli),
    scoredMemoryBytes: effective(spec, (container) => memoryOf(container) ?? nonZeroRequest.memoryBytes),
  };
  known.set(spec, computed);
  return computed;
}

/** The containers that run as long as the Pod does: its own, and sidecars. */
export const lastingContainers = (spec: PodSpec): readonly Container[] => [
  ...spec.containers,
  ...(spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
];

function effective(spec: PodSpec, of: (container: Container) => number): number {
  let sidecars = 0;
  let duringInit = 0;
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') sidecars += of(container);
    else duringInit = Math.max(duringInit, sidecars + of(container));
  }
  const running = spec.containers.reduce((sum, container) => sum + of(container), sidecars);
  return Math.max(running, duringInit);
}

/** CPU that a container requests, in thousandths of a CPU; undefined where it requests none. A limit without a request is taken as the request. */
export const cpuOf = ({ resources }: Container): number | undefined => {
  const request = resources?.requests?.['cpu'] ?? resources?.limits?.['cpu'];
  return request === undefined ? undefined : milliValue(request);
};
const memoryOf = ({ resources }: Container): number | undefined => {
  const request = resources?.requests?.['memory'] ?? resources?.limits?.['memory'];
  return request === undefined ? undefined : unitValue(request);
};
