import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Cluster } from '../../src/engine/cluster/cluster.ts';
import { clusterEvents } from '../../src/engine/cluster/clusterEvents.ts';
import { courseDeployment } from '../../src/engine/cluster/api/courseDeployment.ts';
import { disruption } from '../../src/engine/cluster/disruptionScenario.ts';
import { rollout } from '../../src/engine/cluster/rolloutScenario.ts';
import { scheduler } from '../../src/engine/cluster/schedulerScenario.ts';
import { readDocument } from '../../src/engine/kernel/document.ts';
import { randomStreams } from '../../src/engine/kernel/random.ts';
import type { Run, Scenario } from '../../src/engine/kernel/scenario.ts';
import { Trace } from '../../src/engine/kernel/trace.ts';

const rows = JSON.parse(readFileSync(new URL('published/kubernetes.json', import.meta.url), 'utf8')) as {
  readonly id: string;
  readonly setting: string;
  readonly value: unknown;
}[];
const published = (id: string): unknown => rows.find((row) => row.id === id)!.value;

function runOf(scenario: Scenario, vector: object): Run {
  const reading = readDocument(scenario.documents['vector']!, JSON.stringify(vector));
  assert.ok(reading.ok, JSON.stringify(reading));
  const outcome = scenario.execute({
    submission: { start: scenario.builtInSubmission.start, documents: { vector: reading.value } },
  });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
  return outcome.run;
}

describe('scores of nodes against the vectors of Kubernetes', () => {
  const node = (cpu: number, memory: number, usedCpu = 0, usedMemory = 0) => ({
    allocatable: { cpu: `${cpu}m`, memory },
    requested: { cpu: `${usedCpu}m`, memory: usedMemory },
  });
  const pod = { requests: { cpu: '3000m', memory: 5000 } };
  const least = {
    280: { pod, nodes: [node(4000, 10000), node(6000, 10000)] },
    281: { nodes: [node(10000, 20000, 6000, 0), node(10000, 20000, 6000, 5000)] },
    282: { pod, nodes: [node(10000, 20000, 3000, 0), node(10000, 20000, 3000, 5000)] },
    283: { pod, nodes: [node(10000, 20000, 3000, 0), node(10000, 50000, 3000, 5000)] },
  };
  for (const [id, vector] of Object.entries(least)) {
    it(`LEAST-${id}`, () => {
      const { leastAllocated1, leastAllocated2 } = runOf(scheduler, vector).metrics;
      assert.deepEqual([leastAllocated1, leastAllocated2], published(`LEAST-${id}`));
    });
  }
  const balanced = {
    287: { pod, nodes: [node(4000, 10000), node(6000, 10000)] },
    288: { nodes: [node(10000, 20000, 6000, 5000), node(10000, 20000, 6000, 10000)] },
    289: { nodes: [node(10000, 20000, 6000, 5000), node(10000, 50000, 6000, 10000)] },
    290: { nodes: [node(6000, 10000, 6000, 0), node(6000, 10000, 6000, 5000)] },
  };
  for (const [id, vector] of Object.entries(balanced)) {
    it(`BALANCED-${id}`, () => {
      const { balanced1, balanced2 } = runOf(scheduler, vector).metrics;
      assert.deepEqual([balanced1, balanced2], published(`BALANCED-${id}`));
    });
  }
});

describe('rolling updates against the comments of deployment_util.go', () => {
  for (const row of rows.filter(({ id }) => /^ROLL-\d/.test(id))) {
    it(row.id, () => {
      const [, replicas, maxUnavailable, maxSurge] =
        /^(\d+) desired, maxUnavailable (\d+%), maxSurge (\d+%)$/.exec(row.setting)!;
      const { trace } = runOf(rollout, { replicas: Number(replicas), maxUnavailable, maxSurge });
      const order: string[] = [];
      let changed = false;
      for (let event = 0; event < trace.length; event++) {
        if (trace.kind(event) === 'rolloutStarted') changed = true;
        if (!changed || trace.kind(event) !== 'scaled') continue;
        const { from, to, revision } = trace.fieldsOf(event);
        if (from !== to)
          order.push(`${revision === 2 ? 'new' : 'old'}${to! > from! ? '+' : '-'}${Math.abs(to! - from!)}`);
      }
      assert.equal(order.join(','), row.value);
    });
  }
  it('rounds surge up and unavailability down', () => {
    const { maxSurgePods, maxUnavailablePods } = runOf(rollout, {
      replicas: 10,
      maxSurge: '25%',
      maxUnavailable: '25%',
    }).metrics;
    assert.deepEqual([maxSurgePods, maxUnavailablePods], [3, 2]);
  });
});

describe('disruption budgets against the documentation', () => {
  it('PDB-round: 50 % of 7 are 4', () => {
    assert.equal(
      runOf(disruption, { expectedPods: 7, minAvailable: '50%' }).metrics['desiredHealthy'],
      published('PDB-round'),
    );
  });
  it('PDB-zk: 3 Pods, minAvailable 2', () => {
    assert.equal(
      runOf(disruption, { expectedPods: 3, minAvailable: 2 }).metrics['disruptionsAllowed'],
      published('PDB-zk'),
    );
  });
  it('keeps in a drain what the budget promises, for every size', () => {
    for (let pods = 2; pods <= 12; pods++) {
      const outcome = disruption.execute({ params: { pods } });
      assert.ok(outcome.ok);
      assert.ok(outcome.run.metrics['fewestReady']! >= Math.ceil(pods / 2), `${pods} Pods`);
    }
  });
});

describe('failover against NODE-failover: 40 s + 5 s + 300 s', () => {
  /** Seconds from the death of a node to the eviction of its Pod. */
  function evictedAfter(graceSeconds: number, diesAtSeconds: number): number {
    const trace = new Trace(clusterEvents);
    const cluster = new Cluster({ graceSeconds, stepBudget: 100_000 }, trace, randomStreams(1));
    cluster.addNode({ name: 'a', zone: 'z', cpuMilli: 4000, memoryBytes: 2 ** 33 });
    cluster.apply<'Deployment'>(
      courseDeployment({ name: 'shop', replicas: 1, image: 'registry.example/shop:1.0' }),
    );
    cluster.simulation.at(10e9, () =>
      cluster.addNode({ name: 'b', zone: 'z', cpuMilli: 4000, memoryBytes: 2 ** 33 }),
    );
    cluster.simulation.at(diesAtSeconds * 1e9, () => cluster.kill('a'));
    cluster.simulation.run({ untilNs: 600e9 });
    for (let row = 0; row < trace.length; row++)
      if (trace.kind(row) === 'podDeleted') return trace.timeNs(row) / 1e9 - diesAtSeconds;
    return Infinity;
  }
  it('lies within a lease period and a monitor period of the sum, whatever the phase', () => {
    for (let phase = 0; phase < 10; phase++) {
      const after = evictedAfter(40, 100.5 + phase);
      assert.ok(after > 345 - 5 - 10 && after <= 345 + 5 + 10, `${phase}: ${after}`);
      const newer = evictedAfter(50, 100.5 + phase);
      assert.equal(newer, after + 10);
    }
  });
});
