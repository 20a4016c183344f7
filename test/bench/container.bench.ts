import { cpuEvents } from '../../src/engine/container/cpuBandwidth/cpuEvents.ts';
import { cpuInstant, FairCpus } from '../../src/engine/container/cpuBandwidth/fairCpus.ts';
import { defaultCpuWeight } from '../../src/engine/container/cpuBandwidth/runQueue.ts';
import { hostWorld } from '../../src/engine/container/runtime/hostWorld.ts';
import { isolation } from '../../src/engine/container/isolation.ts';
import type { Process } from '../../src/engine/container/linux/process.ts';
import {
  callSystem,
  type SystemCallArguments,
  type SystemCallName,
} from '../../src/engine/container/linux/systemCalls.ts';
import { Simulation } from '../../src/engine/kernel/simulation.ts';
import { Trace } from '../../src/engine/kernel/trace.ts';
import { inTurns, type Bench } from './bench.ts';

const containers = 1_000;
const processesEach = 10;
const namespaces = ['CLONE_NEWPID', 'CLONE_NEWNET', 'CLONE_NEWIPC', 'CLONE_NEWUTS', 'CLONE_NEWNS'] as const;

/** Makes the containers with their processes on a simulated kernel, and runs all on 16 CPUs. @returns seconds */
function fullHost(): number {
  const startedMs = performance.now();
  const { kernel, runtime } = hostWorld();
  const call = <N extends SystemCallName>(process: Process, name: N, args: SystemCallArguments<N>) => {
    const result = callSystem(kernel, process, name, args);
    if (!result.ok) throw new Error(`${name}: ${result.errno}`);
    return result.value;
  };
  const simulation = new Simulation();
  const trace = new Trace(cpuEvents);
  const cpus = new FairCpus({ cpus: 16, sliceNs: 10_000_000, tickNs: 0 }, simulation, trace);
  for (let container = 0; container < containers; container++) {
    const path = `/sys/fs/cgroup/containers/${container}`;
    call(runtime, 'mkdir', { path, mode: 0o755 });
    const init = call(runtime, 'clone', { flags: namespaces });
    const fd = call(runtime, 'open', {
      path: `${path}/cgroup.procs`,
      flags: ['O_WRONLY'],
      mode: 0,
    });
    call(runtime, 'write', { fd, text: String(init.hostPid) });
    call(runtime, 'close', { fd });
    for (let child = 1; child < processesEach; child++) call(init, 'clone', { flags: [] });
    const group = cpus.addGroup(String(container), cpus.root, defaultCpuWeight);
    for (let thread = 0; thread < processesEach; thread++) {
      const busy = cpus.addThread(`${container}.${thread}`, group);
      simulation.at(0, () => cpus.compute(busy, Infinity), cpuInstant.wake);
    }
  }
  if (kernel.livingProcesses < containers * processesEach) throw new Error('Processes are missing.');
  simulation.run({ untilNs: 10e9 });
  cpus.settle();
  return (performance.now() - startedMs) / 1000;
}

function startOne(): number {
  const startedMs = performance.now();
  isolation.execute();
  return performance.now() - startedMs;
}

export const bench: Bench = {
  name: 'Containers',
  async *run() {
    const { host, one } = inTurns({ host: fullHost, one: startOne }, 3);
    yield* [
      {
        what: '10,000 processes in 1,000 containers on 16 CPUs, 10 ms slices, 10 simulated seconds',
        value: host,
        unit: 's',
        atMost: 2,
      },
      {
        what: 'a container started by the OCI runtime and probed (container.isolation)',
        value: one,
        unit: 'ms',
      },
    ];
  },
};
