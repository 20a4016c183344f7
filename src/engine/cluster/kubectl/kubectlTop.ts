import type { ConsoleAnswer } from '../../kernel/console.ts';
import { nearest } from '../../kernel/parameters.ts';
import { keyOf } from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';
import { cpuUsage } from '../kubelet/cpuUsage.ts';
import type { Flags } from './kubectlFlags.ts';
import { table } from './tabWriter.ts';

const whats: Readonly<Record<string, 'pods' | 'nodes'>> = {
  pods: 'pods',
  pod: 'pods',
  po: 'pods',
  nodes: 'nodes',
  node: 'nodes',
  no: 'nodes',
};
const failed = (err: string): ConsoleAnswer => ({ out: '', err, code: 1 });

/** `kubectl top`: the CPU that Pods and nodes use. Memory is not simulated, and has no column. */
export function top(cluster: Cluster, flags: Flags): ConsoleAnswer {
  const [typed, name] = flags.operands;
  const what = typed === undefined ? undefined : whats[typed];
  if (what === undefined) {
    const near = typed === undefined ? undefined : nearest(typed, Object.keys(whats));
    const hint =
      near === undefined ? 'There are: kubectl top pods, kubectl top nodes' : `Did you mean ${near}?`;
    return failed(
      `error: ${typed === undefined ? 'required subcommand not specified' : `unknown command "${typed}" for "kubectl top"`}\n${hint}`,
    );
  }
  const usage = cpuUsage(cluster);
  if (usage === undefined)
    return failed(
      'error: Metrics API not available\nOnly cluster.autoscaled simulates a load that uses CPU.',
    );
  return what === 'pods' ? topPods(cluster, flags, usage, name) : topNodes(cluster, flags, usage, name);
}

function topPods(
  cluster: Cluster,
  flags: Flags,
  usage: ReadonlyMap<string, number>,
  name: string | undefined,
): ConsoleAnswer {
  const inScope = [...cluster.store.list('Pod')]
    .filter(({ metadata }) => flags.allNamespaces || metadata.namespace === flags.namespace)
    .filter(({ metadata }) => name === undefined || metadata.name === name)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  if (name !== undefined && inScope.length === 0)
    return failed(`Error from server (NotFound): pods "${name}" not found`);
  const measured = inScope.filter((pod) => usage.has(keyOf(pod)));
  if (measured.length === 0)
    return name === undefined
      ? { out: '', err: `No resources found in ${flags.namespace} namespace.`, code: 0 }
      : failed(`error: metrics not available yet: Pod ${name} does not run`);
  const rows = measured.map((pod) => [
    ...(flags.allNamespaces ? [pod.metadata.namespace] : []),
    pod.metadata.name,
    `${usage.get(keyOf(pod))!}m`,
  ]);
  const columns = [...(flags.allNamespaces ? ['NAMESPACE'] : []), 'NAME', 'CPU(cores)'];
  return { out: table(columns, rows, !flags.noHeaders), err: '', code: 0 };
}

function topNodes(
  cluster: Cluster,
  flags: Flags,
  usage: ReadonlyMap<string, number>,
  name: string | undefined,
): ConsoleAnswer {
  const nodes = [...cluster.store.list('Node')].filter(
    ({ metadata }) => name === undefined || metadata.name === name,
  );
  if (nodes.length === 0) return failed(`Error from server (NotFound): nodes "${name ?? ''}" not found`);
  const rows = nodes
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map(({ metadata, status }) => {
      const used = cluster.index.podsOn(metadata.name).reduce((sum, pod) => sum + (usage.get(pod) ?? 0), 0);
      return [metadata.name, `${used}m`, `${Math.trunc((100 * used) / status.cpuMilli)}%`];
    });
  return { out: table(['NAME', 'CPU(cores)', 'CPU(%)'], rows, !flags.noHeaders), err: '', code: 0 };
}
