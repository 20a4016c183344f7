import type { Witness } from '../kernel/scenario.ts';
import { vcpuName } from './schedulingEvents.ts';

/** A vCPU, as far as a refusal speaks of it. */
interface Chosen {
  readonly id: number;
  readonly state: 'running' | 'waiting' | 'blocked';
}

/** A policy chose a vCPU that does not wait for a CPU. @param event row of the choice */
export function notWaiting(
  event: number,
  chosen: number,
  vcpu: Chosen | undefined,
  waiting: readonly Chosen[],
): Witness {
  const names = waiting.map((each) => vcpuName(each.id)).join(', ');
  const state = vcpu === undefined ? 'does not exist' : `is ${vcpu.state}`;
  return {
    event,
    expected: `one of the vCPUs that wait: ${names}`,
    actual: `${vcpuName(chosen)}, which ${state}`,
    because:
      vcpu?.state === 'running'
        ? 'A vCPU can be on one CPU at a time, and this one is running already.'
        : vcpu === undefined
          ? 'The host has no such vCPU.'
          : 'A blocked vCPU has nothing to run: it waits for an event, not for a CPU.',
  };
}

/** A policy took a CPU from a vCPU that has none. @param event row of the choice */
export function nothingToPreempt(
  event: number,
  chosen: number,
  running: readonly { readonly cpu: number }[],
): Witness {
  return {
    event,
    expected: `one of the CPUs that run a vCPU: ${running.map(({ cpu }) => cpu).join(', ')}`,
    actual: `CPU ${chosen}`,
    because: 'Only a CPU that runs a vCPU can be taken from it.',
  };
}
