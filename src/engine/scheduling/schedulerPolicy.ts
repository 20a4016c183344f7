import { float, id, list, nothing, oneOf, optional, record } from '../kernel/codec.ts';
import { definePolicy } from '../kernel/policy.ts';

/** Largest vCPU number: 64 virtual machines and, as number 0, the driver domain. */
export const maxVcpu = 64;

/** Why a vCPU joins those that wait for a CPU. */
export const enqueueReasons = ['start', 'slice-ended', 'woken'] as const;
export type EnqueueReason = (typeof enqueueReasons)[number];

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
          'Why it waits: `start` when the host starts, `slice-ended` when its time was up and it has more to do, `woken` when it was blocked and an event arrived for it.',
          enqueueReasons,
        ),
      }),
      output: nothing,
    },
    pickNext: {
      doc:
        'Chooses the vCPU that a free CPU runs next. Asked whenever a CPU is free and at least one vCPU waits. ' +
        'Return `undefined` to leave the CPU idle until another vCPU becomes ready.',
      input: record('The host at the moment of choice.', 'SchedulerView', {
        nowMs: float('The time, in milliseconds since the host started.', { min: 0, max: 1e12 }),
        cpu: id('The CPU that is free. The first is 0.', 'CPU', 63),
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
  },
  calls: {},
});

export const schedulerPolicies = { scheduler: SchedulerPolicy };
