import { float, id, int, list, nothing, oneOf, optional, record } from '../kernel/codec.ts';
import { definePolicy } from '../kernel/policy.ts';

/** Largest vCPU number: 64 virtual machines and, as number 0, the driver domain. */
export const maxVcpu = 64;

/** Why a vCPU joins those that wait for a CPU. */
export const enqueueReasons = ['start', 'slice-ended', 'woken', 'preempted'] as const;
export type EnqueueReason = (typeof enqueueReasons)[number];

const entitlement = {
  weight: int(
    'Its weight: of two vCPUs that always have work, one with twice the weight deserves twice the CPU time. Usually 256.',
    { min: 1, max: 65_535 },
  ),
  capPercent: int('The most CPU time it may have, in percent of one CPU; 0 for no cap.', {
    min: 0,
    max: 6400,
  }),
};

/**
 * The vCPU scheduler of a hypervisor: which virtual CPU runs next, and for how long.
 *
 * The shape is that of Xen's `do_schedule` (which returns a vCPU and a time) with Linux's `enqueue_task` beside it.
 */
export const SchedulerPolicy = definePolicy({
  id: 'scheduler',
  typeName: 'SchedulerPolicy',
  doc: 'The vCPU scheduler of a hypervisor: which virtual CPU runs next, and for how long.',
  decisions: {
    enqueue: {
      doc:
        'Tells that a vCPU is now ready and waits for a CPU. Called once each time a vCPU starts to wait, in the order in ' +
        'which it happens; vCPUs that become ready at the same instant come one after the other. Leave it out if you do not need it.',
      mayBeAbsent: true,
      input: record('A vCPU that has just become ready.', 'ReadyVcpu', {
        nowMs: float('The time, in milliseconds since the host started.', { min: 0, max: 1e12 }),
        vcpu: id('The vCPU. 1 is VM 1; 0 is the driver domain, where there is one.', 'vCPU', maxVcpu),
        reason: oneOf(
          'Why it waits: `start` when the host starts, `slice-ended` when its time was up and it has more to do, `woken` when it was blocked and an event arrived for it, `preempted` when `preempt` took its CPU.',
          enqueueReasons,
        ),
        usedMs: float('CPU time it has had so far, in milliseconds.', { min: 0, max: 1e12 }),
        ...entitlement,
      }),
      output: nothing,
    },
    pickNext: {
      doc:
        'Chooses the vCPU that a free CPU runs next. Asked whenever a CPU is free and at least one vCPU waits. ' +
        'Return `undefined` to leave the CPU idle until another vCPU becomes ready; while vCPUs wait, it is offered again every millisecond.',
      input: record('The host at the moment of choice.', 'SchedulerView', {
        nowMs: float('The time, in milliseconds since the host started.', { min: 0, max: 1e12 }),
        cpu: id('The CPU that is free. The first is 0.', 'CPU', 63),
        cpus: int('How many CPUs the host has.', { min: 1, max: 64 }),
        sliceMs: float('The time slice that the host is configured with, in milliseconds.', {
          min: 0,
          max: 1e6,
        }),
        waiting: list(
          'The vCPUs that are ready and wait, by number (not by waiting time).',
          record('A vCPU that waits for a CPU.', 'WaitingVcpu', {
            vcpu: id('The vCPU. 1 is VM 1; 0 is the driver domain, where there is one.', 'vCPU', maxVcpu),
            sinceMs: float('Since when it waits, in milliseconds since the host started.', {
              min: 0,
              max: 1e12,
            }),
            usedMs: float('CPU time it has had so far, in milliseconds.', { min: 0, max: 1e12 }),
            ...entitlement,
          }),
          maxVcpu + 1,
        ),
      }),
      output: optional(
        'The choice, or nothing to leave the CPU idle.',
        record('Which vCPU to run, and for how long.', 'SchedulerChoice', {
          vcpu: id('A vCPU that is in `waiting`.', 'vCPU', maxVcpu),
          runForMs: float('Its time slice in milliseconds. It may block earlier.', { min: 0.001, max: 1e6 }),
        }),
      ),
    },
    block: {
      doc: 'Tells that a running vCPU has nothing more to do and sleeps, until it is woken. Leave it out if you do not need it.',
      mayBeAbsent: true,
      input: record('A vCPU that has just gone to sleep.', 'BlockedVcpu', {
        nowMs: float('The time, in milliseconds since the host started.', { min: 0, max: 1e12 }),
        vcpu: id('The vCPU.', 'vCPU', maxVcpu),
        usedMs: float('CPU time it has had so far, in milliseconds.', { min: 0, max: 1e12 }),
      }),
      output: nothing,
    },
    preempt: {
      doc:
        'Asked when a vCPU has woken and no CPU was free for it: should a CPU be taken from the vCPU that it runs? The one that ' +
        'loses it is told to `enqueue` as `preempted`, and then `pickNext` is asked. Return `undefined` to let all run on. ' +
        'Without it nobody is ever interrupted before the end of a slice.',
      mayBeAbsent: true,
      input: record('A vCPU that has woken, and who runs.', 'PreemptionView', {
        nowMs: float('The time, in milliseconds since the host started.', { min: 0, max: 1e12 }),
        vcpu: id('The vCPU that has woken, and waits.', 'vCPU', maxVcpu),
        running: list(
          'The CPUs that run a vCPU, by number.',
          record('A vCPU that runs.', 'RunningVcpu', {
            cpu: id('The CPU.', 'CPU', 63),
            vcpu: id('The vCPU that it runs.', 'vCPU', maxVcpu),
            ranMs: float('For how long it has run now, in milliseconds.', { min: 0, max: 1e12 }),
          }),
          64,
        ),
      }),
      output: optional(
        'Which CPU to take, or nothing to let all run on.',
        record('A CPU to take from the vCPU that it runs.', 'Preemption', {
          cpu: id('A CPU in `running`.', 'CPU', 63),
          afterMs: float('How long that vCPU may still run, in milliseconds; 0 to interrupt it now.', {
            min: 0,
            max: 1e6,
          }),
        }),
      ),
    },
  },
  calls: {},
});

export const schedulerPolicies = { scheduler: SchedulerPolicy };
