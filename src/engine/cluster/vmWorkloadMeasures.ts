import type { BarsModel } from '../kernel/view.ts';
import { seconds, toSeconds } from './clusterClock.ts';
import type { ClusterTrace } from './clusterEvents.ts';
import { launcherCpuMilli, launcherOverheadMiB } from './virtualMachines/virtualMachines.ts';
import {
  machineOf,
  perWay,
  prefixes,
  wayLabels,
  wayOf,
  ways,
  type VmParams,
  type Way,
} from './vmWorkloadParameters.ts';

/** Time beside the boot of a machine until everything that has room runs. */
export const settleSeconds = 10;

/** Seconds from the choice of a node until the first instruction, for the first workload of each way. */
export function startTimes(trace: ClusterTrace): Readonly<Record<Way, number>> {
  const scheduled = new Map<number, number>();
  const begun = perWay(0);
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    const pod = trace.field(row, 0);
    if (kind === 'podScheduled') scheduled.set(pod, trace.timeNs(row));
    if (kind !== 'containerStarted' && kind !== 'guestUp') continue;
    const way = wayOf(trace.textOf(pod));
    if (begun[way] === 0 && (way === 'vm') === (kind === 'guestUp'))
      begun[way] = toSeconds(trace.timeNs(row) - scheduled.get(pod)!);
  }
  return begun;
}

/** How long the workloads of the drained nodes did not run, on average. */
export function outages(trace: ClusterTrace, drainedAtSeconds: number | undefined, endNs: number) {
  const none = { ...perWay(0), drainedSeconds: 0 };
  if (drainedAtSeconds === undefined) return none;
  const fromNs = seconds(drainedAtSeconds);
  const node = new Map<number, string>();
  const moved = { container: new Set<number>(), microVm: new Set<number>(), vm: new Set<number>() };
  const missing = perWay(0);
  const areaNs = perWay(0);
  let sinceNs = fromNs;
  let drainedSeconds = 0;
  const account = (nowNs: number): void => {
    for (const way of ways) areaNs[way] += missing[way] * (nowNs - sinceNs);
    sinceNs = nowNs;
  };
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    const pod = trace.field(row, 0);
    const atNs = trace.timeNs(row);
    if (kind === 'podScheduled') node.set(pod, trace.textOf(trace.field(row, 1)));
    if (atNs < fromNs) continue;
    const way = wayOf(trace.textOf(pod));
    if (kind === 'podDeleted' && node.get(pod) === `${prefixes[way]}-node-1`) moved[way].add(pod);
    const stops = way === 'vm' ? kind === 'guestDown' : kind === 'podDeleted';
    const goesOn = way === 'vm' ? kind === 'guestUp' : kind === 'containerStarted';
    if (stops || goesOn) {
      account(atNs);
      missing[way] += stops ? 1 : -1;
    }
    if (kind === 'drained' && trace.textOf(pod) === `${prefixes.vm}-node-1`)
      drainedSeconds = toSeconds(atNs) - drainedAtSeconds;
  }
  account(endNs);
  const mean = (way: Way): number => (moved[way].size === 0 ? 0 : toSeconds(areaNs[way]) / moved[way].size);
  return { container: mean('container'), microVm: mean('microVm'), vm: mean('vm'), drainedSeconds };
}

/** What the first node of each way is filled with, in shares of its memory and its CPU. */
export function roomBars(trace: ClusterTrace, given: VmParams): BarsModel {
  const onNode = new Map<string, number>();
  for (let row = 0; row < trace.length; row++) {
    if (trace.timeNs(row) > seconds(settleSeconds)) break;
    if (trace.kind(row) !== 'podScheduled') continue;
    const node = trace.textOf(trace.field(row, 1));
    onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const { guestMiB, vcpus } = machineOf(given);
  const vmCpu = launcherCpuMilli(vcpus, given.cpuAllocationRatio);
  const each: Readonly<Record<Way, { readonly memory: number[]; readonly cpu: number[] }>> = {
    container: { memory: [given.podMemoryMiB, 0, 0], cpu: [given.podCpuMilli, 0, 0] },
    microVm: {
      memory: [given.podMemoryMiB, 0, given.overheadMemoryMiB],
      cpu: [given.podCpuMilli, 0, given.overheadCpuMilli],
    },
    vm: {
      memory: [given.podMemoryMiB, given.guestOsMiB, launcherOverheadMiB(guestMiB, vcpus)],
      cpu: [vmCpu, 0, 0],
    },
  };
  return {
    kind: 'bars',
    title: 'What one node is filled with',
    axis: { label: 'of what the node has', unit: '%', to: 100 },
    parts: [
      { label: 'application', tone: 'busy', letter: 'a' },
      { label: 'guest’s own system', tone: 'waiting', letter: 'g' },
      { label: 'overhead of the sandbox', tone: 'overhead', letter: 'o' },
    ],
    rows: ways.flatMap((way) => {
      const pods = onNode.get(`${prefixes[way]}-node-1`) ?? 0;
      const shares = (amounts: readonly number[], of: number): number[] =>
        amounts.map((amount) => (100 * pods * amount) / of);
      return [
        { label: `${pods} ${wayLabels[way]}: memory`, values: shares(each[way].memory, given.nodeMemoryMiB) },
        { label: `${pods} ${wayLabels[way]}: CPU`, values: shares(each[way].cpu, given.nodeCpuMilli) },
      ];
    }),
  };
}
