import type { Trace } from '../kernel/trace.ts';
import { sayMs, type StateModel } from '../kernel/view.ts';
import { enqueueReasons } from './schedulerPolicy.ts';
import { descheduleReasons, vcpuName, type SchedulingEvents } from './schedulingEvents.ts';

/** What a host looks like right after an event: what each CPU does, who waits in which order, who sleeps. */
export function hostStateAt(
  trace: Trace<SchedulingEvents>,
  event: number,
  host: { readonly cpus: number; readonly vcpus: readonly number[] },
): StateModel {
  const cpus = Array.from({ length: host.cpus }, () => 'idle');
  const cpuSinceNs = Array.from({ length: host.cpus }, () => 0);
  /** In the order of the calls to enqueue: a Map keeps it. */
  const waiting = new Map<number, { sinceNs: number; reason: string }>();
  const usedNs = new Map<number, number>();
  const onCpu = new Set<number>();
  for (let row = 0; row <= event; row++) {
    const timeNs = trace.timeNs(row);
    const [first, second, third] = [trace.field(row, 0), trace.field(row, 1), trace.field(row, 2)];
    switch (trace.kind(row)) {
      case 'enqueue':
        waiting.set(first, { sinceNs: timeNs, reason: enqueueReasons[second]! });
        break;
      case 'switch':
        waiting.delete(second);
        onCpu.add(second);
        cpus[first] = `switches to ${vcpuName(second)}`;
        cpuSinceNs[first] = timeNs;
        break;
      case 'dispatch':
        waiting.delete(second);
        onCpu.add(second);
        cpus[first] = `runs ${vcpuName(second)}`;
        cpuSinceNs[first] = timeNs;
        break;
      case 'deschedule':
        onCpu.delete(second);
        usedNs.set(second, (usedNs.get(second) ?? 0) + third);
        // It joins the queue in the next event, and is not asleep in between.
        {
          const why = descheduleReasons[trace.field(row, 3)]!;
          if (why !== 'blocked') waiting.set(second, { sinceNs: timeNs, reason: why });
        }
        cpus[first] = 'idle';
        cpuSinceNs[first] = timeNs;
        break;
      default:
        break;
    }
  }
  const used = (vcpu: number): string => sayMs(usedNs.get(vcpu) ?? 0);
  const asleep = host.vcpus.filter((vcpu) => !waiting.has(vcpu) && !onCpu.has(vcpu));
  return {
    kind: 'state',
    groups: [
      {
        title: 'CPUs',
        columns: ['CPU', 'does', 'since'],
        rows: cpus.map((does, cpu) => [String(cpu), does, sayMs(cpuSinceNs[cpu]!)]),
        whenEmpty: 'No CPU.',
      },
      {
        title: 'Run queue, who became ready first on top',
        columns: ['vCPU', 'ready since', 'because', 'CPU time so far'],
        rows: [...waiting].map(([vcpu, { sinceNs, reason }]) => [
          vcpuName(vcpu),
          sayMs(sinceNs),
          reason,
          used(vcpu),
        ]),
        whenEmpty: 'Nobody waits.',
      },
      {
        title: 'Asleep',
        columns: ['vCPU', 'CPU time so far'],
        rows: asleep.map((vcpu) => [vcpuName(vcpu), used(vcpu)]),
        whenEmpty: 'Nobody sleeps.',
      },
    ],
  };
}
