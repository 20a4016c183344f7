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
 * and its usage counts when a whole window of 15 s lies behind that: from 30 s on for the first ones.
 */
type Change = readonly [atSeconds: number, from: number, to: number];
interface Timeline {
  readonly name: string;
  /** What the manifest says instead. */
  readonly replace?: readonly (readonly [from: string, to: string])[];
  /** Added to the autoscaler's spec. */
  readonly behavior?: string;
  readonly params?: ParameterInput;
  readonly changes: readonly Change[];
}
const forGood = { dipSeconds: 0, durationSeconds: 600 };
const falling = { loadCpus: 0.9, laterLoadCpus: 0.3, ...forGood };
const nine = ['replicas: 3', 'replicas: 9'] as const;

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

function manifestOf({ replace = [], behavior }: Timeline): string {
  let text: string = courseAutoscaler;
  for (const [from, to] of replace) {
    assert.ok(text.includes(from));
    text = text.replace(from, to);
  }
  return behavior === undefined ? text : `${text}  behavior: { ${behavior} }\n`;
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

  const failure = (text: string): string[] => {
    const { trace } = run(text, forGood);
    assert.deepEqual(changesOf({ trace } as ReturnType<typeof run>), []);
    const said: string[] = [];
    for (let row = 0; row < trace.length; row++)
      if (trace.kind(row) === 'autoscalerFails') said.push(trace.say(row).replace(/shop-\w+-\w+/, 'POD'));
    return said;
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
});
