import type { GraphModel, StateModel } from '../kernel/view.ts';
import type { ClusterTrace } from './clusterEvents.ts';
import { podsAt, podTones } from './kubelet/podStates.ts';

interface ServiceState {
  readonly ready: number;
  readonly all: number;
  readonly listening: number;
  /** Share of its requests that are answered, in thousandths. */
  readonly permille: number;
}

/** What the trace tells of each Service, right after an event. */
function servicesAt(trace: ClusterTrace, event: number): ReadonlyMap<string, ServiceState> {
  const services = new Map<string, ServiceState>();
  for (let row = 0; row <= event; row++) {
    const kind = trace.kind(row);
    if (kind !== 'endpoints' && kind !== 'serving') continue;
    const name = trace.textOf(trace.field(row, 0));
    const before = services.get(name) ?? { ready: 0, all: 0, listening: 0, permille: 0 };
    const [a, b, c] = [trace.field(row, 1), trace.field(row, 2), trace.field(row, 3)];
    services.set(
      name,
      kind === 'serving'
        ? { ...before, permille: a }
        : { ready: a, all: b, listening: c, permille: before.permille },
    );
  }
  return services;
}

/** Pods with their nodes, and Services with their endpoints, right after an event. */
export function clusterState(trace: ClusterTrace, event: number): StateModel {
  return {
    kind: 'state',
    groups: [
      {
        title: 'Pods',
        columns: ['name', 'state', 'node'],
        rows: [...podsAt(trace, event)]
          .filter(([, { state }]) => state !== 'gone')
          .map(([name, { state, node }]) => [name, state, node]),
        whenEmpty: 'There is no Pod.',
      },
      {
        title: 'Services',
        columns: ['name', 'ready endpoints', 'endpoints', 'that answer', 'requests answered'],
        rows: [...servicesAt(trace, event)].map(([name, { ready, all, listening, permille }]) => [
          name,
          String(ready),
          String(all),
          String(listening),
          `${permille / 10} %`,
        ]),
        whenEmpty: 'No Service has endpoints.',
      },
    ],
  };
}

/** Services with what becomes of their requests, nodes and their Pods, right after an event. */
export function clusterGraph(trace: ClusterTrace, event: number): GraphModel {
  const pods = [...podsAt(trace, event)].filter(([, { state }]) => state !== 'gone').slice(0, 40);
  const lost = new Map<string, string>();
  const taken = new Set<string>();
  for (let row = 0; row <= event; row++) {
    const kind = trace.kind(row);
    const node = trace.textOf(trace.field(row, 0));
    if (kind === 'taken') taken.add(node);
    if (kind === 'nodeDied') lost.set(node, 'dead, nobody knows');
    if (kind === 'nodeUnknown') lost.set(node, 'Ready=Unknown');
    if (kind === 'drainStarted') lost.set(node, 'cordoned');
    if (kind === 'nodeReturned') lost.delete(node);
  }
  const nodes = [...new Set([...pods.map(([, { node }]) => node), ...lost.keys()])]
    .filter((node) => node !== '')
    .toSorted();
  const services = [...servicesAt(trace, event)];
  const first = services.length === 0 ? 0 : 1;
  return {
    kind: 'graph',
    title: 'Nodes and Pods',
    layers: [...(first === 0 ? [] : ['Requests']), 'Nodes', 'Pods'],
    nodes: [
      ...services.map(([name, { ready, permille }]) => ({
        id: `service ${name}`,
        label: `Service ${name}`,
        details: [`${permille / 10} % answered`, `${ready} ready`],
        tone:
          permille >= 1000 ? ('focus' as const) : permille > 0 ? ('waiting' as const) : ('failed' as const),
        layer: 0,
      })),
      ...nodes.map((node) => ({
        id: `node ${node}`,
        label: node,
        details: [lost.get(node) ?? 'Ready'],
        tone: lost.has(node) ? ('failed' as const) : ('idle' as const),
        layer: first,
      })),
      ...pods.map(([name, { state }]) => ({
        id: `pod ${name}`,
        label: name,
        details: taken.has(name) ? [state, 'taken over'] : [state],
        tone: taken.has(name) ? 'failed' : podTones[state],
        layer: first + 1,
      })),
    ],
    edges: pods
      .filter(([, { node }]) => node !== '')
      .map(([name, { node, state }]) => ({
        from: `node ${node}`,
        to: `pod ${name}`,
        label: '',
        tone: taken.has(name) ? 'failed' : podTones[state],
      })),
  };
}
