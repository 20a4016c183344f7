import { float, int, optional, record } from '../kernel/codec.ts';
import { definePolicy } from '../kernel/policy.ts';

/** Who sets the time slice of a round-robin host for one kind of workload, or says that no slice will do. */
export const SlicePolicy = definePolicy({
  id: 'slice',
  typeName: 'SlicePolicy',
  doc: 'Sets the time slice of a round-robin host for the workload that it has.',
  decisions: {
    chooseSlice: {
      doc:
        'Asked once for every host. Return a slice with which the worst response is within the target, and no more CPU time is lost than ' +
        'is allowed. Return `undefined` where no slice does both.',
      input: record('A host, its workload and its two targets.', 'SliceWorkload', {
        vms: int('Virtual machines on the CPU. All have work all the time, and take turns.', {
          min: 2,
          max: 64,
        }),
        serviceMs: float(
          'CPU time that a request of VM 1 needs before its response leaves, in milliseconds.',
          {
            min: 0,
            max: 1e6,
          },
        ),
        switchCostUs: float('What a switch takes out of the slice of the VM that comes, in microseconds.', {
          min: 0,
          max: 1e6,
        }),
        coldStartUs: float(
          'For how long the VM that comes then gets nothing done, while its working set is loaded into cache and TLB, in microseconds. It comes out of the slice, too.',
          { min: 0, max: 1e6 },
        ),
        withinMs: float('How long the response to a request may take at worst, in milliseconds.', {
          min: 0,
          max: 1e9,
        }),
        lossPercent: float('How much of the CPU time may be lost to switches and cold starts, in percent.', {
          min: 0,
          max: 100,
        }),
      }),
      output: optional(
        'The slice, or nothing when none meets both targets.',
        record('A time slice.', 'TimeSlice', {
          sliceMs: float('Its length, in milliseconds.', { min: 0.001, max: 10_000 }),
        }),
      ),
    },
  },
  calls: {},
});
