import { count, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { defineEvents, noCause } from '../kernel/trace.ts';
import {
  balancedAllocationScore,
  leastAllocatedScore,
  nonZeroRequest,
  type ScoredResource,
} from './scheduler/nodeScores.ts';
import { milliValue, unitValue } from './api/quantityValue.ts';
import schema from './scheduler/schedulerVector.schema.json' with { type: 'json' };
import { validate } from './scheduler/schedulerVector.validator.js';
import { vectorDocument } from './api/vectorDocument.ts';

type Amounts = Readonly<Record<string, string | number>>;
interface Written {
  readonly weights?: Readonly<Record<string, number>>;
  readonly pod?: {
    readonly requests?: Amounts;
    readonly containers?: readonly { readonly requests?: Amounts }[];
  };
  readonly nodes?: readonly {
    readonly name?: string;
    readonly allocatable: Amounts;
    readonly requested?: Amounts;
  }[];
}
interface ScoredNode {
  readonly name: string;
  readonly fits: boolean;
  readonly least: number;
  readonly balanced: number;
}

const amount = (resource: string, quantity: string | number): number | undefined =>
  resource === 'cpu' ? milliValue(quantity) : unitValue(quantity);

function scored(written: Written, wrong: (quantity: string | number) => void): readonly ScoredNode[] {
  const { pod = {}, weights = {}, nodes = [] } = written;
  const read = (amounts: Amounts | undefined, resource: string): number => {
    const quantity = amounts?.[resource] ?? 0;
    const value = amount(resource, quantity);
    if (value === undefined) wrong(quantity);
    return value ?? 0;
  };
  const assumed: Readonly<Record<string, number>> = {
    cpu: nonZeroRequest.cpuMilli,
    memory: nonZeroRequest.memoryBytes,
  };
  return nodes.map(({ name, allocatable, requested }, index) => {
    const resources = Object.keys(allocatable);
    const of = (resource: string, withAssumed: boolean): ScoredResource => {
      const wants =
        pod.containers === undefined
          ? read(pod.requests, resource)
          : pod.containers.reduce(
              (sum, each) =>
                sum +
                (withAssumed && each.requests?.[resource] === undefined
                  ? (assumed[resource] ?? 0)
                  : read(each.requests, resource)),
              0,
            );
      return {
        allocatable: read(allocatable, resource),
        requested: read(requested, resource) + wants,
        weight: weights[resource] ?? 1,
      };
    };
    const exact = resources.map((resource) => of(resource, false));
    return {
      name: name ?? `node${index + 1}`,
      fits: exact.every((each) => each.requested <= each.allocatable),
      least: leastAllocatedScore(resources.map((resource) => of(resource, true))),
      balanced: balancedAllocationScore(exact),
    };
  });
}

const schedulerEvents = defineEvents({
  score: {
    doc: 'A node is scored for the Pod; a node without room is filtered out before.',
    fields: ['node', 'leastAllocated', 'balancedAllocation', 'fits'],
    texts: ['node'],
    say: ({ leastAllocated, balancedAllocation, fits }, { node }) =>
      `${node}: LeastAllocated ${leastAllocated}, BalancedAllocation ${balancedAllocation}${fits === 1 ? '' : ' (does not fit)'}`,
  },
});

/** How kube-scheduler compares nodes for a Pod. */
export const scheduler = defineScenario({
  id: 'cluster.scheduler',
  title: 'Where a Pod goes',
  doc: 'Two nodes with Pods on them, and one more Pod. The resource plugins of the scheduler score each node from 0 to 100.',
  params: {
    podCpuMilli: count({
      label: 'CPU of the Pod',
      doc: 'Request, in thousandths of a CPU.',
      min: 0,
      max: 16_000,
      default: 1000,
      say: (n) => `a Pod of ${n} m`,
    }),
    podMemoryMiB: quantity('MiB', {
      label: 'Memory of the Pod',
      doc: 'Request.',
      min: 0,
      max: 65_536,
      step: 128,
      default: 1024,
      say: (n) => `and ${n} MiB`,
    }),
    nodeCpuMilli: count({
      label: 'CPU of a node',
      doc: 'Allocatable CPU of both nodes, in thousandths.',
      min: 100,
      max: 64_000,
      default: 4000,
    }),
    nodeMemoryMiB: quantity('MiB', {
      label: 'Memory of a node',
      doc: 'Allocatable memory of both nodes.',
      min: 128,
      max: 262_144,
      step: 128,
      default: 8192,
    }),
    usedCpuMilli: count({
      label: 'CPU in use, node 1',
      doc: 'Requested by Pods on node 1.',
      min: 0,
      max: 64_000,
      default: 2000,
    }),
    usedMemoryMiB: quantity('MiB', {
      label: 'Memory in use, node 1',
      doc: 'Requested by Pods on node 1.',
      min: 0,
      max: 262_144,
      step: 128,
      default: 1024,
    }),
    otherUsedCpuMilli: count({
      label: 'CPU in use, node 2',
      doc: 'Requested by Pods on node 2.',
      min: 0,
      max: 64_000,
      default: 1000,
    }),
    otherUsedMemoryMiB: quantity('MiB', {
      label: 'Memory in use, node 2',
      doc: 'Requested by Pods on node 2.',
      min: 0,
      max: 262_144,
      step: 128,
      default: 4096,
    }),
  },
  metrics: {
    leastAllocated1: { label: 'LeastAllocated, node 1', doc: 'Score of the first node.', better: 'neither' },
    leastAllocated2: {
      label: 'LeastAllocated, node 2',
      doc: 'Score of the second node; 0 without one.',
      better: 'neither',
    },
    balanced1: { label: 'Balanced, node 1', doc: 'BalancedAllocation of the first node.', better: 'neither' },
    balanced2: {
      label: 'Balanced, node 2',
      doc: 'BalancedAllocation of the second node; 0 without one.',
      better: 'neither',
    },
    chosen: {
      label: 'Chosen',
      doc: 'Number of the node with the highest sum among those with room, from 1; the first of equals; 0 for none.',
      better: 'neither',
    },
  },
  events: schedulerEvents,
  policies: {},
  builtIn: {},
  documents: {
    vector: vectorDocument<Written, readonly ScoredNode[]>({
      doc: 'A Pod’s requests, and any number of nodes with what is allocatable and requested. The scores of all stand in the events and the state.',
      inPlaceOf: 'all',
      schema,
      validate,
      check: (written, problems) => {
        if (written.nodes === undefined) problems.value([], 'There are no "nodes".', 'Add a list of them.');
        return scored(written, (quantity) =>
          problems.value([], `"${quantity}" is no quantity.`, 'Write it as in "500m" or "64Mi".'),
        );
      },
    }),
  },
  checks: {},
  views: {
    state: {
      doc: 'Scores of every node up to the event.',
      model: ({ trace }, event) => ({
        kind: 'state',
        groups: [
          {
            title: 'Scores',
            columns: ['node', 'LeastAllocated', 'BalancedAllocation', 'has room'],
            rows: Array.from({ length: event + 1 }, (_, row) => [
              trace.textOf(trace.field(row, 0)),
              String(trace.field(row, 1)),
              String(trace.field(row, 2)),
              trace.field(row, 3) === 1 ? 'yes' : 'no',
            ]),
            whenEmpty: 'No node is scored yet.',
          },
        ],
      }),
    },
  },
  oracle:
    "The test vectors of Kubernetes' least_allocated_test.go and balanced_allocation_test.go (test/conformance/kubernetesVectors.test.ts).",
  stepBudget: 10_000,
  run({ params, trace, documents, start }) {
    start({});
    const allocatable = { cpu: `${params.nodeCpuMilli}m`, memory: `${params.nodeMemoryMiB}Mi` };
    const node = (cpu: number, memory: number) => ({
      allocatable,
      requested: { cpu: `${cpu}m`, memory: `${memory}Mi` },
    });
    const nodes =
      documents.vector.value ??
      scored(
        {
          pod: { requests: { cpu: `${params.podCpuMilli}m`, memory: `${params.podMemoryMiB}Mi` } },
          nodes: [
            node(params.usedCpuMilli, params.usedMemoryMiB),
            node(params.otherUsedCpuMilli, params.otherUsedMemoryMiB),
          ],
        },
        () => undefined,
      );
    for (const each of nodes)
      trace.append(
        trace.codes.score,
        0,
        noCause,
        trace.text(each.name),
        each.least,
        each.balanced,
        each.fits ? 1 : 0,
      );
    let chosen = 0;
    let best = -1;
    for (const [index, { fits, least, balanced }] of nodes.entries()) {
      if (!fits || least + balanced <= best) continue;
      best = least + balanced;
      chosen = index + 1;
    }
    return {
      leastAllocated1: nodes[0]!.least,
      leastAllocated2: nodes[1]?.least ?? 0,
      balanced1: nodes[0]!.balanced,
      balanced2: nodes[1]?.balanced ?? 0,
      chosen,
    };
  },
});
