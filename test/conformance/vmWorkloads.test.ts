import assert from 'node:assert/strict';
import {
  launcherCpuMilli,
  launcherOverheadMiB,
} from '../../src/engine/cluster/virtualMachines/virtualMachines.ts';
import { vmWorkloads } from '../../src/engine/cluster/vmWorkloads.ts';
import { randomStreams } from '../../src/engine/kernel/random.ts';
import type { ParameterInput } from '../../src/engine/kernel/parameters.ts';

function metricsOf(params: ParameterInput): Readonly<Record<string, number>> {
  const outcome = vmWorkloads.execute({ params });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished', JSON.stringify(outcome));
  return outcome.run.metrics;
}
const near = (actual: number, expected: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) < 1e-6, `${what}: ${actual}, not ${expected}`);

/** The kubelet's usual limit: --max-pods. */
const mostPods = 110;
/** From the choice of a node: 100 ms until the kubelet acts, 1 s for sandbox and network. */
const podStart = 1.1;

describe('VM workloads', () => {
  it('request the memory that KubeVirt asks for beside the guest', () => {
    // KubeVirt's own example of its constants: 2Gi and 2 cores are 4 + 220 + 16 + 8 + 32 Mi.
    assert.equal(launcherOverheadMiB(2048, 2), 280);
    assert.equal(launcherOverheadMiB(1024, 1), 2 + 220 + 8 + 8 + 32);
    assert.equal(launcherOverheadMiB(16_384, 8), 32 + 220 + 64 + 8 + 32);
    // One vCPU is a tenth of a CPU by default, rounded up to a thousandth as Kubernetes rounds quantities.
    assert.deepEqual(
      [launcherCpuMilli(1, 10), launcherCpuMilli(1, 3), launcherCpuMilli(4, 1)],
      [100, 334, 4000],
    );
  });

  it('fit as often as allocatable divided by request and overhead says', () => {
    const draw = randomStreams(34).stream('cases');
    for (let round = 0; round < 14; round++) {
      const params = {
        nodes: draw.integer(1, 3),
        nodeMemoryMiB: 1024 * draw.integer(4, 40),
        nodeCpuMilli: draw.integer(2000, 24_000),
        podMemoryMiB: 16 * draw.integer(1, 120),
        podCpuMilli: draw.integer(10, 2500),
        overheadMemoryMiB: 10 * draw.integer(0, 30),
        overheadCpuMilli: draw.integer(0, 500),
        guestOsMiB: 64 * draw.integer(1, 20),
        cpuAllocationRatio: draw.integer(1, 12),
        wanted: draw.integer(1, 120),
      };
      const fit = (memoryMiB: number, cpuMilli: number): number =>
        Math.min(
          params.wanted,
          params.nodes *
            Math.min(
              mostPods,
              Math.floor(params.nodeMemoryMiB / memoryMiB),
              Math.floor(params.nodeCpuMilli / cpuMilli),
            ),
        );
      const vcpus = Math.ceil(params.podCpuMilli / 1000);
      const guestMiB = params.podMemoryMiB + params.guestOsMiB;
      const vmMiB = guestMiB + guestMiB / 512 + 220 + 8 * vcpus + 8 + 32;
      const { containers, microVms, vms, vmRequestMiB } = metricsOf(params);
      assert.deepEqual(
        { containers, microVms, vms, vmRequestMiB },
        {
          containers: fit(params.podMemoryMiB, params.podCpuMilli),
          microVms: fit(
            params.podMemoryMiB + params.overheadMemoryMiB,
            params.podCpuMilli + params.overheadCpuMilli,
          ),
          vms: fit(vmMiB, Math.ceil((1000 * vcpus) / params.cpuAllocationRatio)),
          vmRequestMiB: vmMiB,
        },
        JSON.stringify(params),
      );
    }
  });

  it('start after the sandbox, and after the boot of their kernel if they have one', () => {
    for (const guestBootSeconds of [5, 20, 90]) {
      const { containerStartSeconds, microVmStartSeconds, vmStartSeconds } = metricsOf({ guestBootSeconds });
      near(containerStartSeconds!, podStart, 'container');
      // Firecracker, NSDI 2020: at most 125 ms to the guest's init.
      near(microVmStartSeconds!, podStart + 0.125, 'microVM');
      near(vmStartSeconds!, podStart + guestBootSeconds, 'VM');
    }
  });

  it('let an attacker reach whoever runs on the kernel that was taken', () => {
    const params = { nodes: 1, wanted: 7 };
    const taken = (flaw: string) => {
      const { containersTaken, microVmsTaken, vmsTaken } = metricsOf({ ...params, flaw });
      return [containersTaken, microVmsTaken, vmsTaken];
    };
    assert.deepEqual(taken('kernel'), [7, 1, 1]);
    assert.deepEqual(taken('hypervisor'), [1, 7, 7]);
    assert.deepEqual(taken('both'), [7, 7, 7]);
    // Two nodes: only those of the attacker's own.
    const { containersTaken } = metricsOf({ nodes: 2, wanted: 8, flaw: 'kernel' });
    assert.equal(containersTaken, 4);
  });

  it('leave a drained node: Pods start anew, machines move while they run, two at a time', () => {
    for (const migrationMiBps of [32, 64, 128]) {
      const perNode = 6;
      const params = { wanted: 2 * perNode, drained: true, migrationMiBps };
      const { vmOutSeconds, vmDrainSeconds } = metricsOf(params);
      near(vmOutSeconds!, 0.3, 'pause of a migration');
      // 1024 MiB for each machine, in rounds of two; the launcher that was left ends 5 s later.
      const rounds = perNode / 2;
      const least = (rounds * 1024) / migrationMiBps + rounds * podStart + 5;
      assert.ok(
        vmDrainSeconds! >= least && vmDrainSeconds! < least + 6,
        `${vmDrainSeconds} s at ${migrationMiBps} MiB/s, at least ${least}: drain asks every 5 s`,
      );
    }
  });

  it('are away for as long as their replacement takes', () => {
    const guestBootSeconds = 30;
    const params = { wanted: 2, nodes: 2, drained: true, evictionStrategy: 'None', guestBootSeconds };
    const { containerOutSeconds, microVmOutSeconds, vmOutSeconds } = metricsOf(params);
    // 100 ms until the ReplicaSet has seen it, then the scheduler's 3 ms for each Pod of the three ways, and the start.
    const between = (seconds: number, least: number): void =>
      assert.ok(seconds >= least && seconds <= least + 0.01, `${seconds} s, at least ${least}`);
    between(containerOutSeconds!, 0.1 + 0.003 + podStart);
    between(microVmOutSeconds!, 0.1 + 0.003 + podStart + 0.125);
    // A machine must not run twice: the guest shuts down, 100 ms and 5 s, before the next one starts.
    between(vmOutSeconds!, 0.1 + 5 + 0.003 + podStart + guestBootSeconds);
  });
});
