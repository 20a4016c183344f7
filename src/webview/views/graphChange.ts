import type { GraphModel, GraphNode } from '../../engine/kernel/view.ts';

/** Ids of the nodes that one event made or changed. */
export function changedNodes(before: GraphModel | undefined, now: GraphModel): ReadonlySet<string> {
  if (before === undefined) return new Set();
  const earlier = new Map(before.nodes.map((node) => [node.id, node]));
  return new Set(now.nodes.filter((node) => differs(earlier.get(node.id), node)).map((node) => node.id));
}

const differs = (before: GraphNode | undefined, now: GraphNode): boolean =>
  before === undefined ||
  before.tone !== now.tone ||
  before.label !== now.label ||
  before.details.join('\n') !== now.details.join('\n');
