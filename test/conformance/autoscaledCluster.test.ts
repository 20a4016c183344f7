import assert from 'node:assert/strict';
import { courseAutoscaler } from '../../src/engine/cluster/api/courseManifests.ts';
import { autoscaled } from '../../src/engine/cluster/autoscaledScenario.ts';
import { readDocument } from '../../src/engine/kernel/document.ts';
import type { ParameterInput } from '../../src/engine/kernel/parameters.ts';

/**
 * Timelines of a HorizontalPodAutoscaler, reckoned by hand from the documented rule
 * (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details, Kubernetes 1.34). What is
 * the same in all of them: three Pods that request 200m each, a target of 50 %, looks at 15 s, 30 s, 45 s …, a load of
 * 0.3 CPUs that is 0.9 from 65 s on, so that the first look that sees it is at 75 s. A Pod is ready 6.3 s after its creation,
 * and its usage counts when a whole window of 15 s lies behind that: from 30 s on for the first ones. Where the manifest has no
 * `behavior`, the controller takes an older rule, which its source alone tells (normalizeDesiredReplicas in
 * pkg/controller/podautoscaler/horizontal.go): the highest recommendation of 300 s, and not more than twice the count, or 4.
 */
type Change = readonly [atSeconds: number, from: number, to: number];
interface Timeline {
  readonly name: string;
  /** What the manifest says instead. */
  readonly replace?: readonly (readonly [from: string, to: string])[];
  /** What the autoscaler's `behavior` is instead; '' for none. */
  readonly behavior?: string;
  readonly params?: ParameterInput;
  readonly changes: readonly Change[];
}
const forGood = { dipSeconds: 0, durationSeconds: 600 };
const falling = { loadCpus: 0.9, laterLoadCpus: 0.3, ...forGood };
const nine = ['replicas: 3', 'replicas: 9'] as const;

/** Down at once. */
const quick = 'scaleDown: { stabilizationWindowSeconds: 0 }';
const steady = (cpus: number): ParameterInput => ({
  ...forGood,
  loadCpus: cpus,
  laterLoadCpus: cpus,
  durationSeconds: 120,
});
/** A Pod of nobody that the Deployment's selector fits: it ends with an error after 2 s. */
const failedPod = `---
apiVersion: v1
kind: Pod
metadata: { name: once, labels: { app: shop } }
spec:
  restartPolicy: Never
  containers:
    - { name: web, image: 'registry.example/shop:1.2-crashes', resources: { requests: { cpu: 200m } } }
`;
/** The same, but it ends well after 10 s. */
const succeededPod = `---
apiVersion: v1
kind: Pod
metadata: { name: once, labels: { app: shop } }
spec:
  restartPolicy: Never
  initContainers:
    - { name: proxy, image: 'registry.example/db-proxy:1.0', restartPolicy: Always, resources: { requests: { cpu: 100m } }, startupProbe: { tcpSocket: { port: 5432 }, periodSeconds: 1, failureThreshold: 10 } }
  containers:
    - { name: once, image: 'registry.example/migrate:1.0', resources: { requests: { cpu: 100m } } }
`;

const timelines: readonly Timeline[] = [
  {
    // 75 s: 900 / 600 is 150 %, three times the target: 9. In 15 s at most 4 Pods or 100 % more: 7.
    // 90 s: the new ones are too young, and count as 0 %: 3 · 129 of 7 · 200 is 27 %, on the other side of 1: nothing.
    // 105 s: 7 · 129 of 1400 is 64 %, and ⌈7 · 64 / 50⌉ is 9. Then 100m each, 50 %.
    name: 'follows the ratio, at most 4 Pods or 100 % in 15 s',
    params: forGood,
    changes: [
      [75, 3, 7],
      [105, 7, 9],
    ],
  },
  {
    name: 'does nothing at a ratio of 1.08: within the tolerance of 0.1',
    params: { ...forGood, laterLoadCpus: 0.324 },
    changes: [],
  },
  {
    // 336 / 600 is 56 %: 1.12. ⌈3 · 1.12⌉ is 4. With 4 Pods 42 %: ⌈4 · 0.84⌉ is 4.
    name: 'acts at a ratio of 1.12',
    params: { ...forGood, laterLoadCpus: 0.336 },
    changes: [[75, 3, 4]],
  },
  {
    // 9 · 33 of 1800 is 16 %: ⌈9 · 0.32⌉ is 3, from 75 s on. The last recommendation of 9 is of 60 s, and counts for 300 s.
    name: 'takes Pods away when no higher recommendation is left in 300 s',
    replace: [nine],
    params: falling,
    changes: [[360, 9, 3]],
  },
  {
    name: 'takes Pods away after the stabilization window that the manifest gives',
    replace: [nine],
    behavior: 'scaleDown: { stabilizationWindowSeconds: 60 }',
    params: falling,
    changes: [[120, 9, 3]],
  },
  {
    name: 'takes away 1 Pod in 60 s at most',
    replace: [nine],
    behavior:
      'scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: Pods, value: 1, periodSeconds: 60 }] }',
    params: falling,
    changes: [
      [75, 9, 8],
      [135, 8, 7],
      [195, 7, 6],
      [255, 6, 5],
      [315, 5, 4],
      [375, 4, 3],
    ],
  },
  {
    // Half of 9, rounded down. 60 s later half of 4 would be allowed, but 75 of 200 are 37 %: ⌈4 · 0.74⌉ is 3.
    name: 'takes away 50 % in 60 s at most',
    replace: [nine],
    behavior:
      'scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: Percent, value: 50, periodSeconds: 60 }] }',
    params: falling,
    changes: [
      [75, 9, 4],
      [135, 4, 3],
    ],
  },
  {
    // 10 % of 9 leave 8, 2 Pods leave 7: Min takes the smaller change, first 8, then 7 (8.1 rounded down is 7).
    name: 'takes the smaller change of two policies with selectPolicy Min',
    replace: [nine],
    behavior:
      'scaleDown: { stabilizationWindowSeconds: 0, selectPolicy: Min, policies: [{ type: Percent, value: 10, periodSeconds: 60 }, { type: Pods, value: 2, periodSeconds: 60 }] }',
    params: { ...falling, durationSeconds: 150 },
    changes: [
      [75, 9, 8],
      [135, 8, 7],
    ],
  },
  {
    name: 'never takes Pods away with selectPolicy Disabled',
    replace: [nine],
    behavior: 'scaleDown: { selectPolicy: Disabled }',
    params: falling,
    changes: [],
  },
  {
    name: 'adds 1 Pod in 60 s at most',
    behavior: 'scaleUp: { policies: [{ type: Pods, value: 1, periodSeconds: 60 }] }',
    params: { ...forGood, durationSeconds: 200 },
    changes: [
      [75, 3, 4],
      [135, 4, 5],
      [195, 5, 6],
    ],
  },
  {
    // ⌈3 · 1.5⌉ is 5; the next 50 % may come after an hour's half.
    name: 'adds 50 % in 1800 s at most, rounded up',
    behavior: 'scaleUp: { policies: [{ type: Percent, value: 50, periodSeconds: 1800 }] }',
    params: forGood,
    changes: [[75, 3, 5]],
  },
  {
    // The recommendation of 3 at 60 s holds for 60 s. At 135 s the four new Pods are too young: 7, which holds until 195 s.
    name: 'adds Pods only when all recommendations of the window ask for it',
    behavior: 'scaleUp: { stabilizationWindowSeconds: 60 }',
    params: forGood,
    changes: [
      [120, 3, 7],
      [195, 7, 9],
    ],
  },
  {
    name: 'stops at maxReplicas',
    replace: [['maxReplicas: 10', 'maxReplicas: 5']],
    params: forGood,
    changes: [[75, 3, 5]],
  },
  {
    // 25 of 200 are 12 %: ⌈4 · 0.24⌉ is 1, below minReplicas. What was found at the first look counts as a recommendation.
    name: 'stops at minReplicas, 300 s after its first look',
    replace: [['replicas: 3', 'replicas: 4']],
    params: { ...forGood, loadCpus: 0.1, laterLoadCpus: 0.1 },
    changes: [[315, 4, 2]],
  },
  {
    name: 'brings a count into its limits at the first look, before there is any metric',
    replace: [['replicas: 3', 'replicas: 12']],
    params: { ...forGood, loadCpus: 1, laterLoadCpus: 1 },
    changes: [[15, 12, 10]],
  },
  {
    // Pods that answer after 60 s are ready after 61.3 s, and count from 90 s on. The load triples at 125 s.
    // 135 s: 9, limited to 7. 150 s: 900 of 3 · 200 is 150 %; with four Pods at 0 % 900 of 1400, 64 %: ⌈7 · 1.28⌉ is 9.
    // 165 s: with six Pods at 0 % 900 of 1800, 50 %. Without that, 27 Pods would be asked for.
    name: 'counts Pods that are not ready as 0 % on the way up',
    replace: [
      ['shop:1.0', 'shop:1.4-slow'],
      ['maxReplicas: 10', 'maxReplicas: 40'],
    ],
    params: { ...forGood, changeAtSeconds: 125 },
    changes: [
      [135, 3, 7],
      [150, 7, 9],
    ],
  },
  {
    // 75 s: 9 are asked for, and twice 3 allowed. 90 s: with three Pods at 0 % 450 of 1200 are 37 %, on the other side of 1: 6; but
    // the 9 of 75 s is the highest of 300 s, and twice 6 is more. The new Pods' readiness dampens nothing here.
    name: 'at most doubles the count without behavior, and keeps to the highest recommendation',
    behavior: '',
    params: forGood,
    changes: [
      [75, 3, 6],
      [90, 6, 9],
    ],
  },
  {
    // From one Pod 4 at once: 1, 4, 8, as clusters show it. 75 s: 450 % is nine times the target.
    name: 'goes from 1 to 4 without behavior, and then doubles',
    behavior: '',
    replace: [
      ['replicas: 3', 'replicas: 1'],
      ['minReplicas: 2', 'minReplicas: 1'],
    ],
    params: { ...forGood, loadCpus: 0.1 },
    changes: [
      [75, 1, 4],
      [90, 4, 8],
      [105, 8, 9],
    ],
  },
  {
    // The 9 of 60 s is not yet older than 300 s at 360 s.
    name: 'takes Pods away without behavior when the last high recommendation is older than 300 s',
    behavior: '',
    replace: [nine],
    params: falling,
    changes: [[375, 9, 3]],
  },
  {
    // 80 % of the request is what autoscaling/v2 follows by default: 900 of 600 is 150 %, ⌈3 · 150 / 80⌉ is 6.
    name: 'follows 80 % of the CPU request where the list of metrics is empty',
    replace: [[/ {2}metrics:\n[^]*(?= {2}behavior)/.exec(courseAutoscaler)![0], '  metrics: []\n']],
    params: { ...forGood, loadCpus: 0.48 },
    changes: [[75, 3, 6]],
  },
  {
    // 600 m on two Pods of 1500m are 20 %: ⌈2 · 0.4⌉ is 1. The third finds no room on the node. If it counted as one without a sample,
    // 600 + 1500 of 4500 would be 46 %: within the tolerance.
    name: 'leaves Pods out that are pending, on the way down',
    behavior: quick,
    replace: [
      ['cpu: 200m', 'cpu: 1500m'],
      ['minReplicas: 2', 'minReplicas: 1'],
    ],
    params: { ...steady(0.6), nodes: 1 },
    changes: [[30, 3, 1]],
  },
  {
    // 120 m on three Pods of 200m are 20 %: ⌈3 · 0.4⌉ is 2.
    name: 'takes a Pod away from three that need less (the next two cases add a fourth)',
    behavior: quick,
    params: steady(0.12),
    changes: [[30, 3, 2]],
  },
  {
    // With 200 m for a Pod without a sample it would be 320 of 800: 40 %, and ⌈4 · 0.8⌉ is 4.
    name: 'leaves a Pod out that has failed',
    behavior: quick,
    replace: [['---\napiVersion: v1', `${failedPod}---\napiVersion: v1`]],
    params: steady(0.12),
    changes: [[30, 3, 2]],
  },
  {
    // The source names Failed alone: a Pod that ended well is one without a sample, and counts as 100 % on the way down.
    name: 'counts a Pod that has succeeded as one without a sample',
    behavior: quick,
    replace: [['---\napiVersion: v1', `${succeededPod}---\napiVersion: v1`]],
    params: steady(0.12),
    changes: [],
  },
];

function run(text: string, params: ParameterInput) {
  const reading = readDocument(autoscaled.documents['manifests']!, text);
  assert.ok(reading.ok, JSON.stringify(reading));
  const outcome = autoscaled.execute({
    params,
    submission: { start: autoscaled.builtInSubmission.start, documents: { manifests: reading.value } },
  });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
  return outcome.run;
}

function changesOf({ trace }: ReturnType<typeof run>): Change[] {
  const changes: Change[] = [];
  for (let row = 0; row < trace.length; row++)
    if (trace.kind(row) === 'autoscaled')
      changes.push([trace.timeNs(row) / 1e9, trace.field(row, 1), trace.field(row, 2)]);
  return changes;
}

const [withoutBehavior, courseBehavior] = courseAutoscaler.split('  behavior:\n') as [string, string];

function manifestOf({ replace = [], behavior }: Pick<Timeline, 'replace' | 'behavior'>): string {
  let text: string = courseAutoscaler;
  for (const [from, to] of replace) {
    assert.ok(text.includes(from));
    text = text.replace(from, to);
  }
  if (behavior === undefined) return text;
  text = text.replace(`  behavior:\n${courseBehavior}`, '');
  return behavior === '' ? text : `${text}  behavior: { ${behavior} }\n`;
}

describe('cluster.autoscaled: an autoscaler of a manifest', () => {
  for (const timeline of timelines)
    it(timeline.name, () => {
      const of = run(manifestOf(timeline), timeline.params ?? {});
      assert.deepEqual(changesOf(of), timeline.changes);
      const last = timeline.changes.at(-1);
      if (last === undefined) return;
      assert.equal(of.metrics['replicas'], last[2]);
      assert.equal(of.metrics['changes'], timeline.changes.length);
    });

  const failuresOf = ({ trace }: ReturnType<typeof run>): string[] => {
    const said: string[] = [];
    for (let row = 0; row < trace.length; row++)
      if (trace.kind(row) === 'autoscalerFails') said.push(trace.say(row).replace(/shop-\w+-\w+/, 'POD'));
    return said;
  };
  const failure = (text: string): string[] => {
    const of = run(text, forGood);
    assert.deepEqual(changesOf(of), []);
    return failuresOf(of);
  };

  it('changes nothing without a request for CPU, and says so', () => {
    assert.match(
      failure(courseAutoscaler.replace('cpu: 200m, ', '')).at(-1)!,
      /^autoscaler shop changes nothing: failed to get cpu utilization: missing request for cpu in Pod POD$/,
    );
  });

  it('changes nothing without a target, and says so once', () => {
    assert.deepEqual(
      failure(courseAutoscaler.replace('kind: Deployment, name: shop', 'kind: Deployment, name: store')),
      ['autoscaler shop changes nothing: deployment "store" not found'],
    );
  });

  it('leaves Pods out that are being deleted: what they no longer use would look like idleness', () => {
    // From 9 to 3 Pods at 360 s. At 375 s the six others still end (20 s), and use nothing: 300 of 1800 would be 16 %.
    const { trace } = run(
      manifestOf({ replace: [nine, ['sleep: { seconds: 5 }', 'sleep: { seconds: 20 }']] }),
      falling,
    );
    const looks = new Map<number, number>();
    for (let row = 0; row < trace.length; row++)
      if (trace.kind(row) === 'autoscalerLooks') looks.set(trace.timeNs(row) / 1e9, trace.field(row, 1));
    assert.deepEqual([looks.get(360), looks.get(375)], [16, 50]);
  });

  const rivals = (first: string, second: string): string => {
    const [rest, autoscaler] = withoutBehavior.split('---\napiVersion: autoscaling/v2\n') as [string, string];
    const of = (name: string, limits: string): string =>
      `---\napiVersion: autoscaling/v2\n${autoscaler
        .replace('name: shop', `name: ${name}`)
        .replace('minReplicas: 2\n  maxReplicas: 10', limits)}`;
    return rest + of('first', first) + of('second', second);
  };
  const wide = 'minReplicas: 2\n  maxReplicas: 10';

  it('follows the metrics of neither of two autoscalers that select the same Pods, and says so of both', () => {
    const why = 'pods by selector app=shop are controlled by multiple HPAs: [default/first default/second]';
    // The first one looks before anybody else's selector is known, and finds no Pod that has been ready for long enough.
    assert.deepEqual(failure(rivals(wide, wide)).slice(1), [
      `autoscaler second changes nothing: ${why}`,
      `autoscaler first changes nothing: ${why}`,
    ]);
  });

  it('still brings a count into the limits of each: two that exclude each other undo what the other did', () => {
    const text = rivals('minReplicas: 2\n  maxReplicas: 4', 'minReplicas: 5\n  maxReplicas: 10');
    assert.deepEqual(changesOf(run(text, { durationSeconds: 45 })), [
      [15, 3, 5],
      [30, 5, 4],
      [30, 4, 5],
      [45, 5, 4],
      [45, 4, 5],
    ]);
  });
});
