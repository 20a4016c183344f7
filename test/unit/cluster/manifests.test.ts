import assert from 'node:assert/strict';
import { readManifests } from '../../../src/engine/cluster/manifests.ts';
import { courseManifest, coursePod } from '../../../src/engine/cluster/courseManifests.ts';
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
  });
  it('refuse tabs, at their place', () => {
    assert.deepEqual(said(courseManifest.replace('  name: shop', '\tname: shop')), [
      '4: This line is indented with a tab, but YAML takes only spaces. Replace the tab with two spaces.',
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
