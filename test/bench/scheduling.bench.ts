import { scenarios } from '../../src/engine/scenarios.ts';
import { median, type Bench } from './bench.ts';

/** Seconds of the machine's time for simulated seconds of a host under round robin at slices of 1 ms. */
function seconds(vms: number, cpus: number, simulatedSeconds: number): number {
  const began = performance.now();
  const outcome = scenarios['scheduling.host']!.execute({
    params: { vms, ioVms: 0, cpus, sliceMs: 1, durationMs: 1000 * simulatedSeconds },
    stepBudget: Infinity,
  });
  if (!outcome.ok || outcome.run.end.kind !== 'finished') throw new Error(JSON.stringify(outcome));
  return (performance.now() - began) / 1000;
}

export const bench: Bench = {
  name: 'scheduling',
  async *run() {
    seconds(8, 2, 5);
    const growth = [
      [16, 4],
      [64, 4],
      [64, 8],
      [64, 16],
    ] as const;
    yield* [
      {
        what: 'simulated seconds of 64 VMs on 16 CPUs at 1 ms slices',
        value: 60 / median([seconds(64, 16, 60), seconds(64, 16, 60), seconds(64, 16, 60)]),
        unit: 'simulated s/s',
        atLeast: 30,
      },
      ...growth.map(([vms, cpus]) => ({
        what: `the same with ${vms} VMs on ${cpus} CPUs`,
        value: 10 / seconds(vms, cpus, 10),
        unit: 'simulated s/s',
      })),
    ];
  },
};
