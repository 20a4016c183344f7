import type { SystemConsole } from '../../kernel/console.ts';
import { randomStreams, type RandomStreams } from '../../kernel/random.ts';
import type { Nanoseconds } from '../../kernel/time.ts';
import { Trace } from '../../kernel/trace.ts';
import type { Cluster } from '../cluster.ts';
import { clusterEvents, type ClusterTrace } from '../clusterEvents.ts';
import { kubectl } from './kubectl.ts';

/** The console of every scenario that runs a cluster. */
export const kubectlConsole = {
  program: 'kubectl',
  doc: 'kubectl over the cluster as it stands right after an event: get, describe, top, rollout status, events.',
} as const;

/** Runs a simulation again and stops it right after an event; from there on it is looked at with kubectl. */
export function clusterAt(
  event: number,
  seed: number,
  untilNs: Nanoseconds | undefined,
  prepare: (trace: ClusterTrace, random: RandomStreams) => Cluster,
): SystemConsole {
  const trace = new Trace(clusterEvents);
  const cluster = prepare(trace, randomStreams(seed));
  while (trace.length <= event && cluster.simulation.step());
  if (untilNs !== undefined && untilNs > cluster.simulation.now) cluster.simulation.run({ untilNs });
  return {
    atNs: cluster.simulation.now,
    execute: (words) => kubectl(cluster, words),
  };
}
