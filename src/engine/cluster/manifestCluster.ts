import { defineDocument, type DocumentDefinition } from '../kernel/document.ts';
import type { RandomStreams } from '../kernel/random.ts';
import { Cluster } from './cluster.ts';
import type { ClusterTrace } from './clusterEvents.ts';
import schema from './api/manifest.schema.json' with { type: 'json' };
import { readManifests, type ManifestObject } from './api/manifests.ts';

/** A document of Kubernetes manifests. */
export const manifestDocument = (builtIn: string): DocumentDefinition<readonly ManifestObject[]> =>
  defineDocument({
    doc: 'Kubernetes manifests as `kubectl apply` takes them: Deployments, ReplicaSets, Pods, Services, Jobs, PodDisruptionBudgets, HorizontalPodAutoscalers and RuntimeClasses. Notes say which fields are ignored.',
    file: 'manifests.yaml',
    language: 'yaml',
    schema,
    builtIn,
    read: readManifests,
  });

/** A cluster of equal nodes, spread over zones in turn, to which manifests are applied. */
export function manifestCluster(
  manifests: readonly ManifestObject[],
  options: {
    readonly nodes: number;
    readonly zones: number;
    readonly graceSeconds: number;
    readonly stepBudget: number;
  },
  trace: ClusterTrace,
  random: RandomStreams,
): Cluster {
  const { nodes, zones, graceSeconds, stepBudget } = options;
  const cluster = new Cluster({ graceSeconds, stepBudget }, trace, random);
  for (let node = 1; node <= nodes; node++)
    cluster.addNode({
      name: `node-${node}`,
      zone: `zone-${1 + ((node - 1) % zones)}`,
      cpuMilli: 4000,
      memoryBytes: 2 ** 34,
    });
  // Whatever their order in the file: Pods are admitted by the classes that there are.
  for (const object of manifests) if (object.kind === 'RuntimeClass') cluster.apply(object);
  for (const object of manifests) {
    if (object.kind === 'RuntimeClass') continue;
    if (object.kind === 'Pod') cluster.createBarePod(object.metadata, object.spec, object.place);
    else cluster.apply(object);
  }
  return cluster;
}
