import { Cluster } from '../../src/engine/cluster/cluster.ts';
import { seconds } from '../../src/engine/cluster/clusterClock.ts';
import { clusterEvents } from '../../src/engine/cluster/clusterEvents.ts';
import { courseDeployment } from '../../src/engine/cluster/api/courseDeployment.ts';
import { randomStreams } from '../../src/engine/kernel/random.ts';
import { Trace } from '../../src/engine/kernel/trace.ts';
import { median, type Bench } from './bench.ts';

const nodes = 1000;
const pods = 10_000;
const deaths = 50;

/** Seconds for: 10,000 Pods come up on 1,000 nodes, 50 nodes die and their Pods are replaced, and all get another image. */
function secondsOfALargeCluster(): number {
  const trace = new Trace(clusterEvents);
  const began = performance.now();
  const cluster = new Cluster({ graceSeconds: 50, stepBudget: 10_000_000 }, trace, randomStreams(1));
  for (let node = 1; node <= nodes; node++)
    cluster.addNode({
      name: `node-${node}`,
      zone: `zone-${node % 3}`,
      cpuMilli: 8000,
      memoryBytes: 2 ** 35,
    });
  const deployment = (image: string) =>
    courseDeployment({
      name: 'shop',
      replicas: pods,
      image: `registry.example/${image}`,
      maxSurge: '25%',
      maxUnavailable: '25%',
      minReadySeconds: 0,
    });
  cluster.apply<'Deployment'>(deployment('shop:1.0'));
  cluster.apply<'Service'>({
    kind: 'Service',
    metadata: { name: 'shop' },
    spec: { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 8080 }] },
    status: {},
  });
  cluster.simulation.run({ untilNs: seconds(120) });
  for (let node = 1; node <= deaths; node++) cluster.kill(`node-${node * 20}`);
  cluster.apply<'Deployment'>(deployment('shop:1.1'));
  cluster.simulation.run({ untilNs: seconds(1500) });
  const took = (performance.now() - began) / 1000;
  const status = cluster.store.get('Deployment', 'default/shop')!.status;
  if (status.updatedReplicas !== pods || status.availableReplicas !== pods)
    throw new Error(`The rollout did not end: ${JSON.stringify(status)}.`);
  return took;
}

export const bench: Bench = {
  name: 'cluster',
  async *run() {
    yield* [
      {
        what: '1,000 nodes, 10,000 Pods, a rolling update and 50 node failures',
        value: median([secondsOfALargeCluster(), secondsOfALargeCluster(), secondsOfALargeCluster()]),
        unit: 's',
        atMost: 5,
      },
    ];
  },
};
