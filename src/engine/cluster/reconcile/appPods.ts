import type { Pod } from '../api/apiObjects.ts';

/** The label of an App's Pods that tells their version. */
export const versionLabel = 'version';

export const ownerOf = (pod: Pod): string => pod.metadata.ownerReferences[0]?.name ?? '';
export const versionOf = (pod: Pod): number => Number(pod.metadata.labels[versionLabel]);
export const isAlive = (pod: Pod): boolean =>
  pod.metadata.deletionNs === undefined && pod.status.phase !== 'Failed';
export const stateOf = (pod: Pod): string =>
  pod.metadata.deletionNs !== undefined
    ? 'ending'
    : pod.status.phase === 'Failed'
      ? 'failed'
      : pod.status.ready
        ? 'ready'
        : 'pending';
