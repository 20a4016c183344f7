import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { autoscaler } from '../../src/engine/cluster/autoscalerScenario.ts';
import { autoscalerPolicies } from '../../src/engine/cluster/autoscaler/autoscalerPolicy.ts';
import { behaviorDefaults, ReplicaStabilizer } from '../../src/engine/cluster/autoscaler/scalingBehavior.ts';
import { readDocument } from '../../src/engine/kernel/document.ts';
import type { AnySubmission } from '../../src/engine/kernel/policy.ts';
import { submissionOf } from '../../src/engine/kernel/scenario.ts';

interface Vector {
  readonly name: string;
  readonly currentReplicas: number;
  readonly expected: number | null;
  readonly kind: 'utilization' | 'pods' | 'value' | 'perPod';
  readonly levels: readonly number[];
  readonly target: number;
  readonly usage: number;
  readonly requests: readonly (number | null)[];
  readonly ready: readonly number[] | null;
  readonly age: readonly number[] | null;
  readonly phase: readonly string[] | null;
  readonly deleted: readonly number[] | null;
}

const published = JSON.parse(
  readFileSync(new URL('published/kubernetes-replica-calculator.json', import.meta.url), 'utf8'),
) as { readonly vectors: readonly Vector[] };

/** Runs a vector as a person does it: as the scenario's document. */
function calculated(vector: object) {
  const reading = readDocument(autoscaler.documents['vector']!, JSON.stringify(vector));
  assert.ok(reading.ok, JSON.stringify(reading));
  const outcome = autoscaler.execute({
    submission: { start: autoscaler.builtInSubmission.start, documents: { vector: reading.value } },
  });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
  return outcome.run.metrics as { replicas: number; usagePercent: number; failed: number };
}

function documentOf(vector: Vector): object {
  const pods = Array.from(
    { length: Math.max(vector.currentReplicas, vector.phase?.length ?? 0) },
    (_, index) => {
      const request = vector.requests[index] ?? null;
      const level =
        vector.kind === 'utilization' || vector.kind === 'pods' ? vector.levels[index] : undefined;
      const container = { requests: request === null ? {} : { cpu: `${request}m` } };
      const twice = vector.kind === 'utilization' ? 2 : 1;
      return {
        phase: vector.phase?.[index] ?? 'Running',
        ready: vector.ready === null ? true : vector.ready[index] === 1,
        deleted: vector.deleted?.[index] === 1,
        ...(vector.age === null ? {} : { ageSeconds: vector.age[index] }),
        containers: [container, container],
        ...(level === undefined ? {} : { usage: `${level * twice}m` }),
      };
    },
  );
  const current = `${vector.levels[0] ?? 0}m`;
  const metric = {
    utilization: { type: 'Resource', name: 'cpu', target: { averageUtilization: vector.target } },
    pods: { type: 'Pods', name: 'qps', target: { averageValue: `${vector.target}m` } },
    value: { type: 'Object', name: 'qps', current, target: { value: `${vector.target}m` } },
    perPod: {
      type: 'External',
      name: 'qps',
      current: [current],
      target: { averageValue: `${vector.target}m` },
    },
  }[vector.kind];
  return {
    currentReplicas: vector.currentReplicas,
    cpuInitializationPeriodSeconds: 120,
    initialReadinessDelaySeconds: 10,
    metric,
    pods,
  };
}

describe("cluster.autoscaler against the test vectors of Kubernetes' replica calculator", () => {
  for (const vector of published.vectors) {
    it(vector.name, () => {
      const result = calculated(documentOf(vector));
      if (vector.expected === null) {
        assert.equal(result.failed, 1);
        return;
      }
      assert.equal(result.failed, 0);
      assert.equal(result.replicas, vector.expected);
      const usage = vector.kind === 'utilization' ? result.usagePercent : result.usagePercent * 1000;
      assert.equal(Math.round(usage), vector.usage);
    });
  }

  it('scales from zero by the metric alone, and leaves a target alone that somebody scaled to zero', () => {
    const metric = { type: 'External', current: '30', target: { value: '10' } };
    assert.equal(calculated({ currentReplicas: 0, minReplicas: 0, metric }).replicas, 3);
    assert.equal(calculated({ currentReplicas: 0, minReplicas: 1, metric }).replicas, 0);
    assert.equal(calculated({ currentReplicas: 0, metric: { ...metric, current: 0 } }).replicas, 0);
  });

  it("reaches the walkthrough's 7 replicas from 1 at 305 % with a target of 50 %", () => {
    const { replicas } = calculated({
      currentReplicas: 1,
      metric: { type: 'Resource', name: 'cpu', target: { averageUtilization: 50 } },
      pods: [{ requests: { cpu: '200m' }, usage: '610m' }],
    });
    assert.equal(replicas, 7);
  });

  it('waits for five minutes of initialization by default, and 30 s for the first readiness', () => {
    const pods = (young: object) => [
      { requests: { cpu: '1' }, usage: '2' },
      { requests: { cpu: '1' }, usage: '2', ...young },
    ];
    const metric = { type: 'Resource', name: 'cpu', target: { averageUtilization: 100 } };
    const replicas = (young: object) =>
      calculated({ currentReplicas: 2, metric, pods: pods(young) }).replicas;
    assert.equal(replicas({ ageSeconds: 301, ready: true, readySinceSeconds: 10 }), 4);
    // Counted as 0 % when it just became ready: (200 + 0) / 200 = 1, within the tolerance.
    assert.equal(replicas({ ageSeconds: 299, ready: true, readySinceSeconds: 10 }), 2);
    assert.equal(replicas({ ageSeconds: 299, ready: true, readySinceSeconds: 100 }), 4);
    // Was ready once, then stopped: its sample counts. Never ready within the delay: it does not.
    assert.equal(replicas({ ageSeconds: 400, ready: false, readySinceSeconds: 100 }), 4);
    assert.equal(replicas({ ageSeconds: 400, ready: false, readySinceSeconds: 380 }), 2);
  });
});

describe("the behaviour policies of the documentation's example", () => {
  it('4 Pods or 10 % a minute from 80: 72, 64, …, by 4 below 40', () => {
    const policies = [
      { type: 'Pods', value: 4, periodSeconds: 60 },
      { type: 'Percent', value: 10, periodSeconds: 60 },
    ] as const;
    const stabilizer = new ReplicaStabilizer({
      ...behaviorDefaults,
      scaleDown: { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies },
    });
    const seen = [80];
    for (let minute = 0; seen.at(-1)! > 10; minute++) {
      const from = seen.at(-1)!;
      const to = stabilizer.normalized(minute * 60, from, 10, { minReplicas: 10, maxReplicas: 100 });
      stabilizer.scaled(minute * 60, from, to);
      seen.push(to);
    }
    assert.deepEqual(seen.slice(0, 3), [80, 72, 64]);
    for (const [index, size] of seen.entries())
      if (size <= 40 && size > 14) assert.equal(seen[index + 1], size - 4);
  });

  it('takes the highest recommendation of 300 s before it takes any away', () => {
    const stabilizer = new ReplicaStabilizer(behaviorDefaults);
    const limits = { minReplicas: 1, maxReplicas: 100 };
    stabilizer.begin(0, 10);
    assert.equal(stabilizer.normalized(0, 10, 10, limits), 10);
    assert.equal(stabilizer.normalized(15, 10, 4, limits), 10);
    assert.equal(stabilizer.normalized(285, 10, 4, limits), 10);
    assert.equal(stabilizer.normalized(315, 10, 4, limits), 4);
  });
});

describe('the Pods of cluster.autoscaler', () => {
  it('are left out when they have failed or are pending, on the way down', () => {
    // Ten Pods use 20 % of their requests: whoever of them still serves has its share, and together they are 4 at 50 %. Those that
    // failed, and the ones in their places, have no sample: counted as 100 % each, they would keep more Pods.
    let withFailed = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const outcome = autoscaler.execute({
        seed,
        params: {
          initialReplicas: 10,
          targetPercent: 50,
          loadPercent: 20,
          laterLoadPercent: 20,
          failingPercent: 20,
          startSeconds: 60,
          stabilizationSeconds: 0,
          durationSeconds: 29,
        },
      });
      assert.ok(outcome.ok);
      const { metrics, trace } = outcome.run;
      assert.equal(metrics['replicas'], 4, `seed ${seed}`);
      for (let row = 0; row < trace.length; row++)
        if (trace.kind(row) === 'observe' && trace.field(row, 0) < 10) withFailed++;
    }
    assert.ok(withFailed > 10);
  });
});

describe('the check of the rule', () => {
  it('holds for the built-in policy in 50 random cases, and not for a rule without tolerance', () => {
    const check = autoscaler.checks['followsRule']!;
    for (let seed = 1; seed <= 50; seed++) {
      const params = {
        laterLoadPercent: (seed * 37) % 300,
        missingPercent: seed % 3 === 0 ? 30 : 0,
        failingPercent: seed % 5,
      };
      const outcome = autoscaler.execute({ params, seed });
      assert.ok(outcome.ok);
      assert.equal(check.violated(outcome.run, {}), undefined);
    }
    const hasty = submissionOf(autoscalerPolicies, {
      autoscaler: () => ({
        desiredReplicas({ currentReplicas, targetPercent, pods }) {
          const used = pods.reduce((sum, pod) => sum + (pod.usageMilli ?? 0), 0);
          const asked = pods.reduce((sum, pod) => sum + pod.requestMilli, 0);
          return Math.ceil((currentReplicas * used * 100) / asked / targetPercent);
        },
      }),
    }) as unknown as AnySubmission;
    const outcome = autoscaler.execute({ params: { loadPercent: 53 }, submission: hasty });
    assert.ok(outcome.ok);
    assert.notEqual(check.violated(outcome.run, {}), undefined);
  });
});
