import { flag, id, int, list, record, type Infer } from '../../src/engine/kernel/codec.ts';
import { definePolicy } from '../../src/engine/kernel/policy.ts';

/** A scheduler: numbers in lists of records, the shape that is asked most often. */
export const SchedulerPolicy = definePolicy({
  id: 'scheduler',
  typeName: 'SchedulerPolicy',
  doc: 'Chooses which virtual CPU runs next.',
  decisions: {
    pickNext: {
      doc: 'Chooses one of the vCPUs that wait.',
      input: record('The host at the moment of choice.', 'SchedulerView', {
        nowNs: int('The time in nanoseconds.', { min: 0, max: 2 ** 53 - 1 }),
        waiting: list(
          'The vCPUs that wait.',
          record('A vCPU that waits.', 'WaitingVcpu', {
            vcpu: id('The vCPU.', 'vCPU', 63),
            waitedNs: int('How long it has waited, in nanoseconds.', { min: 0, max: 2 ** 53 - 1 }),
            boosted: flag('Whether an event woke it.'),
          }),
          64,
        ),
      }),
      output: record('The choice.', 'Choice', {
        vcpu: int('The vCPU to run.', { min: 0, max: 63 }),
      }),
    },
  },
  calls: {},
});

export const schedulerTable = { scheduler: SchedulerPolicy };

export type SchedulerView = Infer<(typeof SchedulerPolicy)['decisions']['pickNext']['input']>;
export const someView: SchedulerView = {
  nowNs: 1_000,
  waiting: [
    { vcpu: 3, waitedNs: 30, boosted: false },
    { vcpu: 5, waitedNs: 50, boosted: true },
  ],
};
