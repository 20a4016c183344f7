import { float, id, nothing, record } from '../../kernel/codec.ts';
import { definePolicy } from '../../kernel/policy.ts';

const nowMs = float('The time, in milliseconds since the group was created.', { min: 0, max: 1e12 });

const limitFields = {
  quotaMs: float(
    'CPU time that the group may use per period, in milliseconds: the first number of `cpu.max`.',
    {
      min: 0,
      max: 1e6,
    },
  ),
  periodMs: float('The period in milliseconds: the second number of `cpu.max`.', { min: 0, max: 1e6 }),
  burstMs: float(
    'Unused CPU time that may be carried into later periods, in milliseconds: `cpu.max.burst`. 0 carries nothing over.',
    { min: 0, max: 1e6 },
  ),
};

/**
 * CFS bandwidth control: the pool of CPU time that a group's CPUs draw from.
 *
 * The decisions are those of Linux's `kernel/sched/fair.c`: `__refill_cfs_bandwidth_runtime`, `__assign_cfs_rq_runtime` and
 * `__return_cfs_rq_runtime`. See also Turner, Rao and Rao, "CPU bandwidth control for CFS" (Linux Symposium 2010).
 */
export const BandwidthPolicy = definePolicy({
  id: 'bandwidth',
  typeName: 'BandwidthPolicy',
  doc: 'CPU bandwidth control for one group: the pool of CPU time that its CPUs draw from, refilled each period.',
  decisions: {
    periodStarts: {
      doc: 'A period starts: refill the pool. Called at time 0 and then once per period, before anything else happens at that instant. The engine then asks `grant` again for every throttled CPU, in the order in which they were throttled.',
      input: record('A period that starts.', 'PeriodStart', { nowMs, ...limitFields }),
      output: nothing,
    },
    grant: {
      doc:
        'A CPU has used up the time it was granted and has a thread of the group to run. Return how many milliseconds of the pool it gets, at most `wantMs`. ' +
        'Return 0 to throttle it: none of the group’s threads runs on that CPU until a later grant.',
      input: record('A CPU that asks for time.', 'RuntimeRequest', {
        nowMs,
        cpu: id('The CPU that asks. The first is 0.', 'CPU', 63),
        wantMs: float(
          'What it asks for, in milliseconds: one slice (5 ms on Linux, `sched_cfs_bandwidth_slice_us`), and what it has overdrawn.',
          { min: 0, max: 1e6 },
        ),
        ...limitFields,
      }),
      output: float('Milliseconds granted. 0 throttles the CPU.', { min: 0, max: 1e6 }),
    },
    takeBack: {
      doc: 'A CPU has nothing of the group left to run, and gives back what it was granted and did not use (but for 1 ms, which it keeps). Left out, that time is lost.',
      mayBeAbsent: true,
      input: record('Time that comes back.', 'ReturnedRuntime', {
        nowMs,
        cpu: id('The CPU that gives it back.', 'CPU', 63),
        returnedMs: float('How much, in milliseconds.', { min: 0, max: 1e6 }),
        ...limitFields,
      }),
      output: nothing,
    },
  },
  calls: {},
});

export const bandwidthPolicies = { bandwidth: BandwidthPolicy };
