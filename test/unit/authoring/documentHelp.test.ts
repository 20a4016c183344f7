import assert from 'node:assert/strict';
import { completeDocument, findingsIn, hoverDocument } from '../../../src/authoring/documentHelp.ts';
import { plainText } from '../../../src/authoring/snippetText.ts';
import { withEdits } from '../../../src/authoring/textRange.ts';
import { readDocument } from '../../../src/engine/kernel/document.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { documentSamples } from '../kernel/documentSamples.ts';
import { cursorIn } from './packUnderTest.ts';

const documents = Object.values(scenarios).flatMap(({ id, documents: table }) =>
  Object.entries(table).map(([name, definition]) => ({ name: `${id} ${name}`, definition })),
);
const oci = scenarios['container.isolation']!.documents['config']!;
const seccomp = scenarios['container.seccomp']!.documents['profile']!;
const cgroups = Object.values(scenarios['container.noisy-neighbour']!.documents)[0]!;
const manifests = Object.values(scenarios['cluster.service']!.documents)[0]!;

const autoscaler = scenarios['cluster.autoscaler']!.documents['vector']!;

type Definition = typeof oci;

/** The keys of a schema, at any depth, that say nothing of what they mean. */
function undescribed(schema: unknown, path = ''): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, inner]): readonly string[] => {
    if (key !== 'properties') return undescribed(inner, path);
    return Object.entries(inner as Readonly<Record<string, object>>).flatMap(([name, property]) => [
      ...('description' in property ? [] : [`${path}/${name}`]),
      ...undescribed(property, `${path}/${name}`),
    ]);
  });
}

const offered = (definition: Definition, marked: string) => {
  const { text, offset } = cursorIn(marked);
  const offers = completeDocument(definition, text, offset);
  const take = (label: string): string => {
    const offer = offers.find((each) => each.label === label);
    assert.ok(offer, `${label} among ${offers.map((each) => each.label).join(' ')}`);
    return withEdits(text, [{ range: offer.range, text: plainText(offer.insert) }]);
  };
  return { labels: offers.map(({ label }) => label), offers, take };
};

const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ¦\n';
const several = `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n---\n${service}---\napiVersion: apps/v1\nkind: Deployment\n`;

describe('help in documents', () => {
  it('knows the keys of an OCI config.json, in quotes and without', () => {
    assert.ok(offered(oci, '{ "ociVersion": "1.0.2", "¦" }').labels.includes('process'));
    const { labels, take } = offered(oci, '{ "process": { "cwd": "/", ¦ } }');
    assert.ok(labels.includes('capabilities') && !labels.includes('cwd'));
    assert.equal(take('noNewPrivileges'), '{ "process": { "cwd": "/", "noNewPrivileges":  } }');
    assert.equal(
      offered(oci, '{\n  "linux": {\n    "name¦"\n  }\n}').take('namespaces'),
      '{\n  "linux": {\n    "namespaces": []\n  }\n}',
    );
  });

  it('knows the values of an OCI config.json', () => {
    const { labels, take } = offered(oci, '{ "linux": { "namespaces": [{ "type": "¦" }] } }');
    assert.deepEqual(labels.toSorted().slice(0, 3), ['cgroup', 'ipc', 'mount']);
    assert.equal(take('pid'), '{ "linux": { "namespaces": [{ "type": "pid" }] } }');
  });

  it('knows seccomp profiles', () => {
    assert.ok(offered(seccomp, '{ "defaultAction": ¦ }').labels.includes('SCMP_ACT_ERRNO'));
    const { text, offset } = cursorIn('{ "default¦Action": "SCMP_ACT_ERRNO" }');
    assert.match(
      hoverDocument(seccomp, text, offset)!.text,
      /^`defaultAction`: .*\n\nWhat happens to calls that no rule matches\.$/,
    );
  });

  it('knows cgroups by path, with what each file takes', () => {
    const { labels, offers, take } = offered(cgroups, '/:\n  cgroup.subtree_control: +cpu\n/web:\n  cpu¦\n');
    assert.ok(labels.includes('cpu.weight') && labels.includes('memory.max'));
    assert.equal(
      offers.find(({ label }) => label === 'cpu.weight')!.detail,
      'integer, 1 to 10000, default 100',
    );
    assert.equal(take('cpu.weight'), '/:\n  cgroup.subtree_control: +cpu\n/web:\n  cpu.weight: \n');
    assert.deepEqual(offered(cgroups, '/web:\n  cgroup.procs: [web, ¦]\n').labels, [
      'web',
      'batch',
      'report',
      'backup',
    ]);
  });

  it('knows Kubernetes objects by their kind, in each document of a file', () => {
    for (const text of [service, several]) {
      const { labels } = offered(manifests, text);
      assert.ok(labels.includes('selector') && labels.includes('ports'), labels.join(' '));
      assert.ok(!labels.includes('replicas'));
    }
    const deployment = several.replace('¦', 'type: ClusterIP').concat('spec:\n  re¦');
    const { labels, offers } = offered(manifests, deployment);
    assert.ok(labels.includes('replicas') && !labels.includes('ports'));
    assert.match(offers.find(({ label }) => label === 'selector')!.detail!, /^required/);
    assert.ok(offered(manifests, 'apiVersion: v1\nkind: ¦').labels.includes('Pod'));
  });

  it('says where the reader finds a mistake, while it is typed', () => {
    const text = '/web:\n  cpu.wieght: 50\n';
    const [finding] = findingsIn(cgroups, text);
    assert.equal(text.slice(finding!.start, finding!.end), 'cpu.wieght');
    assert.equal(finding!.message, 'A cgroup has no file "cpu.wieght" here. Did you mean "cpu.weight"?');
    assert.deepEqual(findingsIn(cgroups, cgroups.builtIn), []);
  });

  it('is there for every document in JSON or YAML', () => {
    const without = documents.filter(({ definition: { schema } }) => schema === undefined);
    assert.deepEqual(
      without.map(({ name, definition: { language } }) => `${name} ${language}`),
      ['cpu.paravirtual guest asm'],
    );
  });

  it('knows what one calculation of a cluster is given, with what each key means', () => {
    const { labels, take } = offered(autoscaler, '{ "currentReplicas": 3, ¦ }');
    assert.ok(labels.includes('metric') && labels.includes('pods') && !labels.includes('currentReplicas'));
    assert.equal(take('pods'), '{ "currentReplicas": 3, "pods": [] }');
    assert.deepEqual(offered(autoscaler, '{ "pods": [{ "phase": "¦" }] }').labels.slice(0, 2), [
      'Pending',
      'Running',
    ]);
    const [finding] = findingsIn(autoscaler, '{ "currentReplica": 3 }');
    assert.match(finding!.message, /^There is no field "currentReplica" here/);
  });

  it('describes every key of the calculations of a cluster', () => {
    const vectors = documents.filter(({ name }) => name.endsWith(' vector'));
    assert.equal(vectors.length, 4);
    for (const { name, definition } of vectors) assert.deepEqual(undescribed(definition.schema!), [], name);
  });

  const bySchema = new Map(documents.map((each) => [each.definition.schema, each]));
  for (const { name, definition } of bySchema.values()) {
    if (definition.schema === undefined) continue;
    it(`explains the keys of ${name} that its schema names, and none fails`, () => {
      const text = documentSamples[name] ?? definition.builtIn;
      assert.ok(readDocument(definition, text).ok);
      let explained = 0;
      for (const { index } of text.matchAll(/[\w$/.-]+/g)) {
        if (hoverDocument(definition, text, index) !== undefined) explained++;
        for (const { range } of completeDocument(definition, text, index))
          assert.ok(range.start <= index && range.end >= index);
      }
      assert.ok(explained > 0);
    });
  }
});
