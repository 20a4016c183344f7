import { quantity } from '../kernel/parameters.ts';
import type { Witness } from '../kernel/scenario.ts';
import { fromMs } from '../kernel/time.ts';
import type { Trace } from '../kernel/trace.ts';
import { sayMs } from '../kernel/view.ts';
import { vcpuName, type SchedulingEvents } from './schedulingEvents.ts';
import { waits } from './waits.ts';

interface SchedulingRun {
  readonly trace: Trace<SchedulingEvents>;
  readonly params: { readonly sliceMs: number };
}

/** Predicates over a schedule, shared by every scenario that has one. */
export const schedulingChecks = {
  strictRotation: {
    title: 'Who has waited longest runs next',
    doc: 'Every choice takes the vCPU that became ready first: strict rotation, and a vCPU that wakes joins at the tail. To choose nobody while a vCPU is ready breaks it too.',
    args: {},
    violated: (run: SchedulingRun) => rotationBreak(run.trace),
  },
  fullSlices: {
    title: 'Every vCPU gets the configured slice',
    doc: 'Every choice gives exactly the configured slice, and at least one vCPU gets one.',
    args: {},
    violated: (run: SchedulingRun) => otherSlice(run.trace, fromMs(run.params.sliceMs)),
  },
  workConserving: {
    title: 'No CPU is idle while a vCPU waits',
    doc: 'The scheduler never leaves a CPU idle while a vCPU is ready.',
    args: {},
    violated: (run: SchedulingRun) => idleChoice(run.trace),
  },
  maxWait: {
    title: 'No vCPU waits too long',
    doc: 'No ready vCPU waits longer than `belowMs`.',
    args: {
      belowMs: quantity('ms', {
        label: 'Longest wait',
        doc: 'The longest wait that is still allowed.',
        min: 0,
        max: 1e9,
        step: 1,
        default: 1000,
      }),
    },
    violated: (run: SchedulingRun, args: { readonly belowMs: number }) =>
      longWait(run.trace, fromMs(args.belowMs)),
  },
};

function rotationBreak(trace: Trace<SchedulingEvents>): Witness | undefined {
  const queue: { vcpu: number; sinceNs: number }[] = [];
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    if (kind === 'enqueue') queue.push({ vcpu: trace.field(row, 0), sinceNs: trace.timeNs(row) });
    if (kind !== 'pick' && kind !== 'leaveIdle') continue;
    const first = queue.shift()!;
    const chosen = kind === 'pick' ? trace.field(row, 1) : undefined;
    if (chosen === first.vcpu) continue;
    return {
      event: row,
      expected: `${vcpuName(first.vcpu)}, which has waited longest (since ${sayMs(first.sinceNs)})`,
      actual:
        chosen === undefined
          ? `nobody, so CPU ${trace.field(row, 0)} stays idle while ${trace.field(row, 1)} wait`
          : vcpuName(chosen),
      because: `In a rotation nobody runs again before all who waited longer have had their turn, and ${vcpuName(first.vcpu)} was first in the queue.`,
    };
  }
  return undefined;
}

function otherSlice(trace: Trace<SchedulingEvents>, sliceNs: number): Witness | undefined {
  let given = 0;
  let refused: number | undefined;
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) === 'leaveIdle') refused ??= row;
    if (trace.kind(row) === 'pick') given++;
    if (trace.kind(row) !== 'pick' || trace.field(row, 2) === sliceNs) continue;
    return {
      event: row,
      expected: `a slice of ${sayMs(sliceNs)} for ${vcpuName(trace.field(row, 1))}`,
      actual: `a slice of ${sayMs(trace.field(row, 2))}`,
      because:
        trace.field(row, 2) > sliceNs
          ? 'A longer slice makes every other vCPU wait longer than the configured rotation.'
          : 'A shorter slice means more switches than the host was configured for.',
    };
  }
  if (given > 0 || refused === undefined) return undefined;
  return {
    event: refused,
    expected: `a slice of ${sayMs(sliceNs)} for one of the waiting vCPUs`,
    actual: 'no slice for anybody in the whole run',
    because: 'A scheduler that never chooses gives nobody the configured slice.',
  };
}

function idleChoice(trace: Trace<SchedulingEvents>): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'leaveIdle') continue;
    return {
      event: row,
      expected: 'one of the waiting vCPUs',
      actual: `no choice, so CPU ${trace.field(row, 0)} stays idle while ${trace.field(row, 1)} wait`,
      because: 'CPU time that nobody uses while somebody waits is lost for good.',
    };
  }
  return undefined;
}

function longWait(trace: Trace<SchedulingEvents>, belowNs: number): Witness | undefined {
  const wait = waits(trace).find((each) => each.untilNs - each.sinceNs > belowNs);
  if (wait === undefined) return undefined;
  return {
    // Not the choice that ran it in the end, which was right, but the one in force when its time was up.
    event: choiceInForce(trace, wait.sinceNs + belowNs) ?? wait.untilEvent,
    expected: `${vcpuName(wait.vcpu)} runs within ${sayMs(belowNs)}`,
    actual: `it waited ${sayMs(wait.untilNs - wait.sinceNs)}`,
    because: `It was ready from ${sayMs(wait.sinceNs)} on, so it had to run by ${sayMs(wait.sinceNs + belowNs)}.`,
  };
}

/** The latest choice before or at an instant. */
function choiceInForce(trace: Trace<SchedulingEvents>, atNs: number): number | undefined {
  let latest: number | undefined;
  for (let row = 0; row < trace.length && trace.timeNs(row) <= atNs; row++) {
    if (trace.decides(row)) latest = row;
  }
  return latest;
}
