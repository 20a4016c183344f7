import assert from 'node:assert/strict';
import { readManifests } from '../../src/engine/cluster/api/manifests.ts';
import { humanDuration } from '../../src/engine/cluster/kubectl/kubectlAge.ts';
import { aligned, describeTabs, table } from '../../src/engine/cluster/kubectl/tabWriter.ts';
import { scenarios } from '../../src/engine/scenarios.ts';

/**
 * What kubectl prints, from pages of the Kubernetes documentation, set against the same cells aligned here; and whole
 * answers over a simulated cluster. The pages: concepts/workloads/controllers/deployment (get, rollout status),
 * tasks/run-application/configure-pdb.
 */
const documented: Readonly<
  Record<string, { readonly text: string; readonly cells: readonly (readonly string[])[] }>
> = {
  'get deployments': {
    text: [
      'NAME               READY   UP-TO-DATE   AVAILABLE   AGE',
      'nginx-deployment   0/3     0            0           1s',
    ].join('\n'),
    cells: [
      ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE'],
      ['nginx-deployment', '0/3', '0', '0', '1s'],
    ],
  },
  'get rs': {
    text: [
      'NAME                          DESIRED   CURRENT   READY   AGE',
      'nginx-deployment-75675f5897   3         3         3       18s',
    ].join('\n'),
    cells: [
      ['NAME', 'DESIRED', 'CURRENT', 'READY', 'AGE'],
      ['nginx-deployment-75675f5897', '3', '3', '3', '18s'],
    ],
  },
  'get poddisruptionbudgets': {
    text: [
      'NAME     MIN AVAILABLE   MAX UNAVAILABLE   ALLOWED DISRUPTIONS   AGE',
      'zk-pdb   2               N/A               1                     7s',
    ].join('\n'),
    cells: [
      ['NAME', 'MIN AVAILABLE', 'MAX UNAVAILABLE', 'ALLOWED DISRUPTIONS', 'AGE'],
      ['zk-pdb', '2', 'N/A', '1', '7s'],
    ],
  },
};

const ask = (id: string, atSeconds: number, line: string, params: Record<string, number | string> = {}) => {
  const scenario = scenarios[id]!;
  const outcome = scenario.execute({ params });
  assert.ok(outcome.ok);
  const { run } = outcome;
  let row = 0;
  while (row + 1 < run.trace.length && run.trace.timeNs(row + 1) <= atSeconds * 1e9) row++;
  return scenario.console!.open(run, row, atSeconds * 1e9).execute(line.split(' '));
};

describe('kubectl', () => {
  for (const [command, { text, cells }] of Object.entries(documented))
    it(`aligns ${command} as the documentation shows it`, () => {
      assert.equal(table(cells[0]!, cells.slice(1)), text);
    });

  it('aligns as text/tabwriter: a column ends where a line has no cell', () => {
    assert.equal(
      aligned('a\tb\tc\naaaa\tb\nx\naa\tbb\tc', describeTabs),
      'a     b  c\naaaa  b\nx\naa  bb  c',
    );
  });

  it('says spans in at most two units (k8s.io/apimachinery/pkg/util/duration, its test)', () => {
    const cases: readonly [seconds: number, said: string][] = [
      [1, '1s'],
      [70, '70s'],
      [119, '119s'],
      [120, '2m'],
      [190, '3m10s'],
      [10 * 60, '10m'],
      [12 * 60 + 5, '12m'],
      [47 * 60, '47m'],
      [3 * 3600, '3h'],
      [3 * 3600 + 7 * 60, '3h7m'],
      [8 * 3600, '8h'],
      [47 * 3600 + 59 * 60, '47h'],
      [48 * 3600, '2d'],
      [7 * 86_400 + 23 * 3600, '7d23h'],
      [8 * 86_400 + 5 * 3600, '8d'],
      [2 * 365 * 86_400, '2y'],
      [8 * 365 * 86_400 + 100 * 86_400, '8y'],
    ];
    for (const [seconds, said] of cases) assert.equal(humanDuration(seconds * 1e9), said);
  });

  it('shows a rollout before, in and after its course', () => {
    const at = (seconds: number): string =>
      ask('cluster.rollout', seconds, 'rollout status deployment/shop').out;
    assert.equal(at(59), 'deployment "shop" successfully rolled out');
    assert.match(
      at(61),
      /^Waiting for deployment "shop" rollout to finish: \d out of 4 new replicas have been updated\.\.\.$/,
    );
    assert.equal(at(200), 'deployment "shop" successfully rolled out');
  });

  it('tells of a rollout that exceeds its deadline, and of containers that keep crashing', () => {
    const params = { image: 'shop:1.2-crashes', durationSeconds: 900 };
    const answer = ask('cluster.rollout', 900, 'rollout status deploy/shop', params);
    assert.deepEqual(answer, {
      out: '',
      err: 'error: deployment "shop" exceeded its progress deadline',
      code: 1,
    });
    assert.match(ask('cluster.rollout', 900, 'get pods', params).out, /0\/1 +CrashLoopBackOff +[1-9]/);
  });

  it('shows a dead node as the API sees it: ready until its leases are missed', () => {
    const at = (seconds: number): string => ask('cluster.availability', seconds, 'get nodes').out;
    const notReady = (text: string): number =>
      text.split('\n').filter((line) => / NotReady/.test(line)).length;
    assert.equal(notReady(at(430)), 0);
    assert.equal(notReady(at(600)), 1);
    assert.match(
      ask('cluster.availability', 600, 'events').out,
      /NodeNotReady +node\/node-\d +Node node-\d status is now: NodeNotReady/,
    );
  });

  it('tells of an autoscaler what it saw, did and why', () => {
    const at = (seconds: number, line: string): string => ask('cluster.autoscaled', seconds, line).out;
    assert.equal(
      at(120, 'get hpa'),
      [
        'NAME   REFERENCE         TARGETS        MINPODS   MAXPODS   REPLICAS   AGE',
        'shop   Deployment/shop   cpu: 50%/50%   2         10        9          2m',
      ].join('\n'),
    );
    // Nothing is known before the first Pods have been ready for a whole window.
    assert.match(
      at(20, 'get hpa shop --no-headers'),
      /^shop +Deployment\/shop +cpu: <unknown>\/50% +2 +10 +3 +20s$/,
    );
    assert.match(at(120, 'get all'), /\nhorizontalpodautoscaler\.autoscaling\/shop +Deployment\/shop /);
    // As described by kubectl 1.34 of a real cluster.
    const described = at(80, 'describe hpa shop');
    for (const line of [
      'Reference:                                             Deployment/shop',
      'Metrics:                                               ( current / target )',
      '  resource cpu on pods  (as a percentage of request):  150% (300m) / 50%',
      'Min replicas:                                          2',
      'Max replicas:                                          10',
      '      - Type: Pods     Value: 4    Period: 15 seconds',
      'Deployment pods:       3 current / 7 desired',
      '  AbleToScale     True    SucceededRescale  the HPA controller was able to update the target scale to 7',
      '  ScalingLimited  True    ScaleUpLimit      the desired replica count is increasing faster than the maximum scale rate',
    ])
      assert.ok(described.split('\n').includes(line), `${line}\nis not in\n${described}`);
    assert.match(
      described,
      /Normal +SuccessfulRescale +5s +horizontal-pod-autoscaler +New size: 7; reason: cpu resource utilization \(percentage of request\) above target$/,
    );
    assert.match(
      at(200, 'describe hpa'),
      /ScaleDownStabilized +recent recommendations were higher than current one/,
    );
  });

  it('shows what Pods and nodes use where there is a load, and says where there is none', () => {
    const of = (line: string) => ask('cluster.autoscaled', 70, line);
    // 0.9 CPUs over three Pods, one on each node of 4 CPUs.
    assert.match(of('top pods').out, /^NAME +CPU\(cores\)\n(shop-\S+ +300m\n){2}shop-\S+ +300m$/);
    assert.equal(
      of('top nodes').out,
      ['NAME     CPU(cores)   CPU(%)', ...[1, 2, 3].map((node) => `node-${node}   300m         7%`)].join(
        '\n',
      ),
    );
    assert.match(of('top pod nope').err, /^Error from server \(NotFound\): pods "nope" not found$/);
    assert.match(
      of('top podz').err,
      /^error: unknown command "podz" for "kubectl top"\nDid you mean pods\?$/,
    );
    assert.match(ask('cluster.service', 60, 'top pods').err, /^error: Metrics API not available\n/);
  });

  it('fails in the words of kubectl', () => {
    const err = (line: string): string => {
      const answer = ask('cluster.service', 60, line);
      assert.equal(answer.code, 1);
      return answer.err;
    };
    assert.equal(err('get pods nope'), 'Error from server (NotFound): pods "nope" not found');
    assert.equal(err('get deploy nope'), 'Error from server (NotFound): deployments.apps "nope" not found');
    assert.equal(err('get statefulsets'), 'error: the server doesn\'t have a resource type "statefulsets"');
    assert.equal(
      err('gett pods'),
      'error: unknown command "gett" for "kubectl"\n\nDid you mean this?\n\tget',
    );
    assert.equal(err('get pods --bogus'), "error: unknown flag: --bogus\nSee 'kubectl --help' for usage.");
    assert.match(err('delete pod x'), /^error: "delete" would change the cluster/);
    assert.match(err('get'), /Required resource not specified/);
  });

  it('selects by labels and prints other formats', () => {
    const of = (line: string) => ask('cluster.service', 60, line);
    assert.equal(of('get pods -l app=shop --no-headers').out.split('\n').length, 3);
    assert.deepEqual(of('get pods -l app=other'), {
      out: '',
      err: 'No resources found in default namespace.',
      code: 0,
    });
    assert.match(of('get deploy -o name').out, /^deployment\.apps\/shop$/);
    const json = JSON.parse(of('get service shop -o json').out) as { readonly kind: string };
    assert.equal(json.kind, 'Service');
    // What is printed can be read again.
    const yaml = readManifests(of('get deploy,rs,pods -o yaml').out);
    assert.ok(yaml.ok, JSON.stringify(yaml));
    assert.deepEqual(
      yaml.value.value.map(({ kind }) => kind),
      ['Deployment', 'ReplicaSet', 'Pod', 'Pod', 'Pod'],
    );
    // Times as the API writes them, from the start of the simulation on.
    const [created] = (JSON.parse(of('get pods -o json').out) as { items: { metadata: object }[] }).items;
    const { creationTimestamp, uid, resourceVersion } = created!.metadata as Record<string, unknown>;
    assert.deepEqual(
      [creationTimestamp, /^uid-\d+$/.test(String(uid)), typeof resourceVersion],
      ['1970-01-01T00:00:00Z', true, 'string'],
    );
    assert.match(of('get pods -o yaml').out, /^apiVersion: v1\nitems:\n- apiVersion: v1\n {2}kind: Pod\n/);
    assert.match(of('get pods -o yaml').out, /\nkind: List$/);
    assert.equal((JSON.parse(of('get pods -o json').out) as { items: unknown[] }).items.length, 3);
    assert.equal(
      of('get pods -o yml').err,
      'error: unable to match a printer suitable for the output format "yml", allowed formats are: json,name,wide,yaml\nDid you mean yaml?',
    );
    assert.match(of('describe pods').out, /Events:\n {2}Type +Reason +Age +From +Message\n/);
  });
});
