import assert from 'node:assert/strict';
import { readManifests } from '../../../src/engine/cluster/api/manifests.ts';
import {
  courseAutoscaler,
  courseManifest,
  coursePod,
} from '../../../src/engine/cluster/api/courseManifests.ts';
import { service } from '../../../src/engine/cluster/serviceScenario.ts';
import { pod } from '../../../src/engine/cluster/podScenario.ts';
import { readDocument } from '../../../src/engine/kernel/document.ts';
import type { Run, Scenario } from '../../../src/engine/kernel/scenario.ts';

/** What is said of a text, with its line. */
function said(text: string): string[] {
  const reading = readManifests(text);
  assert.ok(!reading.ok, 'the text is read');
  return reading.problems.map(({ line, message, suggestion = '' }) =>
    `${line}: ${message} ${suggestion}`.trim(),
  );
}

function run(scenario: Scenario, text: string): Run {
  const reading = readDocument(scenario.documents['manifests']!, text);
  assert.ok(reading.ok, JSON.stringify(reading));
  const outcome = scenario.execute({
    submission: { start: scenario.builtInSubmission.start, documents: { manifests: reading.value } },
  });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
  return outcome.run;
}

const budget = (spec: string): string =>
  `${courseManifest}---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: shop }\nspec: { selector: { matchLabels: { app: shop } }, ${spec} }\n`;

describe('manifests', () => {
  it('suggest the key that a typo meant', () => {
    assert.deepEqual(said(courseManifest.replace('replicas:', 'replica:')), [
      '6: There is no field "replica" here. Did you mean "replicas"?',
    ]);
  });
  it('know which version a kind has', () => {
    assert.deepEqual(said(courseManifest.replace('apps/v1', 'extensions/v1beta1')), [
      '1: A Deployment has the apiVersion "apps/v1", not "extensions/v1beta1". Write "apiVersion: apps/v1".',
    ]);
    const autoscaler =
      'apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: shop\nspec:\n  targetCPUUtilizationPercentage: 50\n';
    assert.match(
      said(autoscaler)[0]!,
      /^1: An API server knows a HorizontalPodAutoscaler of "autoscaling\/v1" too, but here .*Write "apiVersion: autoscaling\/v2", and for "target.* write "metrics: /,
    );
  });
  it('refuse tabs, at their place', () => {
    assert.deepEqual(said(courseManifest.replace('  name: shop', '\tname: shop')), [
      '4: This line is indented with a tab, but YAML takes only spaces. Replace the tab with two spaces.',
    ]);
  });
  it('say what an empty text lacks, and one of comments', () => {
    for (const text of ['', '\n\n', '# later\n'])
      assert.deepEqual(said(text), [
        '1: There is no object here. Start one with "apiVersion", "kind" and "metadata".',
      ]);
  });
  it('tell which document of several is broken', () => {
    assert.deepEqual(said(`${courseManifest}---\nhello\n`), [
      '29: A manifest is a map with "apiVersion", "kind", "metadata" and "spec". Write those keys at the left margin, each followed by a colon.',
    ]);
    assert.deepEqual(said(`${courseManifest}---\nports: [1, 2\n`), [
      '30: A bracket or brace was opened before, and is not closed here. Close it with ] or }, or indent this line further.',
    ]);
    assert.deepEqual(said(courseManifest.replace('apiVersion: v1\n', '')), [
      '21: This Service has no "apiVersion". Add "apiVersion: v1".',
    ]);
  });
  it('read lines that end as on Windows, a byte order mark and an anchor', () => {
    assert.ok(readManifests(`\uFEFF${courseManifest.replaceAll('\n', '\r\n')}`).ok);
    assert.deepEqual(said(courseManifest.replace('  name: shop', '\tname: shop').replaceAll('\n', '\r\n')), [
      '4: This line is indented with a tab, but YAML takes only spaces. Replace the tab with two spaces.',
    ]);
    assert.ok(
      readManifests(
        courseManifest
          .replace('labels: { app: shop }', 'labels: *labels')
          .replace('matchLabels: {', 'matchLabels: &labels {'),
      ).ok,
    );
  });
  it('refuse aliases that stand for a billion values, and brackets too deep', () => {
    const bomb = ['a0: &a0 [x]'];
    for (let level = 1; level < 10; level++)
      bomb.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`);
    assert.deepEqual(said(bomb.join('\n')), [
      '2: The aliases (*name) of this text stand for more than 100 copies of something. Write out what the aliases stand for, or repeat less.',
    ]);
    assert.match(
      said(`a: ${'['.repeat(20_000)}`)[0]!,
      /^1: Lists or maps stand inside each other here, deeper/,
    );
  });
  it('refuse counts below 0, numbers in quotes and names that no object has', () => {
    const changed = (from: string, to: string): string[] => said(courseManifest.replace(from, to));
    assert.deepEqual(changed('replicas: 3', 'replicas: -1'), [
      '6: replicas is -1, but a count starts at 0. Write 0 or more.',
    ]);
    assert.deepEqual(changed('replicas: 3', 'replicas: "3"'), [
      '6: "replicas" is "3", but must be of type integer. Write it without quotes: 3.',
    ]);
    assert.deepEqual(changed('labels: { app: shop }', 'labels: { app: shop, beta: true }'), [
      '11: "beta" is true, but must be of type string. Put it in quotes: "true".',
    ]);
    assert.deepEqual(changed('name: shop', 'name: Shop_1'), [
      '4: "Shop_1" cannot be a name: it has small letters, digits, "-" and ".", and starts and ends with a letter or a digit. Write a name as in "shop-1".',
    ]);
  });
  it('refuse an autoscaler without a target, and one whose bounds cross', () => {
    const autoscaler = (spec: string): string =>
      `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: shop }\nspec:\n  maxReplicas: 3\n${spec}`;
    assert.deepEqual(said(autoscaler('')), [
      '4: "spec" lacks the field "scaleTargetRef". Add "scaleTargetRef".',
    ]);
    const target = '  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: shop }\n';
    assert.deepEqual(said(autoscaler(`${target}  minReplicas: 5\n`)), [
      '5: maxReplicas (3) is less than minReplicas (5). Write 5 or more.',
    ]);
    assert.ok(readManifests(autoscaler(target)).ok);
  });
  it('read what kubectl prints: fields that are null, times and statuses', () => {
    const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
  creationTimestamp: null
  name: web
  uid: 0f2a4b6c-1111-4222-8333-444455556666
  resourceVersion: "812"
spec:
  replicas: null
  selector: { matchLabels: { app: web } }
  strategy: {}
  template:
    metadata: { creationTimestamp: "2025-09-01T12:00:00Z", labels: { app: web } }
    spec: { containers: [{ image: nginx, name: nginx, resources: {} }] }
status: {}
`;
    const reading = readManifests(text);
    assert.ok(reading.ok, JSON.stringify(reading));
    const [deployment] = reading.value.value;
    assert.ok(deployment?.kind === 'Deployment');
    assert.equal(deployment.spec.replicas, 1);
    assert.deepEqual(said(text.replace('selector: { matchLabels: { app: web } }', 'selector:')), [
      '11: "spec" lacks the field "selector". Add "selector".',
    ]);
    assert.deepEqual(said(text.replace('labels: { app: web }', 'labels: { app: }')), [
      '14: "app" is null, but must be of type string.',
    ]);
  });
  it('note autoscalers that select the same Pods', () => {
    const of = (text: string): string[] => {
      const reading = readManifests(text);
      assert.ok(reading.ok, JSON.stringify(reading));
      return (reading.value.notes ?? []).map(({ line, message }) => `${line}: ${message}`);
    };
    const second = courseAutoscaler.slice(courseAutoscaler.lastIndexOf('---'));
    assert.deepEqual(of(courseAutoscaler), []);
    const named = (text: string): string => second.replace('  name: shop', `  name: ${text}`);
    assert.deepEqual(of(courseAutoscaler + named('again')), [
      '53: Autoscaler "shop" above selects the same Pods: Kubernetes then scales by the metrics of neither (AmbiguousSelector).',
    ]);
    assert.deepEqual(of(courseAutoscaler + named('again\n  namespace: other')).slice(1), []);
  });
  it('read the items of a List as if each stood alone, with problems at their place', () => {
    const list = (text: string): string =>
      `apiVersion: v1\nkind: List\nitems:\n${text
        .trimEnd()
        .split('---\n')
        .map((item) => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`)
        .join('')}`;
    const of = (text: string) => {
      const reading = readManifests(text);
      assert.ok(reading.ok, JSON.stringify(reading));
      return reading.value;
    };
    const alone = of(courseAutoscaler).value.map(({ place: _place, ...object }) => object);
    const read = of(list(courseAutoscaler));
    assert.deepEqual(
      read.value.map(({ place: _place, ...object }) => object),
      alone,
    );
    assert.equal(read.value[2]!.place, '/0/items/2');
    assert.equal(read.at('/0/items/2/spec/maxReplicas')?.line, 37);
    assert.deepEqual(said(list(courseManifest.replace('replicas:', 'replica:'))), [
      '9: There is no field "replica" here. Did you mean "replicas"?',
    ]);
    assert.deepEqual(
      of(list(courseManifest.replace('targetPort: http', 'targetPort: htttp'))).notes!.map(
        ({ line }) => line,
      ),
      [29],
    );
    assert.deepEqual(said('apiVersion: v1\nkind: List\nitems: []\n'), [
      '3: This List has no items. Write its objects below "items:", each after a hyphen.',
    ]);
    assert.deepEqual(said('kind: List\nitems: [{ kind: List }]\n'), [
      '1: A List has the apiVersion "v1". Write "apiVersion: v1".',
      '2: The kind "List" is not simulated. Kinds: Deployment, ReplicaSet, Pod, Service, PodDisruptionBudget, HorizontalPodAutoscaler, Job, RuntimeClass, Namespace.',
    ]);
    assert.equal(run(service, list(courseManifest)).metrics['answeredPercent'], 100);
  });
  it('refuse of an autoscaler what the API server refuses', () => {
    const changed = (from: string, to: string): string[] => said(courseAutoscaler.replace(from, to));
    assert.deepEqual(changed('minReplicas: 2', 'minReplicas: 0'), [
      '35: minReplicas is 0, but an autoscaler by resource usage keeps at least one replica: with none there is no usage. Write 1 or more.',
    ]);
    assert.deepEqual(changed('type: Resource', 'type: Resourze'), [
      '38: There is no type of metric "Resourze". Did you mean "Resource"?',
    ]);
    assert.match(
      changed(', averageUtilization: 50', '')[0]!,
      /^41: A target of type Utilization needs an "averageUtilization"/,
    );
    const behavior = (text: string): string[] => said(`${courseAutoscaler}    scaleDown: { ${text} }\n`);
    assert.match(behavior('stabilizationWindowSeconds: 4000')[0]!, /^47: The stabilization window is 4000 s/);
    assert.match(behavior('selectPolicy: max')[0]!, /^47: There is no selectPolicy "max"/);
    assert.match(behavior('policies: []')[0]!, /^47: There is no policy here/);
    for (const [policy, message] of [
      ['type: Pod, value: 1, periodSeconds: 60', 'There is no type of policy "Pod". Write Pods or Percent.'],
      ['type: Pods, value: 0, periodSeconds: 60', 'A policy allows 1 or more, not 0.'],
      [
        'type: Pods, value: 1, periodSeconds: 3600',
        'The period of a policy is from 1 to 1800 s, not 3600 s.',
      ],
    ])
      assert.ok(behavior(`policies: [{ ${policy} }]`)[0]!.startsWith(`47: ${message}`), policy);
  });
  it('note what leaves an autoscaler without effect', () => {
    const noted = (from: string, to: string): string[] => {
      const text = courseAutoscaler.replace(from, to);
      assert.notEqual(text, courseAutoscaler);
      const reading = readManifests(text);
      assert.ok(reading.ok);
      return reading.value.notes!.map(({ line, message, suggestion = '' }) =>
        `${line}: ${message} ${suggestion}`.trim(),
      );
    };
    assert.deepEqual(noted('kind: Deployment, name: shop', 'kind: Deployment, name: shopp'), [
      '34: There is no Deployment "shopp" in this file and its namespace: this autoscaler changes nothing. Did you mean "shop"?',
    ]);
    assert.deepEqual(noted('kind: Deployment, name: shop', 'kind: StatefulSet, name: shop'), [
      '34: The simulation scales Deployments and ReplicaSets, and no StatefulSet: this autoscaler changes nothing.',
    ]);
    assert.deepEqual(noted('{ apiVersion: apps/v1, kind', '{ kind'), [
      '34: A Deployment is found by its apiVersion too: without "apps/v1" this autoscaler has no target. Add "apiVersion: apps/v1".',
    ]);
    assert.deepEqual(noted('name: cpu', 'name: memory'), [
      '38: The simulation measures CPU alone: it leaves out this metric (Resource memory, Utilization). Follow the Resource "cpu" with a target of type Utilization.',
    ]);
    assert.deepEqual(noted('cpu: 200m, ', ''), [
      '14: Container "web" requests no CPU, and utilization is a share of the request: autoscaler "shop" can compute nothing. Add "resources: { requests: { cpu: 200m } }".',
    ]);
  });
  it('note a name that stands twice, and a port that no Pod names', () => {
    const noted = (text: string): string[] => {
      const reading = readManifests(text);
      assert.ok(reading.ok);
      return reading.value.notes!.map(({ line, message, suggestion }) => `${line}: ${message} ${suggestion}`);
    };
    assert.deepEqual(noted(courseManifest), []);
    assert.deepEqual(noted(`${courseManifest}---\n${courseManifest}`), [
      '32: There is another Deployment "shop" above: applied after it, this one takes its place. Rename one of them if both are meant.',
      '52: There is another Service "shop" above: applied after it, this one takes its place. Rename one of them if both are meant.',
    ]);
    assert.deepEqual(noted(courseManifest.replace('targetPort: http', 'targetPort: htttp')), [
      '27: No Pod that this Service selects has a port named "htttp". Did you mean "http"?',
    ]);
  });
  it('refuse a selector that does not match its own template', () => {
    assert.match(
      said(courseManifest.replace('labels: { app: shop }', 'labels: { app: store }'))[0]!,
      /^8: The selector does not match the labels of the template \(app=store\)/,
    );
  });
  it('refuse a budget that could never allow anything, and one with both bounds', () => {
    assert.match(said(budget('minAvailable: 4'))[0]!, /asks for 4 Pods, but only 3 are wanted/);
    assert.match(said(budget('minAvailable: 1, maxUnavailable: 1'))[0]!, /cannot both be set/);
    assert.ok(readManifests(budget('maxUnavailable: 1')).ok);
  });
  it('refuse a budget whose bound is no count and no share', () => {
    assert.deepEqual(said(budget('minAvailable: 120%')), [
      '32: minAvailable is a count from 0, or a share from "0%" to "100%", not "120%". Write it as in "minAvailable: 1" or "minAvailable: 50%".',
    ]);
    assert.match(said(budget('maxUnavailable: -1'))[0]!, /^32: maxUnavailable is a count from 0/);
  });
  it('note a budget that Kubernetes takes, though it blocks every drain, and one that selects nothing', () => {
    const noted = (spec: string): string[] => {
      const reading = readManifests(budget(spec));
      assert.ok(reading.ok);
      return reading.value.notes!.map(({ line, message, suggestion }) => `${line}: ${message} ${suggestion}`);
    };
    const blocks =
      '32: With 3 wanted Pods this budget never allows an eviction, even when all are healthy: a drain of their nodes would not end. Leave at least one Pod to be evicted: "maxUnavailable: 1".';
    for (const spec of ['maxUnavailable: 0', 'minAvailable: 3', 'minAvailable: 100%', 'minAvailable: 70%'])
      assert.deepEqual(noted(spec), [blocks], spec);
    for (const spec of ['maxUnavailable: 1', 'minAvailable: 2', 'minAvailable: 60%', 'maxUnavailable: 1%'])
      assert.deepEqual(noted(spec), [], spec);
    const other = readManifests(
      budget('maxUnavailable: 0').replace('app: shop } }, max', 'app: shopp } }, max'),
    );
    assert.ok(other.ok);
    assert.deepEqual(
      other.value.notes!.map(({ line, message }) => `${line}: ${message}`),
      ['32: This budget selects no Pod of this file.'],
    );
  });
  it('refuse a RuntimeClass that is not there, and overhead that no class gave', () => {
    const kata =
      'apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: { name: kata-qemu }\nhandler: kata-qemu\noverhead: { podFixed: { cpu: 250m, memory: 160Mi } }\n';
    const classed = (name: string): string =>
      `${courseManifest.replace('    spec:\n', `    spec:\n      runtimeClassName: ${name}\n`)}---\n${kata}`;
    assert.deepEqual(said(classed('kata-qemuu')), [
      '13: There is no RuntimeClass "kata-qemuu" in this file: Pods that name it are refused. Did you mean "kata-qemu"?',
    ]);
    assert.deepEqual(
      said(courseManifest.replace('    spec:\n', '    spec:\n      overhead: { memory: 1Gi }\n')),
      [
        '13: The overhead of a Pod comes from its RuntimeClass. Leave "overhead" out here, and write "overhead.podFixed" into the RuntimeClass.',
      ],
    );
    assert.match(
      said(classed('kata-qemu').replace('node.k8s.io/v1', 'node.k8s.io/v1beta1'))[0]!,
      /A RuntimeClass has the apiVersion "node.k8s.io\/v1"/,
    );
    assert.match(said(classed('kata-qemu').replace('podFixed', 'podFix'))[0]!, /Did you mean "podFixed"/);
    // In whichever order they stand, the class is there before the Pods.
    const { metrics, trace } = run(service, classed('kata-qemu'));
    assert.equal(metrics['answeredPercent'], 100);
    assert.ok(trace.length > 0);
  });
  it('refuse an update that could never move, a missing volume and a wrong quantity', () => {
    const zero = courseManifest.replace(
      '  replicas: 3\n',
      '  replicas: 3\n  strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }\n',
    );
    assert.match(said(zero)[0]!, /^7: maxUnavailable may not be 0/);
    assert.match(
      said(
        coursePod.replace(
          'volumeMounts: [{ name: logs, mountPath: /var',
          'volumeMounts: [{ name: log, mountPath: /var',
        ),
      )[0]!,
      /no volume "log". Did you mean "logs"/,
    );
    assert.match(said(courseManifest.replace('cpu: 200m', 'cpu: 200x'))[0]!, /"200x" is no quantity/);
  });
  it('tell what the simulation ignores, and that a selector finds nothing, without refusing', () => {
    const reading = readManifests(
      courseManifest
        .replace('    spec:\n', '    spec:\n      hostNetwork: true\n')
        .replace('selector: { app: shop }', 'selector: { app: store }'),
    );
    assert.ok(reading.ok);
    assert.deepEqual(reading.value.notes!.map(({ line, message }) => `${line}: ${message}`).toSorted(), [
      '13: The simulation ignores "hostNetwork".',
      '27: No Pod of this file has the labels app=store.',
    ]);
  });
  it('tell what the simulation ignores of volumes, and that all of them are empty directories', () => {
    const reading = readManifests(
      coursePod
        .replace('mountPath: /logs }', 'mountPath: /logs, subPath: a, readOnly: true }')
        .replace(
          'emptyDir: {} }]',
          'emptyDir: { medium: Memory, sizeLimit: 1Gi } }, { name: site, configMap: { name: site } }]',
        ),
    );
    assert.ok(reading.ok);
    const note = (message: string): string => `The simulation ${message}`;
    assert.deepEqual(reading.value.notes!.map(({ message }) => message).toSorted(), [
      note('has no "configMap": this volume is an empty directory, which the containers of the Pod share.'),
      note('ignores "medium".'),
      note('ignores "readOnly".'),
      note('ignores "sizeLimit".'),
      note('ignores "subPath".'),
    ]);
    const inTemplate = readManifests(
      courseManifest.replace(
        '    spec:\n',
        '    spec:\n      volumes: [{ name: home, hostPath: { path: /home } }]\n',
      ),
    );
    assert.ok(inTemplate.ok);
    assert.match(inTemplate.value.notes![0]!.message, /has no "hostPath"/);
  });
});

describe('a Service', () => {
  const metrics = (text: string) => run(service, text).metrics;
  it('has endpoints by labels, ready ones by the probe, and answers by the port', () => {
    assert.deepEqual(metrics(courseManifest), {
      endpoints: 3,
      readyEndpoints: 3,
      answering: 3,
      answeredPercent: 100,
    });
    assert.deepEqual(metrics(courseManifest.replace('selector: { app: shop }', 'selector: { app: store }')), {
      endpoints: 0,
      readyEndpoints: 0,
      answering: 0,
      answeredPercent: 0,
    });
    assert.deepEqual(metrics(courseManifest.replace('{ port: http }', '{ port: 9 }')), {
      endpoints: 3,
      readyEndpoints: 0,
      answering: 0,
      answeredPercent: 0,
    });
    assert.deepEqual(metrics(courseManifest.replace('targetPort: http', 'targetPort: 80')), {
      endpoints: 3,
      readyEndpoints: 3,
      answering: 0,
      answeredPercent: 0,
    });
  });
});

describe('a Pod', () => {
  const started = (text: string): string[] => {
    const { trace } = run(pod, text);
    return Array.from({ length: trace.length }, (_, row) => row)
      .filter((row) => trace.kind(row) === 'containerStarted')
      .map((row) => trace.textsOf(row)['container']!);
  };
  it('starts sidecars before the app, and waits for the end of other init containers', () => {
    assert.deepEqual(started(coursePod), ['shipper', 'web']);
    assert.deepEqual(started(coursePod.replace('      restartPolicy: Always\n', '')), ['shipper']);
  });
  const job = (proxy: 'sidecar' | 'container'): string => {
    const proxyYaml = (indent: string) =>
      `${indent}- name: proxy\n${indent}  image: registry.example/db-proxy:1.0\n`;
    return `apiVersion: batch/v1\nkind: Job\nmetadata: { name: report }\nspec:\n  template:\n    spec:\n      restartPolicy: OnFailure\n${
      proxy === 'sidecar'
        ? `      initContainers:\n${proxyYaml('        ')}          restartPolicy: Always\n          startupProbe: { tcpSocket: { port: 5432 }, periodSeconds: 1, failureThreshold: 30 }\n`
        : ''
    }      containers:\n        - name: report\n          image: registry.example/report:1.0\n${proxy === 'container' ? proxyYaml('        ') : ''}`;
  };
  it('of a Job is over when its app is, beside a sidecar, and never beside a container that stays', () => {
    assert.equal(run(pod, job('sidecar')).metrics['completedJobs'], 1);
    assert.equal(run(pod, job('sidecar')).metrics['failures'], 0);
    assert.equal(run(pod, job('container')).metrics['completedJobs'], 0);
  });
});
